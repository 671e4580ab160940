"""Mends words that a hyphen at a line's end has cut, without joining what has a hyphen anyway."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.documents.document import BlockKind
from assistant.documents.draft import DraftBlock, DraftPage
from assistant.documents.lines import HYPHEN

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CUT = re.compile(rf"([^\W\d_]*){HYPHEN}([^\W\d_]*)")
_ENDINGS = ("s", "es", "ed", "ing", "d", "n", "en", "er")


def mend(pages: Sequence[DraftPage]) -> None:
    """Join the halves of cut words in all pages where the whole word occurs elsewhere.

    Where it does not, the hyphen stays: nothing tells whether it belongs to the word.
    """
    blocks = [block for page in pages for block in page.blocks]
    _join_across_pages(blocks)
    cut = [block for block in blocks if HYPHEN in block.text]
    if not cut:
        return
    words = _vocabulary(block.text for block in blocks)

    def whole(match: re.Match[str]) -> str:
        first, second = match.groups()
        return _whole(first, second, words)

    for block in cut:
        block.text = _CUT.sub(whole, block.text)


def _vocabulary(texts: Iterable[str]) -> Counter[str]:
    words: Counter[str] = Counter()
    for text in texts:
        words.update(_WORD.findall(text.lower()))
    return words


def _whole(first: str, second: str, words: Counter[str]) -> str:
    kept = f"{first}-{second}"
    if not first or not second or second[0].isupper():
        return kept
    whole = (first + second).lower()
    count = words[whole] or max(_related(whole, words))
    return first + second if count and count >= words[kept.lower()] else kept


def _related(word: str, words: Counter[str]) -> Iterable[int]:
    """Yield how often other forms of a word occur: "lease" for "leases" and the reverse."""
    for ending in _ENDINGS:
        yield words[word + ending]
        if word.endswith(ending) and len(word) > len(ending) + 4:
            yield words[word.removesuffix(ending)]


def _join_across_pages(blocks: Sequence[DraftBlock]) -> None:
    """Move the second half of a word that a page break cuts to its first half."""
    last: DraftBlock | None = None
    for block in blocks:
        if block.continues and last is not None and last.text.endswith(HYPHEN):
            half, _, rest = block.text.partition(" ")
            if rest:
                last.text += half
                block.text = rest
        if block.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
            last = block
