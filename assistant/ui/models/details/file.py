"""A model's file: where it came from, whether it is sound, where it is, and how to be rid of it."""

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from assistant.models.keeping.installed import InstalledModel
from assistant.ui import theme
from assistant.ui.labels import label
from assistant.ui.models.details.fact_grid import Fact, FactGrid
from assistant.ui.models.details.verification import Verification
from assistant.ui.models.details.verify_line import VerifyLine
from assistant.ui.models.finding.terms import HubTerms
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.model_facts import licence_in_words, name_of
from assistant.ui.models.section import Section, button_row, quiet
from assistant.wording import size


class FileSection(Section):
    """Shows the facts, verifies, opens the folder, deletes.

    Args:
        model: which one.
        keeping: tells what deleting would free.
        verification: this model's.
        terms: asks before the hub is.
        parent: owner.

    Signals:
        remove_wanted: the person wants it deleted, or taken off the list.
    """

    remove_wanted = Signal()

    def __init__(
        self,
        model: InstalledModel,
        keeping: Keeping,
        verification: Verification,
        terms: HubTerms,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("File and origin"))
        self._model = model
        self._keeping = keeping
        self._verification = verification
        self.facts = FactGrid()
        self.verify_line = VerifyLine(verification)
        self.verify_button = QPushButton(self.tr("Verify again"))
        self.verify_button.clicked.connect(verification.start)
        self.folder_button = QPushButton(self.tr("Show in folder"))
        self.folder_button.clicked.connect(self._open_folder)
        self.copy_button = quiet(self.tr("Copy these facts"))
        self.copy_button.clicked.connect(self._copy)
        self.remove_button = QPushButton()
        theme.set_role(self.remove_button, "danger")
        self.remove_button.clicked.connect(self.remove_wanted)
        self.stays = label("", "muted")
        self.column.addWidget(self.facts)
        self.column.addLayout(button_row(self.verify_button, self.folder_button, self.copy_button))
        self.column.addWidget(self.verify_line)
        self.column.addWidget(terms)
        self.column.addLayout(button_row(self.remove_button))
        self.column.addWidget(self.stays)
        self.verify_line.repair_wanted.connect(
            lambda: terms.before(
                verification.repair,
                self.tr("It fetches what is damaged."),
                endpoint=verification.model.endpoint,
            )
        )
        verification.changed.connect(self._show_verifying)
        self._show_verifying()
        self.show_model(model)

    def show_model(self, model: InstalledModel) -> None:
        """Show what is known of the file now."""
        self._model = model
        self.facts.show_facts(self._facts(model))
        is_linked = any(file.path == model.path for file in self._keeping.folder.linked.all())
        self.remove_button.setVisible(is_linked or (model.is_ours and not model.is_starter))
        if is_linked:
            self.remove_button.setText(self.tr("Take off the list"))
        else:
            freed = size(self._keeping.folder.freed_bytes(model))
            self.remove_button.setText(self.tr("Delete it, frees {size}").format(size=freed))
        self.remove_button.setAccessibleName(f"{self.remove_button.text()}: {name_of(model)}")
        self.stays.setText(self._why_it_stays(model, is_linked=is_linked))
        self.stays.setVisible(bool(self.stays.text()))

    def _why_it_stays(self, model: InstalledModel, *, is_linked: bool) -> str:
        if model.is_starter:
            return self.tr("It is a part of Alcove and stays.")
        if is_linked:
            text = self.tr("The file belongs to {app} and stays where it is.")
            return text.format(app=model.origin)
        if not model.is_ours:
            return self.tr(
                "It is in a folder that Alcove only reads. Delete it there, or take the folder "
                "out of Settings."
            )
        return ""

    def _facts(self, model: InstalledModel) -> list[Fact]:
        return [
            (self.tr("Came from"), self._origin(model)),
            (self.tr("Licence"), licence_in_words(model.licence)),
            (self.tr("Size"), size(model.size_bytes)),
            (self.tr("Made as"), f"{model.architecture}, {model.quantization}".strip(", ")),
            (self.tr("File"), model.path.name),
            (self.tr("Folder"), str(model.path.parent)),
            (self.tr("SHA-256"), model.sha256),
            (self.tr("Sum known from"), self._sum_in_words(model)),
            (self.tr("Revision"), model.revision),
            (self.tr("File there"), model.file if model.file != model.path.name else ""),
            (self.tr("Older revision"), model.replaces),
        ]

    def _origin(self, model: InstalledModel) -> str:
        if model.is_starter:
            return self.tr("{repo}, with Alcove itself").format(repo=model.repo)
        if model.repo:
            hub = QUrl(model.endpoint).host()
            return f"{model.repo} ({hub})" if hub else model.repo
        if model.origin and not Path(model.origin).is_absolute():
            return self.tr("{app}, used in its place").format(app=model.origin)
        return self.tr("a file you added")

    def _sum_in_words(self, model: InstalledModel) -> str:
        if not model.sha256:
            return ""
        if model.is_verified:
            return self.tr("the hub, and found when it came")
        return self.tr("the day it came: it shows later damage")

    def _show_verifying(self) -> None:
        self.verify_button.setEnabled(not self._verification.is_running)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._model.path.parent)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.facts.text())
