"""Chooses what a document is called."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import Section
from assistant.documents.lines import HYPHEN, Line, run_on
from assistant.paths import legible

_LONGEST = 200
_MEANINGLESS = re.compile(
    r"untitled|unbenannt|sans titre|sin título|title|document\d*|dokument\d*|microsoft word.*|"
    r"powerpoint.*|presentation\d*|slide \d+|layout \d+|page \d+|about:blank|https?:.*|"
    r".*\.(?:docx?|odt|rtf|tex|dvi|pdf|pptx?|indd|qxd|xlsx?|html?|pmd|fm|wpd|txt|md)",
    re.IGNORECASE,
)


def choose_title(candidates: Iterable[str], sections: Sequence[Section], path: Path) -> str:
    """Return the first sensible candidate, else the first heading, else the file's name."""
    for candidate in [*candidates, *(section.title for section in sections[:3])]:
        title = fold(clean(candidate))
        if _is_sensible(title):
            return title
    return legible(path.stem.replace("_", " ").strip() or path.name)


def largest_text(pages: Sequence[Sequence[Line]]) -> str:
    """Return the text in the largest type on the first page that has any, if it stands out."""
    lines = next((page for page in pages if page), ())
    upright = [line for line in lines if line.is_upright and len(line.text) > 2]
    if not upright:
        return ""
    largest = max(line.size for line in upright)
    usual = sorted(line.size for line in upright)[len(upright) // 2]
    if len(upright) > 2 and largest < 1.1 * usual:
        return ""
    found: list[Line] = []
    for line in upright:
        is_near = not found or line.top - found[-1].bottom < 0.6 * largest
        if line.size >= 0.95 * largest and is_near:
            found.append(line)
        elif found:
            break
    return run_on(line.text for line in found).replace(HYPHEN, "")


def _is_sensible(title: str) -> bool:
    if not 3 <= len(title) <= _LONGEST or _MEANINGLESS.fullmatch(title):
        return False
    return sum(character.isalpha() for character in title) >= len(title) / 2
