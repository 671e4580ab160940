"""`alcove chats export` and `import`."""

import argparse
import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.cli.chats.kept import kept_chats, line
from assistant.cli.terminal import (
    Exit,
    Progress,
    say,
    say_error,
    stop_on_interrupt,
    write_result,
)
from assistant.conversations.porting.elsewhere import find_elsewhere
from assistant.conversations.porting.exporting import (
    export_json,
    export_markdown,
    json_pieces,
    markdown_pieces,
)
from assistant.conversations.porting.importing import import_chats
from assistant.conversations.porting.report import ExportReport, ImportReport, PortProgress
from assistant.errors import PortError
from assistant.porting_words import told_of_export, told_of_import
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database


def add_to(actions: Any) -> None:
    """Add the actions to the `argparse` subparsers of `alcove chats`."""
    parser = actions.add_parser(
        "export",
        help="write chats as JSON (nothing is lost) or Markdown",
        description="Write chats to a file, or to standard output. JSON holds everything and can "
        "be imported again (docs/chats.md); Markdown is for reading. A Markdown file that ends in "
        ".zip has one file for each chat.",
    )
    parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="which chats; else all")
    parser.add_argument("--format", choices=["json", "markdown"], default="json")
    parser.add_argument("--output", metavar="PATH", type=Path, help="the file")
    parser.set_defaults(run=export_chats)
    parser = actions.add_parser(
        "import",
        help="take in chats of Alcove, ChatGPT, Claude, LM Studio or GPT4All",
        description="Import exported chats: Alcove's JSON, ChatGPT's or Claude's ZIP or "
        "conversations.json, LM Studio's .conversation.json, GPT4All's .chat, or a folder of "
        "them. Nothing is imported twice.",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument(
        "--from-apps", action="store_true", help="what LM Studio and GPT4All keep on this computer"
    )
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=import_files)


def export_chats(options: argparse.Namespace) -> int:
    """Write chats and tell how many."""
    with kept_chats() as (_, database), stop_on_interrupt() as cancel:
        missing = _missing(database, options.ids)
        if missing:
            say(f"alcove: there is no chat {missing}. Their numbers: alcove chats list")
            return Exit.FAILED
        ids = options.ids or None
        if options.output is None:
            is_json = options.format == "json"
            for piece in json_pieces(database, ids) if is_json else markdown_pieces(database, ids):
                if cancel.is_set():
                    return Exit.STOPPED
                write_result(piece.decode() if isinstance(piece, bytes) else f"{piece}\n", None)
            return Exit.DONE
        export = export_json if options.format == "json" else export_markdown
        progress = Progress()
        report: ExportReport | None = None
        try:
            for event in export(database, options.output, ids, cancel=cancel):
                if isinstance(event, PortProgress):
                    progress.show("Writing", event.done, event.total, unit="chat")
                else:
                    report = event
        finally:
            progress.close()
    if report is None:
        return Exit.STOPPED
    say(str(told_of_export(report)))
    return Exit.DONE


def import_files(options: argparse.Namespace) -> int:
    """Import files one after the other; one that fails does not stop the others."""
    paths = [*options.paths, *(_elsewhere() if options.from_apps else ())]
    if not paths:
        say(
            "alcove: no chats of LM Studio or GPT4All were found on this computer."
            if options.from_apps
            else "alcove: name the files to import, or say --from-apps."
        )
        return Exit.DONE if options.from_apps else Exit.USAGE
    reports: list[ImportReport] = []
    has_failed = False
    with kept_chats() as (work, database), stop_on_interrupt() as cancel:
        for path in paths:
            if cancel.is_set():
                break
            progress = Progress()
            try:
                for event in import_chats(database, path, cancel=cancel):
                    if isinstance(event, PortProgress):
                        progress.show("Importing", event.done, event.total, unit="B")
                    else:
                        reports.append(event)
            except PortError as error:
                progress.close()
                say_error(error, path)
                has_failed = True
            finally:
                progress.close()
        kept = work.settings.chats_kept
        for report in reports:
            _tell(report, is_json=options.format == "json")
        _warn_of_retention(database, reports, kept)
    if cancel.is_set():
        return Exit.STOPPED
    return Exit.FAILED if has_failed else Exit.DONE


def _elsewhere() -> list[Path]:
    return [place.folder for place in find_elsewhere(threading.Event())]


def _tell(report: ImportReport, *, is_json: bool) -> None:
    if not is_json:
        text = " ".join(line(str(one)) for one in told_of_import(report))
        write_result(f"{line(str(report.path))}: {text}\n", None)
        return
    told = {
        "path": str(report.path),
        "app": str(report.app),
        "conversations": list(report.conversations),
        "messages": report.messages,
        "skips": {str(reason): count for reason, count in report.skips.items()},
        "skipped": [
            {"title": s.title, "file": s.file, "number": s.number, "reason": str(s.reason)}
            for s in report.skipped
        ],
        "left_out": {str(what): count for what, count in report.left_out.items()},
        "is_cut": report.is_cut,
        "was_stopped": report.was_stopped,
    }
    write_result(json.dumps(told, ensure_ascii=False) + "\n", None)


def _warn_of_retention(database: Database, reports: Sequence[ImportReport], kept: str) -> None:
    """Say it where imported chats are older than chats are kept."""
    new = {one for report in reports for one in report.conversations}
    if kept == "session" and new:
        say("alcove: Settings say that chats go when Alcove is closed: these will, too.")
    elif kept == "30-days" and new:
        limit = datetime.now(UTC) - timedelta(days=30)
        old = [c for c in ConversationStore(database).unchanged_since(limit) if c.id in new]
        if old:
            say(
                f"alcove: Settings say that chats are kept for 30 days: {len(old)} of these are "
                "older and go when Alcove starts next. Pin them, or keep chats for longer."
            )


def _missing(database: Database, ids: Sequence[int]) -> int | None:
    """Return the first chat that is not there; None if all are."""
    store = ConversationStore(database)
    return next((one for one in ids if store.get(one) is None), None)
