"""Measures citations and the check on aclsum: hits, false alarms, and what is caught.

Claims are human summaries (faithful, in other words than the source), highlighted source
sentences, and parts of them. Each is changed in one place by rule, the same in every run.

    python benchmarks/evidence.py
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aclsum import Paper, papers

from assistant.evidence.checking import check
from assistant.evidence.citation import Flag
from assistant.evidence.index import EvidenceIndex
from assistant.evidence.names import names

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|may|must|should|will|does|do|did|has|have)\b(?! not)"
)
_NOT = re.compile(r"\b(?:(is|are|was|were|can|could|do|does|did) ?not|can ?not|cannot)\b")
_FORCES = (("must", "may"), ("may", "must"), ("can", "must"), ("should", "may"), ("shall", "may"))
_DIGITS = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])")
_CUT = re.compile(r"\s*(?:, (?:but|and|while|which|whereas|however)|;)\s")


@dataclass
class Tally:
    """How many claims of a kind there were, and how many got which flag."""

    claims: int = 0
    flagged: int = 0
    expected: int = 0

    def add(self, flags: tuple[Flag, ...], wanted: Flag | None) -> None:
        """Count one claim."""
        self.claims += 1
        self.flagged += bool(flags)
        self.expected += wanted in flags if wanted else 0


def main() -> None:
    found = papers(("train", "val"))
    started = time.perf_counter()
    _print_hits(found)
    kinds = [
        ("human summary", _summaries),
        ("source sentence", _highlighted),
        ("part of a source sentence", _parts),
    ]
    for name, claims_of in kinds:
        _print_kind(name, found, claims_of)
    print(f"\n{time.perf_counter() - started:.1f} s for {len(found)} papers")


def _print_hits(found: list[Paper]) -> None:
    first = third = total = 0
    for paper in found:
        index = EvidenceIndex(paper.annotated.sentences, paper.annotated)
        for aspect, summary in paper.summaries.items():
            wanted = paper.highlights[aspect]
            if wanted:
                at = [match.position for match in index.closest(summary, limit=3)]
                total += 1
                first += at[0] in wanted
                third += bool(wanted & set(at))
    print(f"citing a human summary's sentence: P@1 {first / total:.3f}, hit@3 {third / total:.3f}")


def _print_kind(name: str, found: list[Paper], claims_of: Callable[[Paper], Iterator[str]]) -> None:
    tallies: dict[str, Tally] = {}
    alarms: Counter[Flag] = Counter()
    for at, paper in enumerate(found):
        index = EvidenceIndex(paper.annotated.sentences, paper.annotated)
        other = found[(at + 7) % len(found)]
        for number, claim in enumerate(claims_of(paper)):
            flags = check(claim, index).flags
            alarms.update(flags)
            tallies.setdefault("faithful", Tally()).add(flags, None)
            for change, wanted, changed in _changes(claim, other, number):
                flags = check(changed, index).flags
                tallies.setdefault(change, Tally()).add(flags, wanted)
    faithful = tallies.pop("faithful")
    each = ", ".join(
        f"{flag.value} {times / faithful.claims:.1%}" for flag, times in alarms.items()
    )
    print(
        f"\n{name}: {faithful.claims} faithful, false alarms "
        f"{faithful.flagged / faithful.claims:.1%} ({each})"
    )
    for change, tally in tallies.items():
        print(
            f"  {change:20} {tally.claims:5} changed, caught {tally.flagged / tally.claims:6.1%}, "
            f"as such {tally.expected / tally.claims:6.1%}"
        )


def _summaries(paper: Paper) -> Iterator[str]:
    for aspect, summary in paper.summaries.items():
        if paper.highlights[aspect]:
            yield summary.strip()


def _highlighted(paper: Paper) -> Iterator[str]:
    positions = sorted(set().union(*paper.highlights.values()))
    for at in positions[:6]:
        yield paper.annotated.sentences[at].text


def _parts(paper: Paper) -> Iterator[str]:
    for sentence in paper.annotated.sentences:
        pieces = [piece for piece in _CUT.split(sentence.text) if len(piece.split()) >= 8]
        if len(pieces) > 1:
            yield f"{pieces[0].rstrip(' .')} ."


def _changes(claim: str, other: Paper, number: int) -> Iterator[tuple[str, Flag, str]]:
    """Yield what can be changed in `claim`: the kind, the flag it should get, the new claim."""
    foreign = list(other.summaries.values())[number % 3]
    yield "foreign sentence", Flag.UNSUPPORTED, foreign
    clause = " ".join(foreign.rstrip(" .").split()[-8:])
    yield "clause added", Flag.UNSUPPORTED, f"{claim.rstrip(' .')}, and {clause}."
    if digits := _DIGITS.search(claim):
        changed = str(int(float(digits.group().replace(",", ""))) * 3 + 7)
        yield "number", Flag.NUMBER, claim[: digits.start()] + changed + claim[digits.end() :]
    elif words := re.search(r"\b(?:two|three|four|five|six)\b", claim):
        yield "number", Flag.NUMBER, claim.replace(words.group(), "nine", 1)
    ours = [name for run in names(claim) for name in run]
    theirs = [n for run in names(" ".join(other.summaries.values())) for n in run if n not in ours]
    if ours and theirs:
        yield "name", Flag.NAME, claim.replace(ours[-1], theirs[0])
    if negated := _NOT.search(claim):
        kept = negated.group(1) or "can"
        yield (
            "negation dropped",
            Flag.NEGATION,
            (claim[: negated.start()] + kept + claim[negated.end() :]),
        )
    elif auxiliary := _AUXILIARY.search(claim):
        yield (
            "negation added",
            Flag.NEGATION,
            (f"{claim[: auxiliary.end()]} not{claim[auxiliary.end() :]}"),
        )
    for said, instead in _FORCES:
        if re.search(rf"\b{said}\b(?! ?not)", claim):
            yield "obligation", Flag.OBLIGATION, re.sub(rf"\b{said}\b", instead, claim, count=1)
            break


if __name__ == "__main__":
    main()
