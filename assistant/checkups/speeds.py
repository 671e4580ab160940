"""Keeps what a check-up measured of speed, so that forecasts begin with it."""

from pathlib import Path

from assistant.checkups.report import SpeedReport
from assistant.forecast import SpeedRecords, shape_of
from assistant.gguf import read_header


def keep_speeds(
    records: SpeedRecords, model: Path, report: SpeedReport, *, is_gpu: bool = False
) -> None:
    """Keep the figures of `report`.

    Args:
        records: what was measured on this computer.
        model: the file that was measured.
        report: its figures, as far as they came.
        is_gpu: a GPU had layers of it.

    Raises:
        ModelError: the file is no model any more.
    """
    if not report.prompts:
        return
    header = read_header(model)
    records.keep(
        header.name,
        shape_of(header),
        prompts=[(one.tokens, one.tokens_per_s) for one in report.prompts],
        replies=[(one.context_tokens, one.tokens_per_s) for one in report.generation],
        is_gpu=is_gpu,
    )
