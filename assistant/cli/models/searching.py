"""`alcove models search`: models on the hub that can run here."""

import argparse
import json
import re
from typing import Any

from assistant.cli.models import offer_words as words
from assistant.cli.models import outlook
from assistant.cli.models.outlook import Outlook
from assistant.cli.terminal import Exit, Stopped, say, stop_on_interrupt, write_result
from assistant.cli.workplace import workplace
from assistant.models.finding.architectures import Runnable
from assistant.models.finding.search import FoundModel, SearchQuery, SortBy, search
from assistant.wording import size

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([KMBT]?)", re.IGNORECASE)
_FACTORS = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_MOST = 1000  # models with --all: the hub allows some hundred questions in five minutes
_LARGE_PAGE = 100


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "search",
        help="search the hub for models that can run here",
        description="Search the hub for models in GGUF format, a page at a time. The hub learns "
        "this computer's address and what is searched for.",
    )
    parser.add_argument("words", metavar="WORDS", nargs="*", help="all of them are in the name")
    parser.add_argument(
        "--sort",
        choices=[str(one) for one in SortBy],
        default=str(SortBy.DOWNLOADS),
        help="the order (default: downloads)",
    )
    for bound, least in (("--min-params", "at least"), ("--max-params", "at most")):
        parser.add_argument(
            bound, type=number, default=0, metavar="N", help=f"{least} so many parameters: 9B, 500M"
        )
    parser.add_argument(
        "--licence", "--license", default="", metavar="ID", help="apache-2.0, mit, gemma …"
    )
    parser.add_argument("--language", default="", metavar="CODE", help="en, de, ar …")
    parser.add_argument("--author", default="", metavar="NAME", help="whose models")
    parser.add_argument("--task", default="", metavar="TASK", help="text-generation …")
    gate = parser.add_mutually_exclusive_group()
    gate.add_argument(
        "--not-gated", action="store_true", help="none that ask for agreement to terms first"
    )
    gate.add_argument("--gated", action="store_true", help="only those that do")
    parser.add_argument(
        "--page-size", type=_page_size, default=20, metavar="N", help="at once, up to 100"
    )
    pages = parser.add_mutually_exclusive_group()
    pages.add_argument("--page", default="", metavar="PAGE", help="next_page of the page before")
    pages.add_argument("--all", action="store_true", help=f"all pages, up to {_MOST:,} models")
    parser.add_argument("--endpoint", metavar="URL", help="a mirror of the hub")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=find_models)


def number(text: str) -> int:
    """Return "9B" as 9,000,000,000; for `argparse`."""
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        message = f"{text!r} is no number of parameters, such as 9B or 500M"
        raise argparse.ArgumentTypeError(message)
    return round(float(found[1]) * _FACTORS[found[2].upper()])


def _page_size(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _LARGE_PAGE:
        message = f"{text!r} is not from 1 to {_LARGE_PAGE}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def find_models(options: argparse.Namespace) -> int:
    """Ask the hub, and print what it finds."""
    work = workplace()
    hub = work.hub(options.endpoint or "")
    hub.refuse_if_closed()
    say(f"Asking {hub.host}: it learns this computer's address and what is searched for.")
    query = SearchQuery(
        words=" ".join(options.words),
        author=options.author,
        licence=options.licence,
        language=options.language,
        is_gated=True if options.gated else (False if options.not_gated else None),
        task=options.task,
        min_parameters=options.min_params,
        max_parameters=options.max_params,
        sort=SortBy(options.sort),
        page_size=_LARGE_PAGE if options.all else options.page_size,
    )
    found: list[FoundModel] = []
    page = options.page
    with stop_on_interrupt() as cancel:
        while True:
            answer = search(hub, query, page, cancel=cancel)
            if answer is None:
                raise Stopped
            found += answer.models
            page = answer.next_page
            if not options.all or not page or len(found) >= _MOST:
                break
    seen = Outlook(work.speeds)
    if options.format == "json":
        models = [facts(one) | {"forecast": outlook.facts(seen.of_found(one))} for one in found]
        told = {"endpoint": hub.endpoint, "models": models, "next_page": page}
        write_result(json.dumps(told, indent=2, ensure_ascii=False) + "\n", None)
        return Exit.DONE
    lines = [line for one in found for line in _lines(one, outlook.verdict(seen.of_found(one)))]
    write_result("\n".join(lines) + "\n" if lines else "", None)
    if not found:
        say("Nothing was found. Fewer words or filters find more.")
    elif page:
        say("There are more: --all shows them, --page-size more at once.")
    return Exit.DONE


def facts(model: FoundModel) -> dict[str, Any]:
    """Return what the JSON of `search` says of a model; docs/cli.md documents it."""
    return {
        "repo": model.repo,
        "title": model.title,
        "author": model.author,
        "parameters": model.parameters or None,
        "active_parameters": model.active_parameters or None,
        "architecture": model.architecture or None,
        "context_tokens": model.context_tokens or None,
        "size_estimate_bytes": model.size_bytes or None,
        "license": model.licence or None,
        "is_gated": model.is_gated,
        "languages": list(model.languages),
        "base_models": list(model.base_models),
        "downloads": model.downloads,
        "likes": model.likes,
        "created": model.created_at.isoformat() if model.created_at else None,
        "updated": model.updated_at.isoformat() if model.updated_at else None,
        "runs": str(model.runs),
        "warnings": [{"risk": str(one.risk), "detail": one.detail} for one in model.warnings],
    }


def _lines(model: FoundModel, verdict: str) -> list[str]:
    """Return a model's name, a line of facts and one for each reason to look twice."""
    is_known = model.runs is not Runnable.UNSUPPORTED_ARCHITECTURE
    told = (
        verdict if is_known else "",
        words.parameters(model.parameters),
        f"about {size(model.size_bytes)}" if model.size_bytes else "",
        model.licence or "no licence named",
        f"{model.downloads:,} downloads",
        words.day(model.updated_at),
        "asks for agreement first" if model.is_gated else "",
    )
    lines = [model.repo, "    " + " · ".join(one for one in told if one)]
    if not is_known:
        lines.append(f"    ! llama.cpp here does not know its architecture {model.architecture}")
    return lines + [f"    ! {words.risk(one)}" for one in model.warnings]
