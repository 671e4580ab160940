"""The shortcut sheet: every key there is, by where it works."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assistant.ui import icons, theme
from assistant.ui.commands import Command, Section
from assistant.ui.labels import label
from assistant.ui.overlay import Overlay

_WIDTH, _HEIGHT = 860, 700
_TWO_COLUMNS = 700  # px; a narrower panel has one


class ShortcutsSheet(Overlay):
    """Lists the commands that have keys, and what pages do with keys of their own.

    Args:
        window: what it lies over.
        commands: returns what the window can do.
    """

    def __init__(self, window: QWidget, commands: Callable[[], list[Command]]) -> None:
        super().__init__(window, _WIDTH, _HEIGHT)
        self._commands = commands
        self._columns = 0
        self.close_button = QToolButton()
        icons.put(self.close_button, "x")
        self.close_button.setAccessibleName(self.tr("Close"))
        self.close_button.setToolTip(self.tr("Close (Esc)"))
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(self.close_panel)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.viewport().setAutoFillBackground(False)
        self._lay_out()

    def open(self) -> None:
        """Show the keys; the arrows scroll."""
        super().open()
        self._fill()
        self.area.setFocus()

    def rows(self) -> list[Command]:
        """Return what is listed: commands with keys, and the keys of pages."""
        return [command for command in (*self._commands(), *self._of_pages()) if command.keys]

    def _of_pages(self) -> list[Command]:
        rows = (
            (Section.WRITING, "send", self.tr("Send"), ("Enter",)),
            (Section.WRITING, "break", self.tr("Begin a new line"), ("Shift+Enter",)),
            (Section.WRITING, "stop", self.tr("Stop the reply"), ("Esc",)),
            (Section.WRITING, "last", self.tr("Edit your last message"), ("Up",)),
            (Section.LISTS, "open", self.tr("Open"), ("Enter",)),
            (Section.LISTS, "rename", self.tr("Rename"), ("F2",)),
            (Section.LISTS, "delete", self.tr("Delete, with Undo"), ("Del",)),
            (Section.LISTS, "erase", self.tr("Delete for good"), ("Shift+Del",)),
            (Section.LISTS, "pin", self.tr("Pin a chat, or unpin it"), ("Ctrl+D",)),
            (Section.LISTS, "archive", self.tr("Archive a chat, or bring it back"), ("Ctrl+E",)),
            (Section.LISTS, "move", self.tr("Move a chat to a folder"), ("Ctrl+Shift+M",)),
            (Section.LISTS, "shift", self.tr("Move a folder"), ("Alt+Up", "Alt+Down")),
            (Section.LISTS, "back", self.tr("Back, in Models"), ("Alt+Left", "Esc")),
            (Section.DOCUMENTS, "passage", self.tr("Next cited passage"), ("F3", "N")),
            (Section.DOCUMENTS, "passage-back", self.tr("Previous one"), ("Shift+F3", "P")),
            (Section.DOCUMENTS, "page", self.tr("Next page"), ("Ctrl+PgDown",)),
            (Section.DOCUMENTS, "page-back", self.tr("Previous page"), ("Ctrl+PgUp",)),
            (Section.DOCUMENTS, "larger", self.tr("Larger page"), ("Ctrl++",)),
            (Section.DOCUMENTS, "smaller", self.tr("Smaller page"), ("Ctrl+-",)),
            (Section.DOCUMENTS, "fitting", self.tr("Page as wide as its place"), ("Ctrl+0",)),
        )
        return [
            Command(key=key, title=title, section=section, keys=keys)
            for section, key, title, keys in rows
        ]

    def _titles(self) -> dict[Section, str]:
        return {
            Section.EVERYWHERE: self.tr("Everywhere"),
            Section.CHAT: self.tr("Chat"),
            Section.WRITING: self.tr("Writing a message"),
            Section.LISTS: self.tr("Lists"),
            Section.DOCUMENTS: self.tr("Documents"),
        }

    # What is shown

    def _place(self) -> None:
        super()._place()
        wanted = 2 if self.panel.width() >= _TWO_COLUMNS else 1
        if self._columns and wanted != self._columns:
            self._fill()

    def _fill(self) -> None:
        rows = self.rows()
        columns = 2 if self.panel.width() >= _TWO_COLUMNS else 1
        cards = {section: _card(title) for section, title in self._titles().items()}
        for command in rows:
            _add_row(cards[command.section], command)
        counts = {section: sum(row.section is section for row in rows) for section in cards}
        sides = [QVBoxLayout() for _ in range(columns)]
        heights = [0] * columns
        for section, grid in cards.items():
            if not counts[section]:
                continue
            shortest = heights.index(min(heights))
            sides[shortest].addLayout(grid)
            heights[shortest] += counts[section] + 2
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(6 * theme.SPACE, 0, 6 * theme.SPACE, 4 * theme.SPACE)
        row.setSpacing(10 * theme.SPACE)
        for side in sides:
            side.setSpacing(5 * theme.SPACE)
            side.addStretch(1)
            row.addLayout(side, 1)
        self.area.setWidget(inner)
        self._columns = columns

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(6 * theme.SPACE, 4 * theme.SPACE, 3 * theme.SPACE, 0)
        head.addWidget(label(self.tr("Keyboard shortcuts"), "title", wraps=False), 1)
        head.addWidget(self.close_button)
        layout = QVBoxLayout(self.panel)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.area, 1)


def native(keys: str) -> str:
    """Return a shortcut as this system writes it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _card(title: str) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(4 * theme.SPACE)
    grid.setVerticalSpacing(theme.SPACE)
    grid.setColumnStretch(0, 1)
    grid.addWidget(label(title, "heading", wraps=False), 0, 0, 1, 2)
    return grid


def _add_row(grid: QGridLayout, command: Command) -> None:
    place = grid.rowCount()
    grid.setRowMinimumHeight(place, 30)
    grid.addWidget(label(command.title), place, 0)
    caps = QHBoxLayout()
    caps.setSpacing(theme.SPACE)
    caps.addStretch(1)
    for keys in command.keys:
        caps.addWidget(_cap(native(keys)))
    grid.addLayout(caps, place, 1)


def _cap(text: str) -> QLabel:
    cap = label(text, wraps=False)
    cap.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    theme.set_role(cap, "key")
    return cap
