"""A model's page on the hub: what it is, whose, under which terms, and its files to choose from."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from assistant.models.finding.architectures import Runnable, formats_of, is_runnable
from assistant.models.finding.catalog import catalog
from assistant.models.finding.file_groups import FileGroup, groups_of
from assistant.models.finding.licences import LicenceTerms, terms_of
from assistant.models.finding.questions import (
    CARD_LIMIT_BYTES,
    Told,
    card_of,
    discussions_of,
    facts_of,
    gguf_repos_of,
    template_of,
)
from assistant.models.finding.risks import Seen, risks_of
from assistant.models.finding.risks import Warning as Risky
from assistant.models.finding.sizes import active_parameters_in, parameters_in
from assistant.models.finding.tags import is_for_chat, title_of
from assistant.models.hub.answers import count, fields, moment, plain, text
from assistant.models.hub.client import Hub
from assistant.models.hub.errand import StoppedError

__all__ = ["FileGroup", "RemoteModel", "Runnable", "base_template", "look_up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteModel:
    """A model on the hub. 0, "" and None stand for what is not known.

    Attributes:
        repo: "owner/name".
        author: the owner.
        revision: the commit, which never changes.
        title: the name for people.
        card: the model card as Markdown, without its front matter, bounded; not to be trusted.
        licence: the hub's identifier.
        licence_terms: what it allows.
        is_gated: it asks for agreement first.
        gate: "" for none, "auto" if agreeing is enough, "manual" if the publisher decides.
        base_models: what it was made from.
        parameters: all of them.
        active_parameters: of a mixture of experts, those used for a token; else 0.
        architecture: llama.cpp's name, or that of the original's library.
        context_tokens: what it was trained for.
        chat_template: as the header of one of its files says.
        base_template: that of the model it was made from; "" if it has none, None if it was not
            asked for or could not be had.
        languages: ISO 639-1.
        library: "gguf", "transformers" … as the hub says.
        pipeline: the hub's task, "text-generation" …
        tags: the hub's own.
        downloads: in the last 30 days.
        likes: by people of the hub.
        discussions: how many, open and closed; -1 if not known.
        created_at, updated_at: of the repository.
        files: to choose from, the recommended one first.
        warnings: reasons to look twice.
        runs: whether llama.cpp can run it.
        gguf_repos: repositories with GGUF files made from it, if it has none.
        formats: what it holds where it has no GGUF, "PyTorch", "ONNX" …
    """

    repo: str
    author: str
    revision: str
    title: str
    licence_terms: LicenceTerms
    card: str = ""
    licence: str = ""
    is_gated: bool = False
    gate: str = ""
    base_models: tuple[str, ...] = ()
    parameters: int = 0
    active_parameters: int = 0
    architecture: str = ""
    context_tokens: int = 0
    chat_template: str = ""
    base_template: str | None = None
    languages: tuple[str, ...] = ()
    library: str = ""
    pipeline: str = ""
    tags: tuple[str, ...] = ()
    downloads: int = 0
    likes: int = 0
    discussions: int = -1
    created_at: datetime | None = None
    updated_at: datetime | None = None
    files: tuple[FileGroup, ...] = ()
    warnings: tuple[Risky, ...] = ()
    runs: Runnable = Runnable.YES
    gguf_repos: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


def look_up(
    hub: Hub,
    repo: str,
    revision: str | None = None,
    *,
    compares_template: bool = False,
    cancel: threading.Event,
) -> RemoteModel | None:
    """Ask a hub for a model's page: three requests, one more where it has no GGUF file.

    Args:
        hub: whom.
        repo: "owner/name".
        revision: a branch, tag or commit; None for the newest.
        compares_template: also ask for the base model's chat template, to compare.
        cancel: stops it.

    Returns:
        The model; None if it was stopped.

    Raises:
        HubError: there is no such model, or the hub gave no answer.
        NetworkClosed: "Never connect" is on.
    """
    try:
        told = facts_of(hub, repo, revision, cancel)
        return _look_further(hub, told, compares_template=compares_template, cancel=cancel)
    except StoppedError:
        return None


def base_template(hub: Hub, repo: str, *, cancel: threading.Event) -> str | None:
    """Return the chat template that a hub knows of a model, such as the base of another.

    One request, a second one where the template has a file of its own.

    Returns:
        The template; "" if it has none; None if it was stopped, or the hub does not give it.

    Raises:
        NetworkClosed: "Never connect" is on.
    """
    try:
        return template_of(hub, repo, cancel)
    except StoppedError:
        return None


def _look_further(
    hub: Hub, told: Told, *, compares_template: bool, cancel: threading.Event
) -> RemoteModel:
    """Ask what the first answer does not tell, at once, and put all together."""
    has_files = bool(groups_of(told.files))
    base = told.base_models[0] if compares_template and told.base_models else ""
    with ThreadPoolExecutor(max_workers=4, thread_name_prefix="hub") as pool:
        card = pool.submit(card_of, hub, told, cancel)
        talk = pool.submit(discussions_of, hub, told.repo, cancel)
        made = None if has_files else pool.submit(gguf_repos_of, hub, told.repo, cancel)
        original = pool.submit(template_of, hub, base, cancel) if base else None
    return _put_together(
        told,
        card=card.result(),
        discussions=talk.result(),
        gguf_repos=made.result() if made else (),
        base_template=original.result() if original else None,
    )


def _put_together(
    told: Told,
    *,
    card: str | None,
    discussions: int,
    gguf_repos: tuple[str, ...],
    base_template: str | None,
) -> RemoteModel:
    """Return the model's page from all answers."""
    facts = told.facts
    header = fields(facts.get("gguf"))
    author, _, name = told.repo.rpartition("/")
    architecture = text(header.get("architecture"))
    parameters = (
        count(header.get("total"))
        or count(fields(facts.get("safetensors")).get("total"))
        or parameters_in(name)
    )
    files = groups_of(told.files, parameters)
    template = header.get("chat_template")
    template = template[:CARD_LIMIT_BYTES] if isinstance(template, str) else ""
    task = text(facts.get("pipeline_tag"))
    library = text(facts.get("library_name"))
    seen = Seen(
        author=author,
        name=name,
        licence=told.licence,
        base_models=told.base_models,
        chat_template=template if files and header else None,
        card=card,
        base_template=base_template,
        discussions=discussions,
        downloads=count(facts.get("downloads")),
        shown=told.names,
        is_for_chat=is_for_chat(task, told.tags, architecture),
    )
    return RemoteModel(
        repo=told.repo,
        author=author,
        revision=told.revision,
        title=title_of(name, told.base_models),
        licence_terms=terms_of(told.licence),
        card=plain(card or ""),
        licence=told.licence,
        is_gated=bool(facts.get("gated")),
        gate=_gate(facts.get("gated")),
        base_models=told.base_models,
        parameters=parameters,
        active_parameters=active_parameters_in(name) or _active_of(told.base_models),
        architecture=architecture or text(fields(facts.get("config")).get("model_type")),
        context_tokens=count(header.get("context_length")),
        chat_template=template,
        base_template=base_template,
        languages=told.languages,
        library=library,
        pipeline=task,
        tags=told.tags,
        downloads=count(facts.get("downloads")),
        likes=count(facts.get("likes")),
        discussions=discussions,
        created_at=moment(facts.get("createdAt")),
        updated_at=moment(facts.get("lastModified")),
        files=files,
        warnings=risks_of(seen),
        runs=_runs(files, architecture),
        gguf_repos=gguf_repos,
        formats=() if files else formats_of(told.names, (*told.tags, library)),
    )


def _gate(told: object) -> str:
    """Return how a gated model is given; a way we do not know may take a publisher's word."""
    if not told:
        return ""
    return "auto" if told == "auto" else "manual"


def _runs(files: tuple[FileGroup, ...], architecture: str) -> Runnable:
    if not files:
        return Runnable.NO_GGUF
    return Runnable.YES if is_runnable(architecture) else Runnable.UNSUPPORTED_ARCHITECTURE


def _active_of(bases: tuple[str, ...]) -> int:
    """Return the active parameters of a mixture by the names of its originals, or the catalog."""
    listed = {model.base_model.lower(): model.active_parameters or "" for model in catalog()}
    for base in bases:
        if active := active_parameters_in(base) or parameters_in(listed.get(base.lower(), "")):
            return active
    return 0
