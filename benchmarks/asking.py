"""Measures what asking the model "does the passage say so?" adds to the lexical check.

Half of the claims are faithful (legal texts, in light paraphrase), half have one thing changed. A
model that helps says Yes to the first and No to the second; a coin scores 0.5.

    python benchmarks/asking.py [--model FILE …] [--claims 60]
"""

import argparse
import sys
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path

from claim_changes import changed, faithful, is_usable
from claim_texts import texts
from reading import report

from assistant.engine.client import Engine
from assistant.evidence.checking import check
from assistant.evidence.index import EvidenceIndex
from assistant.paths import resource
from assistant.summaries.asking_the_model import Answer, ask

NEVER = threading.Event()
STARTER = resource("models/SmolLM2-135M-Instruct.Q4_1.gguf")
_USEFUL = 0.75


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, action="append", default=[])
    parser.add_argument("--claims", type=int, default=60)
    arguments = parser.parse_args()
    claims = list(islice(_claims(), arguments.claims))
    for model in arguments.model or [STARTER]:
        _measure(model, claims)
    return 0


def _claims() -> list[tuple[str, list[str], bool]]:
    """Return claims in turns, true and false: the claim, its cited quotes, whether it is true."""
    found = []
    for text in texts(fitted=False):
        if text.kind != "legal":
            continue
        index = EvidenceIndex(text.document.sentences, text.document)
        usable = [s.text for s in text.document.sentences if is_usable(s.text)]
        for number, sentence in enumerate(usable[::5]):
            claim = list(faithful(sentence))[-1][1]
            false = [new for _, new in changed(claim)]
            if false and len(claim.split()) <= 40:
                for said, is_true in ((claim, True), (false[number % len(false)], False)):
                    quotes = [citation.quote for citation in check(said, index).citations]
                    found.append((said, quotes, is_true))
    return found


def _measure(model: Path, claims: list[tuple[str, list[str], bool]]) -> None:
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(log=Path(folder) / "engine.log")
        try:
            engine.choose(model)
            list(engine.load(cancel=NEVER))
            answers = [ask(claim, quotes, engine, cancel=NEVER) for claim, quotes, _ in claims]
        finally:
            engine.close()
    true = [answer for answer, (*_, is_true) in zip(answers, claims, strict=True) if is_true]
    false = [answer for answer, (*_, is_true) in zip(answers, claims, strict=True) if not is_true]
    alarms = true.count(Answer.NO) / len(true)
    caught = false.count(Answer.NO) / len(false)
    right = (1 - alarms + caught) / 2
    print(f"{model.name}: caught {caught:.0%}, false alarms {alarms:.0%}, "
          f"{(time.perf_counter() - begun) / len(claims):.2f} s a question")  # fmt: skip
    report("right, balanced", f"{right:.2f}", f">= {_USEFUL}", is_met=right >= _USEFUL)


if __name__ == "__main__":
    sys.exit(main())
