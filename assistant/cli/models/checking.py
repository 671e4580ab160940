"""`alcove models check` and `compare`: what models can do, measured on this computer."""

import argparse
import json
from pathlib import Path
from typing import Any

from assistant.checkups.advising import advise
from assistant.checkups.card import ScoreCard, Size
from assistant.checkups.comparing import facts, plot_points, ranked, to_csv, to_json
from assistant.checkups.keeping import keep
from assistant.checkups.languages import LANGUAGES, asked_first
from assistant.checkups.progress import Answered, CheckProgress
from assistant.checkups.quality import check
from assistant.cli.checkup_words import STAGES, card_in_words, table_in_words
from assistant.cli.scatter import scatter_svg
from assistant.cli.terminal import Exit, Progress, Stopped, say, stop_on_interrupt, write_result
from assistant.cli.workplace import Workplace, workplace
from assistant.engine.client import Engine
from assistant.engine.wishes import wished
from assistant.models.keeping.defaults import Task
from assistant.models.keeping.installed import InstalledModel

_MOST_MINUTES = 120
_NOTE = "Right answers of the check-up with their 95% interval; areas are file sizes"


def add_to(actions: Any) -> None:
    """Add both actions to the `argparse` subparsers of `alcove models`."""
    one = actions.add_parser(
        "check",
        help="what a model can do and how fast it is here, in minutes, offline",
        description="Ask a model questions whose answers can be checked, in several languages, "
        "and measure its speed, memory and energy on this computer. It takes about four minutes, "
        "and does best when nothing else runs. Nothing is sent anywhere.",
    )
    one.add_argument("model", metavar="NAME|PATH", help="an installed model, or a .gguf file")
    one.add_argument("--quick", action="store_true", help="fewer questions, in about a minute")
    one.add_argument("--seed", type=int, default=1, metavar="N", help="of names and numbers")
    one.add_argument(
        "--language", choices=LANGUAGES, default="en", help="your own: half of the questions"
    )
    one.add_argument(
        "--minutes", type=_minutes, default=0.0, metavar="N", help="time for the questions"
    )
    one.add_argument("--answers", action="store_true", help="tell each answer on standard error")
    one.set_defaults(run=check_model)
    all_ = actions.add_parser("compare", help="the models that were checked, side by side")
    all_.set_defaults(run=compare_models)
    for parser in (one, all_):
        parser.add_argument("--format", choices=["text", "json", "csv"], default="text")
        parser.add_argument(
            "--plot", type=Path, metavar="FILE.svg", help="draw speed against quality"
        )


def check_model(options: argparse.Namespace) -> int:
    """Check one model up, keep its card and print it."""
    if not _is_picture(options.plot):
        return Exit.USAGE
    work = workplace()
    model = work.models.find(options.model)
    card = _check(work, model, options)
    keep(card, model.path, work.cards, work.speeds)
    if options.plot:
        _draw(work.cards.all(), options.plot)
    if options.format == "json":
        write_result(json.dumps(facts(card), ensure_ascii=False) + "\n", None)
    elif options.format == "csv":
        write_result(to_csv([card]), None)
    else:
        advice = [one for task in (Task.CHAT, Task.SUMMARIES) for one in advise(task, [card])]
        write_result(card_in_words(card, advice), None)
    return Exit.DONE


def compare_models(options: argparse.Namespace) -> int:
    """Print all cards, the best model first."""
    if not _is_picture(options.plot):
        return Exit.USAGE
    cards = ranked(workplace().cards.all())
    if options.plot:
        _draw(cards, options.plot)
    if options.format == "json":
        write_result(to_json(cards), None)
    elif options.format == "csv":
        write_result(to_csv(cards), None)
    elif cards:
        write_result(table_in_words(cards), None)
    else:
        say("No model was checked yet. alcove models check NAME does it.")
    return Exit.DONE


def _check(work: Workplace, model: InstalledModel, options: argparse.Namespace) -> ScoreCard:
    # One of its own: nothing else is in its memory.
    engine = Engine(
        log=work.folders.logs / "engine.log", crash_record=work.folders.data / "crashes.json"
    )
    progress = Progress()
    card: ScoreCard | None = None
    with stop_on_interrupt() as cancel:
        try:
            for event in check(
                engine,
                model.path,
                wished(work.settings, model.wishes),
                name=model.name,
                sha256=model.sha256,
                seed=options.seed,
                size=Size.QUICK if options.quick else Size.FULL,
                languages=asked_first(options.language),
                questions_s=60 * options.minutes,
                cancel=cancel,
            ):
                if isinstance(event, ScoreCard):
                    card = event
                else:
                    _show(event, progress, has_answers=options.answers)
        finally:
            progress.close()
            engine.close()
        if cancel.is_set() or card is None:
            raise Stopped
    return card


def _show(event: CheckProgress, progress: Progress, *, has_answers: bool) -> None:
    if event.answered and has_answers:
        progress.close()
        _say_answer(event.answered)
    progress.show(STAGES[event.stage], round(event.done), round(event.total), unit="s")


def _say_answer(answered: Answered) -> None:
    verdicts = ", ".join(
        f"{ability}: {'right' if is_right else 'wrong'}" for ability, is_right in answered.verdicts
    )
    say(f"[{answered.language}] {verdicts}")
    for label, words in (
        ("asked", answered.question),
        ("right would be", answered.expected),
        ("answered", answered.reply),
    ):
        say(f"  {label}: {' '.join(words.split())}")


def _draw(cards: tuple[ScoreCard, ...], path: Path) -> None:
    picture = scatter_svg("Speed against quality on this computer", _NOTE, plot_points(cards))
    write_result(picture, path)


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes <= _MOST_MINUTES:
        raise argparse.ArgumentTypeError(f"not a number of minutes up to {_MOST_MINUTES}: {text}")
    return minutes


def _is_picture(path: Path | None) -> bool:
    if path is None or path.suffix.lower() == ".svg":
        return True
    say("alcove: --plot takes the name of a picture that ends in .svg.")
    return False
