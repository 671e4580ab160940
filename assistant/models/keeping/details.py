"""What the person says of a model and wants of it, and what was last seen of it on the hub.

Kept in one file of the data folder, so that nothing is written into folders of other apps. A
model is known by its file's name and size: it keeps its details when its folder is moved.
"""

import threading
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from assistant.errors import DamagedData, TemplateUnusable
from assistant.paths import as_text, write_atomically, writing_error
from assistant.settings import LoadWishes

if TYPE_CHECKING:
    from assistant.models.keeping.installed import InstalledModel

MAX_TITLE = 80  # characters
MAX_NOTE = 4_000
MAX_TEMPLATE = 256 * 1024  # bytes; the longest in use have some 20,000
_KEPT = 2_000  # models


class UpdateState(StrEnum):
    """What the hub says of a model that is here."""

    CURRENT = "current"
    NEWER = "newer"  # another content under the same name
    WITHDRAWN = "withdrawn"  # the repository or the file is gone
    RELICENSED = "relicensed"
    GATED_NOW = "gated-now"  # it was free when it was downloaded
    UNKNOWN = "unknown"  # never asked, or there was no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLook:
    """What was seen of a model at the last look at the hub.

    Attributes:
        state: the gravest of what is to be said.
        revision: the newest commit, "" if unknown.
        sha256: of the file in it.
        size_bytes: of the file in it.
        licence: of the repository now.
        looked_at: when.
    """

    state: UpdateState = UpdateState.UNKNOWN
    revision: str = ""
    sha256: str = ""
    size_bytes: int = 0
    licence: str = ""
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDetails:
    """The person's details of one model. "", 0 and None leave it to Settings or the file.

    Attributes:
        title: the person's name for it.
        note: a few lines.
        chat_template: Jinja source that takes the place of the file's.
        context_tokens: wished context.
        kv_type: "f16" or "q8_0": how keys and values are kept.
        gpu_layers: layers given to a GPU; -1 for all.
        threads: of the engine.
        flash_attention: whether it is used.
        replaces: name of the model that this one is a newer revision of.
        look: what the hub was seen to say.
    """

    title: str = ""
    note: str = ""
    chat_template: str = ""
    context_tokens: int = 0
    kv_type: str = ""
    gpu_layers: int | None = None
    threads: int = 0
    flash_attention: bool | None = None
    replaces: str = ""
    look: HubLook = field(default_factory=HubLook)

    @property
    def wishes(self) -> LoadWishes:
        """How the person wants this model to be loaded."""
        return LoadWishes(
            chat_template=self.chat_template,
            context_tokens=self.context_tokens,
            kv_type=self.kv_type,
            gpu_layers=self.gpu_layers,
            threads=self.threads,
            flash_attention=self.flash_attention,
        )


_NONE = ModelDetails()


def plain_line(text: str, longest: int = MAX_TITLE) -> str:
    """Return `text` as one line that can be shown anywhere: no controls, no change of direction."""
    return " ".join(_shown(text.replace("\n", " ")).split())[:longest].strip()


def plain_lines(text: str, longest: int = MAX_NOTE) -> str:
    """Return `text` without controls and changes of direction, its lines kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_shown(line).rstrip() for line in lines)[:longest].strip()


def _shown(text: str) -> str:
    """Return what of `text` a reader sees (Unicode categories Cc, Cf, Cs, Co, Cn are left out).

    The joiners U+200C and U+200D stay: Persian and emoji need them.
    """
    return "".join(
        " " if char == "\t" else char
        for char in text
        if char in "\t\u200c\u200d" or not unicodedata.category(char).startswith("C")
    )


class DetailsFile:
    """The details of all models.

    Args:
        path: the JSON file, `models.json` in the data folder; None keeps them for this run.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: dict[str, ModelDetails] = {}
        self._stamp: tuple[int, int] | None = None

    def of(self, model: "InstalledModel") -> ModelDetails:
        """Return the details of a model."""
        return self.of_file(model.path, model.size_bytes)

    def of_file(self, path: Path, size_bytes: int) -> ModelDetails:
        """Return the details of the model at `path`, its first file; the size is of all parts."""
        with self._lock:
            self._read()
            return self._known.get(_key(path, size_bytes), _NONE)

    def change(self, model: "InstalledModel", **changes: Any) -> ModelDetails:
        """Store the details of a model with `changes` made, and return them.

        Titles and notes are made plain and cut to their longest.

        Raises:
            TemplateUnusable: the template is too long, or no text.
            CannotWrite, NoSpace: the file could not be replaced; nothing is changed.
            DamagedData: the file was not ours; it was moved aside, and the change was not made.
        """
        with self._lock:
            self._read(strictly=True)
            key = _key(model.path, model.size_bytes)
            changed = _checked(replace(self._known.get(key, _NONE), **changes))
            known = {other: of for other, of in self._known.items() if other != key}
            if changed != _NONE:
                known[key] = changed
            self._write(dict(list(known.items())[-_KEPT:]))
            return changed

    def forget(self, model: "InstalledModel") -> None:
        """Drop the details of a model.

        Raises:
            CannotWrite, NoSpace, DamagedData: see `change`.
        """
        with self._lock:
            self._read(strictly=True)
            known = dict(self._known)
            if known.pop(_key(model.path, model.size_bytes), None) is not None:
                self._write(known)

    def _read(self, *, strictly: bool = False) -> None:
        """Read the file if another process changed it since."""
        if self._path is None:
            return
        try:
            facts = self._path.stat()
            stamp = (facts.st_mtime_ns, facts.st_size)
            if stamp == self._stamp:
                return
            self._known = msgspec.json.decode(self._path.read_bytes(), type=dict[str, ModelDetails])
            self._stamp = stamp
        except FileNotFoundError:
            self._known, self._stamp = {}, None
        except OSError as error:
            self._stamp = None
            if strictly:  # what cannot be read now must not be replaced
                raise writing_error(self._path, error) from error
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            self._known, self._stamp = {}, None
            if strictly:
                raise DamagedData(self._path, self._move_aside()) from error

    def _write(self, known: dict[str, ModelDetails]) -> None:
        if self._path is not None:
            content = msgspec.json.format(msgspec.json.encode(known), indent=2)
            write_atomically(self._path, content)
            facts = self._path.stat()
            self._stamp = (facts.st_mtime_ns, facts.st_size)
        self._known = known

    def _move_aside(self) -> Path | None:
        assert self._path is not None
        kept = self._path.with_suffix(".damaged.json")
        try:
            self._path.replace(kept)
        except OSError:
            return None
        return kept


def _key(path: Path, size_bytes: int) -> str:
    return f"{size_bytes} {as_text(Path(path.name))}"


def _checked(details: ModelDetails) -> ModelDetails:
    """Return details that are safe to show and to load a model with."""
    template = details.chat_template
    # A lone surrogate has three bytes here and no place in a message to the engine.
    encoded = template.encode("utf-8", "surrogatepass")
    if (
        len(encoded) > MAX_TEMPLATE
        or "\0" in template
        or encoded != template.encode("utf-8", "replace")
    ):
        raise TemplateUnusable(MAX_TEMPLATE)
    return replace(
        details,
        title=plain_line(details.title),
        note=plain_lines(details.note),
        chat_template=template if template.strip() else "",
        context_tokens=max(0, details.context_tokens),
        threads=max(0, details.threads),
        kv_type=details.kv_type if details.kv_type in {"f16", "q8_0"} else "",
        gpu_layers=None if details.gpu_layers is None else max(-1, details.gpu_layers),
    )
