"""Finds the chats that other apps keep on this computer. Only names are looked at."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.conversations.porting.names import is_export
from assistant.conversations.porting.report import App
from assistant.models.keeping.elsewhere.apps import gpt4all_folders, lm_studio_folders
from assistant.models.keeping.elsewhere.surroundings import surroundings_of

_MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatsElsewhere:
    """An app's folder of chats, and how many there are."""

    app: App
    folder: Path
    chats: int


def find_elsewhere(
    cancel: threading.Event,
    *,
    home: Path | None = None,
    system: str = "",
    environment: Mapping[str, str] | None = None,
) -> Iterator[ChatsElsewhere]:
    """Yield the folders that hold chats of LM Studio and GPT4All.

    Args:
        cancel: ends the search.
        home: the person's folder; this one's by default.
        system: "Linux", "Darwin" or "Windows"; this one by default.
        environment: variables; this process's by default.
    """
    around = surroundings_of(home, system, environment)
    models = [folder for folder in lm_studio_folders(around) if folder.name == "models"]
    places = [(App.LM_STUDIO, folder.with_name("conversations")) for folder in models]
    places += [(App.GPT4ALL, folder) for folder in gpt4all_folders(around)]
    seen: set[Path] = set()
    for app, folder in places:
        try:
            real = folder.resolve()
            chats = 0 if real in seen else _count(app, folder, cancel)
        except (OSError, ValueError):
            continue
        seen.add(real)
        if cancel.is_set():
            return
        if chats:
            yield ChatsElsewhere(app=app, folder=folder, chats=chats)


def _count(app: App, folder: Path, cancel: threading.Event) -> int:
    # GPT4All's chats lie among its models; LM Studio's in folders that the person made.
    files = folder.glob("*.chat") if app is App.GPT4ALL else folder.rglob("*.json")
    count = 0
    for file in files:
        if cancel.is_set() or count >= _MOST_COUNTED:
            break
        count += is_export(file)
    return count
