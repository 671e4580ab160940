"""Puts the window together from its parts and runs it: the only place where all of them meet."""

import contextlib
import sys
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QApplication, QWidget

from assistant import paths
from assistant.checkups.cards import CardFile
from assistant.crash_reports import Reports, Watch
from assistant.documents.reading import Reader
from assistant.errors import AssistantError, DamagedData
from assistant.fit import total_memory_bytes
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.tokens import TokenStore
from assistant.models.keeping.folders import further_folders, main_folder, models_of
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.settings import Theme
from assistant.storage.conversations import ConversationStore
from assistant.storage.documents import DocumentStore
from assistant.storage.steps import StepStore
from assistant.storage.summaries import SummaryStore
from assistant.ui import icons
from assistant.ui.application import Application
from assistant.ui.collecting import Collector
from assistant.ui.crash_notices import CrashNotices
from assistant.ui.current_model import CurrentModel
from assistant.ui.ground import Ground
from assistant.ui.job import Job, Work
from assistant.ui.locking import AppLock
from assistant.ui.main_window import MainWindow, PageEntry
from assistant.ui.signals import quit_on_signals
from assistant.ui.single_instance import SingleInstance
from assistant.ui.status_bar import StatusBar
from assistant.ui.summary_model import SummaryModel
from assistant.ui.theme import Appearance
from assistant.ui.tidying import Tidying
from assistant.ui.ways import Ways
from assistant.ui.wish import StartWish

if TYPE_CHECKING:
    from assistant.ui.around import Around
    from assistant.ui.asking.meanings import Meanings
    from assistant.ui.chat.chat_page import ChatPage
    from assistant.ui.documents.documents_page import DocumentsPage
    from assistant.ui.documents.parts import Parts
    from assistant.ui.models.keeping import Keeping
    from assistant.ui.models.models_page import ModelsPage
    from assistant.ui.palette.sources import Sources
    from assistant.ui.presence import Presence
    from assistant.ui.quick_ask import QuickAsk

_PICTURE_MB = 128
# How often an app that stays open looks for chats whose time is over: several times a day, since
# a timer stands still while the computer sleeps.
_LOOK_FOR_OLD_CHATS_MS = 6 * 3600 * 1000
_END_OF_SESSION_S = 10.0  # what takes longer is done at the next start


