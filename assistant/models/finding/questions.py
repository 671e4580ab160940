"""What is asked of a hub for a model's page, and what its answers say."""

import re
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from assistant.errors import HubError, HubFault
from assistant.models.finding.publishers import is_known
from assistant.models.finding.tags import base_models_in, languages_in, licence_in, name_of
from assistant.models.hub.answers import count, decoded, fields, items, text, texts
from assistant.models.hub.asking import ask
from assistant.models.hub.client import Hub, RemoteFile

CARD_LIMIT_BYTES = 256 * 1024
_REASON = "model page"
_FACTS_LIMIT_BYTES = 16 * 1024 * 1024  # the files of the largest repositories, with their sums
_LISTS_LIMIT_BYTES = 4 * 1024 * 1024
_MOST_FILES = 5000
_MOST_BASE_MODELS = 20
_ASKED_GGUF_REPOS, _MOST_GGUF_REPOS = 20, 5
_LONGEST_FILE_NAME = 400
_CARD = "README.md"
_TEMPLATE = "chat_template.jinja"
_FRONT_MATTER = re.compile(
    r"\A\s*---[ \t]*\r?\n.*?^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a hub tells of a repository first.

    Attributes:
        repo: "owner/name": where it is now, if it has moved.
        revision: the commit.
        facts: the answer's fields, as they came.
        files: its GGUF files.
        names: of all files.
        tags: the hub's.
        licence: the hub's identifier, or the name beside "other"; "" for none.
        base_models: what it was made from.
        languages: ISO 639-1, or as the card names them.
    """

    repo: str
    revision: str
    facts: dict[str, Any]
    files: tuple[RemoteFile, ...]
    names: tuple[str, ...]
    tags: tuple[str, ...]
    licence: str
    base_models: tuple[str, ...]
    languages: tuple[str, ...]


def facts_of(hub: Hub, repo: str, revision: str | None, cancel: threading.Event) -> Told:
    """Ask for a repository's facts, with the sizes of its files.

    Raises:
        HubError, NetworkClosed, StoppedError: see `ask`.
    """
    at = f"/revision/{quote(revision, safe='', errors='replace')}" if revision else ""
    answer = ask(
        hub,
        f"/api/models/{repo}{at}",
        {"blobs": "true"},
        reason=_REASON,
        limit_bytes=_FACTS_LIMIT_BYTES,
        repo=repo,
        cancel=cancel,
    )
    facts = fields(decoded(answer.content))
    commit = text(facts.get("sha"))
    if not commit or not isinstance(facts.get("siblings"), list):
        raise HubError(HubFault.NOT_A_HUB, hub.host, repo, detail="no files")
    name = name_of(facts)
    name = name if "/" in name and hub.is_name(name) else repo
    tags = texts(facts.get("tags"))
    card = fields(facts.get("cardData"))
    licence = _licence(card, tags)
    rows = [fields(row) for row in items(facts.get("siblings"), _MOST_FILES)]
    named = [row for row in rows if isinstance(row.get("rfilename"), str)]
    files = (_file(row, name, commit, licence, hub.endpoint) for row in named)
    return Told(
        repo=name,
        revision=commit,
        facts=facts,
        files=tuple(one for one in files if one is not None),
        names=tuple(row["rfilename"][:_LONGEST_FILE_NAME] for row in named),
        tags=tags,
        licence=licence,
        base_models=_base_models(card, tags),
        languages=texts(card.get("language")) or languages_in(tags),
    )


def card_of(hub: Hub, told: Told, cancel: threading.Event) -> str | None:
    """Ask for a model card; "" if there is none, None if it is not to be had."""
    if _CARD not in told.names:
        return ""
    content = _content(hub, told.repo, told.revision, _CARD, cancel)
    return None if content is None else _FRONT_MATTER.sub("", content, count=1)


def discussions_of(hub: Hub, repo: str, cancel: threading.Event) -> int:
    """Ask how many discussions there are, open and closed; -1 if that is not told."""
    try:
        answer = ask(
            hub,
            f"/api/models/{repo}/discussions",
            {"type": "discussion", "status": "all"},
            reason=_REASON,
            limit_bytes=_LISTS_LIMIT_BYTES,
            repo=repo,
            cancel=cancel,
        )
    except HubError:  # they can be turned off, and mirrors have none
        return -1
    told = fields(decoded(answer.content)).get("count")
    return count(told) if isinstance(told, int) else -1


def gguf_repos_of(hub: Hub, repo: str, cancel: threading.Event) -> tuple[str, ...]:
    """Ask which repositories have GGUF files made from this one, known publishers first."""
    wanted: dict[str, str | list[str]] = {
        "filter": ["gguf", f"base_model:quantized:{repo}"],
        "sort": "downloads",
        "limit": str(_ASKED_GGUF_REPOS),
        "expand": ["downloads"],
    }
    try:
        answer = ask(
            hub,
            "/api/models",
            wanted,
            reason=_REASON,
            limit_bytes=_LISTS_LIMIT_BYTES,
            cancel=cancel,
        )
    except HubError:
        return ()
    found = [name_of(fields(row)) for row in items(decoded(answer.content))]
    names = [name for name in found if "/" in name and hub.is_name(name) and name != repo]
    names.sort(key=lambda name: not is_known(name.partition("/")[0]))
    return tuple(names[:_MOST_GGUF_REPOS])


def template_of(hub: Hub, repo: str, cancel: threading.Event) -> str | None:
    """Ask for a model's chat template; "" if it has none, None if it is not to be had."""
    try:
        answer = ask(
            hub,
            f"/api/models/{repo}",
            {"expand": ["config", "gguf", "sha", "siblings"]},
            reason=_REASON,
            limit_bytes=_FACTS_LIMIT_BYTES,
            repo=repo,
            cancel=cancel,
        )
    except HubError:
        return None
    facts = fields(decoded(answer.content))
    rows = items(facts.get("siblings"), _MOST_FILES)
    if any(fields(row).get("rfilename") == _TEMPLATE for row in rows):
        # Where both are, the library that models are made with takes this one.
        return _content(hub, repo, text(facts.get("sha")) or "main", _TEMPLATE, cancel)
    config = fields(facts.get("config"))
    for told in (
        config.get("chat_template_jinja"),
        fields(config.get("tokenizer_config")).get("chat_template"),
        fields(facts.get("gguf")).get("chat_template"),
    ):
        if template := _template(told):
            return template
    return ""


def _template(told: Any) -> str:
    """Return a template, or the one called "default" of several."""
    if isinstance(told, list):
        named = {fields(one).get("name"): fields(one).get("template") for one in items(told)}
        told = named.get("default")
    return told[:CARD_LIMIT_BYTES] if isinstance(told, str) else ""


def _content(hub: Hub, repo: str, revision: str, file: str, cancel: threading.Event) -> str | None:
    """Ask for a small text file, cut where it is too long; None if it is not to be had."""
    try:
        answer = ask(
            hub,
            f"/{repo}/resolve/{quote(revision, safe='', errors='replace')}/{file}",
            reason=_REASON,
            limit_bytes=CARD_LIMIT_BYTES,
            is_cut=True,
            repo=repo,
            cancel=cancel,
        )
    except HubError:
        return None
    return answer.content.decode("utf-8", "replace")


def _file(
    row: dict[str, Any], repo: str, commit: str, licence: str, endpoint: str
) -> RemoteFile | None:
    """Return a GGUF file as the hub tells of it; None for another, or one of unknown size."""
    name = str(row["rfilename"])
    lfs = fields(row.get("lfs"))
    size_bytes = count(lfs.get("size")) or count(row.get("size"))
    if not name.lower().endswith(".gguf") or not size_bytes or len(name) > _LONGEST_FILE_NAME:
        return None
    return RemoteFile(
        repo=repo,
        file=name,
        revision=commit,
        size_bytes=size_bytes,
        sha256=text(lfs.get("sha256")).lower(),
        etag=text(row.get("blobId")),
        licence=licence,
        endpoint=endpoint,
    )


def _licence(card: dict[str, Any], tags: tuple[str, ...]) -> str:
    """Return the licence of the card, by its own name if it is none of the hub's."""
    named = (*texts(card.get("license")), licence_in(tags))
    licence = named[0]
    return (text(card.get("license_name")) or licence) if licence == "other" else licence


def _base_models(card: dict[str, Any], tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a model was made from: by the hub's tags, or else by the card alone."""
    named = (one for one in texts(card.get("base_model")) if one.count("/") == 1)
    return (base_models_in(tags) or tuple(named))[:_MOST_BASE_MODELS]
