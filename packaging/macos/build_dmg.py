"""Sign Alcove.app, have it notarised, and pack it: dist/Alcove-x.y.z-macos-ARCH.dmg. On macOS only.

    python packaging/macos/build_dmg.py [--app DIST/Alcove.app] [--out DIST]

CODESIGN_IDENTITY names the certificate ("Developer ID Application: …"); without it the app gets a
signature of nobody ("-"), with which it runs on Apple's processors after the person allows it.
NOTARY_PROFILE names the credentials that `xcrun notarytool store-credentials` keeps; without it
nothing is sent to Apple.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archive import archive_name

ROOT = Path(__file__).resolve().parents[2]
ENTITLEMENTS = Path(__file__).resolve().parent / "entitlements.plist"
README = Path(__file__).resolve().parent / "readme.txt"
# Mach-O files: of 32 and 64 bits in both orders of bytes, and of several processors in one.
_MAGIC = {
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--app", type=Path, default=ROOT / "dist" / "Alcove.app")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    options = parser.parse_args()
    if sys.platform != "darwin":
        print("Signatures and disk images are made on macOS only.", file=sys.stderr)
        return 1
    if not options.app.is_dir():
        print(f"{options.app} is not there: run packaging/build.py first.", file=sys.stderr)
        return 1
    identity = os.environ.get("CODESIGN_IDENTITY") or "-"
    profile = os.environ.get("NOTARY_PROFILE")
    sign_app(options.app, identity)
    if profile:
        notarise(options.app, profile)
    has_model = any(options.app.rglob("resources/models/*.gguf"))
    image = options.out / f"{archive_name(suffix='' if has_model else '-nomodel')}.dmg"
    pack(options.app, image)
    if identity != "-":
        _run("codesign", "--force", "--timestamp", "--sign", identity, image)
    if profile:
        notarise(image, profile)
    print(f"{image}: {image.stat().st_size / 1e6:.0f} MB")
    return 0


def code_inside_out(app: Path) -> list[Path]:
    """Return every library and program in `app`, what is within something before it.

    A signature covers what is inside; signing a part afterwards would break it. The app itself,
    which is last, is not in the list.
    """
    found = []
    for path in app.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            if file.read(4) in _MAGIC:
                found.append(path)
    found += [path for path in app.rglob("*.framework") if not path.is_symlink()]
    return sorted(found, key=lambda path: (-len(path.relative_to(app).parts), str(path)))


def sign_app(app: Path, identity: str) -> None:
    """Sign everything in `app` and `app` itself, for the hardened runtime, and check it."""
    command = ["codesign", "--force", "--options", "runtime", "--sign", identity]
    if identity != "-":
        command.append("--timestamp")  # notarisation asks for Apple's
    main_program = app / "Contents" / "MacOS" / "alcove"
    for path in code_inside_out(app):
        if path != main_program:
            _run(*command, path)
    _run(*command, "--entitlements", ENTITLEMENTS, app)
    _run("codesign", "--verify", "--deep", "--strict", "--verbose=2", app)


def notarise(thing: Path, profile: str) -> None:
    """Have Apple look at an app or a disk image, wait for the answer, and staple it."""
    with tempfile.TemporaryDirectory() as folder:
        sent = thing
        if thing.is_dir():
            # zip loses what a signature needs; ditto keeps it.
            sent = Path(folder) / f"{thing.stem}.zip"
            _run("ditto", "-c", "-k", "--keepParent", thing, sent)
        _run("xcrun", "notarytool", "submit", sent, "--keychain-profile", profile, "--wait")
    _run("xcrun", "stapler", "staple", thing)


def pack(app: Path, image: Path) -> None:
    """Make a disk image with `app` and what is beside it."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder) / "Alcove"
        stage.mkdir()
        _run("ditto", app, stage / app.name)
        lay_beside(stage)
        _run(
            *("hdiutil", "create", "-volname", "Alcove", "-srcfolder", stage),
            *("-fs", "HFS+", "-format", "ULMO", "-ov", image),
        )


def lay_beside(stage: Path) -> None:
    """Put a way to the folder that apps are in beside the app, and what a person is told."""
    (stage / "Applications").symlink_to("/Applications")
    shutil.copyfile(ROOT / "LICENSE", stage / "LICENSE.txt")
    # Nothing runs when an app is removed on macOS: this says what stays, and where.
    shutil.copyfile(README, stage / "README.txt")


def _run(*command: object) -> None:
    subprocess.run([*map(str, command)], check=True)


if __name__ == "__main__":
    sys.exit(main())
