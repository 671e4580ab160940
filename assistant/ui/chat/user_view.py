"""A message of the person: a soft bubble at the end side of the column."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.chat.action_row import ActionRow
from assistant.ui.chat.message_editor import MessageEditor
from assistant.ui.chat.variants import VariantSwitch
from assistant.ui.labels import label
from assistant.ui.markdown.direction import direction_of

_WIDEST = 0.8  # of the column
_LONG = 1500  # characters
_LONG_LINES = 20
_PAD = 3 * theme.SPACE


class UserView(QWidget):
    """Shows the text as it was typed; a long one is folded. It is changed in its own place.

    Args:
        text: the message.
        message_id: its row.
        parent: owner.

    Signals:
        changed (str): the person sends another text in place of this one.
        variant_chosen (int): the id of the message to show in place of this one.
    """

    changed = Signal(str)
    variant_chosen = Signal(int)

    def __init__(
        self, text: str, message_id: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.text = text
        self.message_id = message_id
        self.editor: MessageEditor | None = None
        self._folded = _folded(text)
        self.words = label(self._folded or text, selectable=True)
        self.words.setLayoutDirection(direction_of(text))
        self.words.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        self.words.setAccessibleName(self.tr("You: {text}").format(text=text))
        self._bubble = bubble = QFrame()
        theme.set_role(bubble, "bubble")
        inside = QVBoxLayout(bubble)
        inside.setContentsMargins(_PAD, 2 * theme.SPACE, _PAD, 2 * theme.SPACE)
        inside.addWidget(self.words)
        if self._folded:
            self.unfold_button = QPushButton(self.tr("Show all of it"))
            theme.set_role(self.unfold_button, "link")
            self.unfold_button.clicked.connect(self._unfold)
            inside.addWidget(self.unfold_button, 0, Qt.AlignmentFlag.AlignLeading)
        self.action_row = ActionRow()
        self.action_row.add("copy", self.tr("Copy message"), self._copy)
        self.edit_button = self.action_row.add("pencil", self.tr("Edit"), self.edit)
        self.variants = VariantSwitch()
        self.variants.chosen.connect(self.variant_chosen)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(bubble)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.addStretch(1)
        below.addWidget(self.variants)
        below.addWidget(self.action_row)
        layout.addLayout(below)

    def set_changeable(self, is_changeable: bool) -> None:
        """Offer to change the message, or not while a reply is written."""
        self.edit_button.setEnabled(is_changeable)

    def edit(self) -> None:
        """Let the person change the message."""
        if self.editor is None and self.edit_button.isEnabled():
            self.editor = MessageEditor(self.text)
            self.editor.submitted.connect(self.changed)
            self.editor.left.connect(self.stop_edit)
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertWidget(0, self.editor)
            self._bubble.hide()
        if self.editor is not None:
            self.editor.setFocus()

    def stop_edit(self) -> None:
        """Show the message as it is."""
        if self.editor is not None:
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None
            self._bubble.show()
            self.edit_button.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)

    def _unfold(self) -> None:
        self.words.setText(self.text)
        self.unfold_button.hide()
        self._take_width()

    def _take_width(self) -> None:
        """Make the bubble as wide as its longest line, which a wrapping label does not ask for."""
        most = round(self.width() * _WIDEST) - 2 * _PAD
        metrics = QFontMetrics(self.words.font())
        longest = max(self.words.text().split("\n"), key=len)[:_LONG]
        wanted = metrics.boundingRect(longest).width() + theme.SPACE
        for line in self.words.text().split("\n")[:_LONG_LINES]:
            wanted = max(wanted, metrics.horizontalAdvance(line[:300]) + theme.SPACE)
        self.words.setFixedWidth(max(theme.SPACE, min(most, wanted)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the text anew."""
        super().resizeEvent(event)
        self._take_width()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer what can be done with the message."""
        super().enterEvent(event)
        self.action_row.set_hovered(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the offer away."""
        super().leaveEvent(event)
        self.action_row.set_hovered(False)


def _folded(text: str) -> str:
    """Return the beginning of a long text; empty if it is short."""
    lines = text.split("\n")
    short = "\n".join(lines[:_LONG_LINES])[:_LONG]
    return f"{short.rstrip()} …" if len(short) < len(text) else ""
