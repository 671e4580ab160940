"""The head of the models page: its two views, and the way in for a file of the person's own."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStyle, QWidget

from assistant.ui import icons, theme
from assistant.ui.labels import label
from assistant.ui.models.views import WIDTH


class ModelsHead(QWidget):
    """Stands above the views, as wide as they are.

    Signals:
        here_wanted: the models on this computer are wanted.
        find_wanted: others are wanted.
        add_wanted: a file is to be added.
    """

    here_wanted = Signal()
    find_wanted = Signal()
    add_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.here_button = self._tab(self.tr("On this computer"))
        self.here_button.clicked.connect(self.here_wanted)
        self.find_button = self._tab(self.tr("Find models"))
        self.find_button.clicked.connect(self.find_wanted)
        self._tabs = QButtonGroup(self)
        self.add_button = QPushButton(self.tr("Add a .gguf file…"))
        theme.set_role(self.add_button, "quiet")
        icons.put(self.add_button, "file-plus", "", 16)
        self.add_button.clicked.connect(self.add_wanted)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(label(self.tr("Models"), "title", wraps=False))
        row.addSpacing(4 * theme.SPACE)
        for button in (self.here_button, self.find_button):
            self._tabs.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.add_button)
        self._lay_out(row)

    def _lay_out(self, row: QHBoxLayout) -> None:
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        inner.setLayout(row)
        margin = 6 * theme.SPACE
        beside_bar = margin + self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left, right = (beside_bar, margin) if is_mirrored else (margin, beside_bar)
        sides = QHBoxLayout(self)
        sides.setContentsMargins(left, 4 * theme.SPACE, right, theme.SPACE)
        sides.addStretch(1)
        sides.addWidget(inner, 1000)
        sides.addStretch(1)

    def _tab(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        theme.set_role(button, "tab")
        return button
