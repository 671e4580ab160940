"""The system's folders as other apps see them: by variables, else where each system has them."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant import paths

# The hub's library is told a cache of ours as soon as it is used: what the person had set is this.
_GIVEN = dict(os.environ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """A home folder, a system and its variables."""

    home: Path
    system: str
    environment: Mapping[str, str]

    def named(self, variable: str) -> Path | None:
        """Return the folder that a variable names; None if it names none.

        A relative one would be looked up from wherever Alcove was started: it counts as none.
        """
        value = self.environment.get(variable, "").strip()
        if not value or "\0" in value:
            return None
        path = self.home / value[2:] if value.startswith("~/") else Path(value)
        return path if path.is_absolute() else None

    @property
    def data(self) -> Path:
        """Where apps keep data (Windows: of this computer's user, not roaming)."""
        if self.system == "Windows":
            return self.named("LOCALAPPDATA") or self.home / "AppData" / "Local"
        if self.system == "Darwin":
            return self.home / "Library" / "Application Support"
        return self.named("XDG_DATA_HOME") or self.home / ".local" / "share"

    @property
    def roaming(self) -> Path:
        """Where apps keep settings and data that follow the person (Windows); else the data."""
        if self.system == "Windows":
            return self.named("APPDATA") or self.home / "AppData" / "Roaming"
        return self.data

    @property
    def settings(self) -> Path:
        """Where apps keep their settings."""
        if self.system == "Windows":
            return self.roaming
        if self.system == "Darwin":
            return self.home / "Library" / "Application Support"
        return self.named("XDG_CONFIG_HOME") or self.home / ".config"

    @property
    def cache(self) -> Path:
        """Where apps keep what can be fetched again."""
        if self.system == "Windows":
            return self.data
        if self.system == "Darwin":
            return self.home / "Library" / "Caches"
        return self.named("XDG_CACHE_HOME") or self.home / ".cache"

    @property
    def dot_cache(self) -> Path:
        """The cache of programs that do as on Linux everywhere."""
        return self.named("XDG_CACHE_HOME") or self.home / ".cache"


def surroundings_of(
    home: Path | None, system: str, environment: Mapping[str, str] | None
) -> Surroundings:
    """Return the surroundings named, this computer's where nothing is named."""
    variables = dict(_GIVEN if environment is None else environment)
    if variables.get("HF_HOME") == str(paths.folders().cache / "huggingface"):
        del variables["HF_HOME"]
    return Surroundings(
        home=home or Path.home(), system=system or platform.system(), environment=variables
    )
