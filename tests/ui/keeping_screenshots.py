"""Pictures of a model's page, its check-up, the comparison and other apps' models."""

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from assistant import paths
from assistant.checkups.card import Size
from assistant.ui.models.checkups.checkup_run import RunState
from assistant.ui.models.details.verification import Verified
from assistant.ui.models.downloads.downloads import State, Wanted
from tests.models.hub_server import HubServer

if TYPE_CHECKING:
    from tests.ui.screenshots import Photographer

NARROW = (720, 480)
REPO, FILE = "someone/SmolLM2-GGUF", "SmolLM2-135M-Instruct-Q4_1.gguf"


def photograph_keeping(camera: "Photographer", hub: HubServer) -> None:
    """All of it; the starter is fetched a second time, so that there is a model with a hub."""
    camera.alcove.settings.change(hub_terms_read="127.0.0.1")
    camera.alcove.window.show_page("models")
    page = camera.alcove.models_page
    page.show_installed()
    starter = paths.resource("models/SmolLM2-135M-Instruct.Q4_1.gguf")
    hub.add(REPO, FILE, starter.read_bytes())
    download = page.downloads.start(Wanted(REPO, FILE, "SmolLM2"))
    camera.wait(lambda: download.state is State.COMPLETE)
    page.downloads.forget(download)
    camera.alcove.current_model.refresh()
    camera.wait(lambda: any(one.repo == REPO for one in page.shelf.models()))
    _photograph_faster(camera)
    _photograph_details(camera)
    _photograph_checkup(camera)
    _photograph_other_apps(camera)
    camera.alcove.model_folder.remove(_model(camera))
    camera.alcove.current_model.refresh()
    camera.rest(1)


def _model(camera: "Photographer"):
    return next(m for m in camera.alcove.models_page.shelf.models() if m.repo == REPO)


def _photograph_details(camera: "Photographer") -> None:
    shelf = camera.alcove.models_page.shelf
    page = shelf.open_details(_model(camera))
    camera.wait(lambda: page.loading.context.count() > 1)
    camera.take("details")
    _scroll_to(page.loading)
    camera.take("details-loading")
    page.file.verify_button.click()
    one = page.file.verify_line._one
    _scroll_to(page.file)
    camera.wait(lambda: one.progress is not None or not one.is_running)
    camera.take("verify-running")
    camera.wait(lambda: not one.is_running)
    camera.take("verify-sound")
    with page.model.path.open("r+b") as file:
        for place in (5_000_000, 60_000_000):
            file.seek(place)
            file.write(bytes(8))
    page.file.verify_button.click()
    camera.wait(lambda: one.state is Verified.DAMAGED)
    camera.take("verify-damaged")
    page.file.verify_line.repair_button.click()
    camera.wait(lambda: one.state is Verified.REPAIRED, 60)
    camera.take("verify-repaired")
    page.updates.look_button.click()
    camera.wait(lambda: page.updates._updating.finding is not None, 60)
    page.template.fold.button.click()
    camera.wait(page.template.text.toPlainText)
    _scroll_to(page.template)
    camera.take("details-template")
    page.template.edit_button.click()
    text = page.template.text.toPlainText()
    page.template.text.setPlainText(
        text.replace("You are a helpful AI assistant named SmolLM", "Be brief")
    )
    page.template.keep_button.click()
    camera.rest(0.5)
    _scroll_to(page.template)
    camera.take("details-template-changed")
    page.template.reset_button.click()
    with camera.size(*NARROW):
        _scroll_to(page.title)
        camera.take("details-narrow")
        _scroll_to(page.loading)
        camera.take("details-loading-narrow")
        _scroll_to(page.file)
        camera.take("details-file-narrow")
    camera.alcove.models_page.views.back()


def _photograph_faster(camera: "Photographer") -> None:
    shelf = camera.alcove.models_page.shelf
    row = shelf.make_faster(_model(camera))
    camera.wait(lambda: row.bar.value() > 0 or row.error_view is not None)
    camera.take("faster-row")
    row.stop()
    camera.wait(lambda: shelf._faster_row is None)


def _photograph_checkup(camera: "Photographer") -> None:
    page = camera.alcove.models_page
    shelf = page.shelf
    assert shelf._keeping is not None
    size = Size.QUICK if os.environ.get("ALCOVE_PICTURES_QUICK") else Size.FULL
    shelf._keeping = replace(shelf._keeping, checkup_size=size)
    card = next(one for one in shelf.cards() if one.model.repo == REPO)
    card.question.ask()
    camera.take("checkup-question")
    run = shelf.check_up(card.model)
    assert run is not None
    camera.wait(lambda: run.progress is not None and run.progress.ability is not None, 600)
    camera.take("checkup-running")
    camera.wait(lambda: not run.is_running, 900)
    assert run.state is RunState.DONE, run.error
    camera.rest(1)
    camera.take("checkup-done")
    starter = next(m for m in shelf.models() if m.is_starter)
    mine = camera.alcove.cards.of(card.model.path)
    assert mine is not None
    details = shelf.open_details(_model(camera))
    camera.rest(0.5)
    _scroll_to(details.checkup)
    camera.take("checkup-card")
    with camera.size(*NARROW):
        _scroll_to(details.checkup)
        camera.take("checkup-card-narrow")
    page.views.back()
    del starter
    comparison = shelf.open_comparison()
    camera.wait(lambda: comparison.table.rowCount() > 0)
    comparison._choose(mine.fingerprint)
    camera.take("comparison")
    with camera.size(*NARROW):
        camera.take("comparison-narrow")
        _scroll_to(comparison.table)
        camera.take("comparison-table-narrow")
    page.views.back()


def _photograph_other_apps(camera: "Photographer") -> None:
    page = camera.alcove.models_page
    home = camera.out / "home"
    folder = home / ".lmstudio" / "models" / "lmstudio-community" / "SmolLM2-GGUF"
    folder.mkdir(parents=True, exist_ok=True)
    starter = paths.resource("models/SmolLM2-135M-Instruct.Q4_1.gguf")
    for name in ("SmolLM2-135M-Instruct-Q4_1.gguf", "Another-Model-1B-Q4_1.gguf"):
        shutil.copy(starter, folder / name)
    before = os.environ.get("HOME", "")
    os.environ["HOME"] = str(home)
    try:
        view = page.shelf.open_other_apps()
        camera.wait(lambda: view._job is not None and not view._job.is_running)
        camera.rest(0.3)
        view.rows[0].use_button.click()
        camera.wait(view.rows[0].sign.isVisible)
        camera.take("other-apps")
        with camera.size(*NARROW):
            camera.take("other-apps-narrow")
        page.views.back()
        camera.wait(lambda: any(not m.is_ours for m in page.shelf.models()))
        linked = next(m for m in page.shelf.models() if not m.is_ours)
        camera.alcove.model_folder.remove(linked)
    finally:
        os.environ["HOME"] = before
    camera.alcove.current_model.refresh()
    camera.rest(0.5)
    shutil.rmtree(home)


def _scroll_to(widget: QWidget) -> None:
    """Bring the top of a widget to the top of what scrolls it."""
    from PySide6.QtWidgets import QApplication, QScrollArea

    QApplication.processEvents()
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    assert isinstance(above, QScrollArea)
    inner = above.widget()
    assert inner is not None
    top = widget.mapTo(inner, widget.rect().topLeft()).y()
    above.verticalScrollBar().setValue(max(0, top - 12))
