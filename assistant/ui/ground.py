"""What the app stands on: its settings, its database and its engines, opened at the start."""

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from assistant.engine.speed_record import SpeedWatch
from assistant.errors import (
    AssistantError,
    CannotWrite,
    DamagedData,
    NewerData,
    NoSpace,
    NothingKept,
)
from assistant.forecast import SpeedRecords
from assistant.paths import Folders
from assistant.settings import SettingsFile
from assistant.storage.database import Database
from assistant.temporary import make_folder


class Ground:
    """Opens it; what is damaged or cannot be written is told of, and the app starts all the same.

    Args:
        folders: where everything is kept.

    Attributes:
        notices: what the person must hear of.
        settings, database, speeds: what was opened.
        engine: for chats; `summary_engine` for summaries with another model.
    """

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._temporary = contextlib.ExitStack()
        self.notices: list[AssistantError] = []
        self.settings = self._open_settings()
        self.database = self._open_database()
        self.speeds = SpeedRecords(folders.data / "speeds.json")
        self._speed_watch = SpeedWatch(self.speeds)
        self.engine = self.make_engine("engine.log")
        self.summary_engine = self.make_engine("summary-engine.log")
        self.engine.make_room = _room_maker(self.engine, self.summary_engine)
        self.summary_engine.make_room = _room_maker(self.summary_engine, self.engine)

    @property
    def states(self) -> Path | None:
        """Where engines keep what they evaluated; None where the database goes with the window.

        Such a database gives numbers that other words have already.
        """
        is_kept = self.database.path.parent == self._folders.data
        return self._folders.states if is_kept else None

    def make_engine(self, log: str, *, is_for_checkups: bool = False) -> Engine:
        """Return an engine; it costs nothing before its first request.

        One for check-ups reads nobody's words, and its speeds are kept with the score card.
        """
        return Engine(
            log=self._folders.logs / log,
            crash_record=self._folders.data / "crashes.json",
            memory_record=self._folders.data / "memory.json",
            speeds=None if is_for_checkups else self._speed_watch,
            states=None if is_for_checkups else self.states,
        )

    def close(self) -> None:
        """Close the database; one that goes with the window is gone now."""
        self.database.close()
        self._temporary.close()

    def _open_settings(self) -> SettingsFile:
        settings = SettingsFile(self._folders.data / "settings.json")
        try:
            settings.value  # noqa: B018 - read now, to hear of damage
        except DamagedData as error:
            self.notices.append(error)
        return settings

    def _open_database(self) -> Database:
        """Open the database; where that cannot be, work with one that goes with the window."""
        path = self._folders.data / "alcove.db"
        try:
            database = Database(path)
        except (CannotWrite, NewerData, NoSpace, DamagedData) as error:
            self.notices.append(NothingKept(error, self._folders.portable))
            folder = make_folder()  # a killed window leaves it to the next one
            self._temporary.callback(shutil.rmtree, folder, ignore_errors=True)
            return Database(folder / "alcove.db")
        if database.set_aside is not None:
            self.notices.append(database.set_aside)
        return database


def _room_maker(own: Engine, *others: Engine) -> Callable[[Path, LoadSettings], object]:
    """Return what frees the models of `others` for one that `own` is about to load."""

    def make(path: Path, settings: LoadSettings) -> None:
        from assistant.engine.room import make_room  # noqa: PLC0415 - after the start

        make_room(path, settings, own, others)

    return make
