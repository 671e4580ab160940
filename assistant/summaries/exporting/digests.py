"""Writes down a digest over many documents: for people, and as data."""

from collections.abc import Callable, Iterator

from assistant.documents import left_out
from assistant.documents.unread_files import listed
from assistant.errors import AssistantError
from assistant.summaries.digest import Digest, DigestFile, DigestSentence, FileCitation
from assistant.summaries.exporting.data import place
from assistant.summaries.exporting.parts import Heading, Line, Part, Run, Table, Tone, plain
from assistant.summaries.exporting.places import Places
from assistant.summaries.exporting.plain_text import visible
from assistant.summaries.exporting.provenance import Provenance
from assistant.summaries.exporting.receipt import flag_words

_MOST_NAMED = 20
Explain = Callable[[AssistantError], str]


def compose_digest(
    digest: Digest,
    explain: Explain,
    provenance: Provenance | None = None,
    *,
    with_passages: bool = False,
) -> Iterator[Part]:
    """Yield what a person reads of a digest.

    Args:
        digest: the digest.
        explain: tells in words why a file failed.
        provenance: how it came about; None leaves that out.
        with_passages: quote every passage behind a sentence of the model, and list the documents.
    """
    count = len(digest.files)
    yield Heading(f"Digest of {count} {'document' if count == 1 else 'documents'}", 1)
    if digest.is_experimental:
        yield Line(plain("Experimental: so small a model makes things up.", Tone.MUTED))
    for sentence in digest.sentences:
        yield Line(tuple(_runs(sentence, digest)), is_item=True)
    if not digest.sentences:
        yield Line(plain("There is nothing to tell of these documents.", Tone.MUTED))
    if digest.failures:
        yield Heading("Not summarised")
        for failure in digest.failures:
            yield Line((Run(explain(failure.error)),), is_item=True)
    if with_passages and digest.model:
        yield from _passages(digest)
    if with_passages and digest.files:
        yield Heading("Documents")
        yield _files(digest)
    yield Heading("Receipt")
    for line in _receipt(digest, provenance):
        yield Line(plain(line, Tone.MUTED))


def digest_data(digest: Digest, explain: Explain) -> dict[str, object]:
    """Return a digest as JSON data; docs/cli.md tells the contract."""
    return {
        "files": [
            {
                "path": str(file.path),
                "title": file.title,
                "type": file.type,
                "pages": file.pages,
                "unit": file.unit.value,
                "language": file.language,
                "sha256": file.sha256,
                "unreadable": list(file.summary.coverage.unreadable),
                "unread": [attachment.name for attachment in file.unread],
                "left_out": list(left_out.in_words(file.notes)),
            }
            for file in digest.files
        ],
        "sentences": [_sentence(sentence) for sentence in digest.sentences],
        "failures": [
            {"path": str(failure.path), "reason": explain(failure.error)}
            for failure in digest.failures
        ],
        "words": digest.words,
        "focus": digest.focus,
        "model": (
            {"name": digest.model.name, "sha256": digest.model.sha256} if digest.model else None
        ),
        "is_experimental": digest.is_experimental,
        "is_stopped": digest.is_stopped,
    }


def _sentence(sentence: DigestSentence) -> dict[str, object]:
    return {
        "text": sentence.text,
        "citations": [
            {"file": cited.file, **place(cited.citation.span), "quote": cited.citation.quote}
            for cited in sentence.citations
        ],
        "support": sentence.support,
        "flags": [flag.value for flag in sentence.flags],
        "is_quote": sentence.is_quote,
    }


def _runs(sentence: DigestSentence, digest: Digest) -> Iterator[Run]:
    yield Run(sentence.text)
    cited: dict[int, list[FileCitation]] = {}
    for one in sentence.citations:
        cited.setdefault(one.file, []).append(one)
    last = len(cited) - 1
    for at, (number, found) in enumerate(cited.items()):
        file = digest.files[number]
        pages = _places(file).short(one.citation.span.page for one in found)
        text = f"{'' if at else '['}{name(file, digest)}, {pages}{';' if at < last else ']'}"
        yield Run(text, Tone.PLACE, address=_address(found[0]))
    if sentence.flags:
        yield Run(f"[{'; '.join(flag_words(sentence.flags))}]", Tone.MARK)


def _address(cited: FileCitation) -> str:
    """Return where a passage is: "file:2:14:120:180" is on page 14 of the third file."""
    span = cited.citation.span
    return f"file:{cited.file}:{span.page}:{span.start}:{span.end}"


def name(file: DigestFile, digest: Digest) -> str:
    """Return what tells a file from the others of its digest: its name, else its path."""
    is_unique = sum(other.path.name == file.path.name for other in digest.files) == 1
    return file.path.name if is_unique else str(file.path)


def _places(file: DigestFile) -> Places:
    return Places(file.unit, file.labels)


def _passages(digest: Digest) -> Iterator[Part]:
    quotes = {
        (cited.file, cited.citation.span.page, cited.citation.span.start): cited.citation.quote
        for sentence in digest.sentences
        for cited in sentence.citations
    }
    if quotes:
        yield Heading("Passages cited")
    for (number, page, _), quote in sorted(quotes.items()):
        file = digest.files[number]
        where = f"{name(file, digest)}, {_places(file).short([page])}"
        yield Line((Run(f"“{quote}”"), Run(f"[{where}]", Tone.PLACE)), is_item=True)


def _files(digest: Digest) -> Table:
    rows = tuple(
        (
            plain(name(file, digest), Tone.STRONG),
            plain(file.title),
            plain(f"{file.pages} {_places(file).word(file.pages)}"),
            plain(file.sha256, Tone.MUTED),
        )
        for file in digest.files
    )
    return Table(("File", "Title", "Length", "SHA-256"), rows)


def _left_out(digest: Digest) -> Iterator[str]:
    """Yield what was not read of each file that was summarised."""
    told = [
        (name(file, digest), what) for file in digest.files if (what := ", ".join(_unread(file)))
    ]
    for title, what in told[:_MOST_NAMED]:
        yield f"Not read of {visible(title)}: {what}."
    more = len(told) - _MOST_NAMED
    if more > 0:
        yield f"Of {more:,} more files parts were not read; the summary of each tells which."


def _unread(file: DigestFile) -> Iterator[str]:
    coverage = file.summary.coverage
    pages = {*coverage.unreadable, *(passage.page for passage in coverage.unread)}
    if pages:
        yield _places(file).listed(sorted(pages))
    if file.unread:
        yield listed(file.unread)
    yield from left_out.in_words(file.notes)


def _receipt(digest: Digest, provenance: Provenance | None) -> Iterator[str]:
    failed = len(digest.failures)
    total = len(digest.files) + failed
    yield f"{len(digest.files)} of {total} files summarised" + (
        f"; {failed} failed." if failed else "."
    )
    yield from _left_out(digest)
    if digest.model:
        yield (
            f"Merged by {digest.model.name} on this computer from the summaries of the files, or a"
            " selection of their sentences where they are too many for it."
        )
        yield (
            "A place in brackets is the closest passage, not a proof; no mark does not mean that a"
            " sentence is right."
        )
    else:
        yield "Sentences stand word for word in the documents; no model wrote any."
    if digest.is_stopped:
        yield "Stopped before the end."
    if provenance is not None:
        yield from provenance.lines(digest.model, "")
