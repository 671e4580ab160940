"""Measures lengths, styles, kinds of documents, key facts and orders hidden in documents.

    python benchmarks/wishes.py [--papers N] [--written N] [--texts FOLDER …]

Lengths: how many key points and written summaries hold the wished words within a fifth. Orders:
how many of the attacks of the tests are found, alone and inside real papers, and how many
sentences of real texts are wrongly taken for orders: papers, licences of installed packages, and
whatever stands in the folders given (such as /usr/share/doc). Kinds: how many papers and licences
are recognised as what they are, and how many of their readers' questions find an answer.
"""

import argparse
import gzip
import importlib.metadata
import random
import sys
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from aclsum import DocumentBuilder, papers

from assistant.documents.document import Document
from assistant.documents.sentences import split
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from assistant.evidence.terms import count_words
from assistant.summaries.injections.finding import find, touched
from assistant.summaries.kinds.key_facts import find as find_facts
from assistant.summaries.kinds.kind import Kind
from assistant.summaries.kinds.recognising import recognise
from assistant.summaries.ranking import rank
from assistant.summaries.summarizing import summarize
from assistant.summaries.summary import Mode, ModelUsed, Summary, SummaryOptions
from assistant.summaries.wishes import lengths
from assistant.summaries.wishes.shapes import points
from assistant.summaries.wishes.styles import Style

ROOT = Path(__file__).resolve().parent.parent
ATTACKS = ROOT / "tests" / "summaries" / "injections" / "attacks.toml"
STARTER = ROOT / "resources" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
WISHED = (50, 80, 130, 160, 250, 320)
MOST_CHARACTERS = 400_000  # of one text
SUFFIXES = {"", ".txt", ".md", ".rst", ".gz", ".html"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=200, metavar="N")
    parser.add_argument("--written", type=int, default=4, metavar="N")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], metavar="FOLDER")
    options = parser.parse_args()
    found = [paper.document for paper in papers(("train", "val"))[: options.papers]]
    licences = list(_licences())
    _print_lengths(found)
    _print_attacks(found)
    _print_alarms(found, licences, options.texts)
    _print_kinds(found, licences)
    if options.written:
        _print_written(found[: options.written])


def _print_lengths(found: Sequence[Document]) -> None:
    """Key points of each style against the wished words."""
    print("key points within a fifth of the wished words (where the paper has as many)")
    for style in Style:
        held: Counter[int] = Counter()
        total = 0
        for document in found[:40]:
            ranking = rank(document)
            total += 1
            for words in WISHED:
                count = sum(count_words(p.text) for p in points(document, ranking, style, words))
                held[words] += lengths.is_held(count, words)
        shares = "  ".join(f"{words}: {held[words] / total:4.0%}" for words in WISHED)
        print(f"  {style.value:11} {shares}")


def _print_attacks(found: Sequence[Document]) -> None:
    """The attacks of the tests, each put into a real paper at a place of its own."""
    attacks = tomllib.loads(ATTACKS.read_text("utf-8"))["attack"]
    chance = random.Random("attacks")
    caught = 0
    missed = []
    for number, attack in enumerate(attacks):
        document = found[number % len(found)]
        at = chance.randrange(len(document.sentences))
        builder = DocumentBuilder(document.title)
        texts = [sentence.text for sentence in document.sentences]
        builder.paragraph([*texts[:at], attack["text"], *texts[at:]])
        spoilt = builder.build()
        hit = at in touched(spoilt, find(spoilt))
        caught += hit
        missed += [] if hit else [attack["name"]]
    print(f"attacks found inside papers: {caught} of {len(attacks)}; missed: {missed or 'none'}")


def _print_alarms(
    found: Sequence[Document], licences: Sequence[Document], folders: Sequence[Path]
) -> None:
    """Sentences of real texts that are taken for orders."""
    groups = [("papers", iter(found)), ("licences", iter(licences))]
    groups += [(str(folder), _texts(folder)) for folder in folders]
    for name, documents in groups:
        sentences = wrong = pages = 0
        seconds = 0.0
        examples = []
        for document in documents:
            begun = time.process_time()
            alarms = find(document)
            seconds += time.process_time() - begun
            wrong += len(touched(document, alarms))
            sentences += len(document.sentences)
            pages += sum(len(page.text) for page in document.pages)
            examples += [alarm.quote[:80] for alarm in alarms]
        share = wrong / max(1, sentences)
        print(
            f"false alarms, {name}: {wrong} of {sentences} sentences ({share:.4%}),"
            f" {seconds / max(1, pages) * 3.2e6:.1f} s for 1,000 pages {examples[:5]}"
        )


def _print_kinds(found: Sequence[Document], licences: Sequence[Document]) -> None:
    for name, documents, kind in (
        ("papers", found, Kind.PAPER),
        ("licences", licences, Kind.CONTRACT),
    ):
        guessed = Counter(recognise(document).kind for document in documents)
        answered: Counter[str] = Counter()
        for document in documents:
            answered.update(f.question_id for f in find_facts(document, kind) if f.is_found)
        print(f"{name}: {dict(guessed)}; recognised {guessed[kind] / len(documents):.0%}")
        shares = ", ".join(f"{i} {n / len(documents):.0%}" for i, n in answered.most_common())
        print(f"  questions with an answer: {shares}")


def _print_written(found: Sequence[Document]) -> None:
    """Summaries by the starter model against the wished words."""
    engine = Engine(log=None)
    engine.choose(STARTER, LoadSettings(context_tokens=4096))
    held = total = 0
    try:
        for document in found:
            for words in (60, 120):
                count = _written(engine, document, words)
                total += 1
                held += lengths.is_held(count, words)
                print(f"  {words} wished, {count} written", flush=True)
    finally:
        engine.close()
    print(f"written summaries within a fifth of the wished words: {held} of {total}")


def _written(engine: Engine, document: Document, words: int) -> int:
    options = SummaryOptions(mode=Mode.QUICK, words=words)
    *_, last = summarize(
        document,
        options,
        engine=engine,
        model=ModelUsed("starter"),
        cancel=threading.Event(),
    )
    assert isinstance(last, Summary)
    return sum(count_words(sentence.text) for sentence in last.sentences)


def _licences() -> Iterator[Document]:
    """Yield the different licences of installed packages and of Debian, as documents."""
    paths = [
        Path(str(file.locate()))
        for package in importlib.metadata.distributions()
        for file in package.files or []
        if file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))
        and file.suffix in {"", ".txt", ".md"}
    ]
    paths += sorted(Path("/usr/share/common-licenses").glob("*"))
    seen: set[str] = set()
    for path in paths:
        text = _text(path)
        key = " ".join(text.split())[200:1200]
        if len(text) > 900 and key not in seen:
            seen.add(key)
            yield replace(_document(path.name, text), title=text.strip().splitlines()[0].strip())


def _texts(folder: Path) -> Iterator[Document]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in SUFFIXES and not path.is_symlink():
            text = _text(path)
            if text:
                yield _document(path.name, text)


def _document(name: str, text: str) -> Document:
    builder = DocumentBuilder(name)
    for block in text.split("\n\n"):
        folded = " ".join(block.split())
        if folded:
            builder.paragraph([folded[start:end] for start, end in split(folded)])
    return builder.build()


def _text(path: Path) -> str:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(MOST_CHARACTERS)
    except OSError:
        return ""
    if b"\0" in data[:2000] or not data:
        return ""
    text = data[:MOST_CHARACTERS].decode("utf-8", "replace")
    return "" if text.count("\ufffd") > 50 else text


if __name__ == "__main__":
    sys.exit(main())
