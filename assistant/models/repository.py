"""A model's page on the hub: what it is, whose, under which terms, and its files to choose from."""

from dataclasses import dataclass
from datetime import datetime

from assistant.models.architectures import Runnable
from assistant.models.hub import RemoteFile
from assistant.models.licences import LicenceTerms
from assistant.models.risks import Warning as Risky
from assistant.quantizations import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGroup:
    """One choice among a repository's files: a file, or the parts of one.

    Attributes:
        file: the only or the first one; a download asks for it.
        files: all, in order.
        quantization: "Q4_K_M" …, as the name says; "" if it does not.
        size_bytes: of all files together.
        grade: how small, how good.
        is_recommended: the one to take on this computer, if there is no other wish.
    """

    file: str
    files: tuple[RemoteFile, ...]
    quantization: str
    size_bytes: int
    grade: Grade
    is_recommended: bool = False


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
