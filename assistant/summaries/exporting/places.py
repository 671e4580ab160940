"""Where a passage stands, in the words of its document's format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.documents.document import Document, PageUnit
from assistant.documents.places import place_short, unit_word
from assistant.evidence.citation import Citation

FIRM = "\N{NO-BREAK SPACE}"
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Places:
    """Names the pages of one document.

    Attributes:
        unit: what its pages are.
        labels: of its pages, "" for those without.
    """

    unit: PageUnit
    labels: Sequence[str]

    @classmethod
    def of(cls, document: Document) -> "Places":
        """Return what names the pages of `document`."""
        return cls(document.unit, tuple(page.label for page in document.pages))

    def short(self, pages: Iterable[int]) -> str:
        """Return "p. 3, 7" or "sheet Costs, sheet Income", each page once; "" for none."""
        numbers = list(dict.fromkeys(pages))
        if not numbers:
            return ""
        names = [place_short(self.unit, number, self._label(number)) for number in numbers]
        start = place_short(self.unit, 0).removesuffix("0")
        if all(name == f"{start}{number}" for name, number in zip(names, numbers, strict=True)):
            names = [names[0], *map(str, numbers[1:])]
        return ", ".join(names).replace(" ", FIRM, 1)

    def cited(self, citations: Iterable[Citation]) -> str:
        """Return where the passages that a sentence cites stand."""
        return self.short(citation.span.page for citation in citations)

    def listed(self, numbers: Sequence[int]) -> str:
        """Return "pages 3, 4, 9 and 5 more"."""
        shown = ", ".join(str(number) for number in numbers[:_MOST_NAMED])
        more = len(numbers) - _MOST_NAMED
        return f"{self.word(len(numbers))} {shown}" + (f" and {more} more" if more > 0 else "")

    def word(self, count: int) -> str:
        """Return what `count` pages are called."""
        return unit_word(self.unit, count)

    def _label(self, number: int) -> str:
        return self.labels[number - 1] if 0 < number <= len(self.labels) else ""
