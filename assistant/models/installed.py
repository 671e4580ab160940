"""The models that are here: a folder of `.gguf` files, and the starter that came with the app."""

import functools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import msgspec

from assistant.errors import CannotWrite, ModelError, ModelFault, ModelNotFound
from assistant.fit import total_memory_bytes
from assistant.gguf import GgufHeader, files_of, is_later_part, read_header, whole_name
from assistant.models.adding import CopyProgress, copy_in
from assistant.models.names import is_safe
from assistant.models.record import ModelRecord, read_record, record_path
from assistant.paths import resource, writing_error

# Beside its weights a model needs room for what it remembers, and the system for itself.
_SHARE_OF_MEMORY = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledModel:
    """A model that can be loaded.

    Attributes:
        name: the file's name without `.gguf`, and without the number of a part.
        path: the file; of a model cut into parts the first.
        size_bytes: its length, or the sum of its parts'.
        parameters: how many it has.
        quantization: "Q4_K_M" …
        architecture: "llama" …
        context_tokens: the context it was trained for; 0 if it does not say.
        has_chat_template: whether it can converse; a base model only continues text.
        sha256: of its bytes; "" if nobody has summed them up.
        repo: where it came from, or "".
        revision: the commit it came from, or "".
        licence: its licence, or "".
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
    licence: str = ""
    is_for_embeddings: bool = False
    is_starter: bool = False
    is_verified: bool = False


# The folder has a method `list`, which hides the type in its annotations.
Models: TypeAlias = list[InstalledModel]
Errors: TypeAlias = list[ModelError]
Files: TypeAlias = list[Path]


class ModelFolder:
    """A folder of models. It need not exist.

    Args:
        folder: where the person's models are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._headers: dict[Path, tuple[tuple[int, int], GgufHeader]] = {}
        self._lock = threading.Lock()

    def list(self) -> Models:
        """Return the usable models by name, those of the person before the starter.

        A header is read once, as long as its file does not change.
        """
        models = []
        for path in self._files():
            try:
                models.append(self._describe(path))
            except ModelError:  # told of by `broken`
                continue
        return models

    def broken(self) -> Errors:
        """Return what is wrong with the files that are no usable models."""
        errors = []
        for path in self._files():
            try:
                self._describe(path)
            except ModelError as error:
                errors.append(error)
        return errors

    def find(self, name_or_path: str) -> InstalledModel:
        """Return the installed model of that name, else the model file at that path.

        Raises:
            ModelNotFound: neither is there.
            ModelError: the file cannot be used.
        """
        wanted = name_or_path.removesuffix(".gguf").casefold()
        for path in self._files():
            if wanted in {path.stem.casefold(), whole_name(path).casefold()}:
                return self._describe(path)
        path = Path(name_or_path).expanduser()
        is_path = path.suffix.lower() == ".gguf" or len(path.parts) > 1
        if is_path or path.exists():
            return self._describe(path.absolute())
        raise ModelNotFound(name_or_path, tuple(model.name for model in self.list()))

    def best(self) -> InstalledModel | None:
        """Return the largest model that this computer's memory holds and that can converse.

        The starter is the best only where there is nothing else; a model too large for the
        memory, or without a chat template, only where there is not even that.
        """
        room = total_memory_bytes() * _SHARE_OF_MEMORY

        def worth(model: InstalledModel) -> tuple[bool, bool, int]:
            fits = model.size_bytes <= room
            size = model.parameters if fits else -model.size_bytes
            converses = model.has_chat_template and not model.is_for_embeddings
            return (fits and converses, not model.is_starter, size)

        return max(self.list(), key=worth, default=None)

    def add(
        self, path: Path, *, cancel: threading.Event
    ) -> Iterator[CopyProgress | InstalledModel]:
        """Copy a model file, and the parts after it, into the folder; the last value is the model.

        A file that is in the folder already is only described. Returns early when cancelled,
        with nothing left behind.

        Raises:
            ModelError: it is no usable model.
            NoSpace, CannotWrite: the folder cannot take it.
        """
        read_header(path)
        if not is_safe(path.name):
            raise ModelError(path, ModelFault.NOT_GGUF, "name")
        if path.resolve().parent == self.folder.resolve():
            yield self._describe(path)
            return
        for event in copy_in(files_of(path), self.folder, cancel):
            yield event if isinstance(event, CopyProgress) else self._describe(event)

    def remove(self, model: InstalledModel) -> None:
        """Delete a model and its record.

        Raises:
            CannotWrite: it cannot be deleted; the starter never is.
        """
        if model.is_starter:
            raise CannotWrite(model.path, "it is a part of the app")
        try:
            for path in reversed(files_of(model.path)):  # without its first it is no model
                path.unlink(missing_ok=True)
                record_path(path).unlink(missing_ok=True)
        except OSError as error:
            raise writing_error(model.path, error) from error

    def _files(self) -> Files:
        """Return the model files: the person's by name, then the starter.

        Of a model cut into several files only the first is one: it opens the others.
        """
        found = [*_model_files(self.folder), *_model_files(resource("models"))]
        return [path for path in dict.fromkeys(found) if not is_later_part(path)]

    def _describe(self, path: Path) -> InstalledModel:
        starter = _starter()
        if path == starter.path:
            return describe(self._header(path), starter.record, is_starter=True)
        return describe(self._header(path), read_record(path))

    def _header(self, path: Path) -> GgufHeader:
        """Return a file's header, read once as long as the file does not change."""
        try:
            facts = [file.stat() for file in files_of(path)]
        except OSError:
            return read_header(path)  # it says best what is wrong
        stamp = (sum(one.st_size for one in facts), max(one.st_mtime_ns for one in facts))
        with self._lock:
            known = self._headers.get(path)
        if known and known[0] == stamp:
            return known[1]
        header = read_header(path)
        with self._lock:
            self._headers[path] = (stamp, header)
        return header


def describe(
    header: GgufHeader, record: ModelRecord | None, *, is_starter: bool = False
) -> InstalledModel:
    """Return a model as its header and its record tell it."""
    return InstalledModel(
        name=whole_name(header.path),
        path=header.path,
        size_bytes=header.file_bytes,
        parameters=header.parameters,
        quantization=header.quantization,
        architecture=header.architecture,
        context_tokens=header.context_length,
        has_chat_template=header.has_chat_template,
        is_for_embeddings=header.pooling > 0,
        sha256=record.sha256 if record else "",
        repo=record.repo if record else "",
        revision=record.revision if record else "",
        licence=(record.licence if record else "") or header.license,
        is_starter=is_starter,
        is_verified=record.is_verified if record else False,
    )


@dataclass(frozen=True, slots=True)
class _Starter:
    path: Path
    record: ModelRecord


@functools.cache
def _starter() -> _Starter:
    facts = msgspec.json.decode(resource("models/starter.json").read_bytes())
    record = ModelRecord(
        size_bytes=facts["size_bytes"],
        sha256=facts["sha256"],
        is_verified=True,  # when it was fetched
        repo=facts["repo"],
        licence=facts["license"],
    )
    return _Starter(resource("models") / facts["file"], record)


def _model_files(folder: Path) -> Files:
    try:
        return sorted(
            (
                p
                for p in folder.iterdir()
                if p.suffix.lower() == ".gguf" and not p.name.startswith(".")
            ),
            key=lambda path: path.name.casefold(),
        )
    except OSError:
        return []
