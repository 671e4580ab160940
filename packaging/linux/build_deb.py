"""Pack dist/alcove as a Debian package: dist/alcove_VERSION_ARCHITECTURE.deb.

    python packaging/linux/build_deb.py [--app DIST/alcove] [--out DIST]

What the package depends on is read from the files it holds, so it cannot be forgotten. It is
installed to /opt/alcove; /usr/bin/alcove leads there.
"""

import argparse
import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from email.utils import formatdate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import outside
import usr_tree
from archive import NotBuilt, build_epoch

ROOT = usr_tree.ROOT
SCRIPTS = Path(__file__).resolve().parent / "deb"
# What is read as files or asked over a socket, and so stands in no list of libraries: where fonts
# are (with one font at least) and what the keys of a keyboard are.
DATA = ["fontconfig-config", "xkb-data"]
# 9 makes 2% less of it, needs 1.9 GB of memory and three times the time.
LEVEL = 6
MAINTAINER = "The Alcove authors <alcove@localhost>"

CONTROL = """\
Package: alcove
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {installed_kib}
Depends: {depends}
Recommends: desktop-file-utils, hicolor-icon-theme, shared-mime-info, xdg-utils
Suggests: tesseract-ocr
Section: text
Priority: optional
Description: private assistant on your own computer
 Alcove reads a document to its last page, shows what matters with the page
 behind every sentence, marks what has no support, and chats with you. It runs
 small quantized models with llama.cpp on an ordinary processor. Documents,
 chats and answers never leave the machine.
"""

CHANGES = """\
alcove ({version}) stable; urgency=medium

  * What is new: CHANGELOG.md.gz, beside this file.

 -- {maintainer}  {date}
"""

COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Alcove
Comment: The licences of all parts are in /opt/alcove/lib/resources/licences, with a list in
 parts.json; the app shows them under About.

Files: *
Copyright: the Alcove authors
License: MIT

License: MIT
{licence}
"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--app", type=Path, default=usr_tree.APP)
    options.add_argument("--out", type=Path, default=ROOT / "dist")
    options.add_argument("--level", type=int, default=LEVEL, help="of xz, 0 to 9")
    chosen = options.parse_args()
    try:
        package = build(chosen.app.absolute(), chosen.out.absolute(), chosen.level)
    except (NotBuilt, outside.UnknownLibrary) as error:
        print(f"The package could not be built: {error}.", file=sys.stderr)
        return 1
    print(f"{package}: {package.stat().st_size / 1e6:.0f} MB")
    return 0


def build(app: Path, out: Path, level: int = LEVEL) -> Path:
    """Build the package of `app` in the folder `out`, and return it."""
    epoch = build_epoch()
    version = usr_tree.VERSION
    architecture = _architecture()
    name = f"alcove_{version}_{architecture}{'' if _has_model(app) else '_nomodel'}.deb"
    package = out / name
    with tempfile.TemporaryDirectory(prefix="alcove-deb-") as made:
        root = Path(made) / "root"
        usr_tree.lay_out_app(app, root / "opt" / "alcove")
        _lay_out_rest(root, epoch)
        usr_tree.settle(root, epoch)
        _write_control(root, version, architecture)
        usr_tree.settle(root / "DEBIAN", epoch)
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", f"-z{level}", "--build", root, package]
        subprocess.run(
            command,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)},
            check=True,
            stdout=sys.stderr,
        )
    return package


def depends(app: Path) -> list[str]:
    """Return what the package declares: glibc, the libraries that `app` does not carry, and data.

    Raises:
        outside.UnknownLibrary: no package on this machine has one of them.
    """
    libraries = outside.packages(outside.libraries(app))
    return [f"libc6 (>= {outside.glibc(app)})", *sorted([*libraries, *DATA])]


def _lay_out_rest(root: Path, epoch: int) -> None:
    program = root / "usr" / "bin" / "alcove"
    program.parent.mkdir(parents=True)
    program.symlink_to("/opt/alcove/alcove")
    usr_tree.lay_out_desktop(root / "usr")
    papers = root / "usr" / "share" / "doc" / "alcove"
    papers.mkdir(parents=True)
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8").partition("\n\n")[2].rstrip()
    lines = [f" {line}" if line else " ." for line in licence.splitlines()]
    (papers / "copyright").write_text(COPYRIGHT.format(licence="\n".join(lines)), encoding="utf-8")
    changes = CHANGES.format(
        version=usr_tree.VERSION, maintainer=MAINTAINER, date=formatdate(epoch)
    )
    (papers / "changelog.gz").write_bytes(gzip.compress(changes.encode(), mtime=0))
    whole = (ROOT / "CHANGELOG.md").read_bytes()
    (papers / "CHANGELOG.md.gz").write_bytes(gzip.compress(whole, mtime=0))


def _write_control(root: Path, version: str, architecture: str) -> None:
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    control = CONTROL.format(
        version=version,
        architecture=architecture,
        maintainer=MAINTAINER,
        installed_kib=sum(-(-path.stat().st_size // 1024) for path in files),
        depends=", ".join(depends(root / "opt" / "alcove")),
    )
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(control, encoding="utf-8")
    for script in sorted(SCRIPTS.iterdir()):
        shutil.copy(script, root / "DEBIAN" / script.name)
    # What `dpkg --verify` compares with; against tampering there are SHA256SUMS.
    sums = [f"{_md5(path)}  {path.relative_to(root)}\n" for path in sorted(files)]
    (root / "DEBIAN" / "md5sums").write_text("".join(sums), encoding="utf-8")


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _has_model(app: Path) -> bool:
    return any(app.rglob("resources/models/*.gguf"))


def _architecture() -> str:
    done = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
