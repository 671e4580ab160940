"""`alcove chats backup` and `restore`: everything that is kept, in one file."""

import argparse
from pathlib import Path
from typing import Any

from assistant.cli.chats.kept import confirmed, kept_chats, refuse_open_window
from assistant.cli.terminal import Exit, Progress, say, stop_on_interrupt
from assistant.engine import states
from assistant.storage.backup import BackupContents, CopyProgress, backup, restore
from assistant.wording import size


def add_to(actions: Any) -> None:
    """Add the actions to the `argparse` subparsers of `alcove chats`."""
    parser = actions.add_parser(
        "backup",
        help="write everything that is kept to one file",
        description="Write chats, documents' texts, summaries, folders and presets to one file. "
        "It is not encrypted: whoever can read it can read the chats.",
    )
    parser.add_argument("path", metavar="PATH", type=Path)
    parser.set_defaults(run=back_up)
    parser = actions.add_parser(
        "restore",
        help="put a backup in place of everything that is kept",
        description="Check a backup from beginning to end, then put it in place of all chats, "
        "documents' texts and summaries. What is here now is gone afterwards.",
    )
    parser.add_argument("path", metavar="PATH", type=Path)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=put_back)


def back_up(options: argparse.Namespace) -> int:
    """Write a backup and tell what is in it."""
    with kept_chats() as (_, database), stop_on_interrupt() as cancel:
        contents = _watch("Copying", backup(database, options.path, cancel))
    if contents is None:
        return Exit.STOPPED
    say(f"Wrote {_told(contents)} to {contents.path} ({size(contents.size_bytes)}).")
    say("It is not encrypted: keep it where only you can read it.")
    return Exit.DONE


def put_back(options: argparse.Namespace) -> int:
    """Restore a backup and tell what is here now."""
    question = "This replaces all chats, documents' texts and summaries on this computer."
    with kept_chats() as (work, database), stop_on_interrupt() as cancel:
        refuse_open_window(work)
        if not confirmed(question, is_sure=options.yes):
            return Exit.USAGE
        contents = _watch("Checking and copying", restore(options.path, database, cancel))
        if contents is not None:
            # What was read of the chats before has other numbers now.
            states.forget(work.folders.states)
    if contents is None:
        return Exit.STOPPED
    say(f"Restored {_told(contents)}.")
    return Exit.DONE


def _watch(stage: str, copying: Any) -> BackupContents | None:
    progress = Progress()
    contents: BackupContents | None = None
    try:
        for event in copying:
            if isinstance(event, CopyProgress):
                progress.show(stage, event.done_bytes, event.total_bytes, unit="B")
            else:
                contents = event
    finally:
        progress.close()
    return contents


def _told(contents: BackupContents) -> str:
    chats = f"{contents.conversations:,} chat{'' if contents.conversations == 1 else 's'}"
    documents = f"{contents.documents:,} document{'' if contents.documents == 1 else 's'}"
    return f"{chats} and {documents}"
