"""A question means a document, and none is attached: asks for it in place of an invention."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.ui import icons, theme
from assistant.ui.asking.attachments import Attachments
from assistant.ui.asking.flow import FlowLayout
from assistant.ui.labels import label


class WantedView(QFrame):
    """Stands where the reply would: show it for `DocumentWanted`, take it away with the answer.

    Args:
        attachments: the documents of the open chat; None where none can be attached.
        parent: owner.

    Signals:
        document_attached: there is a document now, and it is read: the question can be answered.
        files_wanted: the person wants to attach a file.
        library_wanted: the person wants to attach one of the documents read before.
        reply_wanted: the model is to reply without a document.
    """

    document_attached = Signal()
    files_wanted = Signal()
    library_wanted = Signal()
    reply_wanted = Signal()

    def __init__(
        self, attachments: Attachments | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._attachments = attachments
        if attachments is not None:
            attachments.changed.connect(self._look)
        theme.set_role(self, "card")
        what = self.tr("Which document do you mean?")
        step = self.tr(
            "None is attached to this chat. Attach it, and the answer will show its pages. Without"
            " it the model would have to make the answer up."
        )
        self.setAccessibleName(f"{what} {step}")
        sign = QLabel()
        icons.put(sign, "paperclip", "text_muted")
        self.files_button = QPushButton(self.tr("Attach a file…"))
        theme.set_role(self.files_button, "primary")
        self.files_button.clicked.connect(self.files_wanted)
        self.library_button = QPushButton(self.tr("From Documents…"))
        self.library_button.clicked.connect(self.library_wanted)
        self.reply_button = QPushButton(self.tr("Reply without it"))
        self.reply_button.clicked.connect(self.reply_wanted)
        buttons = FlowLayout()
        for button in (self.files_button, self.library_button, self.reply_button):
            buttons.addWidget(button)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE)
        words.addWidget(label(what, "heading"))
        words.addWidget(label(step, "muted"))
        words.addSpacing(theme.SPACE)
        words.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    def _look(self) -> None:
        attachments = self._attachments
        if attachments is None or attachments.is_reading or attachments.attached() is None:
            return
        attachments.changed.disconnect(self._look)
        self.document_attached.emit()
