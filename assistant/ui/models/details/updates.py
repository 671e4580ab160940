"""Whether the hub has a newer revision of a model: asked only with a click."""

from collections.abc import Callable

from PySide6.QtCore import QDateTime, QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from assistant.errors import AssistantError
from assistant.models.downloading.updates import go_back, older_of
from assistant.models.keeping.details import UpdateState
from assistant.models.keeping.installed import InstalledModel
from assistant.ui import icons, theme
from assistant.ui.labels import label, show_if
from assistant.ui.models.details.updating import UpdateStep, Updating
from assistant.ui.models.finding.terms import HubTerms
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.model_facts import name_of
from assistant.ui.models.section import Section, button_row
from assistant.wording import size

_PARTS = 1000
_SIGNS = {
    UpdateState.CURRENT: ("circle-check", "success"),
    UpdateState.NEWER: ("info", "accent"),
}
_WARNING = ("triangle-alert", "warning")


class UpdatesSection(Section):
    """Looks, tells what was seen, downloads the newer revision beside this one, goes back.

    Args:
        model: which one.
        keeping: where models are.
        updating: this model's.
        terms: asks before the hub is.
        parent: owner.

    Signals:
        model_wanted (object): the person wants to see another revision's page.
    """

    model_wanted = Signal(object)

    def __init__(
        self,
        model: InstalledModel,
        keeping: Keeping,
        updating: Updating,
        terms: HubTerms,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("Updates"))
        self._model = model
        self._keeping = keeping
        self._updating = updating
        self._terms = terms
        self._older: InstalledModel | None = None
        self._sign = QLabel()
        self.words = label()
        self.hint = label(
            self.tr(
                "A newer one is kept beside this one, so that you can go back. Alcove never looks "
                "by itself."
            ),
            "muted",
        )
        self.bar = QProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Fetching {name}").format(name=name_of(model)))
        self.look_button = QPushButton(self.tr("Look for updates"))
        self.fetch_button = QPushButton()
        theme.set_role(self.fetch_button, "primary")
        self.stop_button = QPushButton(self.tr("Stop"))
        self.show_button = QPushButton(self.tr("See the newer one"))
        self.back_button = QPushButton(self.tr("Go back to the older one"))
        self.look_button.clicked.connect(lambda: self._ask(updating.look))
        self.fetch_button.clicked.connect(lambda: self._ask(updating.fetch))
        self.stop_button.clicked.connect(updating.stop)
        self.show_button.clicked.connect(lambda: self.model_wanted.emit(updating.made))
        self.back_button.clicked.connect(self._go_back)
        line = QHBoxLayout()
        line.setSpacing(2 * theme.SPACE)
        line.addWidget(self._sign)
        line.addWidget(self.words, 1)
        self.column.addLayout(line)
        self.column.addWidget(self.bar)
        self.column.addWidget(self.hint)
        self.column.addWidget(terms)
        self.column.addLayout(
            button_row(
                self.look_button,
                self.fetch_button,
                self.stop_button,
                self.show_button,
                self.back_button,
            )
        )
        updating.changed.connect(self._show_state)
        self.show_model(model)

    def show_model(self, model: InstalledModel) -> None:
        """Show what was last seen of the model."""
        self._model = model
        show_if(self, bool(model.repo and model.file) or bool(model.replaces))
        self._older = older_of(model, self._keeping.folder) if model.replaces else None
        self._show_state()

    def _ask(self, action: Callable[[], object]) -> None:
        model = self._updating.model
        what = self.tr("It asks about {repo}.").format(repo=model.repo)
        self._terms.before(action, what, endpoint=model.endpoint)

    def _show_state(self) -> None:
        one = self._updating
        is_busy = one.step is not UpdateStep.IDLE
        can_look = bool(self._model.repo and self._model.file)
        has_newer = bool(self._model.look.revision) and one.made is None
        self.look_button.setVisible(can_look and not is_busy)
        self.fetch_button.setVisible(has_newer and not is_busy)
        text = self.tr("Fetch the newer one ({size})").format(size=size(self._size_bytes()))
        self.fetch_button.setText(text)
        self.stop_button.setVisible(is_busy)
        self.show_button.setVisible(one.made is not None)
        self.back_button.setVisible(self._older is not None and not is_busy)
        progress = one.progress
        self.bar.setVisible(one.step is UpdateStep.FETCHING)
        if progress is not None:
            self.bar.setValue(round(_PARTS * progress.done_bytes / max(1, progress.total_bytes)))
        self.words.setText(self._in_words())
        self.words.setVisible(bool(self.words.text()))
        self._show_sign(is_busy=is_busy)
        if self.error_view is None or one.error is not self.error_view.error:
            self.show_error(one.error)

    def _show_sign(self, *, is_busy: bool) -> None:
        state = self._model.look.state
        is_shown = not is_busy and state is not UpdateState.UNKNOWN and self._updating.made is None
        self._sign.setVisible(is_shown)
        if is_shown:
            icons.put(self._sign, *_SIGNS.get(state, _WARNING), 16)

    def _in_words(self) -> str:
        one = self._updating
        if one.step is UpdateStep.LOOKING:
            return self.tr("Asking the hub…")
        if one.step is UpdateStep.FETCHING:
            if one.progress is None or not one.progress.total_bytes:
                return self.tr("Fetching the newer revision…")
            done, total = size(one.progress.done_bytes), size(one.progress.total_bytes)
            return self.tr("{done} of {total}").format(done=done, total=total)
        if one.made is not None:
            return self.tr(
                "The newer revision is here and does what this one did. This one stays until you "
                "delete it."
            )
        return " ".join(filter(None, [self._seen(), self._older_in_words()]))

    def _seen(self) -> str:
        look = self._model.look
        sentences = {
            UpdateState.CURRENT: self.tr("This is the newest revision."),
            UpdateState.NEWER: self.tr("There is a newer revision."),
            UpdateState.WITHDRAWN: self.tr(
                "The hub no longer has it: its publisher withdrew it. It still works here."
            ),
            UpdateState.RELICENSED: self.tr(
                "Its licence on the hub is now {licence}. Yours came with {before}."
            ).format(licence=look.licence, before=self._model.licence),
            UpdateState.GATED_NOW: self.tr(
                "The hub now gives it only to those who agree to its terms. It still works here."
            ),
            UpdateState.UNKNOWN: "",
        }
        what = sentences[look.state]
        if not what or look.looked_at is None:
            return what
        moment = QDateTime.fromSecsSinceEpoch(int(look.looked_at.timestamp()))
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        return f"{what} " + self.tr("Looked {when}.").format(when=when)

    def _older_in_words(self) -> str:
        if self._older is None:
            return ""
        text = self.tr("The older revision, {name}, is kept beside it.")
        return text.format(name=self._older.name)

    def _size_bytes(self) -> int:
        return self._model.look.size_bytes or self._model.size_bytes

    def _go_back(self) -> None:
        try:
            older = go_back(self._model, self._keeping.folder, self._keeping.settings)
        except AssistantError as error:
            self.show_error(error)
            return
        self._keeping.current.refresh()
        self.model_wanted.emit(older)
