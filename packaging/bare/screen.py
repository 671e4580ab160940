"""A screen without a monitor (Xvfb) with a keyboard (xdotool), and pictures of it."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from bare_debian import NotPossible
from PIL import ImageGrab

# The window's own first size: there is no window manager, so it stands in the corner.
_SIZE = "1180x760x24"


class Screen:
    """An X server of its own on this machine, without TCP, open to every user of it.

    Attributes:
        display: its name, for DISPLAY.
    """

    def __init__(self) -> None:
        for tool in ("Xvfb", "xdotool"):
            if not shutil.which(tool):
                raise NotPossible(f"{tool} is missing: apt-get install xvfb xdotool")
        answer, say = os.pipe()
        command = ["Xvfb", "-displayfd", str(say), "-screen", "0", _SIZE, "-nolisten", "tcp", "-ac"]
        self._server = subprocess.Popen(command, pass_fds=[say], stderr=subprocess.DEVNULL)
        os.close(say)
        with os.fdopen(answer, encoding="ascii") as file:
            self.display = f":{file.readline().strip()}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.terminate()
        self._server.wait(timeout=10)

    def wait_for_window(self, title: str, timeout_s: float = 60) -> None:
        """Wait until a window whose title has `title` is seen, and give it the keyboard.

        Raises:
            TimeoutError: there was none.
        """
        ends = time.monotonic() + timeout_s
        while time.monotonic() < ends:
            if found := self.windows(title):
                self._do("windowfocus", "--sync", found[-1])
                return
            time.sleep(0.1)
        raise TimeoutError(f"no window with the title {title} after {timeout_s:.0f} s")

    def windows(self, title: str) -> list[str]:
        """Return the numbers of the windows that are seen and whose title has `title`."""
        return self._do("search", "--onlyvisible", "--name", title).split()

    def press(self, keys: str) -> None:
        """Press `keys`, such as "ctrl+1"."""
        self._do("key", keys)

    def write(self, text: str) -> None:
        """Type `text`."""
        self._do("type", "--delay", "20", text)

    def picture(self, path: Path) -> int:
        """Write what is seen to a PNG file, and return how many colours it has."""
        path.parent.mkdir(parents=True, exist_ok=True)
        seen = ImageGrab.grab(xdisplay=self.display)
        seen.save(path)
        return len(seen.getcolors(maxcolors=seen.width * seen.height))

    def _do(self, *words: str) -> str:
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(
            ["xdotool", *words], env=environment, capture_output=True, text=True, check=False
        )
        return done.stdout
