"""Measures key points on aclsum: body → abstract, 130 words, and on a document of 1,000 pages.

ROUGE-1/2/L are the means of F1 with Porter's stemmer, as `rouge_score` computes them, of the key
points of each paper's body (as Grobid parsed it, headings included, abstract left out) against
the authors' abstract. What was fitted is cross-validated: the weights are searched on four fifths
of the papers and measured on the fifth, five times.

    python benchmarks/summaries.py [--fit]
"""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import fields, replace

import psutil
from aclsum import DocumentBuilder, Paper, papers
from rouge_score.rouge_scorer import RougeScorer

from assistant.documents.document import Document
from assistant.summaries.ranking import WEIGHTS, Weights, rank
from assistant.summaries.selecting import key_points

WORDS = 130
_TARGET = (43.0, 15.0, 22.5)
_CHOICES = {
    "centre": (0.25, 0.5, 1.0, 1.5),
    "lexrank": (0.0, 0.25, 0.5, 1.0),
    "section": (0.5, 1.0, 1.5, 2.0),
    "cue": (0.0, 0.4, 0.8, 1.5, 3.0),
    "place": (0.0, 0.3, 0.6),
    "title": (0.0, 0.3, 0.6, 1.0),
}
_TRIALS = 40
_FOLDS = 5
_SCORER = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)

Scores = tuple[float, float, float]


def main() -> None:
    found = papers(("train", "val"))
    _print("lead", [_rouge(paper, _lead(paper.document)) for paper in found])
    started = time.perf_counter()
    texts = [_key_points(paper.document) for paper in found]
    each_ms = 1_000 * (time.perf_counter() - started) / len(found)
    _print("key points", [_rouge(p, t) for p, t in zip(found, texts, strict=True)])
    filled = [len(text.split()) for text in texts]
    print(f"target {_TARGET}; {each_ms:.0f} ms a paper; {min(filled)}-{max(filled)} words")
    _print("key points, no headings", [_rouge(p, _key_points(_bare(p.document))) for p in found])
    if "--fit" in sys.argv:
        _cross_validate(found)
    _print_large(found)


def _key_points(document: Document, weights: Weights = WEIGHTS) -> str:
    points = key_points(document, rank(document, weights=weights), WORDS)
    return " ".join(point.text for point in points)


def _lead(document: Document) -> str:
    return " ".join(" ".join(s.text for s in document.sentences).split()[:WORDS])


def _bare(document: Document) -> Document:
    """Return the document as if no heading had been recognised."""
    return replace(
        document,
        sections=(replace(document.sections[0], title="", level=0),),
        sentences=tuple(replace(sentence, section=0) for sentence in document.sentences),
    )


def _rouge(paper: Paper, text: str) -> Scores:
    scores = _SCORER.score(paper.abstract, text)
    return (
        scores["rouge1"].fmeasure,
        scores["rouge2"].fmeasure,
        scores["rougeL"].fmeasure,
    )


def _mean(scores: list[Scores]) -> Scores:
    one, two, long = (100 * sum(values) / len(scores) for values in zip(*scores, strict=True))
    return one, two, long


def _print(name: str, scores: list[Scores]) -> None:
    one, two, long = _mean(scores)
    print(f"{name:28} ROUGE-1/2/L {one:.1f} / {two:.1f} / {long:.1f}")


def _cross_validate(found: list[Paper]) -> None:
    """Search the weights on four fifths, measure on the fifth, five times."""
    choose = random.Random(1)
    trials = [WEIGHTS] + [
        Weights(**{field.name: choose.choice(_CHOICES[field.name]) for field in fields(Weights)})
        for _ in range(_TRIALS)
    ]
    table = [[_rouge(p, _key_points(p.document, weights)) for p in found] for weights in trials]
    held_out: list[Scores] = []
    for fold in range(_FOLDS):
        inside = [at for at in range(len(found)) if at % _FOLDS != fold]
        best = max(
            range(len(trials)), key=lambda trial: sum(_mean([table[trial][i] for i in inside]))
        )
        print(f"  fold {fold}: {trials[best]}")
        held_out += [table[best][at] for at in range(len(found)) if at % _FOLDS == fold]
    _print("key points, cross-validated", held_out)


def _print_large(found: list[Paper]) -> None:
    builder = DocumentBuilder("Collection", paragraphs_a_page=40)
    pages = 0
    while pages < 1_000:
        for paper in found:
            last = -1
            for sentence in paper.document.sentences:
                if sentence.section != last:
                    last = sentence.section
                    section = paper.document.sections[last]
                    builder.section(section.title, max(1, section.level))
                builder.paragraph([sentence.text])
            pages = builder.page_count
            if pages >= 1_000:
                break
    document = builder.build()
    process = psutil.Process()
    before = process.memory_full_info().uss
    seconds = _timed(lambda: _key_points(document))
    grown = (process.memory_full_info().uss - before) / 1e6
    print(
        f"{len(document.pages)} pages, {len(document.sentences)} sentences:"
        f" {seconds:.1f} s, {grown:+.0f} MB kept"
    )


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
