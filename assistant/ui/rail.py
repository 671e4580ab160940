"""The rail at the window's side: one button for each page."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from assistant.ui import icons, theme

_NARROWEST = 80  # px


class Rail(QWidget):
    """The buttons of the pages, and one for the list where the window is narrow.

    Signals:
        chosen (str): the key of the page the person wants.
        find_wanted: the person wants to find a command, a chat, a document or a model.
        list_wanted: the person wants the list that a narrow window hides.
    """

    chosen = Signal(str)
    find_wanted = Signal()
    list_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_NARROWEST)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self.list_button = self._button(self.tr("List"), "panel-left")
        self.list_button.setAccessibleName(self.tr("Show the list"))
        self.list_button.clicked.connect(self.list_wanted)
        self.list_button.hide()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*(2 * theme.SPACE,) * 4)
        self._layout.setSpacing(theme.SPACE)
        self.find_button = self._button(self.tr("Find"), "search")
        self.find_button.setAccessibleName(self.tr("Find anything"))
        self.find_button.setToolTip(self.tr("Find anything (Ctrl+K)"))
        self.find_button.clicked.connect(self.find_wanted)
        self._layout.addWidget(self.list_button)
        self._layout.addStretch(1)
        self._layout.addWidget(self.find_button)

    def add(self, key: str, text: str, icon: str, *, at_bottom: bool = False) -> None:
        """Add the button of a page; the last ones may stand at the bottom."""
        button = self._button(text, icon)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.chosen.emit(key))
        number = len(self._buttons) + 1
        shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
        shortcut.activated.connect(lambda: self.chosen.emit(key))
        button.setToolTip(self.tr("{page} (Ctrl+{number})").format(page=text, number=number))
        self._group.addButton(button)
        self._buttons[key] = button
        place = self._layout.count() - (0 if at_bottom else 2)
        self._layout.insertWidget(place, button)

    def select(self, key: str) -> None:
        """Mark the button of the page that is shown."""
        self._buttons[key].setChecked(True)

    def _button(self, text: str, icon: str) -> QToolButton:
        button = QToolButton()
        theme.set_role(button, "rail")
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        font = button.font()
        font.setPointSizeF(font.pointSizeF() * 0.86)
        button.setFont(font)
        needed = QFontMetrics(font).horizontalAdvance(text) + 4 * theme.SPACE
        button.setMinimumSize(QSize(needed, 56))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedWidth(max(self.width(), needed + 4 * theme.SPACE))
        icons.put(button, icon, size=22)
        return button
