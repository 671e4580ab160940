"""Where model files are, whose they are, and what each is called."""

import functools
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from assistant.gguf import whole_name
from assistant.models.files.record import ModelRecord
from assistant.models.keeping.details import plain_line
from assistant.paths import resource

_LONGEST_NAME = 200  # characters; no file's name is longer than 255 bytes


@dataclass(frozen=True, slots=True)
class Place:
    """A model file, what it is called, and whose it is: "" for ours."""

    path: Path
    given_name: str = ""
    origin: str = ""

    @property
    def name(self) -> str:
        """What it is called: by its app, else by its file."""
        return self.given_name or whole_name(self.path)


def told_apart(places: list[Place]) -> list[Place]:
    """Return each file once, under a name of its own that can be shown anywhere."""
    taken: set[str] = set()
    seen: set[Path] = set()
    kept = []
    for place in places:
        try:
            real = place.path.resolve()
        except OSError:  # links that go in a circle
            real = place.path
        if real in seen:
            continue
        seen.add(real)
        name = _free_name(place, taken)
        taken.add(name.casefold())
        kept.append(replace(place, given_name=name))
    return kept


def _free_name(place: Place, taken: set[str]) -> str:
    name = plain_line(place.name, _LONGEST_NAME) or "model"
    if name.casefold() not in taken:
        return name
    owner = Path(place.origin).name or "Alcove"
    candidate, number = f"{name} ({owner})", 2
    while candidate.casefold() in taken:
        candidate, number = f"{name} ({owner} {number})", number + 1
    return candidate


def model_files(folder: Path) -> list[Path]:
    """Return the `.gguf` files of a folder by name; none if it cannot be read.

    A pipe or a device, which would be read for ever, is none; a folder or a link that leads
    nowhere is one that cannot be used.
    """
    try:
        return sorted(
            (
                p
                for p in folder.iterdir()
                if p.suffix.lower() == ".gguf"
                and not p.name.startswith(".")
                and (p.is_file() or p.is_dir() or not p.exists())
            ),
            key=lambda path: path.name.casefold(),
        )
    except OSError:
        return []


@dataclass(frozen=True, slots=True)
class Starter:
    """The model that came with the app."""

    path: Path
    record: ModelRecord


@functools.cache
def starter() -> Starter:
    """Return what is known of the model that came with the app; it need not be there."""
    facts = msgspec.json.decode(resource("models/starter.json").read_bytes())
    record = ModelRecord(
        size_bytes=facts["size_bytes"],
        sha256=facts["sha256"],
        is_verified=True,  # when it was fetched
        repo=facts["repo"],
        licence=facts["license"],
    )
    return Starter(resource("models") / facts["file"], record)
