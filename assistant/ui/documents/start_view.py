"""What the Documents page shows before a document is chosen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.ui import icons, theme
from assistant.ui.labels import label

_WIDTH = 520


class StartView(QWidget):
    """Where to begin: drop, open, or try the sample; and the offer of a better model.

    Signals:
        open_wanted: the person wants to choose a file.
        sample_wanted: the person wants to see the sample.
        better_model_wanted: the person follows the offer.
    """

    open_wanted = Signal()
    sample_wanted = Signal()
    better_model_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open_button = QPushButton(self.tr("Open a document…"))
        theme.set_role(self.open_button, "primary")
        self.open_button.clicked.connect(self.open_wanted)
        self.sample_button = QPushButton(self.tr("Try the sample"))
        self.sample_button.clicked.connect(self.sample_wanted)
        self.offer = self._make_offer()
        column = QVBoxLayout()
        column.addStretch(2)
        column.addWidget(self._make_target())
        column.addSpacing(4 * theme.SPACE)
        column.addWidget(self.offer)
        column.addStretch(3)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(6 * theme.SPACE,) * 4)
        layout.addStretch(1)
        layout.addLayout(column, 1000)
        layout.addStretch(1)

    def show_offer(self, text: str) -> None:
        """Offer a better model in one line; "" takes the offer away."""
        self._offer_words.setText(text)
        self.offer.setVisible(bool(text))

    def _make_target(self) -> QFrame:
        target = QFrame()
        theme.set_role(target, "target")
        target.setMaximumWidth(_WIDTH)
        sign = QLabel()
        icons.put(sign, "file-text", "accent", 40)
        title = label(self.tr("Drop documents or a folder here"), "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = label(
            self.tr(
                "PDF, Word, slides, tables, a book, mail, a web page, a picture of text, or a ZIP "
                "of these. Key points stand here in seconds, each with the page it is on; then ask "
                "what you want to know. Nothing leaves this computer."
            ),
            "muted",
        )
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        buttons.addStretch(1)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.sample_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(target)
        layout.setContentsMargins(*(8 * theme.SPACE,) * 4)
        layout.setSpacing(4 * theme.SPACE)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(title)
        layout.addWidget(words)
        layout.addLayout(buttons)
        return target

    def _make_offer(self) -> QWidget:
        offer = QWidget()
        offer.setMaximumWidth(_WIDTH)
        self._offer_words = label("", "muted")
        self.offer_button = QPushButton(self.tr("See it"))
        theme.set_role(self.offer_button, "link")
        self.offer_button.setAccessibleName(self.tr("See the better model"))
        self.offer_button.clicked.connect(self.better_model_wanted)
        layout = QHBoxLayout(offer)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self._offer_words, 1)
        layout.addWidget(self.offer_button, 0, Qt.AlignmentFlag.AlignTop)
        offer.hide()
        return offer
