"""What a check-up measured is where forecasts begin."""

from pathlib import Path

from assistant.checkups.report import GenerationFigure, PromptFigure, SpeedReport
from assistant.checkups.speeds import keep_speeds
from assistant.forecast import Machine, SpeedRecords, forecast
from assistant.gguf import read_header

GB = 10**9
MACHINE = Machine(total_bytes=16 * GB, free_bytes=8 * GB, cores=2, memory_bytes_per_s=10e9)


def test_a_forecast_says_what_the_checkup_measured(starter_model: Path, tmp_path: Path) -> None:
    records = SpeedRecords(tmp_path / "speeds.json")
    report = SpeedReport(
        1.0,
        8192,
        prompts=(PromptFigure(512, 123.0, 4.2),),
        generation=(GenerationFigure(512, 45.6),),
    )
    keep_speeds(records, starter_model, SpeedReport(1.0, 8192))
    assert records.all() == ()
    keep_speeds(records, starter_model, report)
    seen = forecast(read_header(starter_model), MACHINE, SpeedRecords(tmp_path / "speeds.json"))
    assert round(seen.prompt_tokens_per_s, 1) == 123.0
    assert round(seen.tokens_per_s, 1) == 45.6
    assert (seen.is_measured, seen.is_corrected) == (True, False)
