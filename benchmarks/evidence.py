"""Measures citations and the check on aclsum: hits, false alarms, and what is caught.

Claims are human summaries (faithful, in other words than the source), highlighted source
sentences, and parts of them. Each is changed in one place by rule, the same in every run.
Thresholds were fitted on the training and validation splits; the test split says what they are
worth elsewhere.

    python benchmarks/evidence.py [--all] [--quick]
"""

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from aclsum import Paper, papers
from reading import report

from assistant.evidence.checking import check
from assistant.evidence.citation import Flag
from assistant.evidence.index import EvidenceIndex
from assistant.evidence.names import names

# What the check is to reach on human summaries: shares of claims with any flag.
_TARGETS = {
    "foreign sentence": 1.0,
    "clause added": 0.60,
    "name": 0.90,
    "number": 0.90,
    "negation added": 0.60,
}
_FALSE_ALARMS = 0.05
_FIRST, _THIRD = 0.93, 0.98
_LONG = 40_000  # sentences of about 1,000 pages
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="near-copies and parts of them, too")
    parser.add_argument("--quick", action="store_true", help="a tenth of the papers")
    arguments = parser.parse_args()
    step = 10 if arguments.quick else 1
    started = time.perf_counter()
    fitted, test = papers(("train", "val"))[::step], papers(("test",))[::step]
    for name, found in (("train and val, fitted", fitted), ("test", test)):
        print(f"\n{name}: {len(found)} papers")
        _print_hits(found)
        _print_kind("human summary", found, _summaries, has_targets=True)
    if arguments.all:
        _print_kind("source sentence", fitted, _highlighted)
        _print_kind("part of a source sentence", fitted, _parts)
    _print_speed(fitted)
    print(f"\n{time.perf_counter() - started:.1f} s")
    return 0


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
    for what, hits, least in (("P@1", first, _FIRST), ("hit@3", third, _THIRD)):
        share = hits / total
        is_met = share >= least
        report(f"citing a human summary: {what}", f"{share:.3f}", f">= {least}", is_met=is_met)


def _print_kind(
    name: str,
    found: list[Paper],
    claims_of: Callable[[Paper], Iterator[str]],
    *,
    has_targets: bool = False,
) -> None:
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
    share = faithful.flagged / faithful.claims
    print(f"{name}: {faithful.claims} faithful ({each or 'no flag'})")
    report("  false alarms", f"{share:.1%}", "<= 5%", is_met=share <= _FALSE_ALARMS)
    for change, tally in tallies.items():
        caught = tally.flagged / tally.claims
        figure = f"{caught:.1%} of {tally.claims}"
        if has_targets and change in _TARGETS:
            target = _TARGETS[change]
            report(f"  {change}", figure, f">= {target:.0%}", is_met=caught >= target)
        else:
            print(f"  {change:<42}{figure:>24}   as such {tally.expected / tally.claims:.1%}")


def _print_speed(found: list[Paper]) -> None:
    """Print how long a check takes in a document of 1,000 pages: all papers, again and again."""
    sentences = [sentence for paper in found for sentence in paper.annotated.sentences]
    index = EvidenceIndex(list(islice(cycle(sentences), _LONG)), found[0].annotated)
    claims = [claim for paper in found[:20] for claim in _summaries(paper)]
    check(claims[0], index)
    for what, ask, limit_ms in (("citing", index.closest, 50), ("checking", _checked(index), 100)):
        begun = time.perf_counter()
        for claim in claims:
            ask(claim)
        spent_ms = (time.perf_counter() - begun) / len(claims) * 1_000
        is_met = spent_ms <= limit_ms
        report(f"{what} in {_LONG:,} sentences", f"{spent_ms:.1f} ms", f"<= {limit_ms} ms",
               is_met=is_met)  # fmt: skip


def _checked(index: EvidenceIndex) -> Callable[[str], object]:
    return lambda claim: check(claim, index)


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
    sys.exit(main())
