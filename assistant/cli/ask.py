"""`alcove ask`: a question about documents, answered with the pages behind each sentence."""

import argparse
import json
from pathlib import Path
from typing import Any

from assistant.cli import inputs
from assistant.cli.answers import answer_data, answer_parts, passage_parts
from assistant.cli.ask_run import AskRun
from assistant.cli.documents import add_password_to
from assistant.cli.quick import typed
from assistant.cli.terminal import Exit, say, stop_on_interrupt, write_result
from assistant.cli.workplace import workplace
from assistant.conversations.asking.answer import Answer
from assistant.summaries.exporting.markdown import write_markdown
from assistant.summaries.exporting.text import write_text


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "ask",
        usage='alcove ask FILE… "QUESTION" [options]',
        help="a question about documents, answered with its pages",
        description="Answer a question from documents, with the page behind every sentence, or say "
        "that they do not tell. FILE may be a folder, or - for standard input. Nothing leaves this "
        "computer.",
    )
    parser.add_argument(
        "words", nargs="+", metavar="FILE… QUESTION", help="documents or folders, then the question"
    )
    parser.add_argument(
        "--passages-only", action="store_true", help="only find the passages, without a model"
    )
    parser.add_argument("--model", metavar="NAME|PATH", help="an installed model, or a .gguf file")
    parser.add_argument(
        "--embedding-model",
        metavar="NAME|PATH",
        help="find passages by meaning, too; default: the installed embedding model, if any",
    )
    parser.add_argument(
        "--own-words",
        action="store_true",
        help="let the model write also if it has fewer than 0.5 billion parameters; by itself so "
        "small a model gives way to the documents' own sentences",
    )
    parser.add_argument(
        "--insist", action="store_true", help="answer also if no passage is close to the question"
    )
    parser.add_argument("--format", choices=["text", "markdown", "json"], default="text")
    parser.add_argument("--output", type=Path, metavar="PATH", help="write to a file")
    parser.add_argument(
        "--save", action="store_true", help="keep question, answer and documents as a chat"
    )
    add_password_to(parser)
    parser.set_defaults(run=run, parser=parser)


def run(options: argparse.Namespace) -> int:
    """Answer one question about the documents; a file that fails does not stop the others."""
    *named, question = options.words
    if not named or not question.strip():
        say('alcove: name the documents first, then the question: alcove ask FILE… "QUESTION".')
        return Exit.USAGE
    if _is_file(question):
        say(f"alcove: the question is missing: {question} is a file. It comes last.")
        return Exit.USAGE
    question = typed(question)
    with stop_on_interrupt() as cancel, AskRun(workplace(), options, cancel) as job:
        paths = inputs.found_in([Path(name) for name in named], is_recursive=True, cancel=cancel)
        job.read(paths)
        if not job.documents:
            return Exit.FAILED
        answer = job.find(question) if options.passages_only else job.answer(question)
        write_result(_told(answer, job, options), options.output)
    return Exit.FAILED if job.has_failed else Exit.DONE


def _is_file(words: str) -> bool:
    try:
        return Path(words).exists()
    except (OSError, ValueError):  # too long for a file's name, or with a NUL in it
        return False


def _told(answer: Answer, job: AskRun, options: argparse.Namespace) -> str:
    if options.format == "json":
        data = answer_data(answer, job.model_used(answer))
        return json.dumps(data, ensure_ascii=False) + "\n"
    documents = [one.document for one in job.documents]
    if options.passages_only:
        parts = passage_parts(answer, has_many=len(documents) > 1)
    else:
        parts = answer_parts(answer, documents)
    return write_markdown(parts) if options.format == "markdown" else write_text(parts)
