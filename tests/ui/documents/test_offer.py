"""The better model that the Documents page offers."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from assistant.forecast import Machine, SpeedRecords, Verdict
from assistant.models.finding.catalog import recommended
from assistant.ui.app import Alcove
from assistant.ui.documents.offer import best_offer, offer_text
from assistant.ui.models.finding.foresight import Foresight

GB = 10**9


class Slow(Foresight):
    """A computer with much memory and two cores."""

    def machine(self) -> Machine:
        return Machine(
            total_bytes=31 * GB, free_bytes=29 * GB, cores=2, memory_bytes_per_s=10.0 * GB
        )


def test_it_is_what_runs_well_and_not_what_fits(tmp_path: Path) -> None:
    offer = best_offer(Slow(SpeedRecords(tmp_path / "speeds.json"), lambda: 0))
    assert "30B" in recommended(31 * GB).name
    assert offer.model is not recommended(31 * GB)
    assert offer.seen.verdict is Verdict.WELL
    told = offer_text(offer)
    assert offer.model.name in told
    assert "GB, licence Apache" in told


def test_it_is_made_where_the_hub_may_be_asked(qtbot: QtBot, alcove: Alcove) -> None:
    page = alcove.documents_page
    qtbot.waitUntil(page.start.offer.isVisible, timeout=30_000)
    for is_closed in (True, False):
        alcove.window.show_page("settings")
        alcove.settings.change(never_connects=is_closed)
        alcove.window.show_page("documents")
        assert page.start.offer.isVisible() is not is_closed
