"""Measures whether the passages that answer are found, and whether silence is recognised.

    python benchmarks/retrieval.py [--pdf PATH] [--embedding-model PATH | --no-vectors]
                                   [--model PATH] [--answers N] [--json]

Questions: the headings of R's list of questions (R-FAQ.pdf of Debian's package r-doc-pdf, fetched
once with apt-get) that end in a question mark. They are hidden from the passages, since a person
asks in other words than a heading; a hit is a passage of the section below. As readers find them,
with their headings, they are measured, too. 50 questions that the document does not answer tell
whether silence is recognised. With `--model`, its answers to both kinds are counted: how many of
the answerable ones cite the right section, how many of the others it refuses, and how many tokens
a second question costs on a document of some 3,000 tokens.
"""

import argparse
import json
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from minilm import CACHE, minilm

from assistant.conversations.asking.answer import Answer, Answered, AnswerMode
from assistant.conversations.asking.answering import answer
from assistant.conversations.asking.attached import Attached, AttachedDocument
from assistant.conversations.asking.retrieval import Found, search
from assistant.conversations.asking.vectors import PassageVectors
from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.engine.client import Engine
from assistant.engine.embedding import Embedder
from assistant.engine.protocol import Finished, LoadSettings, Message, Role, TextPart

_INSIDE = "usr/share/R/doc/manual/R-FAQ.pdf"
_NUMBERED = re.compile(r"\d+(?:\.\d+)* \S")
_CONTENTS_PAGES = 4  # the title and the table of contents, which repeats all questions
_RANKS = (1, 3, 5)
_ENOUGH_LEXICAL, _ENOUGH_VECTORS = 0.82, 0.90
_LONG_DOCUMENT_WORDS = 2_200
_SILENT = (Path(__file__).parent / "silent_questions.txt").read_text("utf-8").split("\n")
SILENT = [line for line in _SILENT if line and not line.startswith("#")]

Place = tuple[int, int]


@dataclass(frozen=True)
class Asked:
    """A question and where its answer stands: from one place up to another."""

    question: str
    begin: Place
    end: Place

    def has(self, page: int, start: int, end: int) -> bool:
        """Tell whether a passage touches the answer."""
        return (page, end) > self.begin and (page, start) < self.end


def faq(pdf: Path | None) -> Path:
    """Return the list of questions; fetched and unpacked at the first call."""
    if pdf is not None:
        return pdf
    target = CACHE / "R-FAQ.pdf"
    if not target.exists():
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["apt-get", "download", "-q", "r-doc-pdf"], cwd=folder, check=True)
            package = next(Path(folder).glob("r-doc-pdf_*.deb"))
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
            CACHE.mkdir(parents=True, exist_ok=True)
            (Path(folder) / _INSIDE).rename(target)
    return target


def read(path: Path) -> Document:
    reader = Reader()
    try:
        *_, last = reader.read(path, cancel=threading.Event())
    finally:
        reader.close()
    assert isinstance(last, Document)
    return last


def headings(document: Document) -> list[tuple[Place, Place, str]]:
    """Return where the numbered headings stand, and what they say."""
    found = []
    for page in document.pages[_CONTENTS_PAGES:]:
        for block in page.blocks:
            text = page.text[block.start : block.end]
            asks = text.rstrip().endswith("?")
            if _NUMBERED.match(text) and len(text) < 200 and (block.kind == "heading" or asks):
                found.append(((page.number, block.start), (page.number, block.end), text))
    return found


def questions(document: Document) -> list[Asked]:
    """Return the headings that ask, each with the stretch up to the next one."""
    found = headings(document)
    ends = [begin for begin, _, _ in found[1:]] + [(len(document.pages) + 1, 0)]
    return [
        Asked(text.split(" ", 1)[1].replace("\n", " "), below, end)
        for (_, below, text), end in zip(found, ends, strict=True)
        if text.rstrip().endswith("?")
        and any(
            (s.page, s.spans[0].start) >= below and (s.page, s.spans[0].start) < end
            for s in document.sentences
        )
    ]


def without_headings(document: Document) -> Document:
    """Return the document without its headings and its contents, so that no passage has them."""
    spots = headings(document)

    def is_text(page: int, start: int) -> bool:
        inside = any(begin <= (page, start) < end for begin, end, _ in spots)
        return page > _CONTENTS_PAGES and not inside

    return replace(
        document,
        sentences=tuple(s for s in document.sentences if is_text(s.page, s.spans[0].start)),
        sections=tuple(replace(section, title="") for section in document.sections),
    )


def ask_all(
    document: Document, asked: list[Asked], vectors: PassageVectors | None
) -> dict[str, float]:
    """Return hits at each rank, and which share of either kind of questions is refused."""
    stop = threading.Event()
    attached = Attached((AttachedDocument(id(document), document),))
    if vectors:
        for _ in vectors.prepare(attached, cancel=stop):
            pass

    def found(question: str) -> Found:
        return search(attached, question, vectors=vectors, cancel=stop)

    results = [(one, found(one.question)) for one in asked]
    ranks = [_rank(one, result) for one, result in results]
    figures = {f"hit@{k}": sum(rank < k for rank in ranks) / len(ranks) for k in _RANKS}
    refused = sum(not result.is_told for _, result in results)
    silent = sum(not found(question).is_told for question in SILENT)
    return figures | {
        "answered there and refused": refused / len(asked),
        "not answered there and refused": silent / len(SILENT),
    }


