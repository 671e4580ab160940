"""What a hub of ours says of its repositories, in the shapes of the real API.

The real one was read about in the client's source and in notes of others who asked it in 2026:
rows hold what `expand` names and else a few fields, sizes come with `blobs` alone, the cursor of
`Link` is opaque, `gguf` tells of one file, and filters are tags that must all be there.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from tests.models.hub.repos import RemoteContent, Repo

_LARGEST_PAGE = 1000
_SORTS: dict[str, Callable[[Repo], Any]] = {
    "downloads": lambda repo: repo.downloads,
    "likes": lambda repo: repo.likes,
    "trendingScore": lambda repo: repo.trending,
    "lastModified": lambda repo: repo.updated,
    "createdAt": lambda repo: repo.created,
}
_FACTORS = {"K": 10**3, "M": 10**6, "B": 10**9}
_ROW = ("likes", "private", "downloads", "tags", "pipeline_tag", "library_name", "createdAt")
_PAGE = (
    *("author", "sha", "lastModified", "createdAt", "private", "gated", "disabled", "downloads"),
    *("likes", "library_name", "pipeline_tag", "tags", "cardData", "config", "gguf"),
    *("safetensors", "siblings", "modelId"),
)


class BadRequestError(Exception):
    """The real hub would answer 400."""


def search(
    repos: list[Repo], query: dict[str, list[str]], endpoint: str
) -> tuple[list[dict[str, Any]], str]:
    """Return a page of rows, and the address of the next one."""
    found = [repo for repo in repos if repo.commits and _matches(repo, query)]
    sort = _one(query, "sort", "trendingScore")
    if sort not in _SORTS:
        raise BadRequestError(sort)
    found.sort(key=lambda repo: repo.name)
    found.sort(key=_SORTS[sort], reverse=True)
    limit = min(int(_one(query, "limit", "1000")), _LARGEST_PAGE)
    start = _read_cursor(_one(query, "cursor"))
    rows = [row(repo, query) for repo in found[start : start + limit]]
    if len(found) <= start + limit:
        return rows, ""
    further = query | {"cursor": [_cursor(start + limit)]}
    return rows, f"{endpoint}/api/models?{urlencode(further, doseq=True)}"


def row(repo: Repo, query: dict[str, list[str]]) -> dict[str, Any]:
    """Return what a list says of a repository."""
    wanted = query.get("expand") or query.get("expand[]") or list(_ROW)
    return _picked(repo, repo.head, wanted, has_sizes=False)


def page(repo: Repo, commit: str, query: dict[str, list[str]]) -> dict[str, Any]:
    """Return what the page of a repository says."""
    wanted = query.get("expand") or query.get("expand[]") or list(_PAGE)
    return _picked(repo, commit, wanted, has_sizes=_one(query, "blobs") in {"true", "True", "1"})


def discussions(repo: Repo, query: dict[str, list[str]]) -> dict[str, Any]:
    """Return a page of discussions with their number."""
    titles = repo.discussions or []
    start = 50 * int(_one(query, "p", "0"))
    return {
        "discussions": [
            {
                "num": start + place + 1,
                "author": {"name": "somebody", "type": "user"},
                "repo": {"name": repo.name, "type": "model"},
                "title": title,
                "status": "open",
                "createdAt": "2026-02-01T00:00:00.000Z",
                "isPullRequest": False,
                "numComments": 1,
                "pinned": False,
            }
            for place, title in enumerate(titles[start : start + 50])
        ],
        "count": len(titles),
        "start": start,
        "numClosedDiscussions": 0,
    }


def tree_entry(name: str, one: RemoteContent) -> dict[str, Any]:
    """Return what the tree says of a file."""
    entry: dict[str, Any] = {
        "type": "file",
        "path": name,
        "size": one.size_bytes,
        "oid": one.blob_id,
    }
    if one.is_lfs:
        entry["lfs"] = {"oid": one.sha256, "size": one.size_bytes, "pointerSize": 135}
    return entry


def _matches(repo: Repo, query: dict[str, list[str]]) -> bool:
    words = _one(query, "search").casefold().split()
    author, gated, task = (_one(query, name) for name in ("author", "gated", "pipeline_tag"))
    return (
        all(word in repo.name.casefold() for word in words)
        and set(query.get("filter", [])) <= set(repo.all_tags())
        and author in {"", repo.author}
        and (not gated or (gated == "true") == bool(repo.gated))
        and task in {"", repo.pipeline}
        and _is_of_size(repo, _one(query, "num_parameters"))
    )


def _is_of_size(repo: Repo, bounds: str) -> bool:
    for bound in filter(None, bounds.split(",")):
        name, _, number = bound.partition(":")
        factor = _FACTORS.get(number[-1:], 1)
        limit = int(number.rstrip("KMB")) * factor  # whole numbers, as the hub's pages write them
        if name not in {"min", "max"}:
            raise BadRequestError(bounds)
        if not repo.parameters or (
            repo.parameters < limit if name == "min" else repo.parameters > limit
        ):
            return False
    return True


def _picked(repo: Repo, commit: str, wanted: list[str], *, has_sizes: bool) -> dict[str, Any]:
    card = {"license": repo.licence, "language": list(repo.languages), **repo.card_data}
    if repo.base_models:
        card["base_model"] = list(repo.base_models)
    facts: dict[str, Any] = {
        "modelId": repo.name,
        "author": repo.author,
        "sha": commit,
        "lastModified": repo.updated,
        "createdAt": repo.created,
        "private": False,
        "gated": repo.gated or False,
        "disabled": False,
        "downloads": repo.downloads,
        "likes": repo.likes,
        "trendingScore": repo.trending,
        "library_name": repo.library or None,
        "pipeline_tag": repo.pipeline or None,
        "tags": repo.all_tags(),
        "cardData": {name: value for name, value in card.items() if value},
        "config": repo.config,
        "gguf": repo.gguf,
        "safetensors": repo.safetensors,
        "baseModels": {
            "relation": repo.relation,
            "models": [{"_id": _id(base), "id": base} for base in repo.base_models],
        },
        "siblings": [
            {"rfilename": name, **(_sizes(one) if has_sizes else {})}
            for name, one in repo.commits[commit].items()
        ],
    }
    unknown = set(wanted) - set(facts)
    if unknown:
        raise BadRequestError(unknown)
    told = {name: facts[name] for name in wanted if facts[name] is not None}
    return {"_id": _id(repo.name), "id": repo.name, **told}


def _sizes(one: RemoteContent) -> dict[str, Any]:
    facts: dict[str, Any] = {"size": one.size_bytes, "blobId": one.blob_id}
    if one.is_lfs:
        facts["lfs"] = {"sha256": one.sha256, "size": one.size_bytes, "pointerSize": 135}
    return facts


def _id(name: str) -> str:
    return hashlib.md5(name.encode()).hexdigest()[:24]


def _cursor(start: int) -> str:
    return base64.b64encode(json.dumps({"start": start}).encode()).decode()


def _read_cursor(cursor: str) -> int:
    try:
        return int(json.loads(base64.b64decode(cursor))["start"]) if cursor else 0
    except (ValueError, KeyError) as error:
        raise BadRequestError(cursor) from error


def _one(query: dict[str, list[str]], name: str, default: str = "") -> str:
    return query.get(name, [default])[0]
