"""How well and how fast two versions of a long document are compared.

Sentences of Python's own documentation make a document of 1,000 pages; a second version of it has
known edits: words replaced, numbers and obligations changed, sentences added, removed and moved.
Told are how many were found as what they are, and how many others were reported.

    python -m benchmarks.comparing [--pages 1000]
"""

import argparse
import ast
import itertools
import random
import re
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

from assistant.documents.assembling import Assembler
from assistant.documents.document import BlockKind, Document
from assistant.documents.draft import DraftBlock, DraftPage
from assistant.summaries.comparing import Comparison, compare

A_PAGE = 30
SWAPS = (("must", "may"), ("may", "must"), (" is ", " is not "), ("should", "should not"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=1_000)
    pages = parser.parse_args().pages
    wanted = pages * A_PAGE
    found = dict.fromkeys(itertools.islice(sentences(), 4 * wanted))  # many occur again
    pool = list(found)
    old, spare = pool[:wanted], pool[wanted : 2 * wanted]
    print(f"{len(old):,} sentences on {pages:,} pages")
    edited, made = edit(old, iter(spare), random.Random(5))
    report("edited", document(old), document(edited), made)
    found = report("others", document(old), document(spare), {})
    print(f"        likeness {found.likeness:.3f}")
    report("the same", document(old), document(old), {})


def report(name: str, old: Document, new: Document, made: dict[str, set[str]]) -> Comparison:
    begun = time.perf_counter()
    found = compare(old, new)
    print(f"{name}: {time.perf_counter() - begun:.1f} s, {found.same:,} the same")
    told = {
        "changed": {change.new for change in found.changed},
        "added": {change.new for change in found.added},
        "removed": {change.old for change in found.removed},
        "moved": {change.new for change in found.moved},
    }
    for kind, expected in made.items():
        right = len(expected & told[kind])
        print(f"    {kind:8} {right} of {len(expected)} found, {len(told[kind] - expected)} others")
    return found


def edit(
    old: list[str], spare: Iterator[str], chance: random.Random
) -> tuple[list[str], dict[str, set[str]]]:
    """Return another version of `old`, and what was done to it."""
    made: dict[str, set[str]] = {"changed": set(), "added": set(), "removed": set(), "moved": set()}
    new: list[str] = []
    block = old[len(old) // 3 : len(old) // 3 + 40]
    for text in old:
        if text in block:
            made["moved"].add(text)
            continue
        dice = chance.random()
        if dice < 0.01:
            made["removed"].add(text)
            continue
        if dice < 0.03:
            text = changed(text, chance)  # noqa: PLW2901 - another version of it
            made["changed"].add(text)
        new.append(text)
        if dice > 0.99:
            new.append(next(spare))
            made["added"].add(new[-1])
    place = 2 * len(new) // 3
    return new[:place] + block + new[place:], made


def changed(text: str, chance: random.Random) -> str:
    """Return `text` with an obligation, a number or a word changed."""
    for before, after in SWAPS:
        if before in text and chance.random() < 0.5:
            return text.replace(before, after, 1)
    if re.search(r"\d", text):
        return re.sub(r"\d+", lambda found: str(int(found.group()) + 7), text, count=1)
    words = text.split()
    words[chance.randrange(len(words))] = "another"
    return " ".join(words)


def sentences() -> Iterator[str]:
    """Yield sentences of the documentation in Python's and the installed packages' modules."""
    folders = [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.py")):
            try:
                tree = ast.parse(path.read_text(encoding="utf-8"))
            except (SyntaxError, UnicodeDecodeError, ValueError):
                continue
            yield from documentation(tree)


def documentation(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            text = " ".join((ast.get_docstring(node) or "").split())
            for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text):
                if 30 < len(sentence) < 400:
                    yield sentence


def document(texts: list[str]) -> Document:
    """Return `texts` as a document, a paragraph each."""
    assembler = Assembler()
    for start in range(0, len(texts), A_PAGE):
        blocks = [DraftBlock(BlockKind.PARAGRAPH, text) for text in texts[start : start + A_PAGE]]
        assembler.add(DraftPage(tuple(blocks)))
    return Document(
        path=Path("document"),
        title="document",
        type="text",
        sha256="0" * 64,
        language="en",
        pages=tuple(assembler.pages),
        sections=tuple(assembler.sections),
        sentences=tuple(assembler.sentences()),
    )


if __name__ == "__main__":
    main()
