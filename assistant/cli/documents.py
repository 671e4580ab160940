"""What the commands that read documents share: progress, and the password of a locked file."""

import argparse
import getpass
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.cli.terminal import Progress, Stopped
from assistant.documents.document import Document
from assistant.documents.ocr.recognition import OcrWish
from assistant.documents.reading import Reader, ReadingProgress
from assistant.errors import DocumentError, FileFault

_VARIABLE = "ALCOVE_PASSWORD"
_TRIES = 3


def add_password_to(parser: argparse.ArgumentParser) -> None:
    """Add the option that `read_document` takes as `password`."""
    parser.add_argument(
        "--password",
        metavar="TEXT",
        help="opens a locked PDF. Others on this computer may see a command's words: without it "
        f"a terminal asks, and the variable {_VARIABLE} is used where there is none",
    )


def read_document(
    reader: Reader,
    path: Path,
    *,
    progress: Progress,
    cancel: threading.Event,
    password: str | None = None,
    ocr: OcrWish | None = None,
) -> Document:
    """Read a document and show how far it is; in a terminal, ask for a password it needs.

    Raises:
        DocumentError: it cannot be read.
        Stopped: `cancel` was set.
    """
    password = password or os.environ.get(_VARIABLE) or None
    asked = 0
    while True:
        try:
            events = reader.read(path, cancel=cancel, password=password, ocr=ocr)
            return _watched(events, progress)
        except DocumentError as error:
            is_locked = error.fault in {FileFault.PASSWORD_NEEDED, FileFault.PASSWORD_WRONG}
            if not is_locked or asked == _TRIES or not _can_ask():
                raise
            progress.close()
            password = _ask(path, is_wrong=error.fault is FileFault.PASSWORD_WRONG)
            asked += 1
            if not password:
                raise


def _watched(events: Iterator[ReadingProgress | Document], progress: Progress) -> Document:
    for event in events:
        if isinstance(event, ReadingProgress):
            stage = "Recognising text" if event.is_recognising else "Reading"
            progress.show(stage, event.pages_done, event.pages_total, unit="page")
        else:
            return event
    raise Stopped


def _can_ask() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _ask(path: Path, *, is_wrong: bool) -> str:
    name = "".join(c if c.isprintable() else " " for c in path.name)
    question = f"Password of {name}: "
    if is_wrong:
        question = f"This password does not open it. {question}"
    with _interrupts():
        try:
            return getpass.getpass(question, sys.stderr)
        except EOFError:
            return ""


@contextmanager
def _interrupts() -> Iterator[None]:
    """Let Ctrl+C end a question: elsewhere it only sets an event, and the question would stay."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