def run(wanted: StartWish, instance: SingleInstance) -> int:
    """Show the window and return the exit code.

    Args:
        wanted: what it is for.
        instance: this start's place; it is the first window.
    """
    folders = paths.folders()
    app = QApplication.instance() or Application(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Alcove")
    app.setDesktopFileName("alcove")
    app.setWindowIcon(icons.app_icon())
    app.setQuitOnLastWindowClosed(False)  # the window says when it is the end
    QImageReader.setAllocationLimit(_PICTURE_MB)
    instance.listen()
    reports = Reports.of(folders)
    watch = Watch(reports, "window")
    watch.start()
    alcove = Alcove(app, folders, instance)
    alcove.crashes = CrashNotices(watch, reports, alcove.window)
    quit_on_signals(app)
    if isinstance(app, Application):
        app.file_opened.connect(lambda file: alcove.open_files([file]))
    alcove.start_for(wanted)
    try:
        return app.exec()
    finally:
        alcove.close()
        watch.stop()


class Alcove(QObject):
    """The app: its stores, its engine and reader, and the window on them.

    Args:
        app: the application.
        folders: where everything is kept.
        instance: hears of later starts.

    Attributes:
        crashes: tells of faults that were written down, where somebody watches for them.
        old_chats_timer: when it is over, chats whose time is over go.
    """

    crashes: CrashNotices | None = None

    def __init__(
        self, app: QApplication, folders: paths.Folders, instance: SingleInstance | None = None
    ) -> None:
        super().__init__()
        self._collector = Collector(self)
        self._folders = folders
        self._instance = instance
        self._ground = ground = Ground(folders)
        self.settings, self.database = ground.settings, ground.database
        self.engine, self.summary_engine = ground.engine, ground.summary_engine
        self.speeds = ground.speeds
        self.appearance = Appearance(app, self.settings.value.theme)
        self.documents = DocumentStore(self.database)
        self.summaries = SummaryStore(self.database)
        self.steps = StepStore(self.database)
        self.conversations = ConversationStore(self.database)
        self.connections = ConnectionLog(folders.data / "connections.jsonl")
        self.cards = CardFile(folders.data / "checkups.json")
        self.reader = Reader(log=folders.logs / "reader.log")
        self.current_model = CurrentModel(
            self.model_folder, self.engine, self.settings, self, prepare=self._prepare_cards
        )
        self.summary_model = SummaryModel(
            self.current_model, self.summary_engine, self.settings, self.cards, self
        )
        self._tidying = Tidying(
            self.database,
            self.settings,
            engine=self.engine,
            engines=lambda: self.summary_model.engines,
            states=ground.states,
            models=lambda: self.model_folder.folder,
        )
        status = StatusBar(
            self.engine,
            self.current_model,
            self.connections,
            total_memory_bytes(),
            summary_model=self.summary_model,
        )
        self.window = MainWindow(self._pages(), status, self.settings)
        self._ways = Ways(
            self.window,
            self.database,
            chat=lambda: self.chat_page,
            documents=lambda: self.documents_page,
            models=lambda: self.models_page,
        )
        self.app_lock = AppLock(self.window, self.settings)
        self._is_closing = False
        self.old_chats_timer = QTimer(self, interval=_LOOK_FOR_OLD_CHATS_MS)
        self.old_chats_timer.timeout.connect(self._let_old_chats_go)
        self._connect(status)

    @cached_property
    def model_folder(self) -> ModelFolder:
        """Where models are; Settings moves it."""
        return models_of(self.settings.value, self._folders)

    def start_for(self, wanted: StartWish) -> None:
        """Start as is wanted: with the window, with the quick ask window, or in the tray."""
        if wanted.quick is not None:
            self.start_quick(wanted.quick)
        elif wanted.is_minimized:
            self.start_minimized()
        else:
            self.start()
            self._ways.serve(wanted)

    def start(self, files: Sequence[Path] = ()) -> None:
        """Show the window and open `files`; what can wait is done when it stands."""
        self.window.show_page("documents")
        self.app_lock.lock_at_start()
        self.window.show()
        self.documents_page.setFocus()  # Tab begins with the page, not with the rail
        for error in self._ground.notices:
            self.window.show_notice(error)
        if files:
            self.open_files(list(files))
        QTimer.singleShot(0, self._start_later)

    def start_quick(self, question: str) -> None:
        """Show the quick ask window alone; the window comes when it is wanted."""
        self.window.show_page("chat")
        self.app_lock.lock_at_start()
        self.presence.show_quick(question)
        for error in self._ground.notices:
            self.window.show_notice(error)
        QTimer.singleShot(0, self._start_later)

    def start_minimized(self) -> None:
        """Start in the tray; where there is none, as a window among those put away."""
        self.window.show_page("documents")
        self.app_lock.lock_at_start()
        for error in self._ground.notices:
            self.window.show_notice(error)
        self.presence.put_away()
        QTimer.singleShot(0, self._start_later)

    def open_files(self, files: list[Path]) -> None:
        """Open documents in Documents, models in Models; import exported chats."""
        self._ways.open_files(files)

    def close(self) -> None:
        """End all work and all processes; everything is stored."""
        if self.crashes is not None:
            self.crashes.close()
        self.old_chats_timer.stop()
        self._is_closing = True
        self.window.close_pages()
        if "presence" in vars(self):
            self.presence.close()
        Job.stop_all(timeout=1.0)
        Job(self._tidying.end_session).start().wait(_END_OF_SESSION_S)
        if "meanings" in vars(self):
            self.meanings.close()
        self.engine.close()
        self.summary_engine.close()
        self.reader.close()  # a page that is being drawn cannot be stopped otherwise
        Job.stop_all()
        self.reader.close()  # it may just have begun to start its process
        if "chat_page" in vars(self):
            self.chat_page.end_page()
        if "presence" in vars(self):
            self.presence.end()
        self._ground.close()
        if self._instance:
            self._instance.close()

    # Pages

    @cached_property
    def documents_page(self) -> "DocumentsPage":
        """The Documents page."""
        from assistant.ui.documents.documents_page import DocumentsPage  # noqa: PLC0415 - lazy

        page = DocumentsPage(self.parts, self.settings)
        page.better_model_wanted.connect(self._ways.show_models)
        page.models_wanted.connect(self._ways.show_models)
        page.ask_wanted.connect(self._ways.ask_document)
        page.chat_wanted.connect(self._ways.open_chat)
        page.chats_changed.connect(self._follow_chats)
        page.document_removed.connect(self._forget_document)
        return page

    @cached_property
    def meanings(self) -> "Meanings":
        """Finds passages by meaning, where an embedding model is installed."""
        from assistant.storage.vectors import VectorStore  # noqa: PLC0415 - lazy
        from assistant.ui.asking.meanings import Meanings  # noqa: PLC0415 - lazy

        return Meanings(
            self.current_model,
            self.settings,
            VectorStore(self.database),
            self._folders.logs / "embeddings.log",
            self,
        )

    @cached_property
    def parts(self) -> "Parts":
        """What documents are worked on with, in Documents and in chats."""
        from assistant.storage.library import LibraryStore  # noqa: PLC0415 - lazy
        from assistant.storage.queue import QueueStore  # noqa: PLC0415 - lazy
        from assistant.storage.watched_folders import WatchedFolderStore  # noqa: PLC0415 - lazy
        from assistant.ui.documents.parts import Parts  # noqa: PLC0415 - lazy

        return Parts(
            reader=self.reader,
            writer=self.summary_model,
            documents=self.documents,
            summaries=self.summaries,
            steps=self.steps,
            queue=QueueStore(self.database),
            watched=WatchedFolderStore(self.database),
            conversations=self.conversations,
            library=LibraryStore(self.database),
            speeds=self.speeds,
            meanings=self.meanings,
        )

    @cached_property
    def chat_page(self) -> "ChatPage":
        """The Chat page."""
        from assistant.ui.chat.chat_page import ChatPage  # noqa: PLC0415 - lazy

        page = ChatPage(
            self.engine, self.current_model, self.database, self.parts, settings=self.settings
        )
        page.models_wanted.connect(self._ways.show_models)
        page.document_wanted.connect(self._ways.open_document)
        return page

    @cached_property
    def models_page(self) -> "ModelsPage":
        """The Models page."""
        from assistant.ui.models.models_page import ModelsPage  # noqa: PLC0415 - lazy

        page = ModelsPage(
            self.current_model,
            self.model_folder,
            self.connections,
            self.settings,
            log=self._folders.logs / "requantizing.log",
            speeds=self._folders.data / "speeds.json",
            keeping=self._keeping(),
        )
        page.settings_wanted.connect(lambda: self._ways.settings().show_network())
        return page

    def _keeping(self) -> "Keeping":
        """Return what a model's details, check-ups and the comparison work with."""
        from assistant.ui.models.keeping import Keeping  # noqa: PLC0415 - lazy

        return Keeping(
            current=self.current_model,
            summaries=self.summary_model,
            folder=self.model_folder,
            settings=self.settings,
            cards=self.cards,
            speeds=self.speeds,
            new_engine=lambda: self._ground.make_engine("checkup-engine.log", is_for_checkups=True),
        )

    @cached_property
    def around(self) -> "Around":
        """The palette, the shortcut sheet and the window's keys."""
        from assistant.ui.around import Around  # noqa: PLC0415 - after the start
        from assistant.ui.reach import Reach  # noqa: PLC0415 - after the start

        reach = Reach(
            window=self.window,
            chat=lambda: self.chat_page,
            documents=lambda: self.documents_page,
            models=lambda: self.models_page,
            show_quick=self.presence.show_quick,
            ask_document=self._ways.ask_document,
            show_connections=self._show_connections,
            show_settings=lambda part: self._ways.settings().show_part(part),
            choose_theme=self._choose_theme,
            leave=self.presence.leave,
            lock=self.app_lock.lock,
        )
        return Around(
            reach,
            self._palette_sources,
            self.current_model,
            is_locked=lambda: self.app_lock.is_locked,
            parent=self,
        )

    def _palette_sources(self) -> "Sources":
        from assistant.ui.palette.sources import Sources  # noqa: PLC0415 - seldom needed

        return Sources(
            database=self.database,
            conversations=self.conversations,
            documents=self.documents,
            open_chat=self._ways.open_chat,
            open_document=self._ways.open_document,
            open_message=self._ways.open_message,
        )

    @cached_property
    def presence(self) -> "Presence":
        """The tray's sign and the quick ask window."""
        from assistant.ui.presence import Presence  # noqa: PLC0415 - after the start

        return Presence(
            self.window,
            self.settings,
            make_quick=self._make_quick,
            new_chat=self._ways.new_chat,
            show_window=self.window.come_to_front,
            is_locked=lambda: self.app_lock.is_locked,
            parent=self,
        )

    def _make_quick(self) -> "QuickAsk":
        from assistant.ui.quick_ask import QuickAsk  # noqa: PLC0415 - seldom needed

        quick = QuickAsk(self.engine, self.current_model, self.parts)
        quick.keep_wanted.connect(partial(self._ways.keep_quick, quick))
        quick.models_wanted.connect(lambda: self._ways.come_to("models"))
        return quick

    def _follow_chats(self, conversation_ids: Sequence[int]) -> None:
        """Take note that chats went, or came back with a document."""
        if "chat_page" in vars(self) and not self._is_closing:  # it was looked at
            self.chat_page.leave(conversation_ids)
            self.chat_page.refresh_list()

    def _forget_document(self, document_id: int) -> None:
        if "chat_page" in vars(self):
            self.chat_page.asking.attachments.forget(document_id)
        if "meanings" in vars(self):
            self.meanings.forget_document(document_id)

    def _choose_theme(self, chosen: Theme) -> None:
        with contextlib.suppress(AssistantError):  # it holds until the window closes
            self.settings.change(theme=chosen)
        self.appearance.choose(chosen)

    def _settings_page(self) -> QWidget:
        from assistant.ui.settings.settings_page import SettingsPage  # noqa: PLC0415 - lazy

        page = SettingsPage(
            self.settings,
            self._folders,
            self._erase,
            self._forget_everyone,
            let_go=self._let_go,
            database=self.database,
            pause_all=self._end_work,
        )
        page.theme_changed.connect(self.appearance.choose)
        page.engine_changed.connect(self.current_model.reload)
        page.model_folder_changed.connect(self._move_models)
        page.network_changed.connect(self._follow_network)
        page.tray_changed.connect(self.presence.follow_settings)
        page.erased.connect(self._start_over)
        page.erased.connect(self.app_lock.follow_settings)
        page.restored.connect(self._start_over)
        page.chats_imported.connect(self._show_new_chats)
        page.lock_wanted.connect(self.app_lock.lock)
        page.lock_changed.connect(self.app_lock.follow_settings)
        return page

    def _show_new_chats(self) -> None:
        # A job may tell of its end when the database is closed.
        if "chat_page" in vars(self) and not self._is_closing:
            self.chat_page.refresh_list()

    def _let_go(self) -> None:
        """Close the model files that nobody needs now."""
        for engine in self.summary_model.engines:
            engine.rest()

    def _follow_network(self) -> None:
        """Reach the hub as Settings say now; with "Never connect" what runs is stopped."""
        if "models_page" in vars(self):
            self.models_page.follow_network()

    def _pages(self) -> list[PageEntry]:
        return [
            PageEntry("chat", self.tr("Chat"), "message-square", lambda: self.chat_page),
            PageEntry("documents", self.tr("Documents"), "file-text", lambda: self.documents_page),
            PageEntry("models", self.tr("Models"), "hexagon", lambda: self.models_page),
            PageEntry(
                "settings", self.tr("Settings"), "settings", self._settings_page, at_bottom=True
            ),
        ]

    # What happens

    def _connect(self, status: StatusBar) -> None:
        self.window.files_dropped.connect(self._ways.take_dropped)
        self.window.closed.connect(QApplication.quit)
        self.app_lock.password_wanted.connect(lambda: self._ways.settings().show_lock())
        status.models_wanted.connect(self._ways.show_models)
        status.connections_wanted.connect(self._show_connections)
        if self._instance:
            self._instance.raised.connect(self._ways.come_for)
            self._instance.asked.connect(self._ask_quickly)

    def _ask_quickly(self, question: str) -> None:
        self.presence.show_quick(question)

    def _show_connections(self) -> None:
        from assistant.ui.connections_view import ConnectionsView  # noqa: PLC0415 - lazy

        view = ConnectionsView(self.connections, self.window)
        view.show()

    def _start_later(self) -> None:
        self.around  # noqa: B018 - the window's keys work from now on
        self.presence.follow_settings()
        self.current_model.refresh()
        self._tidy(self._tidying.run)
        self.old_chats_timer.start()
        if self.crashes is not None:
            self.crashes.look_back()

    def _tidy(self, work: Work) -> None:
        tidying = Job(work, self)
        tidying.progressed.connect(self._follow_chats)  # they are about to go
        tidying.finished.connect(self._show_new_chats)  # or fewer
        tidying.start()

    def _let_old_chats_go(self) -> None:
        seen = self.window.isVisible() and "chat_page" in vars(self)
        open_chat = self.chat_page.conversation_id if seen else None
        spared = () if open_chat is None else (open_chat,)
        self._tidy(lambda _: self._tidying.run_again(spared))

    def _prepare_cards(self, models: list[InstalledModel]) -> None:
        """Find out whose each score card is: parts of every file are read."""
        with contextlib.suppress(DamagedData):  # it was moved aside: there are no cards now
            self.cards.prepare(model.path for model in models)

    def _move_models(self) -> None:
        self.model_folder.folder = main_folder(self.settings.value, self._folders)
        self.model_folder.others = further_folders(self.settings.value)
        self.current_model.refresh()

    def _erase(self, models_too: bool) -> None:
        from assistant.storage.erase import erase_everything  # noqa: PLC0415 - seldom needed

        self._end_work()
        if self.crashes is not None:
            self.crashes.pause()
        token_hosts = self.settings.value.token_hosts
        try:
            erase_everything(
                self._folders,
                self.database,
                model_folder=self.model_folder.folder,
                with_models=models_too,
            )
            for host in token_hosts:
                TokenStore().remove(host)
        finally:
            self.connections.clear()
            self.settings.forget()
            if self._instance:
                self._instance.renew()
            if self.crashes is not None:
                self.crashes.go_on()

    def _end_work(self) -> None:
        """End all that is done with documents and chats, and forget what was read of them."""
        for name in ("documents_page", "chat_page"):
            if name in vars(self):  # it was looked at
                getattr(self, name).stop()
        if "models_page" in vars(self):
            self.models_page.close_page()
        if "presence" in vars(self):
            self.presence.forget()
        Job.stop_all()
        self._forget_everyone()
        for engine in self.summary_model.engines:
            engine.unload()  # its memory holds words, too; it is done when this returns
        if "meanings" in vars(self):
            self.meanings.forget()

    def _start_over(self) -> None:
        self.documents_page.start_over()
        if "chat_page" in vars(self):  # it was looked at
            self.chat_page.start_over()
        self.appearance.choose(self.settings.value.theme)
        self._move_models()

    def _forget_everyone(self) -> None:
        """Delete all that the engines keep of what they have read."""
        for engine in self.summary_model.engines:
            engine.forget("")
