"""The packaged app against its targets: sizes, start of the window, speed of its engine.

    python benchmarks/frozen.py [--only sizes,start,speed] [--rounds 3] [--turns 40]

Needs dist/ (`make package`). Speed is that of a chat of the packaged app against one of this
checkout, whose llama.cpp was built for this very processor: both run, and are asked the same in
turns, a second each, because a machine's speed drifts more from minute to minute. A start is timed
from outside, under Xvfb: from the start of the process until the window is painted and its picture
rests; for a cold one, all files of the app are dropped from the system's cache before.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from PIL import Image, ImageChops, ImageGrab

from assistant.forecast.machine import usable_cores

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "dist" / "alcove"
PROGRAM = APP / ("alcove.exe" if sys.platform == "win32" else "alcove")
STARTER = ROOT / "resources" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
MEGABYTE = 1e6
_COLOURS = 60  # a window's background has one, its lists and buttons hundreds
_REST_S = 0.15
_LATEST_S = 30.0


def report(what: str, figure: str, target: str, *, is_met: bool) -> None:
    """Print a row."""
    print(f"{what:<44}{figure:>24}   target {target:<16}{'ok' if is_met else 'MISSED'}", flush=True)


def sizes(_: argparse.Namespace) -> None:
    """Report the sizes of the app and of its archives."""
    files = [path for path in APP.rglob("*") if path.is_file() and not path.is_symlink()]
    unpacked = sum(path.stat().st_size for path in files if path.suffix != ".gguf") / MEGABYTE
    report("unpacked without model", f"{unpacked:.0f} MB", "<= 220 MB", is_met=unpacked <= 220)
    for path in sorted((ROOT / "dist").iterdir()):
        if path.name.startswith("Alcove-") and path.suffix in {".xz", ".zip"}:
            packed = path.stat().st_size / MEGABYTE
            if "vulkan" in path.name:
                print(f"{path.name:<44}{packed:>21.1f} MB   beside the app, on wish")
                continue
            limit = 75 if "nomodel" in path.name else 170
            report(path.name, f"{packed:.1f} MB", f"<= {limit} MB", is_met=packed <= limit)


def start(options: argparse.Namespace) -> None:
    """Report how long the window takes, warm and cold."""
    if not shutil.which("Xvfb"):
        print("start: Xvfb is missing (apt-get install xvfb)")
        return
    with _display() as display:
        _start_once(display)  # what the first start of all makes is there from now on
        warm = [_start_once(display) for _ in range(options.rounds)]
        cold = []
        for _ in range(options.rounds):
            _forget_files()
            cold.append(_start_once(display))
    for name, times, limit in (("warm", warm, 1.0), ("cold", cold, 2.0)):
        middle = statistics.median(times)
        told = f"{middle:.2f} s ({min(times):.2f}-{max(times):.2f})"
        report(f"window, {name}", told, f"<= {limit:.1f} s", is_met=middle <= limit)


@contextlib.contextmanager
def _display() -> Iterator[str]:
    """Yield a display of our own."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def _start_once(display: str) -> float:
    """Start the app with an empty home, and return after how many seconds its picture rests."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            "ALCOVE_HOME": home,
            "DISPLAY": display,
            "HOME": home,
            "LANG": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
            "QT_QPA_PLATFORM": "xcb",
        }
        begun = time.perf_counter()
        process = subprocess.Popen(
            [PROGRAM], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            return _painted(display, process) - begun
        finally:
            process.terminate()
            process.wait()


def _painted(display: str, process: "subprocess.Popen[bytes]") -> float:
    """Return when the picture that then rested was first there."""
    begun = since = time.perf_counter()
    last: Image.Image | None = None
    while time.perf_counter() - begun < _LATEST_S and process.poll() is None:
        now = time.perf_counter()
        picture = ImageGrab.grab(xdisplay=display).resize((320, 225), Image.Resampling.NEAREST)
        if last is None or _differ(last, picture):
            last, since = picture, now
        elif now - since >= _REST_S and len(picture.getcolors(1 << 16) or ()) >= _COLOURS:
            return since
        time.sleep(0.02)  # looking takes the processor, too
    raise SystemExit("The window was not painted.")


def _differ(first: Image.Image, second: Image.Image) -> bool:
    """Whether more changed than a caret that blinks."""
    changed = ImageChops.difference(first, second).convert("L").point(lambda value: value > 8)
    return sum(changed.histogram()[1:]) > 20


def _forget_files() -> None:
    """Drop all files of the app from the system's cache."""
    subprocess.run(["sync"], check=True)
    for path in APP.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def speed(options: argparse.Namespace) -> None:
    """Report the packaged engine's speed as a ratio to this checkout's."""
    if sys.platform == "win32":
        print("speed: it is measured through a terminal of Unix")
        return
    speeds: dict[str, list[tuple[float, float]]] = {"prompt": [], "reply": []}
    with _Chat([str(PROGRAM)]) as frozen, _Chat([sys.executable, "-m", "assistant"]) as source:
        sides = [frozen, source]
        for number in range(options.turns + 1):
            question = f"{number} {_passage(number)}"
            told = {side: side.turn(question) for side in sides}
            sides.reverse()
            if not number:  # both have loaded their model now
                continue
            for what, read in (("prompt", _prompt_speed), ("reply", _reply_speed)):
                now, then = read(told[frozen]), read(told[source])
                if now and then:
                    speeds[what].append((now, then))
    for what, pairs in speeds.items():
        ratios = sorted(now / then for now, then in pairs)
        low, middle, high = statistics.quantiles(ratios, n=4)
        now, then = (statistics.median(side) for side in zip(*pairs, strict=True))
        print(f"  {what}: {now:.1f} against {then:.1f} tokens/s, medians of {len(pairs)} turns")
        told_as = f"{middle:.3f} ({low:.2f}-{high:.2f})"
        report(f"engine against source: {what}", told_as, ">= 0.97", is_met=middle >= 0.97)


