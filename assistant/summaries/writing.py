"""Turns what a model writes, piece by piece, into clean sentences of a summary."""

import re
from dataclasses import dataclass

from assistant.documents.sentences import split
from assistant.evidence.terms import count_words, terms

_BULLET = re.compile(r"^\s*(?:[-*•–]\s+|\(?\d{1,2}[.)]\s+|#{1,6}\s+)")
_MARKDOWN = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=[\w.!?])[*_](?!\w)|`+")
_PAGE_LABEL = re.compile(r"\s*\[(?:page|p\.)\s*\d+(?:\s*[-,–]\s*\d+)*\]", re.IGNORECASE)
_PREAMBLE = re.compile(
    r"^(?:sure|certainly|of course|okay|ok)\b[^.!:]{0,60}[.!:]$"
    r"|^(?:here(?:'s| is| are)|below is|the following is|this is)\b[^.]{0,80}"
    r"(?:summary|summaries|points)\b[^.]{0,60}[:.]$"
    r"|^(?:in |a |the )?(?:short |brief |concise )?summary\s*:?$"
    r"|^(?:hier ist|voici|aquí (?:está|tienes)|ecco|aqui está|hier is)\b[^.]{0,100}[:.]$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:summary|zusammenfassung|résumé|resumen|riassunto|resumo)\s*:\s+", re.IGNORECASE
)
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_SAME = 0.9
_CIRCLES = 3
_HEADING_WORDS = 4


@dataclass(frozen=True, slots=True)
class Written:
    """A clean sentence, and whether it begins a paragraph or bullet."""

    text: str
    starts_paragraph: bool


class SentenceStream:
    """Cuts a growing text into sentences, within a budget of words.

    Preambles, markup and repetitions are left out. A last sentence without an end is dropped.
    """

    def __init__(self, words: int) -> None:
        self._is_full = False
        self._words_left = words
        self._rest = ""
        self._begins = True
        self._told: list[frozenset[str]] = []
        self._circles = 0

    @property
    def is_full(self) -> bool:
        """The budget is used up: nothing that follows is taken."""
        return self._is_full

    def add(self, text: str) -> list[Written]:
        """Return the sentences that `text` completes."""
        self._rest += text
        found: list[Written] = []
        while "\n" in self._rest and not self._is_full:
            line, self._rest = self._rest.split("\n", 1)
            found += self._line(line, is_complete=True)
            self._begins = True
        if not self._is_full:
            found += self._running()
        return found

    def finish(self, *, is_complete: bool) -> list[Written]:
        """Return what is left; `is_complete` if the model ended the text itself."""
        line, self._rest = self._rest, ""
        return [] if self._is_full else self._line(line, is_complete=is_complete)

    def _running(self) -> list[Written]:
        """Take the sentences of an unfinished line, all but the last."""
        cut = split(self._rest)
        if len(cut) < 2:
            return []
        end = cut[-1][0]
        line, self._rest = self._rest[:end], self._rest[end:]
        return self._line(line, is_complete=True)

    def _line(self, line: str, *, is_complete: bool) -> list[Written]:
        bare = _LABEL.sub("", _PAGE_LABEL.sub("", _MARKDOWN.sub("", _BULLET.sub("", line))).strip())
        if _is_heading(line, bare):
            return []
        found: list[Written] = []
        for start, end in split(bare):
            text = " ".join(bare[start:end].split())
            if not _is_sentence(text, is_complete=is_complete) or self._is_told(text):
                continue
            if count_words(text) > self._words_left:
                self._is_full = True
                if self._told:
                    break
                text = _cut(text, self._words_left)
            self._told.append(frozenset(terms(text)))
            self._words_left -= count_words(text)
            found.append(Written(text, starts_paragraph=self._begins))
            self._begins = False
            if self._is_full:
                break
        return found

    def _is_told(self, text: str) -> bool:
        """Tell whether `text` says nothing new; a model that goes in circles is done."""
        told = frozenset(terms(text))
        if not any(len(told & other) >= _SAME * len(told | other) for other in self._told):
            return False
        self._circles += 1
        self._is_full = self._is_full or self._circles >= _CIRCLES
        return True


def _is_heading(line: str, bare: str) -> bool:
    """Tell whether a line of the model is a heading: marked so, or short without an end."""
    if line.lstrip().startswith("#"):
        return True
    is_item = _BULLET.match(line) is not None
    return not is_item and not _ENDS.search(bare) and _is_short(bare)


def _is_short(text: str) -> bool:
    return count_words(text) <= _HEADING_WORDS


def _is_sentence(text: str, *, is_complete: bool) -> bool:
    """Tell whether `text` says anything of the document, to its end."""
    if not any(character.isalnum() for character in text) or _PREAMBLE.match(text):
        return False
    return not text.endswith(":") and (is_complete or _ENDS.search(text) is not None)


def _cut(text: str, words: int) -> str:
    """Return the beginning of `text` within `words` words, up to a comma if there is one."""
    kept = text.split()[: max(1, words - 1)]
    for at in range(len(kept) - 1, len(kept) // 2, -1):
        if kept[at].endswith((",", ";", ":")):
            kept = kept[: at + 1]
            break
    return " ".join(kept).rstrip(",;:") + " …"
