"""`alcove chats list` and `search`."""

import argparse
import json
from typing import Any

from assistant.cli.chats.kept import kept_chats, line
from assistant.cli.quick import typed
from assistant.cli.terminal import Exit, say, write_result
from assistant.storage import chat_search
from assistant.storage.conversations import ConversationStore
from assistant.storage.folders import FolderStore

_WHO = {
    chat_search.Part.THINKING: "model, thinking",
    chat_search.Part.RECAP: "summary of older messages",
}


def add_to(actions: Any) -> None:
    """Add the actions to the `argparse` subparsers of `alcove chats`."""
    parser = actions.add_parser("list", help="list the chats, the last changed first")
    parser.add_argument("--archived", action="store_true", help="those that are archived")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=list_chats)
    parser = actions.add_parser(
        "search",
        help="find words in all chats, the newest message first",
        description="Find the messages that have all the words. The last may be the beginning of "
        "one; words in quotation marks stand one after the other: search '\"rent is\"'",
    )
    parser.add_argument("words", nargs="+", type=typed, metavar="WORDS")
    parser.add_argument("--limit", type=_positive, default=20, metavar="N", help="at most so many")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=search_chats)


def list_chats(options: argparse.Namespace) -> int:
    """Print a line for each chat: its number, when it last changed, its title."""
    with kept_chats() as (_, database):
        records = ConversationStore(database).list(archived=options.archived)
        folders = {folder.id: folder.name for folder in FolderStore(database).list()}
    if options.format == "json":
        told = [
            {
                "id": record.id,
                "title": record.title,
                "created_at": record.created_at.isoformat(),
                "updated_at": record.updated_at.isoformat(),
                "folder": folders.get(record.folder_id or 0, ""),
                "is_pinned": record.is_pinned,
                "is_archived": record.is_archived,
            }
            for record in records
        ]
        write_result(json.dumps(told, ensure_ascii=False, indent=2) + "\n", None)
        return Exit.DONE
    if not records:
        say("There are no archived chats." if options.archived else "There are no chats yet.")
    for record in records:
        when = record.updated_at.astimezone().strftime("%Y-%m-%d %H:%M")
        marks = "* " if record.is_pinned else "  "
        folder = folders.get(record.folder_id or 0, "")
        where = f"  [{line(folder)}]" if folder else ""
        title = line(record.title) or "(no title)"
        write_result(f"{record.id:>6}  {when}  {marks}{title}{where}\n", None)
    return Exit.DONE


def search_chats(options: argparse.Namespace) -> int:
    """Print the messages with the words, which stand in brackets."""
    words = " ".join(options.words)
    with kept_chats() as (_, database):
        hits = chat_search.search(database, words, limit=options.limit)[: options.limit]
    if options.format == "json":
        told = [
            {
                "conversation": hit.conversation_id,
                "title": hit.title,
                "message": hit.message_id,
                "role": hit.role,
                "part": hit.part,
                "created_at": hit.created_at.isoformat(),
                "is_archived": hit.is_archived,
                "pieces": [{"text": text, "is_match": is_match} for text, is_match in hit.pieces],
            }
            for hit in hits
        ]
        write_result(json.dumps(told, ensure_ascii=False, indent=2) + "\n", None)
        return Exit.DONE
    if not hits:
        say(f"alcove: no chat has the words {line(words)}.")
    for hit in hits:
        when = hit.created_at.astimezone().strftime("%Y-%m-%d")
        found = "".join(f"[{text}]" if is_match else text for text, is_match in hit.pieces)
        who = _WHO.get(hit.part, "you" if hit.role == "user" else "model")
        head = f"{hit.conversation_id:>6}  {when}  {line(hit.title) or '(no title)'}"
        write_result(f"{head}\n        {who}: {line(found)}\n", None)
    return Exit.DONE


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 0 < number <= 10_000:
        raise argparse.ArgumentTypeError(f"a number from 1 to 10000, not {text}")
    return number
