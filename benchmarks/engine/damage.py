"""Damaged model files: the app lives each time and says what is wrong; benchmarks/damage.py."""

from collections.abc import Iterator

from assistant.engine.client import Engine
from benchmarks.damage import LIMIT_S, Outcome, outcome, table
from benchmarks.engine.asking import Job
from benchmarks.engine.table import Row, at_most
from tests.engine.damaged_models import damaged_files


def rows(job: Job) -> Iterator[Row]:
    """Random and structured damage, one file after another."""
    outcomes: list[Outcome] = []
    engine = Engine(log=job.folder / "engine.log", crash_record=job.folder / "crashes.json")
    try:
        for number, damage in enumerate(damaged_files(job.folder, job.damaged)):
            outcomes.append(outcome(engine, damage, job.folder / f"{number}.gguf"))
    finally:
        engine.close()
    print(table(outcomes))
    # One that is only slow is told by the row below.
    faults = [one for one in outcomes if one.fault and one.seconds <= LIMIT_S]
    for one in faults:
        print(f"{one.kind}: {one.what[:60]}: {one.ending}, {one.fault}")
    what = f"{len(outcomes)} damaged models, without a cause in words"
    yield at_most(what, len(faults), 0)
    yield at_most("  the slowest", max(one.seconds for one in outcomes), LIMIT_S, "s")
