"""One line above a conversation: what the person must know of the model before they read on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from assistant.conversations.replying import is_small
from assistant.models.keeping.installed import InstalledModel
from assistant.ui import icons, theme
from assistant.ui.labels import label
from assistant.ui.model_words import display_name


class ModelNotice(QFrame):
    """Says that there is no model, that it cannot converse, or that it makes things up.

    Signals:
        models_wanted: the person wants to see the models.
    """

    models_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "banner")
        sign = label()
        icons.put(sign, "info", "warning", 16)
        self.words = label()
        self.button = QPushButton()
        theme.set_role(self.button, "link")
        self.button.clicked.connect(self.models_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * theme.SPACE, theme.SPACE, 2 * theme.SPACE, theme.SPACE)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(sign)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.button)
        self.hide()

    def show_for(self, model: InstalledModel | None, *, is_known: bool) -> bool:
        """Show what there is to say about `model`; return whether it can converse.

        Args:
            model: the one in use.
            is_known: the folder of models was read: None means that there is none.
        """
        text = ""
        self.button.setText(self.tr("Get a better model"))
        if model is None:
            text = self.tr("There is no model here yet.") if is_known else ""
            self.button.setText(self.tr("Get a model"))
        elif not model.has_chat_template:
            text = self.tr(
                "{name} is a base model: it continues text and cannot converse. Choose one with "
                "“Instruct” or “Chat” in its name."
            ).format(name=display_name(model.name))
            self.button.setText(self.tr("Choose a model"))
        elif is_small(model.parameters):
            text = self.tr(
                "{name} is so small that it makes things up. Check what it says."
            ).format(name=display_name(model.name))
        self.words.setText(text)
        self.setVisible(bool(text))
        return model is not None and model.has_chat_template
