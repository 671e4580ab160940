"""All that is known of one installed model, and all that can be done with it."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.models.keeping.installed import InstalledModel
from assistant.ui import theme
from assistant.ui.labels import label
from assistant.ui.models.checkups.section_of_page import CheckupSection
from assistant.ui.models.details.file import FileSection
from assistant.ui.models.details.loading import LoadingSection
from assistant.ui.models.details.naming import NamingSection
from assistant.ui.models.details.template import TemplateSection
from assistant.ui.models.details.updates import UpdatesSection
from assistant.ui.models.details.updating import Updating
from assistant.ui.models.details.uses import UsesSection
from assistant.ui.models.details.verification import Verification
from assistant.ui.models.finding.access import HubAccess
from assistant.ui.models.finding.terms import HubTerms
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.model_facts import facts_of, name_of


@dataclass(frozen=True, slots=True)
class LongWork:
    """What goes on with a model while its page is not shown."""

    verification: Verification
    updating: Updating


class DetailsPage(QWidget):
    """Shows one model; follows what becomes of it.

    Args:
        model: which one.
        keeping: what the sections work with.
        access: the hub, should the person want to ask it.
        work: what may be under way with it.
        parent: owner.

    Signals:
        remove_wanted: the person wants it deleted, or taken off the list.
        checkup_wanted: the person wants it checked.
        comparison_wanted: the person wants to see all checked models.
        model_wanted (object): the person wants to see another model's page.
        gone: it is no longer here.
    """

    remove_wanted = Signal()
    checkup_wanted = Signal()
    comparison_wanted = Signal()
    model_wanted = Signal(object)
    gone = Signal()

    def __init__(
        self,
        model: InstalledModel,
        keeping: Keeping,
        access: HubAccess,
        work: LongWork,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self._keeping = keeping
        self.title = label("", "title")
        self.facts = label("", "muted")
        self.terms = HubTerms(access, self)
        self.update_terms = HubTerms(access, self)
        self.template_terms = HubTerms(access, self)
        self.uses = UsesSection(model, keeping)
        self.checkup = CheckupSection(model, keeping)
        self.naming = NamingSection(model, keeping)
        self.loading = LoadingSection(model, keeping)
        self.file = FileSection(model, keeping, work.verification, self.terms)
        self.updates = UpdatesSection(model, keeping, work.updating, self.update_terms)
        self.template = TemplateSection(model, keeping, access, self.template_terms)
        self._lay_out()
        self._connect()
        self._show()

    def show_model(self, model: InstalledModel) -> None:
        """Show what is known of the model now."""
        self.model = model
        for section in (
            self.uses,
            self.checkup,
            self.naming,
            self.loading,
            self.file,
            self.updates,
            self.template,
        ):
            section.show_model(model)
        self._show()

    def _show(self) -> None:
        self.title.setText(name_of(self.model))
        self.facts.setText(facts_of(self.model))

    def _follow(self) -> None:
        now = self._keeping.now(self.model)
        if now is None:
            self.gone.emit()
        else:
            self.show_model(now)

    def _connect(self) -> None:
        self.file.remove_wanted.connect(self.remove_wanted)
        self.checkup.checkup_wanted.connect(self.checkup_wanted)
        self.checkup.comparison_wanted.connect(self.comparison_wanted)
        self.updates.model_wanted.connect(self.model_wanted)
        self._keeping.summaries.changed.connect(self._follow)
        for terms, section in (
            (self.terms, self.file),
            (self.update_terms, self.updates),
            (self.template_terms, self.template),
        ):
            terms.failed.connect(section.show_error)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(theme.SPACE)
        head.addWidget(self.title)
        head.addWidget(self.facts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * theme.SPACE)
        layout.addLayout(head)
        for section in (
            self.uses,
            self.checkup,
            self.naming,
            self.loading,
            self.file,
            self.updates,
            self.template,
        ):
            layout.addWidget(section)
