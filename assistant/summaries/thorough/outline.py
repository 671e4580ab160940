"""The outline of a document: each of its sections with a summary of its own, as they come.

A section that was read or merged by itself has what the model wrote of it. Of several small ones
that were read together, each has the sentences that come from it. One that nothing was written of
has the best of its own sentences, word for word and marked so.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.documents.document import Document
from assistant.evidence.checking import cite
from assistant.summaries.ranking import Ranking
from assistant.summaries.summary import OutlineEntry, SummarySentence
from assistant.summaries.thorough.merging import Note
from assistant.summaries.thorough.passages import Cut, Passage, parents

_LONGEST_QUOTE = 400  # characters


class Outline:
    """Grows an outline while the document is read.

    Args:
        document: what is read.
        ranking: scores of its sentences.
        cut: its passages.
    """

    def __init__(self, document: Document, ranking: Ranking, cut: Cut) -> None:
        self._document = document
        self._ranking = ranking
        self._cut = cut
        self._above = parents(document)
        self._ranges = self._sentence_ranges()
        self._entries: list[OutlineEntry] = []
        self._of_section: dict[int, int] = {}
        self._of_passage: dict[int, int] = {}
        self._own = self._own_passages()
        self._fill()

    @property
    def entries(self) -> tuple[OutlineEntry, ...]:
        """All entries, in reading order."""
        return tuple(self._entries)

    def note_passage(self, number: int, note: Note | None) -> None:
        """Take in what was written of a passage; None if that failed."""
        passage = self._cut.passages[number]
        if (at := self._of_passage.get(number)) is not None:
            self._set(at, note.sentences if note else (), has_failed=note is None)
            return
        tops = self._tops(passage)
        if number in self._own and len(passage.sections) == 1:
            return  # the section's own text, merged with what stands below it
        for section in passage.sections:
            written: Sequence[SummarySentence] = ()
            if note and section in tops:
                alone = len(tops) == 1
                written = note.sentences if alone else self._of(section, note.sentences)
            self._note_section(section, written, has_failed=note is None)

    def note_section(self, section: int, note: Note | None) -> None:
        """Take in what was merged of a section; None if nothing could be read of it."""
        self._note_section(section, note.sentences if note else (), has_failed=note is None)

    def note_rest(self) -> None:
        """Give what is left a sentence of its own: nothing more will be written."""
        for section, at in self._of_section.items():
            if not self._entries[at].is_done:
                self._note_section(section, ())

    def _note_section(
        self, section: int, written: Sequence[SummarySentence], *, has_failed: bool = False
    ) -> None:
        at = self._of_section.get(section)
        if at is None or self._entries[at].is_done:
            return
        sentences = tuple(replace(sentence, section=section) for sentence in written)
        self._set(at, sentences or self._quote(section), has_failed=has_failed)

    def _set(self, at: int, sentences: Sequence[SummarySentence], *, has_failed: bool) -> None:
        self._entries[at] = replace(
            self._entries[at], sentences=tuple(sentences), is_done=True, has_failed=has_failed
        )

    def _of(
        self, section: int, sentences: Sequence[SummarySentence]
    ) -> tuple[SummarySentence, ...]:
        """Return those of `sentences` that come from a section or what is below it."""
        numbers = self._ranges[section]
        spans = {span for at in numbers for span in self._document.sentences[at].spans}
        return tuple(one for one in sentences if one.citations and one.citations[0].span in spans)

    def _quote(self, section: int) -> tuple[SummarySentence, ...]:
        """Return the best sentence of a section, as a quote."""
        numbers = self._ranges[section]
        fit = [at for at in numbers if len(self._document.sentences[at].text) <= _LONGEST_QUOTE]
        if not fit:
            return ()
        best = max(fit, key=lambda at: (float(self._ranking.scores[at]), -at))
        sentence = self._document.sentences[best]
        return (
            SummarySentence(
                text=sentence.text,
                citations=cite(sentence, self._document),
                support=1.0,
                section=section,
                replaced=True,
            ),
        )

    def _tops(self, passage: Passage) -> set[int]:
        """Return those sections of a passage that no other one of it contains."""
        there = set(passage.sections)
        return {section for section in there if not there.intersection(self._over(section))}

    def _over(self, section: int) -> list[int]:
        above = self._above[section]
        return [above, *self._over(above)] if above >= 0 else []

    def _own_passages(self) -> dict[int, list[int]]:
        """Return the passages of sections that are longer than one, with all of the section's."""
        found: dict[int, list[int]] = {}
        for node in self._cut.root.nodes():
            own = [
                part
                for part in node.parts
                if isinstance(part, int) and self._is_of(part, node.section)
            ]
            for part in own:
                found[part] = own
        return found

    def _is_of(self, number: int, section: int) -> bool:
        """Whether a passage has text of nothing but one section, or of the document's only one."""
        sections = self._cut.passages[number].sections
        return len(sections) == 1 and section in {-1, sections[0]}

    def _fill(self) -> None:
        """Make the entries, without sentences."""
        pages = self._pages_of_sections()
        parts: dict[int, list[int]] = {}
        for number, own in self._own.items():
            if len(own) > 1:
                parts.setdefault(self._cut.passages[number].section, []).append(number)
        only = self._only_top()
        is_plain = all(not section.title for section in self._document.sections)
        for section, facts in enumerate(self._document.sections):
            if section not in pages:
                continue
            level = len(self._over(section)) + 1
            if section != only and not (is_plain and section in parts):
                self._of_section[section] = len(self._entries)
                first, last = pages[section]
                self._entries.append(
                    OutlineEntry(
                        title=facts.title, level=level, page=first, last_page=last, section=section
                    )
                )
            for number in parts.get(section, ()):
                self._of_passage[number] = len(self._entries)
                read = self._cut.passages[number].pages
                self._entries.append(
                    OutlineEntry(
                        title="",
                        level=level + (not is_plain),
                        page=read[0],
                        last_page=read[-1],
                        section=section,
                    )
                )

    def _only_top(self) -> int:
        """Return the one section that all others are below: the summary is of it; else -1."""
        tops = [at for at, above in enumerate(self._above) if above < 0 and self._ranges[at]]
        is_whole = len(tops) == 1 and len(self._document.sections) > 1
        return tops[0] if is_whole and len(self._cut.passages) > 1 else -1

    def _sentence_ranges(self) -> list[range]:
        """Return the numbers of the sentences of each section with those below it."""
        ranges = [range(0)] * len(self._document.sections)
        for at, sentence in enumerate(self._document.sentences):
            found = ranges[sentence.section]
            ranges[sentence.section] = range(found.start if found else at, at + 1)
        for section in range(len(ranges) - 1, -1, -1):
            above, mine = self._above[section], ranges[section]
            if above >= 0 and mine:
                other = ranges[above] or mine
                start, stop = min(other.start, mine.start), max(other.stop, mine.stop)
                ranges[above] = range(start, stop)
        return ranges

    def _pages_of_sections(self) -> dict[int, tuple[int, int]]:
        sentences = self._document.sentences
        return {
            section: (self._document.sections[section].page, sentences[found[-1]].spans[-1].page)
            for section, found in enumerate(self._ranges)
            if found
        }
