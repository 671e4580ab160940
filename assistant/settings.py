"""What the user chose: one typed value, kept as JSON, replaced atomically."""

import contextlib
import os
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from assistant.errors import DamagedData
from assistant.paths import write_atomically


class Theme(StrEnum):
    """Which colours the window takes."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadWishes:
    """How the person wants one model to be loaded. "", 0 and None leave it to `Settings`.

    Attributes:
        chat_template: Jinja source that takes the place of the file's.
        context_tokens: wished context.
        kv_type: "f16" or "q8_0": how keys and values are kept.
        gpu_layers: layers given to a GPU; -1 for all.
        threads: of the engine.
        flash_attention: whether it is used.
    """

    chat_template: str = ""
    context_tokens: int = 0
    kv_type: str = ""
    gpu_layers: int | None = None
    threads: int = 0
    flash_attention: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The user's choices. A field that a file does not name keeps its default.

    Attributes:
        model: name of the model in use; empty for the best one installed.
        model_folder: where models are kept; empty for the default folder.
        threads: threads of the engine; 0 lets it choose.
        context_tokens: wished context in tokens; 0 lets the engine choose what fits.
        saves_battery: use fewer threads while the computer runs on its battery.
        uses_gpu: give a model to the GPU where there is one that this build can use.
        idle_minutes: a model that nobody needs is unloaded after so many; 0 for never.
        theme: the window's colours.
        hub_endpoint: address of a mirror of the hub; empty for the hub itself.
        never_connects: the hub part is closed: nothing is searched for or downloaded.
        proxy: http(s)://host:port that the hub is reached through; empty for the system's.
        token_hosts: the hubs' hosts of which the system's keyring has an access token.
        hub_terms_read: the hub hosts of which the person has read what they learn.
        summary_model: name of the model that summarises; empty for the one in use.
        embedding_model: name of the model for comparing texts; empty for the best one installed.
        model_folders: further folders whose models are used and never changed.
        summary_mode: the last chosen kind of summary ("key-points", "quick" or "thorough"), empty
            for the best one for the model in use.
        summary_length: "short", "medium" or "long".
        summary_style: the last chosen form, as `styles.Style`; empty for paragraphs.
        summary_language: ISO 639-1 code of the language summaries are written in; empty for the
            document's own.
        summary_is_reproducible: one sequence at a time, so that the same text comes again.
        summary_asks_model: the model is asked about its own sentences, too.
        stays_awake: the computer does not sleep while documents are being summarised.
        tells_of_end: a notification says when long work is done.
        makes_titles: the model names chats in the background, where it is large enough.
        chats_kept: how long chats are kept: "forever", "30-days" or "session".
        lock_hash: the sum of the app lock's password (conversations/locking.py); empty for none.
        lock_minutes: the window locks itself after so many without a key or click; 0 for never.
        locks_at_start: a window that has a password asks for it when it opens.
        shows_tray: a sign in the system's tray opens the quick ask window.
        stays_in_tray: closing the window leaves Alcove in the tray, with what it is working on.
        window_geometry: the window's place, as Qt saves it, in base64.
    """

    model: str = ""
    model_folder: str = ""
    threads: int = 0
    context_tokens: int = 0
    saves_battery: bool = False
    uses_gpu: bool = True
    idle_minutes: int = 15
    theme: Theme = Theme.SYSTEM
    hub_endpoint: str = ""
    never_connects: bool = False
    proxy: str = ""
    token_hosts: tuple[str, ...] = ()
    hub_terms_read: str = ""
    summary_model: str = ""
    embedding_model: str = ""
    model_folders: tuple[str, ...] = ()
    summary_mode: str = ""
    summary_length: str = "medium"
    summary_style: str = ""
    summary_language: str = ""
    summary_is_reproducible: bool = False
    summary_asks_model: bool = False
    stays_awake: bool = False
    tells_of_end: bool = True
    makes_titles: bool = True
    chats_kept: str = "forever"
    lock_hash: str = ""
    lock_minutes: int = 0
    locks_at_start: bool = True
    shows_tray: bool = True
    stays_in_tray: bool = False
    window_geometry: str = ""


class SettingsFile:
    """The settings of one data folder.

    Args:
        path: the JSON file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._value: Settings | None = None
        self._unknown: dict[str, Any] = {}  # what a newer version wrote, and shall find again

    @property
    def path(self) -> Path:
        """The JSON file."""
        return self._path

    @property
    def value(self) -> Settings:
        """The settings, read at the first use.

        Raises:
            DamagedData: the file is not ours; it was moved aside and the defaults hold now.
        """
        if self._value is None:
            self._value = Settings()
            try:
                self._value, self._unknown = _read(self._path.read_bytes())
            except (FileNotFoundError, NotADirectoryError):
                pass
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise DamagedData(self._path, self._move_aside()) from error
        return self._value

    def change(self, **changes: Any) -> Settings:
        """Store the settings with `changes` made, and return them.

        What another process, such as a command beside the window, has chosen meanwhile is kept.

        Raises:
            CannotWrite, NoSpace: the file could not be replaced; the old one is untouched.
        """
        value = self.value
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            value, self._unknown = _read(self._path.read_bytes())
        value = replace(value, **changes)
        for name in changes:
            self._unknown.pop(name, None)  # what is chosen here takes its place
        written = msgspec.to_builtins(value) | self._unknown
        write_atomically(self._path, msgspec.json.format(msgspec.json.encode(written), indent=2))
        self._value = value
        return value

    def forget(self) -> None:
        """Read the file anew at the next use, after it was erased."""
        self._value = None
        self._unknown = {}

    def _move_aside(self) -> Path | None:
        kept = self._path.with_suffix(f".damaged-{os.getpid()}.json")
        try:
            self._path.replace(kept)
        except OSError:
            return None
        return kept


def _read(content: bytes) -> tuple[Settings, dict[str, Any]]:
    """Return the settings, and what is not understood: a newer version may have written it.

    Raises:
        msgspec.MsgspecError, UnicodeDecodeError: it is no JSON object.
    """
    written = msgspec.json.decode(content, type=dict[str, Any])
    known = {field.name for field in fields(Settings)}
    understood: dict[str, Any] = {}
    for name in written.keys() & known:
        with contextlib.suppress(msgspec.ValidationError):
            msgspec.convert({name: written[name]}, Settings)
            understood[name] = written[name]
    unknown = {name: written[name] for name in written.keys() - understood.keys()}
    return msgspec.convert(understood, Settings), unknown
