"""Searching the hub for models that run here: GGUF files, a page at a time."""

import threading
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from assistant.errors import HubError, HubFault
from assistant.models.finding.architectures import Runnable, is_runnable
from assistant.models.finding.risks import Seen, risks_of
from assistant.models.finding.risks import Warning as Risky
from assistant.models.finding.sizes import active_parameters_in, parameters_in, usual_size
from assistant.models.finding.tags import (
    base_models_in,
    is_for_chat,
    languages_in,
    licence_in,
    name_of,
    title_of,
)
from assistant.models.hub.answers import count, decoded, fields, moment, text, texts
from assistant.models.hub.asking import ask
from assistant.models.hub.client import Hub
from assistant.models.hub.errand import StoppedError


class SortBy(StrEnum):
    """In which order models are found."""

    TRENDING = "trending"
    DOWNLOADS = "downloads"
    LIKES = "likes"
    UPDATED = "updated"
    CREATED = "created"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What to look for.

    Attributes:
        words: to be found in the name; may be "".
        author: whose models, exactly as the hub writes the name.
        licence: the hub's identifier, "apache-2.0" …
        language: ISO 639-1, "de" …
        is_gated: only those that ask for agreement first (True), only others (False), or both.
        task: the hub's task, "text-generation", "feature-extraction" …
        min_parameters: at least so many; 0 for any.
        max_parameters: at most so many; 0 for any.
        sort: the order, always descending.
        page_size: how many at once, from 1 to 100.
    """

    words: str = ""
    author: str = ""
    licence: str = ""
    language: str = ""
    is_gated: bool | None = None
    task: str = ""
    min_parameters: int = 0
    max_parameters: int = 0
    sort: SortBy = SortBy.DOWNLOADS
    page_size: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundModel:
    """What the list says of a model. 0, "" and None stand for what it does not say.

    Attributes:
        repo: "owner/name".
        author: the owner.
        title: the name for people, without the owner and "GGUF".
        downloads: in the last 30 days.
        likes: by people of the hub.
        updated_at: the last change of any file.
        created_at: when the repository was made.
        licence: the hub's identifier.
        is_gated: it asks for agreement first.
        parameters: all of them, by a file's header or by the name.
        active_parameters: of a mixture of experts, those used for a token, by the name; else 0.
        architecture: llama.cpp's name, "qwen3" …
        context_tokens: what the header of one of its files says.
        languages: ISO 639-1, as the card lists them.
        base_models: what it was made from.
        size_bytes: about what a file in the usual format has, by the number of parameters: the
            list tells no sizes. To be called an estimate.
        tags: the hub's own.
        warnings: reasons to look twice that the list itself shows.
        runs: whether llama.cpp knows its architecture.
    """

    repo: str
    author: str
    title: str
    downloads: int = 0
    likes: int = 0
    updated_at: datetime | None = None
    created_at: datetime | None = None
    licence: str = ""
    is_gated: bool = False
    parameters: int = 0
    active_parameters: int = 0
    architecture: str = ""
    context_tokens: int = 0
    languages: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    size_bytes: int = 0
    tags: tuple[str, ...] = ()
    warnings: tuple[Risky, ...] = ()
    runs: Runnable = Runnable.YES


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of what was found.

    Attributes:
        models: in the order asked for.
        next_page: to be given to `search` for the next page; "" at the end.
    """

    models: tuple[FoundModel, ...]
    next_page: str = ""


_REASON = "model search"
_LIMIT_BYTES = 8 * 1024 * 1024  # a page of 100 models with their chat templates has about 1
_LARGEST_PAGE = 100
_LONGEST_WORDS = 200
_FIRST_PAGE = "/api/models"
_SORTS = {
    SortBy.TRENDING: "trendingScore",
    SortBy.DOWNLOADS: "downloads",
    SortBy.LIKES: "likes",
    SortBy.UPDATED: "lastModified",
    SortBy.CREATED: "createdAt",
}
_TOLD = ["author", "createdAt", "downloads", "gated", "gguf", "lastModified", "likes"]
_TOLD += ["pipeline_tag", "tags"]


