"""A model that is here, as its file, its record and the person tell it."""

from dataclasses import dataclass, field
from pathlib import Path

from assistant.gguf import GgufHeader, whole_name
from assistant.models.files.record import ModelRecord
from assistant.models.keeping.details import HubLook, ModelDetails, plain_line
from assistant.settings import LoadWishes


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledModel:
    """A model that can be loaded.

    Attributes:
        name: the file's name without `.gguf`, and without the number of a part; among models of
            the same name, and for files of other apps, with what tells them apart.
        path: the file; of a model cut into parts the first.
        size_bytes: its length, or the sum of its parts'.
        parameters: how many it has.
        quantization: "Q4_K_M" …
        architecture: "llama" …
        context_tokens: the context it was trained for; 0 if it does not say.
        has_chat_template: whether it can converse; a base model only continues text, unless the
            person gave it a template.
        sha256: of its bytes; "" if nobody has summed them up.
        repo: where it came from, or "".
        revision: the commit it came from, or "".
        file: its path in the repository, or "".
        endpoint: the hub that it came from, or "".
        licence: its licence when it was downloaded, or "".
        title: the person's name for it, or "".
        note: what the person noted, or "".
        origin: the app whose file it is, or the further folder that it is in; "" for ours.
        is_ours: whether Alcove may delete it.
        wishes: how the person wants it to be loaded.
        look: what the hub was last seen to say of it.
        replaces: the name of the older revision that is kept beside it, or "".
        is_for_embeddings: it turns texts into vectors, and does not write.
        is_starter: it came with the app.
        is_verified: its bytes are those that the hub, or the app itself, names.
    """

    name: str
    path: Path
    size_bytes: int
    parameters: int
    quantization: str
    architecture: str
    context_tokens: int
    has_chat_template: bool
    sha256: str = ""
    repo: str = ""
    revision: str = ""
    file: str = ""
    endpoint: str = ""
    licence: str = ""
    title: str = ""
    note: str = ""
    origin: str = ""
    is_ours: bool = True
    wishes: LoadWishes = field(default_factory=LoadWishes)
    look: HubLook = field(default_factory=HubLook)
    replaces: str = ""
    is_for_embeddings: bool = False
    is_starter: bool = False
    is_verified: bool = False

    @property
    def shown_name(self) -> str:
        """What to call it before the person."""
        return self.title or self.name


_NO_RECORD = ModelRecord(size_bytes=0, sha256="")
_NO_DETAILS = ModelDetails()


def describe(
    header: GgufHeader,
    record: ModelRecord | None,
    details: ModelDetails = _NO_DETAILS,
    *,
    is_starter: bool = False,
) -> InstalledModel:
    """Return a model as its header, its record and the person tell it."""
    known = record or _NO_RECORD
    return InstalledModel(
        name=whole_name(header.path),
        path=header.path,
        size_bytes=header.file_bytes,
        parameters=header.parameters,
        quantization=header.quantization,
        architecture=header.architecture,
        context_tokens=header.context_length,
        has_chat_template=header.has_chat_template or bool(details.chat_template),
        is_for_embeddings=header.pooling > 0,
        sha256=known.sha256,
        repo=known.repo,
        revision=known.revision,
        file=known.file,
        endpoint=known.endpoint,
        licence=plain_line(known.licence or header.license),
        title=details.title,
        note=details.note,
        wishes=details.wishes,
        look=details.look,
        replaces=details.replaces,
        is_starter=is_starter,
        is_verified=known.is_verified,
    )
