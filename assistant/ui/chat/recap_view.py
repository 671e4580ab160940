"""Where older messages were summed up: what stands in their place, to be read and changed."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.storage.recaps import Recap
from assistant.ui import icons, theme
from assistant.ui.chat.message_field import FRAME, MessageField
from assistant.ui.labels import label
from assistant.ui.markdown.direction import direction_of

_LINES = 14


class RecapView(QWidget):
    """Stands between the messages that were summed up and those that follow.

    Args:
        recap: the recap.
        parent: owner.

    Signals:
        edited (int, str): the person changed the text of the recap with this id.
        switched (int, bool): it is not to be used, or to be used again.
    """

    edited = Signal(int, str)
    switched = Signal(int, bool)

    def __init__(self, recap: Recap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.recap = recap
        card = QFrame()
        theme.set_role(card, "card")
        sign = QLabel()
        icons.put(sign, "history", "text_muted", 16)
        self.title = label()
        self.read_button = self._link(self.tr("Read it"), self.toggle)
        self.read_button.setCheckable(True)
        self.text = label("", selectable=True)
        self.field = MessageField(_LINES, FRAME)
        theme.set_role(self.field, "field")
        self.field.setAccessibleName(self.tr("What the model is given"))
        self.edit_button = self._link(self.tr("Change it"), self.edit)
        self.save_button = QPushButton(self.tr("Keep the change"))
        self.save_button.clicked.connect(self._save)
        self.leave_button = self._link(self.tr("Cancel"), self._show)
        self.switch_button = self._link("", self._switch)
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        head.addWidget(self.read_button, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        for button in (self.edit_button, self.save_button, self.leave_button, self.switch_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 3 * theme.SPACE)  # away from what the person said next
        around.addWidget(card)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(*(3 * theme.SPACE, 2 * theme.SPACE) * 2)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.text)
        layout.addWidget(self.field)
        layout.addLayout(buttons)
        self.show_recap(recap)

    def show_recap(self, recap: Recap) -> None:
        """Show the recap as it is kept now."""
        self.recap = recap
        if recap.is_off:
            words = self.tr(
                "A summary of the messages above is switched off. The model is given as many of "
                "them as fit."
            )
            switch = self.tr("Use the summary")
        elif recap.is_edited:
            words = self.tr("In place of the messages above the model is given your summary.")
            switch = self.tr("Do not use it")
        else:
            words = self.tr(
                "The messages above no longer fit the context. The model is given a summary of "
                "them; they stay here."
            )
            switch = self.tr("Do not use it")
        self.title.setText(words)
        self.switch_button.setText(switch)
        self.text.setText(recap.text)
        self.text.setLayoutDirection(direction_of(recap.text))
        self._show()

    def toggle(self) -> None:
        """Unfold the text, or fold it."""
        self._show()

    def open_text(self) -> None:
        """Unfold the text."""
        self.read_button.setChecked(True)
        self._show()

    def edit(self) -> None:
        """Let the person change the text."""
        self.field.show_text(self.recap.text)
        self._show(is_editing=True)
        self.field.setFocus()

    def _show(self, *, is_editing: bool = False) -> None:
        is_open = self.read_button.isChecked()
        self.read_button.setText(self.tr("Fold it") if is_open else self.tr("Read it"))
        self.text.setVisible(is_open and not is_editing)
        self.field.setVisible(is_open and is_editing)
        self.edit_button.setVisible(is_open and not is_editing and not self.recap.is_off)
        self.switch_button.setVisible(is_open and not is_editing)
        self.save_button.setVisible(is_open and is_editing)
        self.leave_button.setVisible(is_open and is_editing)

    def _save(self) -> None:
        text = self.field.toPlainText().strip()
        if text and text != self.recap.text:
            self.edited.emit(self.recap.id, text)
        self._show()

    def _switch(self) -> None:
        self.switched.emit(self.recap.id, not self.recap.is_off)

    def _link(self, text: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        theme.set_role(button, "link")
        button.clicked.connect(lambda: slot())  # noqa: PLW0108 - without `checked`
        return button
