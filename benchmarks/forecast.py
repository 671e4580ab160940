"""The speed that is foretold after a check-up against a real Quick summary of about 20 pages.

Each model is measured as a check-up does it, then a new engine reads and summarises a document. The
forecast is also told as it was before: with nothing measured here, and with the other models
measured but not this one. The last column is the forecast after the first summary, for the next.

    python -m benchmarks.forecast [--model FILE]… [--document FILE]
"""

import argparse
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.checkups.report import SpeedReport
from assistant.checkups.speed import Sizes, measure
from assistant.checkups.speeds import keep_speeds
from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from assistant.engine.speed_record import SpeedWatch
from assistant.forecast import Forecast, Machine, SpeedRecords, forecast
from assistant.gguf import read_header
from assistant.paths import resource
from assistant.summaries.summarizing import SummaryOptions, summarize
from assistant.summaries.summary import Length, Mode, ModelUsed, Summary, Timings

TARGET = 0.25
SAMPLE = resource("samples") / "sample.pdf"  # 19 pages
SIZES = Sizes(together=(), threads_prompt_tokens=0)
NEVER = threading.Event()


@dataclass(frozen=True)
class Case:
    """One model: what was foretold of it, and what came."""

    name: str
    bare: Forecast
    measured: Forecast
    corrected: Forecast
    real: Timings

    @property
    def ratio(self) -> float:
        """Seconds foretold after the check-up against the real ones; 1 is exact."""
        return self.measured.quick_s / self.real.total_s


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", action="append", type=Path, help="another GGUF file")
    parser.add_argument("--document", type=Path, default=SAMPLE)
    options = parser.parse_args()
    models = options.model or [next(resource("models").glob("*.gguf"))]
    machine = Machine.now()
    print(f"{machine.cores} cores, memory {machine.memory_bytes_per_s / 1e9:.1f} GB/s", end=", ")
    print(f"{machine.total_bytes / 1e9:.1f} GB, {', '.join(sorted(machine.features))}")
    cases, kept = [], {}
    for model in models:
        case, kept[model] = _case(model, options.document, machine)
        cases.append(case)
        _tell(case)
    for model in models if len(models) > 1 else ():
        _tell_from_others(model, models, kept, machine, cases[models.index(model)])
    wrong = [case for case in cases if abs(case.ratio - 1) > TARGET]
    print(f"\n{len(cases) - len(wrong)} of {len(cases)} within {TARGET:.0%} of the real summary")
    return 1 if wrong else 0


def _case(model: Path, document: Path, machine: Machine) -> tuple[Case, SpeedReport]:
    header, records = read_header(model), SpeedRecords(None)
    bare = forecast(header, machine, records)
    report = _checkup(model)
    keep_speeds(records, model, report)
    measured = forecast(header, machine, records)
    real = _summary(model, document, records)
    corrected = forecast(header, machine, records)
    return Case(model.stem, bare, measured, corrected, real), report


def _checkup(model: Path) -> SpeedReport:
    """Measure as a check-up does."""
    engine = Engine(log=None)
    try:
        *_, report = measure(engine, model, LoadSettings(), SIZES, cancel=NEVER)
    finally:
        engine.close()
    assert isinstance(report, SpeedReport)
    return report


def _summary(model: Path, path: Path, records: SpeedRecords) -> Timings:
    """Read and summarise, with a model that is loaded, and return how long it took."""
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(log=Path(folder) / "engine.log", speeds=SpeedWatch(records))
        reader = Reader(log=None)
        try:
            engine.choose(model)
            list(engine.load(cancel=NEVER))
            begun = time.perf_counter()
            *_, document = reader.read(path, cancel=NEVER)
            assert isinstance(document, Document)
            options = SummaryOptions(Mode.QUICK, Length.MEDIUM.words)
            used = ModelUsed(model.stem)
            *_, summary = summarize(
                document, options, engine=engine, model=used, started_s=begun, cancel=NEVER
            )
            assert isinstance(summary, Summary)
            return summary.timings
        finally:
            reader.close()
            engine.close()


def _tell(case: Case) -> None:
    real = case.real
    print(
        f"\n{case.name}\n"
        f"  real            {real.total_s:6.1f} s, {real.prompt_tokens} prompt tokens, "
        f"{real.generated_tokens} generated"
    )
    for name, seen in (
        ("nothing measured", case.bare),
        ("after a check-up", case.measured),
        ("after this one", case.corrected),
    ):
        print(
            f"  {name:<16}{seen.quick_s:6.1f} s, ratio {seen.quick_s / real.total_s:.2f}; at 512 "
            f"tokens {seen.prompt_tokens_per_s:.0f} prompt, {seen.tokens_per_s:.1f} reply tokens/s"
        )


def _tell_from_others(
    model: Path,
    models: list[Path],
    kept: dict[Path, SpeedReport],
    machine: Machine,
    case: Case,
) -> None:
    """Tell what the other models' measurements foretell of one."""
    records = SpeedRecords(None)
    for other in models:
        if other != model:
            keep_speeds(records, other, kept[other])
    seen = forecast(read_header(model), machine, records)
    print(f"{model.stem}: by the others {seen.quick_s:.1f} s, ", end="")
    print(f"ratio {seen.quick_s / case.real.total_s:.2f}")


if __name__ == "__main__":
    sys.exit(main())