def search(
    hub: Hub, query: SearchQuery, page: str = "", *, cancel: threading.Event
) -> SearchPage | None:
    """Ask a hub for models with GGUF files. One request, no more.

    Args:
        hub: whom.
        query: what to look for.
        page: `next_page` of the page before; "" for the first one.
        cancel: stops it.

    Returns:
        A page of models; None if it was stopped.

    Raises:
        HubError: the hub gave no answer.
        NetworkClosed: "Never connect" is on.
    """
    if page and not (page.isascii() and page.startswith(f"{_FIRST_PAGE}?")):
        raise HubError(HubFault.REFUSED, hub.host, detail="page")
    try:
        answer = ask(
            hub,
            page or _FIRST_PAGE,
            None if page else _parameters(query),
            reason=_REASON,
            limit_bytes=_LIMIT_BYTES,
            cancel=cancel,
        )
    except StoppedError:
        return None
    rows = decoded(answer.content)
    if not isinstance(rows, list):
        raise HubError(HubFault.NOT_A_HUB, hub.host, detail="no list")
    found = (_found(fields(row)) for row in rows[:_LARGEST_PAGE])
    return SearchPage(
        models=tuple(one for one in found if _is_wanted(one, query, hub)),
        next_page=answer.next_page if answer.next_page != page else "",
    )


def _parameters(query: SearchQuery) -> dict[str, str | list[str]]:
    """Return a query as the hub's API takes it (the parameters of `HfApi.list_models`)."""
    filters = ["gguf"]
    if language := text(query.language):
        filters.append(language.lower())
    if licence := text(query.licence):
        filters.append(f"license:{licence.lower()}")
    wanted: dict[str, str | list[str]] = {
        "filter": filters,
        "sort": _SORTS[query.sort],
        "limit": str(max(1, min(query.page_size, _LARGEST_PAGE))),
        "expand": _TOLD,
    }
    if words := text(query.words, _LONGEST_WORDS):
        wanted["search"] = words
    if author := text(query.author):
        wanted["author"] = author
    if query.is_gated is not None:
        wanted["gated"] = "true" if query.is_gated else "false"
    if task := text(query.task):
        wanted["pipeline_tag"] = task
    bounds = {"min": query.min_parameters, "max": query.max_parameters}
    if any(bounds.values()):
        wanted["num_parameters"] = ",".join(
            f"{name}:{_short(bound)}" for name, bound in bounds.items() if bound
        )
    return wanted


def _short(parameters: int) -> str:
    """Return a number of parameters as the hub writes it, "9B", "1500M"; whole ones only."""
    for factor, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if parameters % factor == 0:
            return f"{parameters // factor}{letter}"
    return str(parameters)


def _found(row: dict[str, Any]) -> FoundModel:
    """Return what a row of the list says."""
    repo = name_of(row)
    author, _, name = repo.rpartition("/")
    tags = texts(row.get("tags"))
    header = fields(row.get("gguf"))
    bases = base_models_in(tags)
    licence = licence_in(tags)
    architecture = text(header.get("architecture"))
    parameters = count(header.get("total")) or parameters_in(name)
    template = header.get("chat_template")
    seen = Seen(
        author=author,
        name=name,
        licence=licence,
        base_models=bases,
        chat_template=(template if isinstance(template, str) else "") if header else None,
        is_for_chat=is_for_chat(text(row.get("pipeline_tag")), tags, architecture),
    )
    return FoundModel(
        repo=repo,
        author=author,
        title=title_of(name, bases),
        downloads=count(row.get("downloads")),
        likes=count(row.get("likes")),
        updated_at=moment(row.get("lastModified")),
        created_at=moment(row.get("createdAt")),
        licence=licence,
        is_gated=bool(row.get("gated")),
        parameters=parameters,
        active_parameters=active_parameters_in(name),
        architecture=architecture,
        context_tokens=count(header.get("context_length")),
        languages=languages_in(tags),
        base_models=bases,
        size_bytes=usual_size(parameters),
        tags=tags,
        warnings=risks_of(seen),
        runs=Runnable.YES if is_runnable(architecture) else Runnable.UNSUPPORTED_ARCHITECTURE,
    )


def _is_wanted(found: FoundModel, query: SearchQuery, hub: Hub) -> bool:
    """Return whether a row is a repository, and of the size asked for: mirrors ignore filters."""
    if not found.author or not hub.is_name(found.repo):
        return False
    if not found.parameters:
        return True
    most = query.max_parameters or found.parameters
    return query.min_parameters <= found.parameters <= most
