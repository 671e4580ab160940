"""`alcove ocr`: the text of pictures and scanned pages, page by page, with how sure it is."""

import argparse
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.cli.documents import add_password_to, read_document
from assistant.cli.terminal import (
    Exit,
    Progress,
    say,
    say_error,
    stop_on_interrupt,
    write_result,
)
from assistant.cli.workplace import workplace
from assistant.documents.document import Document, Page, PageStatus
from assistant.documents.ocr import installing
from assistant.documents.ocr.languages import code
from assistant.documents.ocr.programs import installed
from assistant.documents.ocr.recognition import OcrProgram, OcrStatus, OcrWish
from assistant.documents.reading import Reader
from assistant.errors import DocumentError
from assistant.wording import place_words

_NAMES = {OcrProgram.TESSERACT: "Tesseract", OcrProgram.RAPIDOCR: "RapidOCR"}
_UNREAD = {
    PageStatus.NO_TEXT: "no text",
    PageStatus.NEEDS_OCR: "a picture of text, not read",
    PageStatus.FAILED: "could not be read",
}


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "ocr",
        help="the text of pictures and scanned pages",
        description="The text of each FILE page by page, that of pictures (PNG, JPEG, TIFF) and of "
        "scanned pages in PDFs with how sure the recognition is. Nothing leaves this computer.",
    )
    parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
    parser.add_argument(
        "--status", action="store_true", help="what is installed, and how to add it"
    )
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument(
        "--language",
        action="append",
        default=[],
        metavar="CODE",
        help="of the text, such as en or deu; may be given more than once. "
        "Default: found out from the first page",
    )
    parser.add_argument("--output", type=Path, metavar="PATH", help="write to a file")
    add_password_to(parser)
    parser.set_defaults(run=lambda options: run(options, parser))


def run(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Print what is installed, or the text of each file; one that fails does not stop the rest."""
    programs = installed()
    if options.status:
        text = _status_json(programs) if options.format == "json" else _status_text(programs)
        write_result(text, options.output)
        return Exit.DONE
    if not options.files:
        parser.error("name a FILE, or --status")
    if missing := _missing(programs, options.language):
        say(f"alcove: {missing}")
        return Exit.FAILED
    return _read_all(options, programs)


def _read_all(options: argparse.Namespace, programs: tuple[OcrStatus, ...]) -> int:
    reader = Reader(log=workplace().folders.logs / "reader.log")
    results: list[str] = []
    failed = False
    with stop_on_interrupt() as cancel, closing(reader), closing(Progress()) as progress:
        for path in options.files:
            try:
                document = read_document(
                    reader,
                    path,
                    progress=progress,
                    cancel=cancel,
                    password=options.password,
                    ocr=OcrWish(languages=tuple(options.language)),
                )
            except DocumentError as error:
                progress.close()
                say_error(error, path)
                failed = True
                continue
            progress.close()
            failed = _warn_of_unread(document) or failed
            results.append(
                _json(document, programs) if options.format == "json" else _text(document)
            )
            if options.output is None:
                write_result(results[-1], None)
    if options.output is not None and results:
        write_result("".join(results), options.output)
    return Exit.FAILED if failed else Exit.DONE


def _missing(programs: tuple[OcrStatus, ...], languages: list[str]) -> str:
    """Return the sentence about a language that was asked for and is not installed, or ""."""
    if not programs or programs[0].program is not OcrProgram.TESSERACT:
        return ""  # RapidOCR has one model for all its languages
    have = programs[0].languages
    for language in languages:
        if code(language) not in have:
            how = installing.language_command(code(language))
            add = f" Add it: {how}" if how else ""
            name = "".join(c if c.isprintable() else " " for c in language)
            return f"Tesseract has no language {name} here; it has {', '.join(have)}.{add}"
    return ""


def _warn_of_unread(document: Document) -> bool:
    """Say which pages are pictures that nothing here could read; return whether there are any."""
    pages = [page.number for page in document.pages if page.status is PageStatus.NEEDS_OCR]
    if pages:
        shown = ", ".join(map(str, pages[:20])) + (" …" if len(pages) > 20 else "")
        say(f"alcove: {document.path}: not read, being pictures of text: {shown}. {_how_to_add()}")
    return bool(pages)


def _text(document: Document) -> str:
    lines = [f"{document.path}: {_visible(document.title)}", ""]
    for page in document.pages:
        lines += [f"[{_heading(document, page)}]", ""]
        if page.text:
            lines += [_visible(page.text), ""]
    return "\n".join(lines) + "\n"


def _heading(document: Document, page: Page) -> str:
    if page.status is not PageStatus.READ:
        told = _UNREAD[page.status]
    elif page.confidence is None:
        told = "the file's own text"
    else:
        told = f"recognised, {page.confidence:.0%} sure"
    return f"{place_words(document.unit, page.number, page.label)}: {told}"


def _json(document: Document, programs: tuple[OcrStatus, ...]) -> str:
    """Return one object on a line; docs/cli.md tells its fields."""
    is_recognised = any(page.confidence is not None for page in document.pages)
    used = programs[0] if programs and is_recognised else None
    facts = {
        "document": {
            "path": str(document.path),
            "title": document.title,
            "type": document.type,
            "pages": len(document.pages),
            "language": document.language,
            "sha256": document.sha256,
        },
        "program": {"name": used.program.value, "version": used.version} if used else None,
        "pages": [
            {
                "page": page.number,
                "label": page.label,
                "status": page.status.value,
                "confidence": None if page.confidence is None else round(page.confidence, 3),
                "text": page.text,
            }
            for page in document.pages
        ],
    }
    return json.dumps(facts, ensure_ascii=False) + "\n"


def _status_text(programs: tuple[OcrStatus, ...]) -> str:
    lines = list(_status_lines(programs))
    return "\n".join(lines) + "\n"


def _status_lines(programs: tuple[OcrStatus, ...]) -> Iterator[str]:
    if not programs:
        yield "Text recognition (OCR) is not installed: pages that are pictures are not read."
        yield _how_to_add()
        return
    yield "Text recognition (OCR) works, offline."
    for status in programs:
        yield ""
        yield f"{_NAMES[status.program]} {status.version}, in {status.place}"
        if status.languages:
            yield f"  languages: {', '.join(status.languages)}"
            if how := installing.language_command("deu"):
                yield f"  another one, such as German: {how}"
        else:
            yield "  languages: those of its one model, Latin and Chinese scripts among them"
    have = {status.program for status in programs}
    if OcrProgram.TESSERACT not in have:
        yield ""
        yield f"Tesseract is quicker and knows more languages: {installing.command()}"


def _status_json(programs: tuple[OcrStatus, ...]) -> str:
    facts = {
        "is_ready": bool(programs),
        "programs": [
            {
                "name": status.program.value,
                "version": status.version,
                "languages": list(status.languages),
                "place": status.place,
            }
            for status in programs
        ],
        "install": [installing.command(), installing.PIP],
    }
    return json.dumps(facts, ensure_ascii=False) + "\n"


def _how_to_add() -> str:
    return (
        f"Add it: {installing.command()} (or, where Alcove was installed with pip: "
        f"{installing.PIP})."
    )


def _visible(text: str) -> str:
    """Return `text` without characters that steer a terminal; lines and cells stay."""
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)
