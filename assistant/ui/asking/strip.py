"""The documents of the open chat, above the composer: chips, and what is wrong with one."""

from collections import Counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from assistant.errors import DocumentError, FileFault
from assistant.ui import theme
from assistant.ui.asking.attached_file import AttachedFile, FileState
from assistant.ui.asking.attachments import MOST, Attachments
from assistant.ui.asking.chip import Chip
from assistant.ui.asking.flow import FlowLayout
from assistant.ui.documents.password_field import PasswordField
from assistant.ui.errors_view import Action, ErrorView
from assistant.ui.labels import counted, label
from assistant.ui.reading_order import follow_layout

_SHOWN = 6  # chips; more are folded away
_HIGHEST = 132  # px of the chips, when all are shown; less in a low window
_SHARE = 6  # of the window's height


class AttachmentStrip(QWidget):
    """Takes no room while the chat has no documents.

    Args:
        attachments: the documents of the open chat.
        parent: owner.

    Signals:
        file_opened (object): the person wants to see the pages of an `AttachedFile`.
    """

    file_opened = Signal(object)

    def __init__(self, attachments: Attachments, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attachments = attachments
        self._chips: list[Chip] = []
        self._error: ErrorView | None = None
        self._chosen: AttachedFile | None = None  # whose error the person wants to see
        self._shown_error: Exception | None = None
        self.setAccessibleName(self.tr("Documents of this chat"))
        self._flow = FlowLayout()
        page = QWidget()
        page.setLayout(self._flow)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page.setAutoFillBackground(False)
        self._area.setWidget(page)
        self.more_button = QPushButton()
        self.more_button.setCheckable(True)
        theme.set_role(self.more_button, "link")
        self.more_button.toggled.connect(self._show)
        self.note = label("", "muted")
        self.renew_button = QPushButton(self.tr("Read again"))
        theme.set_role(self.renew_button, "link")
        self.renew_button.clicked.connect(self._renew)
        self._below = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(self._below)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._area, 1)
        row.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignBottom)
        layout.addLayout(row)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.note, 1)
        below.addWidget(self.renew_button)
        layout.addLayout(below)
        attachments.changed.connect(self._show)
        self._show()

    @property
    def chips(self) -> list[Chip]:
        """The documents that are shown."""
        return list(self._chips)

    @property
    def error(self) -> ErrorView | None:
        """What is wrong with a document, if that is shown."""
        return self._error

    def _show(self) -> None:
        files = self._attachments.files
        is_open = self.more_button.isChecked()
        wanted = files if is_open or len(files) <= _SHOWN else files[: _SHOWN - 1]
        if [chip.file for chip in self._chips] != list(wanted):
            self._rebuild(list(wanted))
        titles = Counter(file.title for file in files)
        for chip in self._chips:
            chip.tell_apart(titles[chip.file.title] > 1)
        rest = len(files) - len(wanted)
        self.more_button.setVisible(len(files) > _SHOWN)
        self.more_button.setText(
            self.tr("Fewer") if is_open else self.tr("{n} more").format(n=rest)
        )
        self._show_note(files)
        self._show_error(files)
        self.setVisible(bool(files) or self._attachments.is_reading)
        self._take_height()

    def _rebuild(self, files: list[AttachedFile]) -> None:
        had_focus = any(chip.isAncestorOf(self.focusWidget() or self) for chip in self._chips)
        had_focus = had_focus or any(chip.hasFocus() for chip in self._chips)
        for chip in self._chips:
            chip.hide()
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._chips = [self._chip(file) for file in files]
        if had_focus and self._chips:
            self._chips[-1].setFocus()
        follow_layout(self.parentWidget() or self)  # Tab comes to them before what is below

    def _chip(self, file: AttachedFile) -> Chip:
        chip = Chip(file)
        chip.opened.connect(lambda: self._open(file))
        chip.remove_wanted.connect(lambda: self._attachments.remove(file))
        self._flow.addWidget(chip)
        chip.show()
        return chip

    def _open(self, file: AttachedFile) -> None:
        if file.state is FileState.READY:
            self.file_opened.emit(file)
        elif file.state is FileState.FAILED:
            self._chosen = file
            self._show()

    # What is wrong

    def _show_note(self, files: tuple[AttachedFile, ...]) -> None:
        left_out = self._attachments.left_out
        words = ""
        if left_out:
            words = counted(
                self.tr(
                    "{most} documents can be asked at once: %n more document(s) were left out.",
                    "",
                    left_out,
                ),
                left_out,
            ).format(most=MOST)
        elif self._attachments.is_reading and not files:
            words = self.tr("Looking for documents…")
        elif changed := [file.title for file in files if file.is_changed]:
            words = (
                self.tr("{name} has changed since it was read.").format(name=changed[0])
                if len(changed) == 1
                else self.tr("{n} documents have changed since they were read.").format(
                    n=len(changed)
                )
            )
        is_stale = not left_out and any(file.is_changed for file in files)
        self.renew_button.setVisible(is_stale)
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def _show_error(self, files: tuple[AttachedFile, ...]) -> None:
        """Show what is wrong with one document: the chosen one, one that can be opened, any."""
        failed = [file for file in files if file.state is FileState.FAILED]
        if self._chosen not in failed:
            self._chosen = None
        likely = sorted(failed, key=lambda file: file.is_locked)
        wrong = self._chosen or (likely[-1] if likely else None)
        error = wrong.error if wrong is not None else None
        if error is self._shown_error:
            return
        if self._error is not None:
            self._error.hide()
            self._below.removeWidget(self._error)
            self._error.deleteLater()
            self._error = None
        self._shown_error = error
        if wrong is not None and error is not None:
            self._error = self._error_of(wrong, error)
            self._below.addWidget(self._error)
            self._error.show()
            if field := self._error.findChild(PasswordField):
                field.setFocus()

    def _error_of(self, file: AttachedFile, error: Exception) -> ErrorView:
        actions: list[Action] = []
        if isinstance(error, DocumentError) and error.fault in {
            FileFault.READER_CRASHED,
            FileFault.READER_TIMED_OUT,
            FileFault.MISSING,
        }:
            actions.append((self.tr("Try again"), file.read))
        if not file.is_locked:
            actions.append((self.tr("Leave it out"), lambda: self._attachments.remove(file)))
        view = ErrorView(error, actions)
        if file.is_locked:
            field = PasswordField()
            field.entered.connect(file.read)
            view.words.addWidget(field)
        return view

    def _renew(self) -> None:
        for file in self._attachments.files:
            if file.is_changed:
                self._attachments.renew(file)

    def _take_height(self) -> None:
        width = max(1, self._area.viewport().width())
        needed = self._flow.heightForWidth(width)
        most = min(_HIGHEST, self.window().height() // _SHARE)
        self._area.setFixedHeight(min(most, needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the chips the lines that they need now."""
        super().resizeEvent(event)
        self._take_height()
