"""What every command shares: exit codes, one line for an error, a progress bar, Ctrl+C."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any, TextIO

from assistant import paths
from assistant.engine.protocol import ModelInfo
from assistant.errors import AssistantError, CrashedLastTime, DocumentError, FileFault
from assistant.wording import explain, given_up


class Exit(IntEnum):
    """What a command's exit code says."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    STOPPED = 130


class Stopped(Exception):  # noqa: N818 - named for what happened
    """The person pressed Ctrl+C, or the reader of our output went away."""


def say(text: str = "") -> None:
    """Write a line to standard error: everything that is not the result."""
    print(text, file=sys.stderr, flush=True)


def say_error(error: AssistantError, about: Path | None = None) -> None:
    """Write the one line that tells what happened and the next step."""
    sentence = str(explain(error))
    if isinstance(error, DocumentError) and error.fault is FileFault.PASSWORD_NEEDED:
        sentence += " The option for it is --password."
    if isinstance(error, CrashedLastTime):
        sentence += " It is tried again where --model names it."
    if about is not None and str(about) not in sentence:
        sentence = f"{about}: {sentence}"
    say(f"alcove: {sentence}")


def say_given_up(info: ModelInfo) -> None:
    """Write the one line that tells what a model was loaded without, if anything."""
    if told := given_up(info):
        say("alcove: " + " ".join(str(one) for one in told))


def write_result(text: str, output: Path | None) -> None:
    """Write `text` to the file `output`, whole or not at all, or to standard output.

    Raises:
        CannotWrite, NoSpace: the file cannot be written.
        Stopped: nobody reads our output any more.
    """
    if output is not None:
        paths.ensure_folder(output.parent)
        with paths.whole_file(output) as file:
            file.write(paths.encoded(text))
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        _silence(sys.stdout)
        raise Stopped from error
    except OSError as error:  # /dev/full, or a full disk behind a redirection
        _silence(sys.stdout)
        raise paths.writing_error(Path("standard output"), error) from error


def _silence(stream: TextIO) -> None:
    """Keep the interpreter from flushing `stream` again at its end, and failing again."""
    import os  # noqa: PLC0415

    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, stream.fileno())
    os.close(descriptor)


@contextmanager
def stop_on_interrupt() -> Iterator[threading.Event]:
    """Give an event that Ctrl+C (or a request to terminate) sets; a second one ends at once."""
    cancel = threading.Event()

    def stop(signum: int, _frame: object) -> None:
        if cancel.is_set():
            signal.signal(signum, signal.SIG_DFL)
            signal.raise_signal(signum)
        cancel.set()

    before = {signum: signal.signal(signum, stop) for signum in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancel
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


def ask_line(prompt: str) -> str | None:
    """Return the line that the person types; None where Ctrl+C or Ctrl+D comes instead.

    Raises:
        Stopped: a request to terminate came; it does not wait for the line.
    """

    def end(_signum: int, _frame: object) -> None:
        raise Stopped

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    before_end = signal.signal(signal.SIGTERM, end)
    try:
        return input(prompt)
    except (EOFError, KeyboardInterrupt):
        say()
        return None
    finally:
        signal.signal(signal.SIGTERM, before_end)
        signal.signal(signal.SIGINT, before)


class Progress:
    """A bar on standard error while it is a terminal, and nothing otherwise."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._stage = ""

    def show(
        self, stage: str, done: float, total: float, *, unit: str = "it", note: str = ""
    ) -> None:
        """Show that `done` of `total` `unit`s of `stage` are complete, and a note beside it."""
        if not sys.stderr.isatty():
            return
        if self._bar is None or stage != self._stage:
            self.close()
            from tqdm import tqdm  # noqa: PLC0415 - only for people who watch

            scale = unit == "B"
            self._bar = tqdm(
                total=total,
                initial=done,  # what an earlier run did says nothing of this one's speed
                desc=stage,
                unit=unit,
                unit_scale=scale,
                leave=False,
                file=sys.stderr,
            )
            self._stage = stage
        self._bar.total = total
        self._bar.n = done
        self._bar.set_postfix_str(note, refresh=False)
        self._bar.refresh()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
