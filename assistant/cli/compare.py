"""`alcove compare`: what differs between two documents or two versions of one."""

import argparse
import json
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.cli.documents import add_password_to, read_document
from assistant.cli.exports import add_export_to, export
from assistant.cli.terminal import Exit, Progress, Stopped, stop_on_interrupt, write_result
from assistant.cli.workplace import workplace
from assistant.documents.reading import Reader
from assistant.summaries.comparing import Comparison, compare
from assistant.summaries.exporting.comparisons import comparison_data, compose_comparison
from assistant.summaries.exporting.markdown import write_markdown
from assistant.summaries.exporting.text import write_text
from assistant.summaries.stopping import RankingStopped


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "compare",
        help="what differs between two documents or versions",
        description="What was added, removed, changed and moved between OLD and NEW, with the"
        " pages on both sides; what binds and counts comes first. Needs no model.",
    )
    parser.add_argument("old", metavar="OLD", type=Path)
    parser.add_argument("new", metavar="NEW", type=Path)
    parser.add_argument("--format", choices=["text", "markdown", "json"], default="text")
    parser.add_argument("--output", type=Path, metavar="PATH", help="write to a file")
    add_export_to(parser)
    add_password_to(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare two documents."""
    work = workplace()
    progress = Progress()
    with (
        stop_on_interrupt() as cancel,
        closing(Reader(log=work.folders.logs / "reader.log")) as reader,
        closing(progress),
    ):
        old, new = (
            read_document(reader, path, progress=progress, cancel=cancel, password=options.password)
            for path in (options.old, options.new)
        )
        progress.show("Comparing", 0, 0)
        try:
            found = compare(old, new, cancel=cancel)
        except RankingStopped as error:
            raise Stopped from error
        finally:
            progress.close()
        if options.export is not None:
            export(
                options.export,
                list(compose_comparison(found)),
                [comparison_data(found)],
                title=f"{found.old.title} → {found.new.title}",
                language=new.language,
            )
        write_result(_written(found, options.format), options.output)
    return Exit.DONE


def _written(found: Comparison, form: str) -> str:
    if form == "json":
        return json.dumps(comparison_data(found), ensure_ascii=False) + "\n"
    write = write_markdown if form == "markdown" else write_text
    return write(compose_comparison(found))
