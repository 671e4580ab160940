"""A model that could be had: what it is, what it costs, and what the hub would learn."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.forecast import Forecast, Verdict
from assistant.models.finding.catalog import CatalogModel
from assistant.ui import theme
from assistant.ui.labels import label
from assistant.ui.models.finding.access import HubAccess
from assistant.ui.models.finding.terms import HubTerms
from assistant.ui.models.model_card import VerdictLine
from assistant.ui.models.model_facts import facts_of_offer, size_of_offer, uses_in_words
from assistant.ui.models.rows import drop, rows, widgets
from assistant.ui.models.verdict import Fit, grounds_words, speed_words


class OfferCard(QFrame):
    """Offers a model of the catalog. Nothing is asked of the hub before the person agrees.

    Args:
        model: which one.
        fit: how it would go with this computer.
        access: the hub it comes from.
        reason: why it is offered first; empty for the others.
        parent: owner.

    Signals:
        download_wanted (object): the `CatalogModel` is wanted, and the person agreed.
        page_wanted (str): the page of its repository is wanted, and the person agreed.
    """

    download_wanted = Signal(object)
    page_wanted = Signal(str)

    def __init__(
        self,
        model: CatalogModel,
        fit: Fit,
        access: HubAccess,
        *,
        reason: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._access = access
        self._has_speed = bool(reason)
        self.terms: HubTerms | None = None
        theme.set_role(self, "card")
        self.title, self.reason, self.speed = label("", "subject"), label(), label()
        self._verdict = rows()
        self._facts, self._note = label("", "muted"), label("", "muted")
        self.download_button = QPushButton(self.tr("Download"))
        self.download_button.clicked.connect(self._download)
        self.page_button = QPushButton(self.tr("Details"))
        self.page_button.clicked.connect(
            lambda: self._before(lambda: self.page_wanted.emit(self.model.repo))
        )
        theme.set_role(self.page_button, "quiet")
        if reason:
            theme.set_role(self.download_button, "primary")
        self._lay_out()
        self.show_model(model, reason)
        self._show_verdict(fit)
        self.download_button.setVisible(fit is not Fit.TOO_LARGE)

    def show_model(self, model: CatalogModel, reason: str = "") -> None:
        """Offer `model`, for `reason`; what to expect of it is told by `show_forecast`."""
        self.model = model
        self.title.setText(model.name)
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        self.speed.hide()
        self._facts.setText(facts_of_offer(model))
        # Other notes are not for this person.
        self._note.setText(model.note if model.note.startswith("Licence") else "")
        self._note.setVisible(bool(self._note.text()))
        size = size_of_offer(model)
        self.download_button.setAccessibleName(
            self.tr("Download {name}, {size}").format(name=model.name, size=size)
        )
        self.page_button.setAccessibleName(self.tr("Details of {name}").format(name=model.name))

    def show_forecast(self, seen: Forecast) -> None:
        """Tell what to expect of it here, in place of what its size alone told."""
        self._show_verdict(seen.verdict)
        words = [speed_words(seen), grounds_words(seen)] if self._has_speed else []
        self.speed.setText(" ".join(words) if seen.verdict is not Verdict.TOO_LARGE else "")
        self.speed.setVisible(bool(self.speed.text()))
        self.download_button.setVisible(seen.verdict is not Verdict.TOO_LARGE)

    def _show_verdict(self, fit: Fit | Verdict) -> None:
        for shown in widgets(self._verdict):
            drop(self._verdict, shown)
        self._verdict.addWidget(VerdictLine(fit, uses_in_words(self.model.good_for)))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self.title, 1)
        head.addWidget(self.page_button)
        head.addWidget(self.download_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addLayout(self._verdict)
        for part in (self.reason, self.speed, self._facts, self._note):
            layout.addWidget(part)

    def _download(self) -> None:
        fetches = self.tr("It will fetch {file} ({size}).").format(
            file=self.model.file, size=size_of_offer(self.model)
        )
        self._before(lambda: self.download_wanted.emit(self.model), fetches)

    def _before(self, action: Callable[[], object], what: str = "") -> None:
        """Do `action` when the person has agreed to what the hub learns."""
        if self.terms is None:
            self.terms = HubTerms(self._access)
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.addWidget(self.terms)
        self.terms.before(action, what)
