"""A model that could be had: what it is, what it costs, and what the hub would learn."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.models.catalog import CatalogModel
from assistant.ui import icons, theme
from assistant.ui.labels import label
from assistant.ui.models.model_card import VerdictLine
from assistant.ui.models.model_facts import facts_of_offer, size_of_offer, uses_in_words
from assistant.ui.models.verdict import Fit


class OfferCard(QFrame):
    """Offers a model of the catalog. Nothing is asked of the hub before the person agrees.

    Args:
        model: which one.
        fit: how it would go with this computer.
        hub_name: says where it comes from, in words.
        reason: why it is offered first; empty for the others.
        parent: owner.

    Signals:
        asked: the person is told what the hub would learn.
        download_wanted: the person agreed.
    """

    asked = Signal()
    download_wanted = Signal()

    def __init__(
        self,
        model: CatalogModel,
        fit: Fit,
        hub_name: Callable[[], str],
        *,
        reason: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self._hub_name = hub_name
        theme.set_role(self, "card")
        self.download_button = QPushButton(self.tr("Download…"))
        self.download_button.setAccessibleName(self.tr("Download {name}").format(name=model.name))
        self.download_button.clicked.connect(self._ask)
        self.download_button.setVisible(fit is not Fit.TOO_LARGE)
        if reason:
            theme.set_role(self.download_button, "primary")
        self.question = self._make_question()
        self._lay_out(fit, reason)

    def _lay_out(self, fit: Fit, reason: str) -> None:
        head = QHBoxLayout()
        head.addWidget(label(self.model.name, "subject", wraps=False), 1)
        head.addWidget(self.download_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(VerdictLine(fit, uses_in_words(self.model.good_for)))
        if reason:
            layout.addWidget(label(reason))
        layout.addWidget(label(facts_of_offer(self.model), "muted"))
        if self.model.note.startswith("Licence"):  # other notes are not for this person
            layout.addWidget(label(self.model.note, "muted"))
        layout.addWidget(self.question)

    def _make_question(self) -> QFrame:
        question = QFrame()
        theme.set_role(question, "banner")
        sign = label()
        icons.put(sign, "globe", "warning", 16)
        self.disclosure = label()
        self.agree_button = QPushButton(self.tr("Download"))
        theme.set_role(self.agree_button, "primary")
        self.agree_button.clicked.connect(self._agree)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self._close_question)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        buttons.addWidget(self.agree_button)
        buttons.addWidget(cancel)
        buttons.addStretch(1)
        words = QHBoxLayout()
        words.setSpacing(2 * theme.SPACE)
        words.addWidget(sign)
        words.addWidget(self.disclosure, 1)
        layout = QVBoxLayout(question)
        layout.setContentsMargins(*(3 * theme.SPACE,) * 4)
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(words)
        layout.addLayout(buttons)
        question.hide()
        return question

    def say_what_the_hub_learns(self) -> None:
        """Fill the question's words, when the hub's address becomes known."""
        self.disclosure.setText(
            self.tr(
                "Alcove will connect to {hub} and fetch {file} ({size}). The hub learns your "
                "internet address and the name of this model. Your chats and documents stay here."
            ).format(hub=self._hub_name(), file=self.model.file, size=size_of_offer(self.model))
        )

    def _ask(self) -> None:
        self.say_what_the_hub_learns()
        self.question.show()
        self.download_button.hide()
        self.agree_button.setFocus()
        self.asked.emit()

    def _close_question(self) -> None:
        self.question.hide()
        self.download_button.show()
        self.download_button.setFocus()

    def _agree(self) -> None:
        self._close_question()
        self.download_wanted.emit()