def _rank(asked: Asked, found: Found) -> int:
    hits = (
        rank for rank, one in enumerate(found.passages) if asked.has(one.page, one.start, one.end)
    )
    return next(hits, len(found.passages) + 99)


def answers(
    document: Document, asked: list[Asked], engine: Engine, *, writes: bool
) -> dict[str, float]:
    """Return how many answers cite the right section, and how many of the others are refused."""
    attached = Attached((AttachedDocument(1, document),))
    cited = 0
    for one in asked:
        made = _answer(engine, attached, one.question, writes=writes)
        places = [c for sentence in made.sentences for c in sentence.citations]
        cited += any(one.has(place.page, place.start, place.end) for place in places)
    refused = sum(
        not _answer(engine, attached, question, writes=writes).is_found
        for question in SILENT[: len(asked)]
    )
    return {
        "answers that cite the right section": cited / len(asked),
        "unanswerable questions refused": refused / min(len(asked), len(SILENT)),
    }


def _answer(engine: Engine, attached: Attached, question: str, *, writes: bool) -> Answer:
    *_, last = answer(
        engine, attached, (), question, writes=writes, max_tokens=80, cancel=threading.Event()
    )
    assert isinstance(last, Answered)
    return last.answer


def further_question(document: Document, engine: Engine) -> dict[str, float]:
    """Return what a second question on a document of some 3,000 tokens costs."""
    pages, words = [], 0
    for page in document.pages[_CONTENTS_PAGES:]:
        words += len(page.text.split())
        if words > _LONG_DOCUMENT_WORDS:
            break
        pages.append(page)
    kept = {page.number for page in pages}
    part = replace(
        document,
        pages=tuple(replace(p, text=p.text if p.number in kept else "") for p in document.pages),
        sentences=tuple(s for s in document.sentences if s.page in kept),
    )
    attached = Attached((AttachedDocument(1, part),))
    history: list[Message] = []
    costs: list[int] = []
    for question in ("What is R?", "Which machines does R run on?", "How can R be obtained?"):
        finished, text = None, ""
        for event in answer(
            engine,
            attached,
            history,
            question,
            writes=True,
            insists=True,
            max_tokens=40,
            cancel=threading.Event(),
        ):
            if isinstance(event, TextPart):
                text += event.text
            elif isinstance(event, Finished):
                finished = event
            elif isinstance(event, Answered):
                assert event.answer.mode is AnswerMode.WHOLE_TEXT
        assert finished is not None
        (tokens,) = engine.count_tokens([question])
        costs.append(finished.prompt_tokens - finished.reused_tokens - tokens)
        history += [Message(Role.USER, question), Message(Role.ASSISTANT, text)]
    return {
        "tokens of the document, the first time": float(costs[0]),
        "tokens beyond the second question": float(costs[1]),
        "tokens beyond the third question": float(costs[2]),
    }


def measure(options: argparse.Namespace) -> Iterator[tuple[str, dict[str, float]]]:
    document = read(faq(options.pdf))
    asked = questions(document)
    hidden = without_headings(document)
    yield "document", {"questions": len(asked), "words": document.word_count}
    yield "words and letters, headings hidden", ask_all(hidden, asked, None)
    yield "words and letters, as it is read", ask_all(document, asked, None)
    if not options.no_vectors:
        embedder = Embedder(log=None, nice=0)
        embedder.choose(options.embedding_model or minilm())
        try:
            vectors = PassageVectors(embedder, "benchmark")
            yield "with vectors, headings hidden", ask_all(hidden, asked, vectors)
            yield "with vectors, as it is read", ask_all(document, asked, vectors)
        finally:
            embedder.close()
    if options.model:
        engine = Engine(log=None)
        engine.choose(options.model, LoadSettings(context_tokens=8192))
        try:
            some = asked[:: max(1, len(asked) // options.answers)][: options.answers]
            yield "the document's own sentences", answers(document, some, engine, writes=False)
            yield "a second question on one text", further_question(document, engine)
            yield "the model's own words", answers(document, some, engine, writes=True)
        finally:
            engine.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pdf", type=Path, help="R-FAQ.pdf, if it is there already")
    parser.add_argument("--embedding-model", type=Path, help="default: all-MiniLM-L6-v2")
    parser.add_argument("--no-vectors", action="store_true")
    parser.add_argument("--model", type=Path, help="a chat model whose answers are counted")
    parser.add_argument("--answers", type=int, default=50, help="questions of each kind for it")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = {}
    for name, values in measure(options):
        figures[name] = values
        if not options.json:
            print(name)
            for what, value in values.items():
                print(f"  {what:42} {value:10.3f}", flush=True)
    if options.json:
        print(json.dumps(figures, indent=2))
    lexical = figures["words and letters, headings hidden"]["hit@5"]
    vectors = figures.get("with vectors, headings hidden", {"hit@5": 1.0})["hit@5"]
    return 0 if lexical >= _ENOUGH_LEXICAL and vectors >= _ENOUGH_VECTORS else 1


if __name__ == "__main__":
    raise SystemExit(main())
