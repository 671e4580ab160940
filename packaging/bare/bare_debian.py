"""A bare Debian to try what was built in: nothing of this machine, no network, an ordinary person.

`make_system` bootstraps the smallest variant of Debian with the packages that are named, once: the
result is kept as an archive in build/bare. `BareDebian` is one such system in a folder of its own.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / "build" / "bare"
SUITE = "bookworm"
PERSON = 1000
HOME = Path("/home/person")
# What an offscreen Alcove is documented to need; with it come one font and the keys of a keyboard.
DOCUMENTED = (
    *("libglib2.0-0", "libgl1", "libegl1", "libdbus-1-3", "libfontconfig1", "libxkbcommon0"),
)
X_SOCKETS = Path("/tmp/.X11-unix")  # where X servers of any system put them

# The system's mounts are this namespace's alone: they are gone with its last process.
_ENTER = """
set -e
mount --make-rprivate /
mount -t proc proc "$0/proc"
mount -t tmpfs -o mode=1777 shm "$0/dev/shm"
if [ -n "$BARE_SHARED" ]; then
    mkdir -p "$0$BARE_SHARED"
    mount --bind "$BARE_SHARED" "$0$BARE_SHARED"
fi
user=$1; folder=$2; shift 2
exec chroot --userspec="$user:$user" "$0" /usr/bin/env -C "$folder" -i "$@"
"""


class NotPossible(Exception):  # noqa: N818 - named for what happened
    """This machine cannot make or enter a bare system; the text says what is missing."""


def make_system(packages: Iterable[str] = ()) -> Path:
    """Return an archive of a bare Debian with `packages`; it is made once, in about two minutes.

    Raises:
        NotPossible: not as this user, or a tool is missing.
    """
    if os.geteuid() != 0:
        raise NotPossible("a bare Debian is made and entered as root only")
    for tool in ("debootstrap", "unshare", "chroot"):
        if not shutil.which(tool):
            raise NotPossible(f"{tool} is missing: apt-get install debootstrap util-linux")
    wanted = ",".join(sorted(packages))
    key = hashlib.sha256(wanted.encode()).hexdigest()[:8]
    archive = CACHE / f"{SUITE}-{key}.tar"
    if archive.exists():
        return archive
    CACHE.mkdir(parents=True, exist_ok=True)
    folder = CACHE / f"{SUITE}-{key}.{os.getpid()}"
    command = ["debootstrap", "--variant=minbase", *([f"--include={wanted}"] if wanted else [])]
    try:
        with (CACHE / "debootstrap.log").open("w", encoding="utf-8") as log:
            subprocess.run(
                [*command, SUITE, folder, *_mirror()], check=True, stdout=log, stderr=log
            )
        _add_person(folder)
        part = archive.with_suffix(".part")
        subprocess.run(["tar", "-C", folder, "-cf", part, "."], check=True)
        part.replace(archive)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return archive


class BareDebian:
    """A bare system in a folder.

    Attributes:
        root: the folder; HOME within it is the person's.
    """

    def __init__(self, root: Path, system: Path) -> None:
        """Unpack `system` (of `make_system`) into `root`."""
        self.root = root
        root.mkdir(parents=True)
        subprocess.run(["tar", "-C", root, "-xpf", system], check=True)

    @property
    def home(self) -> Path:
        """The person's folder, as this machine sees it."""
        return self.inside(HOME)

    def inside(self, path: Path | str) -> Path:
        """Return where this machine sees what is `path` in the system."""
        return self.root / str(path).lstrip("/")

    def give(self, path: Path) -> None:
        """Make `path`, as this machine sees it, the person's with all that is in it."""
        subprocess.run(["chown", "-hR", f"{PERSON}:{PERSON}", path], check=True)

    def run(
        self,
        *command: object,
        timeout_s: float = 240,
        input_text: str | None = None,
        **more: object,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command in the system to its end; see `start` for `more`."""
        process = self.start(*command, stdin=subprocess.PIPE, **more)
        try:
            out, err = process.communicate(input_text, timeout=timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def start(
        self,
        *command: object,
        environment: Mapping[str, str] | None = None,
        as_root: bool = False,
        with_network: bool = False,
        shared: Path | None = None,
        traced_to: Path | None = None,
        **options: object,
    ) -> "subprocess.Popen[str]":
        """Start a command in the system and return its process.

        Args:
            command: a program of the system and its arguments.
            environment: variables besides the few that every login has.
            as_root: as root, not as the person.
            with_network: in this machine's network, for installing; else there is none at all.
            shared: a folder of this machine that the system has, too, as that of X servers.
            traced_to: a file for strace's lines of every socket that is made.
            options: what subprocess.Popen takes.
        """
        home = "/root" if as_root else str(HOME)
        variables = {
            "HOME": home,
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin" if as_root else "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "USER": "root" if as_root else "person",
            **(environment or {}),
        }
        entering = ["unshare", "--mount", *([] if with_network else ["--net"]), "--"]
        if traced_to:
            # Only these calls stop a process; all others run at their own speed.
            tracing = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=socket"]
            entering = [*tracing, "-o", traced_to, *entering]
        entering += ["/bin/sh", "-c", _ENTER, self.root, str(0 if as_root else PERSON), home]
        outer = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        outer["BARE_SHARED"] = str(shared or "")
        return subprocess.Popen(
            [*map(str, entering), *(f"{k}={v}" for k, v in variables.items()), *map(str, command)],
            env=outer,
            **{
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                "text": True,
                "start_new_session": True,
                **options,
            },
        )


def _add_person(folder: Path) -> None:
    with (folder / "etc" / "passwd").open("a", encoding="utf-8") as file:
        file.write(f"person:x:{PERSON}:{PERSON}::{HOME}:/bin/sh\n")
    with (folder / "etc" / "group").open("a", encoding="utf-8") as file:
        file.write(f"person:x:{PERSON}:\n")
    home = folder / str(HOME).lstrip("/")
    home.mkdir(mode=0o755)
    os.chown(home, PERSON, PERSON)


def _mirror() -> list[str]:
    """Return where this machine gets Debian from; nothing where it is another system."""
    if not shutil.which("apt-get"):
        return []
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    )
    places = [line.split() for line in done.stdout.splitlines()]
    return next(([words[1]] for words in places if len(words) > 1 and words[0] == SUITE), [])
