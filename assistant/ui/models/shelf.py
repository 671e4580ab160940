"""The models that are here: the one in use, the others, and files that cannot be used."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from assistant.engine.wishes import wished
from assistant.errors import AssistantError, ModelError
from assistant.forecast import SpeedRecords
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.models.keeping.requantized import name_as
from assistant.paths import from_text, legible
from assistant.quantizations import faster_format
from assistant.ui import icons, theme
from assistant.ui.current_model import CurrentModel
from assistant.ui.errors_view import Action, ErrorView
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.models.checkups.checkup_row import CheckupRow
from assistant.ui.models.checkups.checkup_run import CheckupRun
from assistant.ui.models.checkups.comparison_page import ComparisonPage
from assistant.ui.models.details.details_page import DetailsPage, LongWork
from assistant.ui.models.details.updating import Updating
from assistant.ui.models.details.verification import Verification, Verified
from assistant.ui.models.faster_row import FasterRow
from assistant.ui.models.finding.access import HubAccess
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.model_card import CardState, ModelCard
from assistant.ui.models.model_facts import name_of
from assistant.ui.models.other_apps import OtherAppsView
from assistant.ui.models.rows import drop, heading, rows, widgets
from assistant.ui.models.section import button_row
from assistant.ui.models.survey import Survey, survey
from assistant.ui.undo_bar import UndoBar


class Shelf(QWidget):
    """Shows models, takes another into use, and removes them.

    Args:
        current_model: which one is in use, and which are here.
        folder: where they are kept.
        undo_bar: where removals can be taken back.
        log: takes what llama.cpp says while a model is made faster.
        keeping: what details and check-ups work with; without it there are none.
        access: the hub, for updates and repairs.
        parent: owner.

    Signals:
        changed: other models are shown than before.
        failed (Exception): a choice or a removal could not be kept.
        view_wanted (object): a view that is to be opened above this one.
        back_wanted: the view that was opened has nothing more to show.
    """

    changed = Signal()
    failed = Signal(Exception)
    view_wanted = Signal(object)
    back_wanted = Signal()

    def __init__(
        self,
        current_model: CurrentModel,
        folder: ModelFolder,
        undo_bar: UndoBar,
        log: Path | None = None,
        *,
        keeping: Keeping | None = None,
        access: HubAccess | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._current = current_model
        self._folder = folder
        self._undo_bar = undo_bar
        self._keeping = keeping
        self._access = access
        self._survey = Survey()
        self._job: Job | None = None
        self._removed: set[Path] = set()
        self._log = log
        self._faster_row: FasterRow | None = None
        self._run: CheckupRun | None = None
        self._work_of: dict[Path, LongWork] = {}
        self.details: DetailsPage | None = None
        self._in_use, self._others, self._broken = rows(), rows(), rows()
        self._work = rows()
        self._none = label(self.tr("There is no model here yet."), "muted")
        self._others_heading = heading(self.tr("Also on this computer"))
        self._broken_heading = heading(self.tr("Files that cannot be used"))
        self._lay_out()
        current_model.changed.connect(self._look)
        if keeping is not None:
            keeping.summaries.changed.connect(self._show)
        self._look()

    def models(self) -> list[InstalledModel]:
        """Return the models that are shown."""
        return [m for m in self._current.installed() if m.path not in self._removed]

    @property
    def is_reading(self) -> bool:
        """Whether the headers of the models are still being read; cards may change after it."""
        return self._job is not None and self._job.is_running

    def cards(self) -> list[ModelCard]:
        """Return their cards, that of the model in use first."""
        shown = [*widgets(self._in_use), *widgets(self._others)]
        return [card for card in shown if isinstance(card, ModelCard)]

    def use(self, model: InstalledModel) -> None:
        """Take `model` into use."""
        try:
            self._current.select(model)
        except AssistantError as error:
            self.failed.emit(error)

    def stop_connecting(self) -> None:
        """End what asks a hub; what came is kept for the next try."""
        for work in self._work_of.values():
            work.updating.stop()
            if work.verification.state is Verified.REPAIRING:
                work.verification.stop()
        if self.details is not None:
            self.details.template.stop()

    def keep(self, model: InstalledModel) -> None:
        """Do not delete a model that was removed, and then fetched again in the meantime."""
        self._removed.discard(model.path)

    def stop(self) -> None:
        """End what is under way before the window closes."""
        if self._faster_row is not None:
            self._faster_row.stop()
        if self._run is not None:
            self._run.stop()
        for work in self._work_of.values():
            work.verification.stop()
            work.updating.stop()

    # Making faster

    def make_faster(self, model: InstalledModel) -> FasterRow:
        """Write a model in a faster format, and let the person choose between the two.

        One at a time: two would slow each other's measurements down.
        """
        self._faster_row = row = FasterRow(model, self._folder, self._log)
        row.use_wanted.connect(lambda made: self._end_faster(use=made))
        row.discard_wanted.connect(lambda made: self._end_faster(remove=made))
        row.dismissed.connect(self._end_faster)
        self._work.addWidget(row)
        self._show()
        row.start()
        return row

    def _end_faster(
        self, *, use: InstalledModel | None = None, remove: InstalledModel | None = None
    ) -> None:
        """Do as the person chose between a model and its faster form."""
        row, self._faster_row = self._faster_row, None
        if row is None:
            return
        drop(self._work, row)
        if use is not None:
            self.use(use)
        if remove is not None:
            self._delete(remove)
        else:
            self._current.refresh()
        self._show()

    # Details, check-up, comparison

    def open_details(self, model: InstalledModel) -> DetailsPage:
        """Open a model's page above this one."""
        assert self._keeping is not None
        assert self._access is not None
        page = DetailsPage(model, self._keeping, self._access, self._work_on(model))
        page.remove_wanted.connect(lambda: self._remove_shown(page))
        page.checkup_wanted.connect(lambda: self.check_up(page.model))
        page.comparison_wanted.connect(self.open_comparison)
        page.model_wanted.connect(self._open_other)
        page.gone.connect(self.back_wanted)
        page.destroyed.connect(self._forget_details)
        page.checkup.follow(self._run)
        self.details = page
        self.view_wanted.emit(page)
        return page

    def open_comparison(self) -> ComparisonPage:
        """Open the comparison of all checked models above this one."""
        assert self._keeping is not None
        page = ComparisonPage(self._keeping)
        page.checkup_wanted.connect(self.check_up)
        page.follow(self._run)
        self.view_wanted.emit(page)
        return page

    def open_other_apps(self) -> OtherAppsView:
        """Open the list of models that other apps have above this one."""
        view = OtherAppsView(self._folder)
        view.added.connect(self._current.refresh)
        self.view_wanted.emit(view)
        view.start()
        return view

    def check_up(self, model: InstalledModel) -> CheckupRun | None:
        """Begin a check-up; one at a time, for two would slow each other down."""
        keeping = self._keeping
        if keeping is None or (self._run is not None and self._run.is_running):
            return None
        run = CheckupRun(
            model,
            wished(keeping.settings.value, model.wishes),
            new_engine=keeping.new_engine,
            others=keeping.summaries.engines,
            cards=keeping.cards,
            speeds=keeping.speeds,
            size=keeping.checkup_size,
            parent=self,
        )
        self._run = run
        row = CheckupRow(run)
        row.dismissed.connect(lambda: drop(self._work, row))
        row.details_wanted.connect(lambda: self._show_score(row))
        run.ended.connect(self._end_checkup)
        for old in widgets(self._work):  # what an earlier one said
            if isinstance(old, CheckupRow):
                drop(self._work, old)
        self._work.addWidget(row)
        if self.details is not None:
            self.details.checkup.follow(run)
        self._show()
        run.start()
        QTimer.singleShot(0, row, row.stop_button.setFocus)  # the button that was pressed is gone
        return run

    def _end_checkup(self) -> None:
        self._current.refresh()
        self._look()

    def _show_score(self, row: CheckupRow) -> None:
        model = self._keeping.now(row.run.model) if self._keeping else None
        if model is not None:
            self.open_details(model)

    def _work_on(self, model: InstalledModel) -> LongWork:
        """Return what is, or can be, under way with a model; kept while the window is open."""
        assert self._keeping is not None
        assert self._access is not None
        known = self._work_of.get(model.path)
        if known is None or not (known.verification.is_running or known.updating.is_busy):
            hub, engines = self._access.hub, self._keeping.summaries.engines
            known = LongWork(
                Verification(model, hub, engines, self),
                Updating(model, self._folder, self._keeping.settings, hub, self),
            )
            known.verification.ended.connect(self._current.refresh)
            known.updating.ended.connect(self._current.refresh)
            self._work_of[model.path] = known
        return known

    def _open_other(self, model: InstalledModel) -> None:
        self.back_wanted.emit()
        self.open_details(model)

    def _remove_shown(self, page: DetailsPage) -> None:
        self.back_wanted.emit()
        self.remove(page.model)

    def _forget_details(self) -> None:
        self.details = None

    # Removing

    def remove(self, model: InstalledModel) -> None:
        """Take a model off the page now, and off the disk when that can no longer be undone."""
        current = self._current.model
        was_in_use = current is not None and current.path == model.path
        self._removed.add(model.path)
        if model.path in self._work_of:  # a repair would bring it back
            self._work_of[model.path].verification.stop()
        if was_in_use and self.models():
            self.use(self.models()[0])
        self._let_go(model)
        self._show()

        def undo() -> None:
            self._removed.discard(model.path)
            if was_in_use:
                self.use(model)
            self._show()

        text = self.tr("Removed {name}").format(name=name_of(model))
        self._undo_bar.offer(text, undo, lambda: self._delete_removed(model))

    def _let_go(self, model: InstalledModel) -> None:
        """Free a model that is loaded: deleted, it would keep its place on the disk until then."""
        engines = self._keeping.summaries.engines if self._keeping else ()
        loaded = [(engine, engine.status().model) for engine in engines]
        having = [one for one, info in loaded if info and from_text(info.path) == model.path]

        def work(_: threading.Event) -> Iterator[bool]:
            for engine in having:
                yield engine.rest()  # a reply that is under way ends first; then it rests by itself

        if having:
            Job(work, self).start()

    def remove_broken(self, path: Path) -> None:
        """Take a file that cannot be used off the page now, and off the disk later."""
        self._removed.add(path)
        self._show()

        def undo() -> None:
            self._removed.discard(path)
            self._show()

        def delete() -> None:
            try:
                self._folder.remove_broken(path)
            except AssistantError as error:
                self.failed.emit(error)
            left = (one for one in self._survey.broken if one.path != path)
            self._survey = replace(self._survey, broken=tuple(left))
            self._removed.discard(path)
            self._look()

        text = self.tr("Removed {name}").format(name=legible(path.name))
        self._undo_bar.offer(text, undo, delete)

    def _delete_removed(self, model: InstalledModel) -> None:
        if model.path in self._removed:
            self._delete(model)

    def _delete(self, model: InstalledModel) -> None:
        try:
            self._folder.remove(model)
        except AssistantError as error:
            self.failed.emit(error)
        self._removed.discard(model.path)
        self._current.refresh()

    # Showing

    def _look(self) -> None:
        """Show what is known, and read the headers in the background."""
        self._show()
        if self._job is not None:
            self._job.cancel()
        models, current = self._current.installed(), self._current.model
        self._job = Job(lambda cancel: self._read(models, current, cancel), self)
        self._job.succeeded.connect(self._take)
        self._job.start()

    def _read(
        self,
        models: list[InstalledModel],
        current: InstalledModel | None,
        cancel: threading.Event,
    ) -> Iterator[Survey]:
        keeping = self._keeping
        return survey(
            models,
            loaded_bytes=current.size_bytes if current else 0,
            broken=self._folder.broken,
            speeds=keeping.speeds if keeping else SpeedRecords(None),
            cards=keeping.cards if keeping else None,
            cancel=cancel,
        )

    def _take(self, made: Survey | None) -> None:
        if made is not None:
            self._survey = made
            self._show()

    def _show(self) -> None:
        """Show a card for each model; those that would be the same stay, with what is open."""
        current = self._current.model
        models = self.models()
        names = {model.name for model in models}
        known = {card.model.path: card for card in self.cards()}
        for column in (self._in_use, self._others):
            for widget in widgets(column):
                column.removeWidget(widget)
        for model in models:
            is_in_use = current is not None and model.path == current.path
            state = self._state_of(model, is_in_use=is_in_use, names=names)
            card = known.pop(model.path, None)
            if card is None or (card.model, card.state) != (model, state):
                if card is not None:
                    card.hide()
                    card.deleteLater()
                card = self._card(model, state)
            (self._in_use if is_in_use else self._others).addWidget(card)
        for card in known.values():
            card.hide()
            card.deleteLater()
        self._show_broken()
        self._others_heading.setVisible(bool(self._others.count()))
        self._none.setVisible(self._current.is_known and not models)
        self.compare_button.setVisible(bool(self._survey.scores) and self._keeping is not None)
        self.other_apps_button.setVisible(self._keeping is not None)
        self.changed.emit()

    def _state_of(self, model: InstalledModel, *, is_in_use: bool, names: set[str]) -> CardState:
        keeping = self._keeping
        summaries = keeping.summaries if keeping else None
        writer = summaries.model if summaries and summaries.is_separate else None
        return CardState(
            forecast=self._survey.forecasts.get(model.path),
            score=self._survey.scores.get(model.path),
            is_in_use=is_in_use,
            summarises=writer is not None and writer.path == model.path,
            can_be_faster=self._faster_row is None and _faster_name(model) not in names,
            has_details=keeping is not None and self._access is not None,
            can_check=self._run is None or not self._run.is_running,
        )

    def _card(self, model: InstalledModel, state: CardState) -> ModelCard:
        card = ModelCard(model, state)
        card.faster_wanted.connect(lambda: self.make_faster(model))
        card.use_wanted.connect(lambda: self.use(model))
        card.details_wanted.connect(lambda: self.open_details(model))
        card.checkup_wanted.connect(lambda: self.check_up(model))
        card.remove_wanted.connect(lambda: self.remove(model))
        return card

    def _show_broken(self) -> None:
        shown = [view.error for view in widgets(self._broken) if isinstance(view, ErrorView)]
        broken = [one for one in self._survey.broken if one.path not in self._removed]
        if [str(error) for error in shown] != [str(error) for error in broken]:
            for widget in widgets(self._broken):
                drop(self._broken, widget)
            for error in broken:
                self._broken.addWidget(ErrorView(error, self._steps_for(error)))
        self._broken_heading.setVisible(bool(broken))

    def _steps_for(self, error: ModelError) -> list[Action]:
        """Return what can be done about a file that cannot be used."""
        if not self._folder.owns(error.path):
            return []
        return [(self.tr("Delete the file"), lambda: self.remove_broken(error.path))]

    def _lay_out(self) -> None:
        self.compare_button = QPushButton(self.tr("Compare checked models"))
        self.compare_button.clicked.connect(self.open_comparison)
        icons.put(self.compare_button, "list", "", 16)
        self.other_apps_button = QPushButton(self.tr("Use models of other apps"))
        self.other_apps_button.clicked.connect(self.open_other_apps)
        icons.put(self.other_apps_button, "hard-drive", "", 16)
        for button in (self.compare_button, self.other_apps_button):
            theme.set_role(button, "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(self._none)
        layout.addLayout(self._in_use)
        layout.addLayout(self._work)
        layout.addWidget(self._others_heading)
        layout.addLayout(self._others)
        layout.addWidget(self._broken_heading)
        layout.addLayout(self._broken)
        layout.addLayout(button_row(self.compare_button, self.other_apps_button))


def _faster_name(model: InstalledModel) -> str:
    """Return the name that `model` would have in a faster format."""
    return name_as(model, faster_format(model.quantization))
