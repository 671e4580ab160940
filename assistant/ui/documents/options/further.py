"""The choices that are seldom made: language, kind of document, and how careful the model is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from assistant.summaries.kinds.kind import Kind
from assistant.summaries.wishes.languages import OFFERED
from assistant.ui import theme
from assistant.ui.documents.options.choices import Choices
from assistant.ui.documents.options.chooser import Chooser
from assistant.ui.documents.options.words import kind_name, language_name
from assistant.ui.labels import label


class FurtherOptions(QWidget):
    """Folded away until somebody wants it.

    Signals:
        changed (dict): what else was chosen, as changes of `Choices`.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = Choices()
        self._language = self._kind = ""  # the document's own
        codes = sorted(OFFERED, key=lambda code: language_name(code).casefold())
        self.language = Chooser[str](self.tr("Language of the summary"), ["", *codes], self)
        self.kind = Chooser[str](
            self.tr("Kind of document"), ["", *(kind.value for kind in Kind)], self
        )
        self.reproducible = QCheckBox(self.tr("The same text each time: slower"))
        self.asks_model = QCheckBox(self.tr("Ask the model about its own sentences, too: slower"))
        self._explain()
        self._lay_out()
        self._connect()
        self._show()

    def show_choices(self, choices: Choices) -> None:
        """Show what holds for the document."""
        self._choices = choices
        self.reproducible.setChecked(choices.is_reproducible)
        self.asks_model.setChecked(choices.asks_model)
        self._show()

    def show_document(self, *, language: str, kind: str) -> None:
        """Show what was found out about the document: its language and its kind."""
        self._language, self._kind = language, kind
        self._show()

    def chosen_words(self) -> list[str]:
        """Return what is not as usual, in a few words each."""
        words = [language_name(self._choices.language)]
        words.append(kind_name(self._choices.kind) if self._choices.kind else "")
        words.append(self.tr("same text") if self._choices.is_reproducible else "")
        words.append(self.tr("asks the model") if self._choices.asks_model else "")
        return [word for word in words if word]

    def _show(self) -> None:
        own = language_name(self._language)
        as_it_is = (
            self.tr("The document’s ({language})").format(language=own)
            if own
            else self.tr("The document’s")
        )
        self.language.name("", as_it_is)
        for code in OFFERED:
            self.language.name(code, language_name(code))
        chosen = self._choices.language
        self.language.show_choice(chosen, language_name(chosen) or as_it_is)
        recognised = (
            self.tr("Recognised: {kind}").format(kind=kind_name(self._kind))
            if self._kind
            else self.tr("To be recognised")
        )
        self.kind.name("", recognised)
        for kind in Kind:
            self.kind.name(kind.value, kind_name(kind.value))
        shown = kind_name(self._choices.kind) if self._choices.kind else recognised
        self.kind.show_choice(self._choices.kind, shown)

    def _explain(self) -> None:
        self.reproducible.setToolTip(
            self.tr("One passage after the other, so that a second run gives the same words.")
        )
        self.asks_model.setToolTip(
            self.tr(
                "The model is asked of each sentence whether the cited passages bear it out. It "
                "sees some mistakes that a comparison of words does not, and makes others."
            )
        )

    def _lay_out(self) -> None:
        choosers = QHBoxLayout()
        choosers.setSpacing(2 * theme.SPACE)
        for name, chooser in (
            (self.tr("Language"), self.language),
            (self.tr("Read as"), self.kind),
        ):
            choosers.addWidget(label(name, "muted", wraps=False))
            choosers.addWidget(chooser.button)
        choosers.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(choosers)
        layout.addWidget(self.reproducible)
        layout.addWidget(self.asks_model)

    def _connect(self) -> None:
        self.language.chosen.connect(lambda code: self.changed.emit({"language": code}))
        self.kind.chosen.connect(lambda kind: self.changed.emit({"kind": kind}))
        self.reproducible.clicked.connect(
            lambda is_on: self.changed.emit({"is_reproducible": is_on})
        )
        self.asks_model.clicked.connect(lambda is_on: self.changed.emit({"asks_model": is_on}))
