"""A chat template against that of the model it was made from, line by line, as data."""

import difflib
import re
import threading
from dataclasses import dataclass
from enum import StrEnum

from assistant.models.finding.repository import look_up
from assistant.models.hub.client import Hub
from assistant.models.keeping.details import plain_lines
from assistant.models.keeping.installed import InstalledModel

_CONTEXT = 3  # lines around a difference, as `diff -u` has them
_MOST_LINES = 2_000
_LONG_LINE = 160  # a template without line breaks is cut where its statements end


class LineKind(StrEnum):
    """What a line of a comparison is."""

    SAME = "same"
    ADDED = "added"  # only here
    REMOVED = "removed"  # only in the base model's
    PLACE = "place"  # where the lines that follow stand


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a comparison; its text is plain, to be shown."""

    kind: LineKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateComparison:
    """How a model's template differs from its base model's.

    Attributes:
        base_model: the repository of the base model; "" if the hub names none.
        base_template: its template; None if the hub does not give it, "" if it has none.
        lines: what differs, with some lines around it; () if nothing does.
    """

    base_model: str = ""
    base_template: str | None = None
    lines: tuple[DiffLine, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether both are there and say the same, white space at the ends of lines aside."""
        return bool(self.base_template) and not self.lines


def compare_with_base(
    hub: Hub, model: InstalledModel, template: str, *, cancel: threading.Event
) -> TemplateComparison | None:
    """Ask the hub what a model was made from, and compare `template` with that one's.

    Returns:
        The comparison; None if it was stopped.

    Raises:
        HubError: the hub gave no answer, or knows no such model.
        NetworkClosed: "Never connect" is on.
    """
    if not model.repo:
        return TemplateComparison()
    told = look_up(hub, model.repo, compares_template=True, cancel=cancel)
    if told is None:
        return None
    base = told.base_models[0] if told.base_models else ""
    lines = difference(told.base_template, template) if told.base_template else ()
    return TemplateComparison(base_model=base, base_template=told.base_template, lines=lines)


def difference(before: str, after: str) -> tuple[DiffLine, ...]:
    """Return how `after` differs from `before`, as `diff -u` would; () if it does not.

    Very long templates are compared up to their 2,000th line, so that it ends.
    """
    old, new = _lines(before), _lines(after)
    found: list[DiffLine] = []
    for line in difflib.unified_diff(old, new, n=_CONTEXT, lineterm=""):
        if line.startswith(("---", "+++")) and len(found) < 2 and not line[3:].strip():
            continue  # the names of files, which there are none of
        kind = {
            "+": LineKind.ADDED,
            "-": LineKind.REMOVED,
            "@": LineKind.PLACE,
        }.get(line[:1], LineKind.SAME)
        found.append(DiffLine(kind, line if kind is LineKind.PLACE else line[1:]))
    return tuple(found)


def _lines(template: str) -> list[str]:
    lines = plain_lines(template, len(template) + 1).split("\n")
    if max(map(len, lines)) > _LONG_LINE:
        lines = [part for line in lines for part in re.split(r"(?<=[%}]\})", line) if part]
    return [line.rstrip() for line in lines[:_MOST_LINES]]
