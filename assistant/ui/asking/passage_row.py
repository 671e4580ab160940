"""One passage behind an answer: where it stands, how it begins, and the way to its page."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from assistant.conversations.asking.answer import Passage
from assistant.ui import theme
from assistant.ui.asking.words import name_of, row_name
from assistant.ui.documents.elided_label import ElidedLabel
from assistant.ui.labels import label

_SHOWN = 320  # characters


class PassageRow(QPushButton):
    """A card that is one button: a click, Enter or Space opens the page.

    Args:
        passage: what it shows.
        parent: owner.

    Signals:
        chosen (object): the `Passage` is to be shown on its page.
    """

    chosen = Signal(object)

    def __init__(self, passage: Passage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.passage = passage
        name = name_of(passage)
        heading = " ".join(passage.heading.split())
        text = " ".join(passage.text.split())
        if len(text) > _SHOWN:
            text = f"{text[:_SHOWN].rsplit(None, 1)[0]} …"
        theme.set_role(self, "passage")
        self.clicked.connect(lambda: self.chosen.emit(self.passage))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Open {name}").format(name=name))
        self.setAccessibleDescription(text)
        self.name = ElidedLabel()
        self.name.setText(row_name(passage))
        font = self.name.font()
        font.setWeight(font.Weight.DemiBold)
        self.name.setFont(font)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(
            3 * theme.SPACE, 2 * theme.SPACE, 3 * theme.SPACE, 2 * theme.SPACE
        )
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.name)
        if heading:
            place = ElidedLabel("muted")
            place.setText(heading)
            layout.addWidget(place)
        self.words = label(text, "muted")
        layout.addWidget(self.words)
        for words in self.findChildren(QLabel):
            words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """Return what its lines need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Be as narrow as the column."""
        return QSize(0, super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the page by Enter, too."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)
