"""`alcove chats delete` and `erase`."""

import argparse
from typing import Any

from assistant.cli.chats.kept import confirmed, kept_chats, line, refuse_open_window
from assistant.cli.terminal import Exit, say
from assistant.cli.workplace import Workplace
from assistant.conversations.deleting import delete_for_good
from assistant.conversations.porting.exporting import all_conversations
from assistant.engine.client import Engine
from assistant.errors import AssistantError
from assistant.models.hub.tokens import TokenStore
from assistant.models.keeping.folders import main_folder
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.drafts import DraftStore
from assistant.storage.erase import erase_everything


def add_to(actions: Any) -> None:
    """Add the actions to the `argparse` subparsers of `alcove chats`."""
    parser = actions.add_parser(
        "delete",
        help="delete chats for good",
        description="Delete chats for good: their text, search entries, drafts, and what the "
        "model's engine kept of them. There is no way back.",
    )
    parser.add_argument("ids", nargs="+", type=int, metavar="ID")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=delete_chats)
    parser = actions.add_parser(
        "erase",
        help="delete all chats for good, or everything that Alcove keeps",
        description="Delete all chats for good. With --everything also documents' texts, "
        "summaries, settings, logs and the list of connections; models stay.",
    )
    parser.add_argument("--everything", action="store_true", help="not the chats only")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=erase)


def delete_chats(options: argparse.Namespace) -> int:
    """Delete some chats and tell how many."""
    with kept_chats() as (work, database):
        store = ConversationStore(database)
        records = {one: store.get(one) for one in options.ids}
        for number, record in records.items():
            if record is None:
                say(f"alcove: there is no chat {number}. Their numbers: alcove chats list")
                return Exit.FAILED
        titles = ", ".join(f"“{line(r.title) or 'no title'}”" for r in records.values() if r)
        if not confirmed(f"This deletes for good: {titles}.", is_sure=options.yes):
            return Exit.USAGE
        count = _delete(work, database, list(records))
    say(f"Deleted {count} chat{'' if count == 1 else 's'} for good.")
    return Exit.DONE


def erase(options: argparse.Namespace) -> int:
    """Delete all chats, or everything."""
    with kept_chats() as (work, database):
        refuse_open_window(work)
        if options.everything:
            return _erase_everything(work, database, is_sure=options.yes)
        ids = [record.id for record in all_conversations(database)]
        ids += ConversationStore(database).removed()
        question = f"This deletes all {len(ids)} chats for good, archived ones, too."
        if not confirmed(question, is_sure=options.yes):
            return Exit.USAGE
        DraftStore(database).put(None, "")
        count = _delete(work, database, ids)
    say(f"Deleted {count} chat{'' if count == 1 else 's'} for good.")
    return Exit.DONE


def _delete(work: Workplace, database: Database, ids: list[int]) -> int:
    engine = Engine(log=work.folders.logs / "engine.log", states=work.folders.states)
    try:
        return delete_for_good(ConversationStore(database), engine, ids)
    finally:
        engine.close()


def _erase_everything(work: Workplace, database: Database, *, is_sure: bool) -> int:
    question = (
        "This deletes all chats, documents' texts, summaries, settings, logs and the list of "
        f"connections in {work.folders.data} for good. Models stay."
    )
    if not confirmed(question, is_sure=is_sure):
        return Exit.USAGE
    hosts = work.settings.token_hosts
    erase_everything(work.folders, database, model_folder=main_folder(work.settings, work.folders))
    for host in hosts:
        try:
            TokenStore().remove(host)
        except AssistantError:
            say(f"alcove: the access token for {host} is still in the system's keyring.")
    say("Everything was erased.")
    return Exit.DONE
