"""Finds the sentence of the document that can stand in place of one that fails the check."""

import re

from assistant.evidence.citation import Citation
from assistant.evidence.index import EvidenceIndex

# So many of the closest are looked at; of those about as close, one that is a sentence is taken.
_CANDIDATES = 5
_ABOUT_AS_CLOSE = 0.93
_FEWEST_WORDS = 5
_MOST_WORDS = 60
_ENDS = re.compile(r"[.!?…。！？।؟][\"'”’»›)\]]*$")


def best_source(text: str, index: EvidenceIndex) -> Citation | None:
    """Return the sentence closest to `text`, to be shown as a quote in its place.

    A fragment or an endless list gives way to a whole sentence that is about as close.

    Returns:
        The sentence with the first place it stands at; None if the document shares nothing with
        `text`.
    """
    close = index.closest(text, limit=_CANDIDATES)
    if not close:
        return None
    least = _ABOUT_AS_CLOSE * close[0].score
    candidates = [match.position for match in close if match.score >= least]
    chosen = next((at for at in candidates if _is_whole(index.sentences[at].text)), candidates[0])
    sentence = index.sentences[chosen]
    return Citation(span=sentence.spans[0], quote=re.sub(r"\s+", " ", sentence.text).strip())


def _is_whole(text: str) -> bool:
    """Tell whether `text` reads as a sentence of its own."""
    length = len(text.split())
    return _FEWEST_WORDS <= length <= _MOST_WORDS and _ENDS.search(text.strip()) is not None
