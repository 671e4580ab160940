"""Measures the check on legal and financial texts: what is caught, and what is flagged falsely.

Claims are made by rule from sentences of licences, contracts, RFCs and financial news: faithful
ones, word for word or in light paraphrase, and the same with one thing changed. Thresholds were
fitted on some of the texts; the figures are those of the others.

    python benchmarks/claims.py [--fitted] [--show KIND]
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from claim_changes import changed, faithful, is_usable
from claim_texts import Text, texts
from reading import report

from assistant.evidence.checking import check
from assistant.evidence.citation import Flag
from assistant.evidence.index import EvidenceIndex

_SENTENCES_A_TEXT = 150
# Made of every sentence, the others of 150 a text.
_RARE = frozenset({"parties swapped", "number changed", "date changed", "unit changed"})
_CAUGHT = 0.80
_FALSE_ALARMS = 0.05


@dataclass
class Tally:
    """How many claims of a kind there were, and how many got any flag, and which."""

    claims: int = 0
    flagged: int = 0
    flags: Counter[Flag] = field(default_factory=Counter)

    def add(self, flags: tuple[Flag, ...]) -> None:
        """Count one claim."""
        self.claims += 1
        self.flagged += bool(flags)
        self.flags.update(flags)

    @property
    def share(self) -> float:
        """How many of the claims were flagged."""
        return self.flagged / self.claims if self.claims else 0.0


@dataclass
class Result:
    """Faithful claims by their shape, changed ones by what was changed."""

    faithful: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    changed: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    @property
    def alarms(self) -> Tally:
        """All faithful claims together."""
        together = Tally()
        for tally in self.faithful.values():
            together.claims += tally.claims
            together.flagged += tally.flagged
            together.flags += tally.flags
        return together


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fitted", action="store_true", help="the texts thresholds were fitted on")
    parser.add_argument("--show", default="", help="print what is wrong of this kind or shape")
    arguments = parser.parse_args()
    results: dict[str, Result] = defaultdict(Result)
    together = Result()
    for text in texts(fitted=arguments.fitted):
        _measure(text, (results[text.kind], together), arguments.show)
    results["all of them"] = together
    for kind, result in results.items():
        _print(kind, result)
    return 0


def _measure(text: Text, results: Sequence[Result], shown: str) -> None:
    document = text.document
    index = EvidenceIndex(document.sentences, document)
    usable = [sentence.text for sentence in document.sentences if is_usable(sentence.text)]
    step = max(1, len(usable) // _SENTENCES_A_TEXT)
    for number, sentence in enumerate(usable):
        claims = list(faithful(sentence))
        is_sampled = number % step == 0
        for shape, claim in claims if is_sampled else ():
            flags = check(claim, index).flags
            for result in results:
                result.faithful[shape].add(flags)
            if flags and shown in {shape, "faithful"}:
                _show(text, shape, flags, sentence, claim)
        for kind, claim in _false(claims, number, text.kind):
            if not is_sampled and kind not in _RARE:
                continue
            flags = check(claim, index).flags
            for result in results:
                result.changed[kind].add(flags)
            if not flags and shown == kind:
                _show(text, kind, flags, sentence, claim)


def _false(claims: list[tuple[str, str]], number: int, kind: str) -> Iterator[tuple[str, str]]:
    """Change the sentence itself, or every second time one of its paraphrases."""
    others = claims[1:]
    base = others[number // 2 % len(others)] if others and number % 2 else claims[0]
    yield from changed(base[1], is_news=kind == "financial")


def _show(text: Text, kind: str, flags: tuple[Flag, ...], sentence: str, claim: str) -> None:
    named = ",".join(flag.value for flag in flags) or "nothing"
    print(
        f"[{text.name}: {kind}: {named}]\n  says:  {' '.join(sentence.split())}\n  claim: {claim}"
    )


def _print(kind: str, result: Result) -> None:
    alarms = result.alarms
    named = ", ".join(f"{f.value} {n / alarms.claims:.1%}" for f, n in alarms.flags.most_common())
    print(f"\n{kind}: {alarms.claims} faithful claims, {named or 'no flag'}")
    is_met = alarms.share <= _FALSE_ALARMS
    report("false alarms", f"{alarms.share:.1%}", f"<= {_FALSE_ALARMS:.0%}", is_met=is_met)
    for shape, tally in result.faithful.items():
        print(f"  {shape:<42}{tally.share:>16.1%} of {tally.claims}")
    for change, tally in result.changed.items():
        figure = f"{tally.share:.1%} of {tally.claims}"
        report(change, figure, f">= {_CAUGHT:.0%}", is_met=tally.share >= _CAUGHT)


if __name__ == "__main__":
    sys.exit(main())
