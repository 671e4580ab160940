"""Measures what a model writes beside key points, and whether the middle of a text is neglected.

    python benchmarks/written.py [--model PATH] [--papers N] [--only texts|middle]

Texts: ROUGE-1/2/L against the authors' abstract, flagged sentences and seconds of key points,
Quick and Thorough, each of about 130 words, on papers of aclsum's training split. Middle: how many
of the sentences that people highlighted are among the key points (a quarter of the text's words),
while their third of the text stands first, and while the same third stands in the middle.
"""

import argparse
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from aclsum import DocumentBuilder, Paper, papers
from rouge_score.rouge_scorer import RougeScorer

from assistant.documents.document import Document
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from assistant.evidence.terms import count_words
from assistant.summaries.ranking import rank
from assistant.summaries.selecting import choose
from assistant.summaries.summarizing import summarize
from assistant.summaries.summary import Mode, ModelUsed, Summary, SummaryOptions

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "resources" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
WORDS = 130
_SHARE = 0.25  # of a text's words that the key points may take
_TARGET = 0.8
_SCORER = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--papers", type=int, default=10)
    parser.add_argument("--only", choices=["texts", "middle"])
    options = parser.parse_args()
    if options.only != "texts":
        middle(papers(("train", "val", "test")))
    if options.only != "middle":
        texts(papers(("train",))[: options.papers], options.model)


# What a model writes


def texts(found: Sequence[Paper], model: Path) -> None:
    print(f"{model.stem}, {len(found)} papers, {WORDS} words")
    engine = Engine(log=None)
    engine.choose(model, LoadSettings())
    try:
        for mode in Mode:
            summaries = [_summary(paper.document, mode, engine, model) for paper in found]
            _print(mode, found, summaries)
    finally:
        engine.close()


def _summary(document: Document, mode: Mode, engine: Engine, model: Path) -> tuple[Summary, float]:
    begun = time.perf_counter()
    for value in summarize(
        document,
        SummaryOptions(mode, WORDS),
        engine=None if mode is Mode.KEY_POINTS else engine,
        model=None if mode is Mode.KEY_POINTS else ModelUsed(model.stem),
        cancel=threading.Event(),
    ):
        if isinstance(value, Summary):
            summary = value
    return summary, time.perf_counter() - begun


def _print(mode: Mode, found: Sequence[Paper], made: Sequence[tuple[Summary, float]]) -> None:
    written = [_text(summary, mode) for summary, _ in made]
    scores = [
        _SCORER.score(paper.abstract, text) for paper, text in zip(found, written, strict=True)
    ]
    rouge = "/".join(
        f"{100 * sum(score[name].fmeasure for score in scores) / len(scores):.1f}"
        for name in ("rouge1", "rouge2", "rougeL")
    )
    sentences = [s for summary, _ in made for s in summary.sentences]
    flagged = sum(bool(sentence.flags) for sentence in sentences)
    words = sum(count_words(text) for text in written) / len(written)
    seconds = sorted(seconds for _, seconds in made)[len(made) // 2]
    marks = f", {flagged} of {len(sentences)} sentences marked" if sentences else ""
    print(f"  {mode.value:10} ROUGE-1/2/L {rouge}, {words:.0f} words, {seconds:.1f} s{marks}")


def _text(summary: Summary, mode: Mode) -> str:
    if mode is Mode.KEY_POINTS:
        return " ".join(point.text for point in summary.key_points)
    return " ".join(sentence.text for sentence in summary.sentences)


# The middle of a text


def middle(found: Sequence[Paper]) -> None:
    hits = {"first": 0, "middle": 0}
    highlighted = 0
    for paper in found:
        marked = frozenset[int]().union(*paper.highlights.values())
        count = len(paper.annotated.sentences)
        thirds = [range(count * at // 3, count * (at + 1) // 3) for at in range(3)]
        for moved in range(3):
            own = marked & set(thirds[moved])
            others = [at for at in range(3) if at != moved]
            orders = {
                "first": [moved, *others],
                "middle": [others[0], moved, others[1]],
            }
            highlighted += len(own)
            for place, order in orders.items():
                hits[place] += len(own & _chosen(paper.annotated, order, thirds))
    ratio = hits["middle"] / hits["first"]
    print(f"{len(found)} papers, {highlighted} highlighted sentences")
    print(
        f"  among the key points: {hits['first'] / highlighted:.3f} standing first,"
        f" {hits['middle'] / highlighted:.3f} in the middle; ratio {ratio:.2f}"
        f" (target {_TARGET}): {'reached' if ratio >= _TARGET else 'MISSED'}"
    )


def _chosen(document: Document, order: Sequence[int], thirds: Sequence[range]) -> set[int]:
    """Return the sentences of `document` that are key points when its thirds stand in `order`."""
    positions = [at for third in order for at in thirds[third]]
    builder = DocumentBuilder(document.title)
    builder.paragraph([document.sentences[at].text for at in positions])
    moved = replace(builder.build(), language=document.language)
    words = round(_SHARE * sum(count_words(sentence.text) for sentence in moved.sentences))
    return {positions[at] for at in choose(moved, rank(moved), words)}


if __name__ == "__main__":
    main()