def _passage(number: int) -> str:
    """Return some 200 tokens, others each time."""
    words = (ROOT / "LICENSE").read_text("utf-8").split()
    begin = number * 7 % (len(words) - 150)
    return " ".join(words[begin : begin + 150])


def _prompt_speed(figures: dict[str, Any]) -> float:
    return (figures["prompt_tokens"] - figures["reused_tokens"]) / float(figures["prompt_s"])


def _reply_speed(figures: dict[str, Any]) -> float:
    """Return tokens/s; 0 for a reply that is too short to tell."""
    count = figures["generated_tokens"]
    return (count - 1) / float(figures["generation_s"]) if count > 16 else 0.0


class _Chat:
    """`alcove chat` with the starter model, on a terminal that asks it one question at a time."""

    def __init__(self, command: list[str]) -> None:
        import pty
        import termios

        self._home = tempfile.TemporaryDirectory()
        data = Path(self._home.name) / "data"
        data.mkdir()
        # By itself an engine gives way to the other one, that has just been busy.
        (data / "settings.json").write_text(json.dumps({"threads": usable_cores()}))
        self._typing, slave = pty.openpty()
        modes = termios.tcgetattr(slave)
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(slave, termios.TCSANOW, modes)
        asked = ["chat", "--json", "--model", str(STARTER), "--max-tokens", "64"]
        self._process = subprocess.Popen(
            [*command, *asked, "--temperature", "0"],
            env={**os.environ, "ALCOVE_HOME": self._home.name},
            cwd=ROOT,
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        os.close(slave)
        self._is_first = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.write(self._typing, b"\x04")
        self._process.wait()
        os.close(self._typing)
        self._home.cleanup()

    def turn(self, question: str) -> dict[str, Any]:
        """Ask in place of the question before, so that the conversation stays as short as it is."""
        edit = "" if self._is_first else "/edit 1\n"
        self._is_first = False
        os.write(self._typing, f"{edit}{question}\n".encode())
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "{" in line:
                figures: dict[str, Any] = json.loads(line[line.index("{") :])["figures"]
                return figures
        raise SystemExit("The chat has ended.")


ROWS = {"sizes": sizes, "start": start, "speed": speed}


def main() -> int:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(ROWS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--turns", type=int, default=40, help="of each chat, for the speed")
    options = parser.parse_args()
    if not PROGRAM.exists():
        print(f"{PROGRAM} is not there: make package", file=sys.stderr)
        return 1
    for name in options.only:
        ROWS[name](options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
