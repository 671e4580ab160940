"""Leads from one cited passage to the next, and says which of how many is shown."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from assistant.ui import icons, theme
from assistant.ui.labels import counted, label


class EvidenceBar(QWidget):
    """Hidden while nothing is cited.

    Signals:
        step_wanted (int): the next passage (1) or the one before (-1).
    """

    step_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", "muted", wraps=False)
        is_mirrored = QGuiApplication.isRightToLeft()
        back, forth = ("chevron-right", "chevron-left")[:: 1 if is_mirrored else -1]
        self.back = self._button(back, self.tr("Passage before (P or Shift+F3)"), -1)
        self.forth = self._button(forth, self.tr("Next passage (N or F3)"), 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addStretch(1)
        for widget in (self.back, self.words, self.forth):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.hide()

    def show_place(self, at: int | None, count: int) -> None:
        """Show that passage `at` (from 0) of `count` is open; None for none of them."""
        self.setVisible(count > 0)
        if at is None:
            self.words.setText(counted(self.tr("%n cited passage(s)", "", count), count))
        else:
            self.words.setText(self.tr("Passage {at} of {count}").format(at=at + 1, count=count))

    def make_keys(self, *letters_in: QWidget, functions_in: QWidget) -> None:
        """Let keys step: letters while one of some widgets has the keyboard, F3 in all of one."""
        for keys, step in (("N", 1), ("P", -1)):
            for widget in letters_in:
                self._key(keys, step, widget)
        for keys, step in (("F3", 1), ("Shift+F3", -1)):
            self._key(keys, step, functions_in)

    def _key(self, keys: str, step: int, widget: QWidget) -> None:
        shortcut = QShortcut(QKeySequence(keys), widget)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: self.step_wanted.emit(step))

    def _button(self, icon: str, text: str, step: int) -> QToolButton:
        button = QToolButton()
        icons.put(button, icon, size=18)
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.step_wanted.emit(step))
        return button
