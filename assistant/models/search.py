"""Searching the hub for models that run here: GGUF files, a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.models.risks import Warning as Risky


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
        parameters: how many.
        architecture: llama.cpp's name, "qwen3" …
        context_tokens: what the header of one of its files says.
        languages: ISO 639-1, as the card lists them.
        base_models: what it was made from.
        size_bytes: of the one file that the hub looked into; 0 if it does not say.
        tags: the hub's own.
        warnings: reasons to look twice that the list itself shows.
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
    architecture: str = ""
    context_tokens: int = 0
    languages: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    size_bytes: int = 0
    tags: tuple[str, ...] = ()
    warnings: tuple[Risky, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of what was found.

    Attributes:
        models: in the order asked for.
        next_page: to be given to `search` for the next page; "" at the end.
    """

    models: tuple[FoundModel, ...]
    next_page: str = ""
