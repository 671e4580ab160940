"""One document: head, options, what is going on, and its summary beside its pages."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from assistant.documents.reading import Reader
from assistant.ui import theme
from assistant.ui.announcing import announce
from assistant.ui.documents.document_errors import DocumentErrors
from assistant.ui.documents.document_head import DocumentHead
from assistant.ui.documents.evidence_trail import EvidenceTrail
from assistant.ui.documents.notice_words import notices
from assistant.ui.documents.notices import Notices
from assistant.ui.documents.options.bar import OptionsBar
from assistant.ui.documents.options.choices import Choices
from assistant.ui.documents.page_view import PageView
from assistant.ui.documents.progress_line import ProgressLine
from assistant.ui.documents.result.view import ResultView
from assistant.ui.documents.session import DocumentSession, State
from assistant.ui.errors_view import explanation
from assistant.ui.reading_order import follow_layout

_DRAW_EVERY_MS = 40
_LOW = 560  # px of the view; below it notices share the room of one
_SIDE_BY_SIDE = 680  # px of the view; below it the page takes the summary's place


class DocumentView(QWidget):
    """Shows one session at a time; sessions go on without it.

    Args:
        reader: what draws pages.
        parent: owner.

    Signals:
        options_changed (Choices): the person chose something else.
        ask_wanted: the document is to be asked in a new chat.
        chat_wanted (int): a chat about it is to be opened.
        export_wanted (str): an `ExportKind`'s value.
        compare_wanted: the document is to be compared with another.
        remove_wanted: the document is to leave the list.
        models_wanted: the person wants to choose another model.
        choose_again_wanted: the person wants to choose a file.
    """

    options_changed = Signal(object)
    ask_wanted = Signal()
    chat_wanted = Signal(int)
    export_wanted = Signal(str)
    compare_wanted = Signal()
    remove_wanted = Signal()
    models_wanted = Signal()
    choose_again_wanted = Signal()

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: DocumentSession | None = None
        self._was_wide = True
        self._was_working = False
        self.head = DocumentHead()
        self.options = OptionsBar()
        self.progress = ProgressLine()
        self.notices = Notices()
        self.result = ResultView()
        self.pages = PageView(reader)
        self.trail = EvidenceTrail(self.result, self.pages, self)
        self.errors = DocumentErrors()
        self._splitter = self._make_splitter()
        self._redraw = QTimer(self, singleShot=True, interval=_DRAW_EVERY_MS)
        self._redraw.timeout.connect(self._show_summary)
        self._lay_out()
        self._connect()

    @property
    def session(self) -> DocumentSession | None:
        """The document that is shown."""
        return self._session

    def show_session(self, session: DocumentSession) -> None:
        """Show another document."""
        if session is self._session:
            return
        if self._session is not None:
            self._session.changed.disconnect(self._show)
            self._session.progressed.disconnect(self.progress.show_progress)
            self._session.summary_grew.disconnect(self._show_summary_soon)
            self._session.planned.disconnect(self._show_plan)
        self._session = session
        self._was_working = False
        session.changed.connect(self._show)
        session.progressed.connect(self.progress.show_progress)
        session.summary_grew.connect(self._show_summary_soon)
        session.planned.connect(self._show_plan)
        self.progress.hide()  # it told of another's work
        self.result.clear()
        self.pages.clear()
        self._show()

    def show_page(self, number: int) -> None:
        """Open a page of the document that is shown."""
        self.pages.go_to(number)
        self._arrange(is_asked=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put summary and page side by side, or one in the other's place."""
        super().resizeEvent(event)
        self._arrange(is_asked=False)
        is_low = self.height() < _LOW
        if is_low != (event.oldSize().height() < _LOW):
            self.notices.shorten(is_low)

    # Showing

    def _show(self) -> None:
        session = self._session
        if session is None:
            return
        self._show_head()
        self._show_work()
        self._show_errors()
        has_document = session.document is not None
        self.options.show_choices(session.choices, session.mode)
        self._show_plan()
        self._splitter.setVisible(has_document)
        if session.document is not None:
            self.pages.show_document(session.document, session.password)
            self._show_summary()
        self._arrange(is_asked=False)
        self._announce()

    def _show_head(self) -> None:
        assert self._session is not None
        session = self._session
        self.head.show_document(session.title, str(session.path), session.document, session.summary)

    def _show_work(self) -> None:
        assert self._session is not None
        session = self._session
        if not session.is_working:
            self.progress.hide()
        elif self.progress.isHidden():
            reading = session.state is State.READING
            self.progress.begin(self.tr("Reading") if reading else self.tr("Summarising"))
        self.progress.document = session.document
        self.progress.show_pause(is_possible=session.can_pause, is_paused=session.is_paused)

    def _show_plan(self) -> None:
        if self._session is not None:
            self.options.show_plan(self._session.plan, self._session.made)
            self._show_notices()

    def _show_notices(self) -> None:
        if self._session is not None:
            is_page_alone = self.result.isHidden()
            wanted = [] if is_page_alone else notices(self._session)
            if self.notices.show_notices(self._session, wanted):
                follow_layout(self)  # their buttons came last, and stand in the middle

    def _show_summary_soon(self) -> None:
        if not self._redraw.isActive():
            self._redraw.start()

    def _show_summary(self) -> None:
        session = self._session
        if session is None or session.document is None or session.summary is None:
            return
        self._redraw.stop()
        self._show_head()
        self._show_notices()
        self.options.show_document(language=session.document.language, kind=session.summary.kind)
        self.result.show_summary(
            session.document, session.summary, is_working=session.state is State.WRITING
        )
        self.trail.follow()

    def _show_errors(self) -> None:
        assert self._session is not None
        if self.errors.isAncestorOf(self.focusWidget() or self):
            self.result.setFocus()  # not to the rail, when the focused button goes
        self.errors.show_errors(self._session)

    def _announce(self) -> None:
        """Tell a screen reader once when the work is over, not at each sentence."""
        assert self._session is not None
        session = self._session
        if self._was_working and not session.is_working:
            if session.error is not None:
                words = " ".join(explanation(session.error))
            elif session.is_stopped:
                words = self.tr("Stopped")
            else:
                words = self.tr("The summary of {title} is ready").format(title=session.title)
            announce(self, words)
        self._was_working = session.is_working

    # What the person does

    def _change_options(self, choices: Choices) -> None:
        session = self._session
        if session is None:
            return
        is_other_mode = choices.mode is not session.mode
        session.choices = choices
        self.options_changed.emit(choices if is_other_mode else replace(choices, mode=None))
        session.summarize()
        session.foretell()

    def _choose_kind(self) -> None:
        """Show the choice of the kind of document, which stands among the options."""
        self.options.further_button.setChecked(True)
        self.options.further.kind.button.setFocus()
        self.options.further.kind.button.showMenu()

    def _follow_notice(self, key: str) -> None:
        session = self._session
        if session is None:
            return
        if key == "injected" and session.summary is not None:
            self.trail.show_next_injection(session.summary)
            self._arrange(is_asked=True)
        elif key in {"changed", "stopped-reading"}:
            self._read_again()
        elif key in {"interrupted", "left-out"}:
            session.summarize()

    def _stop(self) -> None:
        if self._session is not None:
            self.progress.stopping()
            self._session.stop()

    def _pause(self, is_paused: bool) -> None:
        if self._session is not None:
            (self._session.pause if is_paused else self._session.resume)()

    def _read_with(self, password: str) -> None:
        if self._session is not None:
            self._session.read(password)

    def _read_again(self) -> None:
        if self._session is not None:
            self.pages.clear()
            self._session.read(self._session.password)

    def _write_again(self, is_forced: bool) -> None:
        if self._session is not None:
            self._session.summarize(is_forced=is_forced)

    def _note_change_of_file(self) -> None:
        if self._session is not None and not self._session.is_changed:
            self._session.is_changed = True
            self._show_notices()

    def _show_folder(self) -> None:
        if self._session is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.path.parent)))

    def _replace(self, number: int) -> None:
        if self._session is not None:
            self._session.replace_sentence(number)

    def _restore(self, number: int) -> None:
        if self._session is not None:
            self._session.restore_sentence(number)

    def _close_pages(self) -> None:
        self.pages.hide()
        self.result.show()
        self.result.setFocus()
        self._arrange(is_asked=False)

    # Parts

    def _arrange(self, *, is_asked: bool) -> None:
        """Show summary and page: both where there is room, else the one that was asked for."""
        is_wide = self.width() >= _SIDE_BY_SIDE
        if is_asked:
            self.pages.show()
            self.result.setVisible(is_wide)
            if not is_wide:
                self.pages.close_button.setFocus()
        elif is_wide != self._was_wide:
            self.result.show()
            self.pages.setVisible(is_wide)
        self._was_wide = is_wide
        # A page alone in a small window gets the room of what can be chosen.
        has_document = self._session is not None and self._session.document is not None
        self.options.setVisible(has_document and not self.result.isHidden())
        self._show_notices()

    def _make_splitter(self) -> QSplitter:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.result)
        splitter.addWidget(self.pages)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        for i in range(2):
            splitter.setStretchFactor(i, 1)
        self.result.setMinimumWidth(280)
        self.pages.setMinimumWidth(280)
        return splitter

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(
            6 * theme.SPACE, 4 * theme.SPACE, 4 * theme.SPACE, 3 * theme.SPACE
        )
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(self.head)
        layout.addWidget(self.options)
        layout.addWidget(self.progress)
        layout.addWidget(self.notices)
        layout.addWidget(self.errors)
        layout.addWidget(self._splitter, 1)
        layout.addStretch(0)
        self.setMinimumSize(QSize(320, 240))

    def _connect(self) -> None:
        self.options.changed.connect(self._change_options)
        self.progress.stop_wanted.connect(self._stop)
        self.progress.pause_wanted.connect(self._pause)
        self.trail.opened.connect(lambda: self._arrange(is_asked=True))
        self.trail.make_keys(self)
        self.result.replace_wanted.connect(self._replace)
        self.result.restore_wanted.connect(self._restore)
        self.result.kind_wanted.connect(self._choose_kind)
        self.notices.followed.connect(self._follow_notice)
        self.pages.file_changed.connect(self._note_change_of_file)
        self.pages.closed.connect(self._close_pages)
        self.head.ask_wanted.connect(self.ask_wanted)
        self.head.chat_wanted.connect(self.chat_wanted)
        self.head.export_wanted.connect(self.export_wanted)
        self.head.compare_wanted.connect(self.compare_wanted)
        self.head.read_again_wanted.connect(self._read_again)
        self.head.folder_wanted.connect(self._show_folder)
        self.head.remove_wanted.connect(self.remove_wanted)
        self.errors.password_entered.connect(self._read_with)
        self.errors.read_again_wanted.connect(self._read_again)
        self.errors.choose_again_wanted.connect(self.choose_again_wanted)
        self.errors.remove_wanted.connect(self.remove_wanted)
        self.errors.models_wanted.connect(self.models_wanted)
        self.errors.summary_wanted.connect(self._write_again)
