"""Does to the conversations what the person wants in their list."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from assistant.conversations.deleting import delete_for_good, purge
from assistant.conversations.porting.report import ExportReport
from assistant.engine.client import Engine
from assistant.errors import AssistantError
from assistant.storage import chat_search
from assistant.storage.conversations import ConversationStore, TitleBy
from assistant.storage.database import Database
from assistant.storage.folders import FolderStore
from assistant.ui.chat.conversation_list import ConversationList
from assistant.ui.chat.list_export import ListExport
from assistant.ui.errors_view import explanation
from assistant.ui.job import Job
from assistant.ui.labels import one_line

T = TypeVar("T")

_FEW = 20  # conversations
_AT_ONCE = 50  # messages that a search brings
_CLOSING_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a search brought."""

    titles: Sequence[chat_search.TitleHit]
    drafts: Sequence[chat_search.DraftHit]
    hits: Sequence[chat_search.Hit]


class ListWork(QObject):
    """Joins the list with the store: a page need not know of folders, pins or the archive.

    A page makes one, connects its three signals, calls `refresh` when conversations came or went
    and `update` when one of them has another title or a new message, and `close` at its end:

        self.list_work = ListWork(self.sidebar, conversations, database, engine, self)
        self.list_work.leaving.connect(self._leave)
        self.list_work.returned.connect(self.open_conversation)
        self.list_work.failed.connect(self._show_error)

    Args:
        sidebar: the list.
        conversations: where they are kept.
        database: that of the store.
        engine: keeps what it has read of them.
        parent: owner.

    Signals:
        leaving (list[int]): these are about to go: their replies have to end, and if one of
            them is open, another page has to be shown.
        returned (int): this one is back; the person wants to see it again.
        failed (object): an AssistantError; nothing was changed.
    """

    leaving = Signal(list)
    returned = Signal(int)
    failed = Signal(object)

    def __init__(
        self,
        sidebar: ConversationList,
        conversations: ConversationStore,
        database: Database,
        engine: Engine,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._sidebar = sidebar
        self._store = conversations
        self._database = database
        self._folders = FolderStore(database)
        self._engine = engine
        self._search_job: Job | None = None
        self._folder_of_next: int | None = None
        self._is_closing = False
        self._export = ListExport(sidebar, database)
        self._export.failed.connect(self._tell)
        self._export.saved.connect(self._tell_of_export)
        self._connect()

    def refresh(self) -> None:
        """Read the conversations and folders anew."""
        self._guarded(self._read)

    def update(self, conversation_id: int) -> None:
        """Show one conversation as it is now, after a message or with another title."""
        folder_id = self._folder_of_next
        if folder_id is not None and not self._sidebar.knows(conversation_id):
            self._folder_of_next = None
            self._move([conversation_id], folder_id)
            return
        self._guarded(lambda: self._show_again([conversation_id]))

    def close(self) -> None:
        """Make removals final, as the window closes: what is deleted is gone then.

        It waits for that for a moment only: what takes longer, since the file is large or others
        write to it, goes on until the database is closed, and is done at the next start.
        """
        if self._is_closing:
            return
        self._is_closing = True
        self._sidebar.undo_bar.settle()
        self._run(self._purged).wait(_CLOSING_S)
        if self._search_job is not None:
            self._search_job.cancel()

    # The list

    def _read(self) -> None:
        self._sidebar.show_records(
            self._store.list(),
            self._sidebar.current,
            folders=self._folders.list(),
            archived=self._store.list(archived=True),
        )

    def _show_again(self, ids: Sequence[int]) -> None:
        """Show some conversations as they are now; a few are read faster than all."""
        if len(ids) > _FEW:
            self._read()
            return
        records = [self._store.get(i) for i in ids]
        self._sidebar.update_records([record for record in records if record is not None])

    def _guarded(self, work: Callable[[], T]) -> T | None:
        """Do `work` with the store, and tell what went wrong."""
        try:
            return work()
        except AssistantError as error:
            self.failed.emit(error)
            return None

    def _change(self, work: Callable[[int], object], ids: Sequence[int]) -> bool:
        """Do `work` for each, show how they are then, and return whether it could be done."""

        def do() -> None:
            for conversation_id in ids:
                work(conversation_id)

        is_done = self._is_done(do)
        self._guarded(lambda: self._show_again(ids))
        return is_done

    def _change_folders(self, work: Callable[[], object]) -> bool:
        is_done = self._is_done(work)
        self._guarded(lambda: self._sidebar.show_folders(self._folders.list()))
        return is_done

    def _is_done(self, work: Callable[[], object]) -> bool:
        def do() -> bool:
            work()
            return True

        return bool(self._guarded(do))

    def _rename(self, conversation_id: int, title: str) -> None:
        self._change(lambda i: self._store.set_title(i, title, TitleBy.PERSON), [conversation_id])

    def _pin(self, ids: Sequence[int], is_pinned: bool) -> None:
        self._change(lambda i: self._store.pin(i, is_pinned), ids)

    def _move(self, ids: Sequence[int], folder_id: int | None) -> None:
        if self._change(lambda i: self._store.move(i, folder_id), ids) and folder_id:
            self._sidebar.open_folder(folder_id)

    def _archive(self, ids: Sequence[int], is_archived: bool) -> None:
        title = self._titles(ids[:1])[0]
        if not self._change(lambda i: self._store.archive(i, is_archived), ids):
            return
        if is_archived:
            words = self.tr("Archived “{title}”").format(title=title)
            if len(ids) > 1:
                words = self.tr("%n archived", "", len(ids))
            self._sidebar.undo_bar.offer(words, lambda: self._archive(ids, False))

    def _titles(self, ids: Sequence[int]) -> list[str]:
        records = [self._guarded(partial(self._store.get, i)) for i in ids]
        return [one_line(record.title) if record else "" for record in records]

    # Folders

    def _begin_in(self, folder_id: int) -> None:
        """Let the next conversation that begins be in a folder, unless another one is opened."""
        self._sidebar.new_wanted.emit()
        self._sidebar.open_folder(folder_id)
        self._sidebar.mark_folder(folder_id)
        self._folder_of_next = folder_id

    def _take_opened(self) -> None:
        self._folder_of_next = None

    def _make_folder(self, ids: Sequence[int]) -> None:
        folder_id = self._guarded(lambda: self._folders.create(self.tr("New folder")))
        if folder_id is not None:
            self._guarded(lambda: self._sidebar.show_folders(self._folders.list()))
            self._move(ids, folder_id)
            self._sidebar.edit_folder(folder_id)

    def _rename_folder(self, folder_id: int, name: str) -> None:
        self._change_folders(lambda: self._folders.rename(folder_id, name))

    def _order_folders(self, folder_ids: Sequence[int]) -> None:
        self._change_folders(lambda: self._folders.reorder(folder_ids))

    def _remove_folder(self, folder_id: int) -> None:
        folders = self._guarded(self._folders.list) or []
        name = next((folder.name for folder in folders if folder.id == folder_id), None)
        if name is None:
            return
        order = [folder.id for folder in folders]
        members = self._members(folder_id)
        if not self._is_done(lambda: self._folders.remove(folder_id)):
            return
        self.refresh()

        def undo() -> None:
            again = self._folders.create(name)
            self._folders.reorder([again if i == folder_id else i for i in order])
            for conversation_id in members:
                self._store.move(conversation_id, again)

        def undo_and_show() -> None:
            self._guarded(undo)
            self.refresh()

        self._sidebar.undo_bar.offer(
            self.tr("Removed the folder “{name}”").format(name=one_line(name)), undo_and_show
        )

    def _members(self, folder_id: int) -> list[int]:
        both = [self._guarded(partial(self._store.list, archived=a)) or [] for a in (False, True)]
        return [r.id for records in both for r in records if r.folder_id == folder_id]

    # Deleting

    def _delete(self, ids: Sequence[int]) -> None:
        title = self._titles(ids[:1])[0]
        if self._take_off(ids):
            words = self.tr("Deleted “{title}”").format(title=title)
            if len(ids) > 1:
                words = self.tr("%n deleted", "", len(ids))
            self._sidebar.undo_bar.offer(words, lambda: self._restore(ids), self._purge)

    def _take_off(self, ids: Sequence[int]) -> bool:
        """Take conversations off the list; they are in the database until it is scrubbed."""

        def remove() -> None:
            for conversation_id in ids:
                self._store.remove(conversation_id)
            self._sidebar.remove_records(set(ids))

        has_keyboard = self._sidebar.view.hasFocus()
        self.leaving.emit(list(ids))
        is_done = self._is_done(remove)
        if has_keyboard:
            self._sidebar.view.setFocus()  # the next one may go, too
        return is_done

    def _restore(self, ids: Sequence[int]) -> None:
        if self._change(self._store.restore, ids):
            self.returned.emit(ids[0])

    def _purge(self) -> None:
        if not self._is_closing:
            self._run(self._purged)

    def _purged(self, cancel: threading.Event) -> Iterator[int]:
        del cancel  # half of it would be done again at the next start
        yield purge(self._store, self._engine)

    def _ask(self, ids: Sequence[int]) -> None:
        count = self._guarded(lambda: self._store.count_messages(ids))
        if count is not None:
            self._sidebar.question.ask(ids, self._titles(ids[:1])[0], count)

    def _erase(self, ids: Sequence[int]) -> None:
        def work(cancel: threading.Event) -> Iterator[int]:
            del cancel
            yield delete_for_good(self._store, self._engine, ids)

        # They are off the list at once; the file is rewritten on a thread.
        if self._take_off(ids):
            self._run(work)

    def _run(self, work: Callable[[threading.Event], Iterator[int]]) -> Job:
        job = Job(work)
        job.failed.connect(self._tell)
        return job.start()

    def _tell(self, error: Exception) -> None:
        if not self._is_closing:
            self.failed.emit(error)

    def _tell_of_export(self, report: ExportReport) -> None:
        self._sidebar.tell(self.tr("Exported to {file}").format(file=report.path.name))

    # Search

    def _search(self, words: str, before: int | None) -> None:
        if self._search_job is not None:
            self._search_job.cancel()

        def work(cancel: threading.Event) -> Iterator[_Answer]:
            titles = [] if before else chat_search.search_titles(self._database, words)
            drafts = [] if before else chat_search.search_drafts(self._database, words)
            if not cancel.is_set():
                hits = chat_search.search(self._database, words, limit=_AT_ONCE, before=before)
                yield _Answer(titles=titles, drafts=drafts, hits=hits)

        self._search_job = Job(work, self)
        self._search_job.succeeded.connect(lambda answer: self._show_found(words, before, answer))
        self._search_job.failed.connect(self._show_search_fault)
        self._search_job.start()

    def _show_found(self, words: str, before: int | None, answer: _Answer) -> None:
        messages = sum(hit.part is not chat_search.Part.RECAP for hit in answer.hits)
        is_complete = messages < _AT_ONCE
        if before is None:
            self._sidebar.show_found(
                words, answer.titles, answer.drafts, answer.hits, is_complete=is_complete
            )
        else:
            self._sidebar.add_found(words, answer.hits, is_complete=is_complete)

    def _show_search_fault(self, error: Exception) -> None:
        self._sidebar.results.show_fault(" ".join(explanation(error)))

    def _connect(self) -> None:
        sidebar, commands = self._sidebar, self._sidebar.commands
        sidebar.model.renamed.connect(self._rename)
        sidebar.model.folder_renamed.connect(self._rename_folder)
        sidebar.opened.connect(self._take_opened)
        sidebar.shown_again.connect(self.refresh)
        sidebar.erase_wanted.connect(self._erase)
        sidebar.search_wanted.connect(self._search)
        commands.pinned.connect(self._pin)
        commands.archived.connect(self._archive)
        commands.moved.connect(self._move)
        commands.export_wanted.connect(lambda ids: self._export.ask(ids, self._titles(ids[:1])[0]))
        commands.delete_wanted.connect(self._delete)
        commands.erase_asked.connect(self._ask)
        commands.new_in_folder_wanted.connect(self._begin_in)
        commands.folder_wanted.connect(self._make_folder)
        commands.folder_removed.connect(self._remove_folder)
        commands.folders_ordered.connect(self._order_folders)
