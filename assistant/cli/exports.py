"""The option `--export`, which writes a result to a file whose name says the format."""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from assistant import paths
from assistant.summaries.exporting.docx import write_docx
from assistant.summaries.exporting.html import write_html
from assistant.summaries.exporting.markdown import write_markdown
from assistant.summaries.exporting.parts import Part
from assistant.summaries.exporting.text import write_text

_ENDINGS = (".md", ".html", ".docx", ".json", ".txt")


def add_export_to(parser: argparse.ArgumentParser) -> None:
    """Add the option whose path `export` takes."""
    parser.add_argument(
        "--export",
        type=_export_path,
        metavar="PATH",
        help=f"also write everything, with passages, receipt and settings, to a file: {_listed()}",
    )


def export(
    path: Path,
    parts: Iterable[Part],
    data: Sequence[Mapping[str, object]],
    *,
    title: str,
    language: str,
) -> None:
    """Write a result to `path`, whole or not at all, in the format of its ending.

    Args:
        path: the file; its ending was checked on the command line.
        parts: what a person reads.
        data: what a program reads: an object a line.
        title: what it is called.
        language: ISO 639-1 code of most of its text, or "".

    Raises:
        CannotWrite, NoSpace: the file cannot be written.
    """
    match path.suffix.lower():
        case ".json":
            lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in data]
            content = paths.encoded("".join(lines))
        case ".docx":
            content = write_docx(parts, title=title)
        case ".html":
            content = paths.encoded(write_html(parts, title=title, language=language))
        case ".md":
            content = paths.encoded(write_markdown(parts))
        case _:
            content = paths.encoded(write_text(parts))
    paths.ensure_folder(path.parent)
    with paths.whole_file(path) as file:
        file.write(content)


def _export_path(text: str) -> Path:
    path = Path(text)
    ending = path.suffix.lower()
    if ending == ".pdf":
        raise argparse.ArgumentTypeError(
            "a PDF is made by the window: open the document there, or export .docx or .html"
        )
    if ending not in _ENDINGS:
        raise argparse.ArgumentTypeError(f"the name must end in {_listed()}: {text}")
    return path


def _listed() -> str:
    return f"{', '.join(_ENDINGS[:-1])} or {_ENDINGS[-1]}"
