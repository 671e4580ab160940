"""What is kept beside a model: where it came from and which bytes it has."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from assistant.paths import write_atomically


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRecord:
    """One more file of a model that is cut into several.

    Attributes:
        name: beside the first.
        file: its path in the repository.
        size_bytes: its length.
        sha256: of its bytes.
    """

    name: str
    file: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """A model's origin, as `<file>.gguf.json` beside it.

    Attributes:
        size_bytes: the file's length; the record of another length is of another file.
        sha256: of its bytes.
        is_verified: whether `sha256` is the one that the hub told, not just our own sum.
        repo: "owner/name", or "" if it was added from a file.
        file: its path in the repository.
        revision: the commit.
        licence: of the repository.
        endpoint: the hub's address.
        downloaded_at: when it arrived.
        parts: of a model in several files, all but this first one.
    """

    size_bytes: int
    sha256: str
    is_verified: bool = False
    repo: str = ""
    file: str = ""
    revision: str = ""
    licence: str = ""
    endpoint: str = ""
    downloaded_at: datetime | None = None
    parts: tuple[PartRecord, ...] = ()


def record_path(model: Path) -> Path:
    """Return where the record of a model file is kept."""
    return model.with_name(f"{model.name}.json")


def side_files(model: Path) -> tuple[Path, ...]:
    """Return what may lie beside a model file and goes with it: its record, its blocks' sums."""
    return record_path(model), model.with_name(f"{model.name}.blocks")


def read_record(model: Path) -> ModelRecord | None:
    """Return a model's record; None if there is none, or it is not of this file."""
    record = recorded(model)
    try:
        return record if record and record.size_bytes == model.stat().st_size else None
    except OSError:
        return None


def recorded(model: Path) -> ModelRecord | None:
    """Return the record that is kept, whatever became of the file since; None if there is none."""
    try:
        return msgspec.json.decode(record_path(model).read_bytes(), type=ModelRecord)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def write_record(model: Path, record: ModelRecord) -> None:
    """Keep a model's record.

    Raises:
        CannotWrite, NoSpace: it cannot be written.
    """
    write_atomically(record_path(model), msgspec.json.format(msgspec.json.encode(record), indent=2))
