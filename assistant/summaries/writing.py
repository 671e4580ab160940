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
        self._seen: list[frozenset[str]] = []

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
        found: list[Written] = []
        for start, end in split(bare):
            text = " ".join(bare[start:end].split())
            if not self._is_wanted(text, is_complete=is_complete):
                continue
            if self._is_full:
                break
            found.append(Written(text, starts_paragraph=self._begins))
            self._begins = False
            self._note(text)
        return found

    def _is_wanted(self, text: str, *, is_complete: bool) -> bool:
        if not any(character.isalnum() for character in text) or _PREAMBLE.match(text):
            return False
        if text.endswith(":") or not (is_complete or _ENDS.search(text)):
            return False
        told = frozenset(terms(text))
        if any(len(told & seen) >= _SAME * len(told | seen) for seen in self._seen):
            return False
        if count_words(text) > self._words_left:
            self._is_full = True
        return True

    def _note(self, text: str) -> None:
        self._seen.append(frozenset(terms(text)))
        self._words_left -= count_words(text)
