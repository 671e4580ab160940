"""Where the results of `alcove summarize` go: standard output, a file, an export."""

import argparse
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from assistant.cli.exports import export
from assistant.cli.terminal import write_result
from assistant.documents.document import Document
from assistant.errors import AssistantError
from assistant.summaries import exporting
from assistant.summaries.digest import Digest, DigestFile, FailedFile
from assistant.summaries.digest_sources import language_of
from assistant.summaries.exporting.digests import compose_digest, digest_data
from assistant.summaries.exporting.markdown import write_markdown
from assistant.summaries.exporting.parts import Part, Rule
from assistant.summaries.exporting.text import write_text
from assistant.summaries.summary import Summary, SummaryOptions
from assistant.wording import explain


class Results:
    """Takes summaries as they come, and writes each at once unless a file is to hold them all.

    Attributes:
        files: what a digest needs of each.
        failures: files that failed.
    """

    def __init__(self, options: argparse.Namespace, asked: SummaryOptions) -> None:
        self.files: list[DigestFile] = []
        self.failures: list[FailedFile] = []
        self._options = options
        self._made = exporting.Provenance(options=asked, made_at=datetime.now().astimezone())
        self._written: list[str] = []
        self._exported: list[list[Part]] = []
        self._data: list[dict[str, object]] = []

    def add(self, document: Document, summary: Summary) -> None:
        """Take the summary of a document.

        Raises:
            Stopped: nobody reads our output any more.
        """
        options = self._options
        if options.digest:
            self.files.append(DigestFile.of(document, summary))
        if options.export is not None:
            parts = exporting.compose(document, summary, self._made, with_passages=True)
            self._exported.append(list(parts))
            self._data.append(exporting.to_dict(document, summary, self._made))
        if options.format == "json":
            data = exporting.to_dict(document, summary, self._made, with_text=options.with_text)
            self._write(_line(data))
        else:
            self._write(self._shown(exporting.compose(document, summary)))

    def add_failure(self, path: Path, error: AssistantError) -> None:
        """Take a file that failed: a digest lists it."""
        self.failures.append(FailedFile(path, error))

    def add_digest(self, digest: Digest) -> None:
        """Take the digest of all files; it comes last, and first in an export."""
        data: dict[str, object] = {"digest": digest_data(digest, _explained)}
        if self._options.export is not None:
            parts = compose_digest(digest, _explained, self._made, with_passages=True)
            self._exported.insert(0, list(parts))
            self._data.append(data)
        if self._options.format == "json":
            self._write(_line(data))
        else:
            self._write(self._shown(compose_digest(digest, _explained)))

    def finish(self) -> None:
        """Write the files that were asked for.

        Raises:
            CannotWrite, NoSpace: one cannot be written; what was there before stays.
        """
        options = self._options
        if options.output is not None and self._written:
            write_result("".join(self._written), options.output)
        if options.export is not None and self._exported:
            first = self._exported[0][0]
            export(
                options.export,
                list(_joined(self._exported)),
                self._data,
                title=getattr(first, "text", ""),
                language=language_of(self.files),
            )

    def _shown(self, parts: Iterator[Part]) -> str:
        return write_markdown(parts) if self._options.format == "markdown" else write_text(parts)

    def _write(self, text: str) -> None:
        whole = (self._separator() if self._written else "") + text
        if self._options.output is None:
            write_result(whole, None)
        self._written.append(whole)

    def _separator(self) -> str:
        """What stands between the results of several files."""
        if self._options.format == "json":
            return ""
        return "\n---\n\n" if self._options.format == "markdown" else "\n" + "─" * 72 + "\n\n"


def _joined(results: list[list[Part]]) -> Iterator[Part]:
    for number, parts in enumerate(results):
        if number:
            yield Rule()
        yield from parts


def _line(data: dict[str, object]) -> str:
    return json.dumps(data, ensure_ascii=False) + "\n"


def _explained(error: AssistantError) -> str:
    return str(explain(error))
