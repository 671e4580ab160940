"""`alcove summarize`: key points, summaries and digests of documents, with their pages."""

import argparse
import time
from pathlib import Path
from typing import Any

from assistant.cli import inputs
from assistant.cli.documents import add_password_to
from assistant.cli.exports import add_export_to
from assistant.cli.quick import typed
from assistant.cli.results import Results
from assistant.cli.starting import command_started_s
from assistant.cli.summary_run import SummaryRun
from assistant.cli.terminal import Exit, Stopped, say, say_error, stop_on_interrupt
from assistant.cli.workplace import workplace
from assistant.errors import AssistantError, CannotWrite, DocumentError, FileFault, NoSpace
from assistant.summaries.kinds.kind import Kind
from assistant.summaries.prompts import language_name
from assistant.summaries.summary import Length, Mode
from assistant.summaries.wishes.styles import Style

_MOST_WORDS = 10_000  # twenty pages: what is longer is no summary, and takes minutes
_DIGITS = len(str(_MOST_WORDS))


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "summarize",
        help="key points or a summary of documents, with their pages",
        description="Key points or a summary of each FILE, with the page behind every sentence. "
        "FILE may be - for standard input. Nothing leaves this computer.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
    _add_wishes(parser)
    _add_many(parser)
    parser.add_argument("--format", choices=["text", "markdown", "json"], default="text")
    parser.add_argument("--with-text", action="store_true", help="add each page's text to the JSON")
    parser.add_argument("--output", type=Path, metavar="PATH", help="write to a file")
    add_export_to(parser)
    add_password_to(parser)
    parser.set_defaults(run=run)


def _add_wishes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        help="key-points needs no model; quick lets the model write from the best sentences; "
        "thorough lets it read everything, and goes on where it was stopped. "
        "Default: quick, or key-points where the model has fewer than 0.5 billion parameters or "
        "its check-up says that it does not summarise well",
    )
    parser.add_argument(
        "--length",
        choices=[length.value for length in Length],
        default=Length.MEDIUM.value,
        help="default: medium",
    )
    parser.add_argument(
        "--words",
        type=_words,
        metavar="N",
        help=f"about N words, in place of --length; at most {_MOST_WORDS:,}",
    )
    parser.add_argument(
        "--style",
        choices=[style.value for style in Style],
        default=Style.PARAGRAPHS.value,
        help="default: paragraphs",
    )
    parser.add_argument(
        "--language",
        type=_language,
        default="",
        metavar="CODE",
        help="such as en or de; default: the document's",
    )
    parser.add_argument(
        "--kind",
        choices=[kind.value for kind in Kind],
        default="",
        help="what the document is, for its key facts; default: recognised",
    )
    parser.add_argument(
        "--focus", type=typed, default="", metavar="TEXT", help="what matters most to you"
    )
    parser.add_argument("--model", metavar="NAME|PATH", help="an installed model, or a .gguf file")
    parser.add_argument(
        "--reproducible", action="store_true", help="the same text each time; slower"
    )
    parser.add_argument(
        "--ask-model",
        action="store_true",
        help="ask the model of each sentence whether its passages bear it out; models below 0.5 "
        "billion parameters are not asked",
    )


def _add_many(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--recursive", action="store_true", help="take the documents in folders, and in theirs"
    )
    parser.add_argument(
        "--digest", action="store_true", help="add one text over all files, with file and page"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="keep each file's result, and take those that a run with these options kept before",
    )


def _words(text: str) -> int:
    digits = text.lstrip("0")  # many more than these say no number that Python reads
    if not text.isdecimal() or not 1 <= len(digits) <= _DIGITS or int(digits) > _MOST_WORDS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {_MOST_WORDS:,}, not {text}")
    return int(digits)


def _language(text: str) -> str:
    code = text.lower().partition("-")[0]
    if text and not language_name(code):
        raise argparse.ArgumentTypeError(f"not the code of a language that is known here: {text}")
    return code


def run(options: argparse.Namespace) -> int:
    """Summarise each file in its order; one that fails does not stop the others."""
    work = workplace()
    with stop_on_interrupt() as cancel, SummaryRun(work, options, cancel) as job:
        files = inputs.found_in(options.files, is_recursive=options.recursive, cancel=cancel)
        results = Results(options, job.asked)
        failed = not files
        for number, path in enumerate(files):
            started_s = command_started_s() if number == 0 else time.perf_counter()
            try:
                document, summary = job.summarize(path, started_s)
                results.add(document, summary)
                if why := job.why_no_text(summary):
                    say(f"alcove: {path}: {why}.")
                    failed = True
            except (CannotWrite, NoSpace):
                raise
            except AssistantError as error:
                job.progress.close()
                _say_failure(error, path)
                results.add_failure(path, error)
                failed = True
            except Stopped:
                job.progress.close()
                if job.keeps:
                    say("alcove: stopped. The same command with --resume goes on where it was.")
                raise
        if options.digest and (results.files or results.failures):
            results.add_digest(job.digest(results.files, results.failures))
        results.finish()
    return Exit.FAILED if failed else Exit.DONE


def _say_failure(error: AssistantError, path: Path) -> None:
    if isinstance(error, DocumentError) and error.fault is FileFault.DIRECTORY:
        say(f"alcove: {path} is a folder: with --recursive the documents in it are taken.")
        return
    say_error(error, Path("standard input") if path == inputs.STANDARD_INPUT else path)
