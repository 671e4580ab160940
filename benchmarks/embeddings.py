"""Measures embeddings with a real model: which texts it finds alike, and how fast it is.

    python benchmarks/embeddings.py [--model PATH] [--json]

Without `--model` it is all-MiniLM-L6-v2, made by `minilm.py`.
"""

import argparse
import json
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from minilm import minilm

from assistant.engine.embedding import Embedder, Embeddings
from assistant.engine.embedding_prefixes import Purpose

# Cosines that the maker's own library gives for all-MiniLM-L6-v2 (its model card's example).
SENTENCE = "That is a happy person"
KNOWN = {
    "That is a happy dog": 0.695,
    "That is a very happy person": 0.943,
    "Today is a sunny day": 0.257,
}
QUESTIONS = {
    "When must the rent be paid?": "Payment is due on the first working day of each month.",
    "May I keep a dog in the flat?": "Animals are allowed with the written consent of the owner.",
    "Who repairs a broken heating?": "The landlord maintains the boiler and the radiators.",
    "How long is the notice period?": "Either side may end the lease with three months' warning.",
    "What happens to the deposit?": "The security sum is returned within six weeks of moving out.",
    "Is there a place for my car?": "A parking space in the yard belongs to the apartment.",
}
PARAGRAPH = "The tenant pays the rent to the landlord on the first working day of every month. " * 6


def embed(embedder: Embedder, texts: list[str], purpose: Purpose = Purpose.PASSAGE) -> Embeddings:
    for event in embedder.embed(texts, purpose=purpose, cancel=threading.Event()):
        last = event
    assert isinstance(last, Embeddings)
    return last


def measure(model: Path, is_minilm: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        embedder = Embedder(log=Path(folder) / "embeddings.log", nice=0)
        embedder.choose(model)
        try:
            figures = {}
            begun = time.perf_counter()
            one = embed(embedder, [SENTENCE]).vectors[0]
            figures["first vector, with start and load (s)"] = time.perf_counter() - begun
            if is_minilm:
                cosines = embed(embedder, list(KNOWN)).vectors @ one
                error = np.abs(cosines - list(KNOWN.values())).max()
                figures["largest difference from the known cosines"] = float(error)
            questions = embed(embedder, list(QUESTIONS), Purpose.QUERY).vectors
            passages = embed(embedder, list(QUESTIONS.values())).vectors
            best = (questions @ passages.T).argmax(axis=1)
            figures["answers found first"] = float((best == np.arange(len(best))).mean())
            begun = time.perf_counter()
            made = embed(embedder, [f"{i} {PARAGRAPH}" for i in range(200)])
            seconds = time.perf_counter() - begun
            figures["paragraphs of 100 words (1/s)"] = 200 / seconds
            figures["tokens (1/s)"] = made.tokens / seconds
        finally:
            embedder.close()
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.model or minilm(), options.model is None)
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        for what, value in figures.items():
            print(f"{what:45} {value:10.3f}")
    is_good = figures["answers found first"] >= 0.8
    is_good &= figures.get("largest difference from the known cosines", 0) < 0.01
    return 0 if is_good else 1


if __name__ == "__main__":
    raise SystemExit(main())
