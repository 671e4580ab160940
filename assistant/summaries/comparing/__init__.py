"""Compares two documents or two versions of one: what was added, removed, changed and moved."""

from assistant.summaries.comparing.compare import compare
from assistant.summaries.comparing.comparison import (
    Change,
    Comparison,
    Concern,
    Edit,
    EditKind,
    FigureChange,
    Side,
)

__all__ = [
    "Change",
    "Comparison",
    "Concern",
    "Edit",
    "EditKind",
    "FigureChange",
    "Side",
    "compare",
]
