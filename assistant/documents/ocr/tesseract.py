"""Recognises letters with Tesseract, a program of its own that the system's packages bring.

It is given pixels, never a file, and it is run by the reader's process, whose limit of memory it
has too. Several run at once, with one thread each: that is faster than its own threads.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.documents.ocr import hocr
from assistant.documents.ocr.recognition import (
    GrayPicture,
    OcrProgram,
    OcrStatus,
    RecognisedPage,
    WordLine,
)

_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows it would open a console
_ANSWER_S = 10.0  # for its version and its list of languages
_NO_LANGUAGES = frozenset({"osd", "equ", "snum"})  # direction, formulas and serial numbers
_DIRECTION = "osd"
# Where installers put it without adding it to the path of programs with a window.
_PLACES = {
    "darwin": ("/opt/homebrew/bin", "/usr/local/bin", "/opt/local/bin"),
    "win32": (
        r"C:\Program Files\Tesseract-OCR",
        r"%LOCALAPPDATA%\Programs\Tesseract-OCR",
        r"%LOCALAPPDATA%\Tesseract-OCR",
    ),
}


class Tesseract:
    """The program at `place`.

    Attributes:
        languages: codes of the languages it was made to read.
        version: as it says.
    """

    def __init__(self, place: Path, version: str, languages: Sequence[str]) -> None:
        self.place = place
        self.version = version
        self.languages = tuple(name for name in languages if name not in _NO_LANGUAGES)
        self._finds_direction = _DIRECTION in languages

    @classmethod
    def find(cls) -> "Tesseract | None":
        """Return the installed program, None if there is none that works."""
        place = _find_program()
        if place is None:
            return None
        try:
            version = _ask(place, "--version").split("\n", 1)[0].removeprefix("tesseract").strip()
            languages = _ask(place, "--list-langs").splitlines()[1:]
        except (OSError, subprocess.SubprocessError):
            return None
        found = cls(place, version, [name.strip() for name in languages if name.strip()])
        return found if found.languages else None

    @property
    def status(self) -> OcrStatus:
        """What is installed."""
        return OcrStatus(
            program=OcrProgram.TESSERACT,
            version=self.version,
            languages=self.languages,
            place=str(self.place),
        )

    def recognise(
        self, picture: GrayPicture, languages: Sequence[str], limit_s: float
    ) -> RecognisedPage:
        """Return what stands on `picture`; a page it gives up on has failed.

        Args:
            picture: the page.
            languages: of those installed, the likeliest first.
            limit_s: it is ended after so many seconds.
        """
        options = ["--dpi", str(max(70, round(picture.dpi))), "-l", "+".join(languages)]
        options += ["--psm", "1" if self._finds_direction else "3"]
        options += ["-c", "tessedit_create_hocr=1"]
        try:
            text = self._run(options, picture, limit_s)
        except (OSError, subprocess.SubprocessError):
            return _page(picture, (), 0, has_failed=True)
        lines, angle = hocr.parse(text, picture.width_px, picture.height_px)
        return _page(picture, lines, angle)

    def script(self, picture: GrayPicture, limit_s: float) -> str:
        """Return the script that `picture` is written in: "Latin", "Cyrillic" …, "" if unknown."""
        if not self._finds_direction:
            return ""
        options = ["--dpi", str(max(70, round(picture.dpi))), "--psm", "0", "-l", _DIRECTION]
        try:
            text = self._run(options, picture, limit_s)
        except (OSError, subprocess.SubprocessError):
            return ""
        for line in text.splitlines():
            if line.startswith("Script:"):
                return line.removeprefix("Script:").strip()
        return ""

    def _run(self, options: Sequence[str], picture: GrayPicture, limit_s: float) -> str:
        head = f"P5 {picture.width_px} {picture.height_px} 255\n".encode("ascii")
        done = subprocess.run(
            [*_dies_with_us(), str(self.place), "stdin", "stdout", *options],
            input=head + picture.pixels,
            capture_output=True,
            timeout=limit_s,
            env=_environment(os.environ),
            creationflags=_NO_WINDOW,
            check=True,
        )
        return done.stdout.decode("utf-8", "replace")


def _page(
    picture: GrayPicture, lines: tuple[WordLine, ...], angle: int, *, has_failed: bool = False
) -> RecognisedPage:
    width, height = picture.width_px, picture.height_px
    if angle in {90, 270}:
        width, height = height, width
    return RecognisedPage(
        lines=lines,
        width_px=width,
        height_px=height,
        dpi=picture.dpi,
        has_failed=has_failed,
        angle=angle,
    )


def _find_program() -> Path | None:
    """Return the program's file. The working folder is never searched, also not on Windows."""
    name = "tesseract.exe" if sys.platform == "win32" else "tesseract"
    folders = os.environ.get("PATH", "").split(os.pathsep)
    folders += [os.path.expandvars(place) for place in _PLACES.get(sys.platform, ())]
    for folder in folders:
        place = Path(folder) / name
        if place.is_absolute() and place.is_file() and os.access(place, os.X_OK):
            return place
    return None


def _ask(place: Path, option: str) -> str:
    done = subprocess.run(
        [str(place), option],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # older ones answer there
        timeout=_ANSWER_S,
        env=_environment(os.environ),
        creationflags=_NO_WINDOW,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace")


def _dies_with_us() -> list[str]:
    """Return what to put before a command so that it ends when the reader is killed (Linux)."""
    if sys.platform != "linux":
        return []
    setpriv = shutil.which("setpriv", path="/usr/bin:/bin")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return our environment with one thread, and the system's own libraries in a frozen app."""
    environment = {**own, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C"}
    if getattr(sys, "frozen", False):
        environment.pop("LD_LIBRARY_PATH", None)
        if before := own.get("LD_LIBRARY_PATH_ORIG"):
            environment["LD_LIBRARY_PATH"] = before
    return environment
