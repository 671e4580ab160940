"""A model's chat template: seen, compared with its base model's, and overridden."""

import threading
from collections.abc import Iterator, Sequence

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from assistant.engine.templates import syntax_fault
from assistant.errors import AssistantError
from assistant.gguf import read_header
from assistant.models.keeping.installed import InstalledModel
from assistant.models.keeping.template_comparison import (
    DiffLine,
    TemplateComparison,
    compare_with_base,
    difference,
)
from assistant.ui import theme
from assistant.ui.job import Job
from assistant.ui.labels import counted, label, show_if
from assistant.ui.models.details.template_text import DiffText, TemplateText
from assistant.ui.models.finding.access import HubAccess
from assistant.ui.models.finding.terms import HubTerms
from assistant.ui.models.fold import Fold
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.section import Section, button_row


class TemplateSection(Section):
    """Folded away at first: most people never need it.

    Args:
        model: which one.
        keeping: where the person's template is kept.
        access: the hub, for the base model's.
        terms: asks before the hub is.
        parent: owner.
    """

    def __init__(
        self,
        model: InstalledModel,
        keeping: Keeping,
        access: HubAccess,
        terms: HubTerms,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("Chat template"))
        self._model = model
        self._keeping = keeping
        self._access = access
        self._terms = terms
        self._own = ""  # the file's
        self._job: Job | None = None
        self.fold = Fold(self.tr("See and change it"), self._build)
        self.state = label("", "muted")
        self.column.addWidget(self.state)
        self.column.addWidget(self.fold)
        self.show_model(model)

    def show_model(self, model: InstalledModel) -> None:
        """Show which template is in use."""
        self._model = model
        show_if(self, not model.is_for_embeddings)
        if model.wishes.chat_template:
            self.state.setText(self.tr("Your own template is in use, not the file's."))
        elif model.has_chat_template:
            self.state.setText(self.tr("The file's own template is in use."))
        else:
            self.state.setText(self.tr("The file has none: the model cannot converse."))
        if self.fold.content is not None and self.text.isReadOnly():
            self._show_text()

    def stop(self) -> None:
        """Ask the hub no more."""
        if self._job is not None:
            self._job.cancel()

    # Parts

    def _build(self) -> QWidget:
        explanation = self.tr(
            "It turns a conversation into the text that the model reads. With a wrong one a good "
            "model answers badly. Change it only if its publisher says so."
        )
        self.text = TemplateText(self.tr("Chat template"))
        self.fault = label("", "danger")
        self.fault.hide()
        self.edit_button = QPushButton(self.tr("Change it"))
        self.edit_button.clicked.connect(self._edit)
        self.keep_button = QPushButton(self.tr("Use this template"))
        theme.set_role(self.keep_button, "primary")
        self.keep_button.clicked.connect(self._keep)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self._cancel)
        self.reset_button = QPushButton(self.tr("Back to the file's own"))
        self.reset_button.clicked.connect(lambda: self._store(""))
        self.compare_button = QPushButton(self.tr("Compare with the base model's"))
        self.compare_button.clicked.connect(self._compare)
        self.stop_button = QPushButton(self.tr("Stop"))
        self.stop_button.clicked.connect(self.stop)
        self.difference_words = label()
        self.difference = DiffText(self.tr("Differences"))
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * theme.SPACE)
        column.addWidget(label(explanation, "muted"))
        column.addWidget(self.text)
        column.addWidget(self.fault)
        column.addLayout(
            button_row(
                self.edit_button,
                self.keep_button,
                self.cancel_button,
                self.reset_button,
                self.compare_button,
                self.stop_button,
            )
        )
        column.addWidget(self._terms)
        column.addWidget(self.difference_words)
        column.addWidget(self.difference)
        for part in (self.difference_words, self.difference, self.stop_button):
            part.hide()
        self._read_own()
        self._show_text()
        return content

    def _read_own(self) -> None:
        """Read the file's template in the background; a header takes up to half a second."""
        path = self._model.path

        def read(_: threading.Event) -> Iterator[str]:
            yield read_header(path).chat_template

        job = Job(read, self)
        job.succeeded.connect(self._take_own)
        job.failed.connect(self.show_error)
        job.start()

    def _take_own(self, template: str | None) -> None:
        self._own = template or ""
        if self.text.isReadOnly():
            self._show_text()
        if self._model.wishes.chat_template:
            self._show_difference(
                difference(self._own, self._model.wishes.chat_template), self._mine()
            )

    # Reading and changing

    def _show_text(self) -> None:
        template = self._model.wishes.chat_template or self._own
        if self.text.toPlainText() != template:
            self.text.setPlainText(template)
        self._show_buttons(is_editing=False)

    def _show_buttons(self, *, is_editing: bool) -> None:
        self.text.setReadOnly(not is_editing)
        self.edit_button.setVisible(not is_editing)
        self.keep_button.setVisible(is_editing)
        self.cancel_button.setVisible(is_editing)
        self.reset_button.setVisible(not is_editing and bool(self._model.wishes.chat_template))
        can_compare = bool(self._model.repo) and self._job is None
        self.compare_button.setVisible(not is_editing and can_compare)
        self.stop_button.setVisible(self._job is not None)

    def _edit(self) -> None:
        self._show_buttons(is_editing=True)
        self.text.setFocus()

    def _cancel(self) -> None:
        self.fault.hide()
        self._show_text()
        self.edit_button.setFocus()

    def _keep(self) -> None:
        template = self.text.toPlainText()
        fault = syntax_fault(template)
        if fault:
            self.fault.setText(self.tr("This is no template: {fault}").format(fault=fault))
            self.fault.show()
            self.text.setFocus()
            return
        self._store("" if template.strip() == self._own.strip() else template)

    def _store(self, template: str) -> None:
        self.fault.hide()
        try:
            self._model = self._keeping.folder.change(self._model, chat_template=template)
        except AssistantError as error:
            self.show_error(error)
            return
        self.show_error(None)
        self.text.setReadOnly(True)
        self.show_model(self._model)
        if template:
            self._show_difference(difference(self._own, template), self._mine())
        else:
            self.difference.hide()
            self.difference_words.hide()
        self.edit_button.setFocus()
        self._keeping.current.refresh()

    # Comparing

    def _compare(self) -> None:
        what = self.tr("It asks for the template of the model that {repo} was made from.")
        self._terms.before(
            self._ask, what.format(repo=self._model.repo), endpoint=self._model.endpoint
        )

    def _ask(self) -> None:
        model, hub = self._model, self._access.hub(self._model.endpoint)
        mine = model.wishes.chat_template or self._own

        def ask(cancel: threading.Event) -> Iterator[TemplateComparison]:
            told = compare_with_base(hub, model, mine, cancel=cancel)
            if told is not None:
                yield told

        self._job = Job(ask, self)
        self._job.succeeded.connect(self._take_base)
        self._job.failed.connect(self.show_error)
        self._job.finished.connect(self._end_asking)
        self.difference_words.setText(self.tr("Asking the hub…"))
        self.difference_words.show()
        self._show_buttons(is_editing=False)
        self._job.start()

    def _end_asking(self) -> None:
        self._job = None
        if self.difference.isHidden() and self.difference_words.text() == self.tr(
            "Asking the hub…"
        ):
            self.difference_words.hide()
        self._show_buttons(is_editing=False)

    def _take_base(self, told: TemplateComparison | None) -> None:
        if told is None:
            return
        base = told.base_model
        if not base:
            self._say(self.tr("The hub does not say which model it was made from."))
        elif not told.base_template:
            text = self.tr("The template of {base} is not to be had.")
            self._say(text.format(base=base))
        else:
            text = self.tr("“-” is in {base} alone, “+” is in the one in use here alone.")
            self._show_difference(told.lines, text.format(base=base))

    def _say(self, words: str) -> None:
        self.difference_words.setText(words)
        self.difference_words.show()
        self.difference.hide()

    def _show_difference(self, lines: Sequence[DiffLine], legend: str) -> None:
        count = self.difference.show_lines(lines)
        if not count:
            self._say(self.tr("Both are the same."))
            return
        text = counted(self.tr("%n line(s) differ.", "", count), count)
        self._say(f"{text} {legend}")
        self.difference.show()

    def _mine(self) -> str:
        return self.tr("“-” is in the file's own alone, “+” is in yours alone.")
