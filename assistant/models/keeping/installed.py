"""The models that are here: folders of `.gguf` files, files of other apps, and the starter."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from assistant.errors import (
    AssistantError,
    CannotWrite,
    ModelError,
    ModelFault,
    ModelNotFound,
    NotOurs,
)
from assistant.fit import total_memory_bytes
from assistant.gguf import (
    GgufHeader,
    files_of,
    first_part_name,
    is_later_part,
    read_header,
    whole_name,
)
from assistant.models.files.names import is_safe
from assistant.models.files.part import BusyError, Part
from assistant.models.files.record import read_record, side_files
from assistant.models.keeping.adding import CopyProgress, copy_in
from assistant.models.keeping.details import DetailsFile
from assistant.models.keeping.linked import LinkedFile, LinkedFiles
from assistant.models.keeping.model import InstalledModel, describe
from assistant.models.keeping.places import Place, model_files, starter, told_apart
from assistant.paths import resource, writing_error

__all__ = ["InstalledModel", "ModelFolder", "describe"]

# Beside its weights a model needs room for what it remembers, and the system for itself.
_SHARE_OF_MEMORY = 0.7


# The folder has a method `list`, which hides the type in its annotations.
Models: TypeAlias = list[InstalledModel]
Errors: TypeAlias = list[ModelError]
Places: TypeAlias = list[Place]


class ModelFolder:
    """The models of this computer. The folder need not exist.

    Args:
        folder: where the person's models are, and where more are put.
        others: further folders, which are only read from.
        details: what the person says of each model.
        linked: files of other apps that are used where they are.
    """

    def __init__(
        self,
        folder: Path,
        others: Sequence[Path] = (),
        *,
        details: DetailsFile | None = None,
        linked: LinkedFiles | None = None,
    ) -> None:
        self.folder = folder
        self.others = tuple(others)
        self.details = details or DetailsFile(None)
        self.linked = linked or LinkedFiles(None)
        self._headers: dict[Path, tuple[tuple[int, int], GgufHeader]] = {}
        self._lock = threading.Lock()

    def list(self) -> Models:
        """Return the usable models by name, those of the person before the starter.

        A header is read once, as long as its file does not change.
        """
        models = []
        for place in self._places():
            try:
                models.append(self._describe(place))
            except ModelError:  # told of by `broken`
                continue
        return models

    def broken(self) -> Errors:
        """Return what is wrong with the files that are no usable models."""
        errors = []
        for place in self._places():
            try:
                self._describe(place)
            except ModelError as error:
                errors.append(error)
        return errors

    def find(self, name_or_path: str) -> InstalledModel:
        """Return the installed model of that name or title, else the file at that path.

        Raises:
            ModelNotFound: neither is there.
            ModelError: the file cannot be used.
        """
        wanted = name_or_path.removesuffix(".gguf").casefold()
        places = self._places()
        for place in places:
            if wanted == place.name.casefold():
                return self._describe(place)
        for place in places:
            if wanted in {place.path.stem.casefold(), whole_name(place.path).casefold()}:
                return self._describe(place)
        title = name_or_path.casefold()
        if called := [model for model in self.list() if title and model.title.casefold() == title]:
            older = {model.replaces for model in called}
            return next((model for model in called if model.name not in older), called[0])
        path = Path(name_or_path).expanduser()
        is_path = path.suffix.lower() == ".gguf" or len(path.parts) > 1
        if is_path or path.exists():
            return self._describe(self._place_of(path.absolute()))
        raise ModelNotFound(name_or_path, tuple(model.name for model in self.list()))

    def change(self, model: InstalledModel, **changes: Any) -> InstalledModel:
        """Store `changes` of a model's details (see `ModelDetails`), and return it with them.

        Raises:
            TemplateUnusable, CannotWrite, NoSpace, DamagedData: see `DetailsFile.change`.
            ModelError: the file is gone.
        """
        self.details.change(model, **changes)
        return self._describe(self._place_of(model.path))

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
            yield self._describe(self._place_of(path))
            return
        for event in copy_in(files_of(path), self.folder, cancel):
            if isinstance(event, CopyProgress):
                yield event
            else:
                yield self._describe(self._place_of(event))

    def link(self, file: LinkedFile) -> InstalledModel:
        """Use a file of another app where it is, from now on.

        Raises:
            ModelError: it is no usable model; nothing is kept.
            CannotWrite, NoSpace: the choice could not be kept.
        """
        self._header(file.path)
        self.linked.add(file)
        return self._describe(self._place_of(file.path))

    def freed_bytes(self, model: InstalledModel) -> int:
        """Return what deleting a model gives back to its disk: nothing if it is not deleted."""
        if model.is_starter or not model.is_ours:
            return 0
        return _length(model.path)

    def remove(self, model: InstalledModel) -> int:
        """Delete a model, its record and its details; return the bytes that this freed.

        A repair of it that was stopped goes, too.

        A file of another app is only taken off the list: it is that app's, and stays.

        Raises:
            NotOurs: it is in a folder that is only read from.
            CannotWrite: it cannot be deleted; the starter never is.
        """
        if model.is_starter:
            raise CannotWrite(model.path, "it is a part of the app")
        if not model.is_ours:
            if not any(file.path == model.path for file in self.linked.all()):
                raise NotOurs(model.path, model.origin)
            self.linked.remove(model.path)
            return 0
        freed = self.freed_bytes(model)
        _delete_files(model.path)
        self.details.forget(model)
        return freed

    def owns(self, path: Path) -> bool:
        """Return whether Alcove may delete the file at `path`: it is in the person's folder."""
        return path.parent.resolve() == self.folder.resolve()

    def remove_broken(self, path: Path) -> int:
        """Delete a file that is no usable model, as `broken` names it; return what this freed.

        Of a model that is cut into several files all go: without one of them none is of use.

        Raises:
            NotOurs: it is in a folder that is only read from.
            CannotWrite: it cannot be deleted.
        """
        if not self.owns(path):
            raise NotOurs(path, str(path.parent))
        first = path.with_name(first_part_name(path, 0)) if is_later_part(path) else path
        freed = _length(first)
        _delete_files(first)
        return freed

    def _places(self) -> Places:
        """Return the model files: ours by name, those of others, then the starter.

        Of a model cut into several files only the first is one: it opens the others. A file that
        can be reached in two ways is there once.
        """
        found = [Place(path) for path in model_files(self.folder)]
        for folder in self.others:
            found += [Place(path, origin=str(folder)) for path in model_files(folder)]
        for file in self.linked.all():
            if file.path.exists():  # the other app may have deleted it, or its disk may be away
                found.append(Place(file.path, file.name, file.app))
        found += [Place(path) for path in model_files(resource("models"))]
        return told_apart([place for place in found if not is_later_part(place.path)])

    def _place_of(self, path: Path) -> Place:
        """Return what is known of the file at `path`, also if it is in none of the folders."""
        known = next((place for place in self._places() if place.path == path), None)
        is_ours = path.resolve().parent == self.folder.resolve()
        return known or Place(path, origin="" if is_ours else str(path.parent))

    def _describe(self, place: Place) -> InstalledModel:
        path = place.path
        header = self._header(path)
        details = self.details.of_file(path, header.file_bytes)
        is_starter = path == starter().path
        record = starter().record if is_starter else read_record(path)
        model = describe(header, record, details, is_starter=is_starter)
        return replace(model, name=place.name, origin=place.origin, is_ours=not place.origin)

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


def _length(first: Path) -> int:
    """Return what deleting a model's files, and what lies beside them, gives back."""
    total = 0
    for path in files_of(first):
        for one in (path, *side_files(path), Part(path).path):
            try:
                facts = one.lstat()  # of a link the link: what it leads to stays
            except OSError:
                continue
            # A file with another name elsewhere stays on the disk under that name.
            total += facts.st_size if facts.st_nlink == 1 else 0
    return total


def _delete_files(first: Path) -> None:
    """Delete a model's files and what lies beside them.

    Raises:
        CannotWrite: one of them cannot be deleted.
    """
    try:
        for path in reversed(files_of(first)):  # without its first it is no model
            path.unlink(missing_ok=True)
            for beside in side_files(path):
                beside.unlink(missing_ok=True)
            _discard_part(path)
    except OSError as error:
        raise writing_error(first, error) from error


def _discard_part(path: Path) -> None:
    """Throw away what a repair or a download of a model's file left, unless one is at work."""
    if Part(path).path.exists():
        with contextlib.suppress(BusyError, AssistantError), Part(path) as part:
            part.discard()
