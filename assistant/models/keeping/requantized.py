"""A model in another format, beside the original in the folder of models."""

import re
from pathlib import Path

from assistant.models.files.names import free_name
from assistant.models.files.record import ModelRecord, write_record
from assistant.models.keeping.installed import InstalledModel


def name_as(model: InstalledModel, quantization: str) -> str:
    """Return a model's name in another format, told where the original's name tells it.

    Other apps name models as no file may be named: "owner/name:3b" becomes "owner-name-3b".
    """
    stem = re.sub(r'[<>:"/\\|?*\s()]+', "-", model.name).strip("-. ") or "model"
    named = re.sub(
        rf"(?<=[-._]){re.escape(model.quantization)}(?=[-._]|$)",
        lambda _: quantization,
        stem,
        flags=re.IGNORECASE,
    )
    if not model.quantization or named == stem:
        named = f"{stem}-{quantization}"
    return named


def place_for(model: InstalledModel, quantization: str, folder: Path) -> Path:
    """Return a free path in `folder` for the model in another format."""
    return free_name(folder, f"{name_as(model, quantization)}.gguf")


def note_origin(model: InstalledModel, made: Path) -> None:
    """Write the record of `made`: its licence is the original's, its bytes are the hub's no more.

    Raises:
        CannotWrite, NoSpace: it cannot be written.
    """
    size_bytes = made.stat().st_size
    write_record(made, ModelRecord(size_bytes=size_bytes, sha256="", licence=model.licence))
