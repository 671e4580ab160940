"""Where each app keeps its models: by its variables, its settings, else where it does by itself.

Sources, read in November 2026: LM Studio's `findLMStudioHome` and settings (`downloadsFolder`);
Ollama's FAQ and `server/internal/manifest`; GPT4All's documentation ("Download Path") and
`mysettings.cpp`; Jan's `src-tauri/src/core/app/commands.rs`; llama.cpp's
`fs_get_cache_directory`; the hub's "Hub Local Cache".
"""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from assistant.models.keeping.elsewhere.found import FoundElsewhere
from assistant.models.keeping.elsewhere.hub_cache import in_hub_cache
from assistant.models.keeping.elsewhere.ollama import in_ollama
from assistant.models.keeping.elsewhere.surroundings import Surroundings
from assistant.models.keeping.elsewhere.walking import files_below, ggufs_below, model_at, read_note


def look_into(around: Surroundings, cancel: threading.Event) -> Iterator[FoundElsewhere]:
    """Yield what all apps have, one app after the other; a file may come twice."""
    for folder in _existing(lm_studio_folders(around)):
        yield from ggufs_below(folder, "LM Studio", cancel)
    for folder in _existing(ollama_folders(around)):
        yield from in_ollama(folder, cancel)
    for folder in _existing(gpt4all_folders(around)):
        yield from ggufs_below(folder, "GPT4All", cancel)
    for folder in _existing(jan_folders(around)):
        yield from _in_jan(folder, cancel)
    for folder in _existing(hub_folders(around)):
        yield from in_hub_cache(folder, cancel)
    for folder in _existing(llama_cpp_folders(around)):
        yield from ggufs_below(folder, "llama.cpp", cancel)


def lm_studio_folders(around: Surroundings) -> list[Path]:
    """Return where LM Studio keeps models: `<publisher>/<repository>/<file>.gguf` below these."""
    homes = [around.home / ".lmstudio", around.home / ".cache" / "lm-studio"]
    pointed = read_note(around.home / ".lmstudio-home-pointer").decode("utf-8", "replace").strip()
    if pointed and Path(pointed).is_absolute() and "\0" not in pointed:
        homes.insert(0, Path(pointed))
    chosen = [
        _named_in_json(settings, "downloadsFolder")
        for settings in (
            *(home / "settings.json" for home in homes),
            around.settings / "LM Studio" / "settings.json",
        )
    ]
    return [*(folder for folder in chosen if folder), *(home / "models" for home in homes)]


def ollama_folders(around: Surroundings) -> list[Path]:
    """Return where Ollama keeps `manifests` and `blobs`: the person's own, and its service's."""
    named = around.named("OLLAMA_MODELS")
    folders = [named] if named else []
    folders.append(around.home / ".ollama" / "models")
    if around.system == "Linux":  # what its installer and what Arch's package do
        folders += [Path("/usr/share/ollama/.ollama/models"), Path("/var/lib/ollama")]
    return folders


def gpt4all_folders(around: Surroundings) -> list[Path]:
    """Return where GPT4All keeps models, its Python package included."""
    dot_config = around.roaming if around.system == "Windows" else around.home / ".config"
    settings = read_note(dot_config / "nomic.ai" / "GPT4All.ini").decode("utf-8", "replace")
    chosen = re.search(r"^modelPath=(.+)$", settings, re.MULTILINE)
    folders = [Path(chosen[1].strip().strip('"'))] if chosen else []
    folders.append(around.data / "nomic.ai" / "GPT4All")
    folders.append(around.home / ".cache" / "gpt4all")
    return folders


def jan_folders(around: Surroundings) -> list[Path]:
    """Return Jan's data folders."""
    named = [around.named("JAN_DATA_FOLDER")]
    named += [
        _named_in_json(base / "Jan" / "settings.json", "data_folder")
        for base in (around.roaming, around.settings)
    ]
    chosen = [folder for folder in named if folder]
    return [*chosen, around.roaming / "Jan" / "data", around.home / "jan"]


def llama_cpp_folders(around: Surroundings) -> list[Path]:
    """Return where llama.cpp's own programs keep what they fetched."""
    return [around.named("LLAMA_CACHE") or around.cache / "llama.cpp"]


def hub_folders(around: Surroundings) -> list[Path]:
    """Return the caches that the hub's libraries share."""
    home = around.named("HF_HOME") or around.dot_cache / "huggingface"
    named = around.named("HF_HUB_CACHE") or around.named("HUGGINGFACE_HUB_CACHE")
    return [*([named] if named else []), home / "hub"]


def _in_jan(data: Path, cancel: threading.Event) -> Iterator[FoundElsewhere]:
    """Yield Jan's models; each is called by its folder, since the files are all "model.gguf"."""
    for root in (data / "llamacpp" / "models", data / "models"):
        for path in files_below(root, cancel):
            name = path.parent.relative_to(root).as_posix()
            if path.suffix.lower() == ".gguf":
                target = path
            elif path.name == "model.yml":  # of a file that was imported where it was
                target = _jan_target(path, data)
            else:
                continue
            if found := model_at(target, name if name != "." else target.stem, "Jan"):
                yield found


def _jan_target(note: Path, data: Path) -> Path:
    """Return the file that a `model.yml` names, in its folder if it names none that is there."""
    text = read_note(note).decode("utf-8", "replace")
    named = re.search(r"^model_path:\s*(.+?)\s*$", text, re.MULTILINE)
    if named is None:
        return note.with_name("model.gguf")
    return data / named[1].strip("'\"").replace("\0", "")


def _named_in_json(path: Path, key: str) -> Path | None:
    """Return the absolute path that another app's settings name under `key`."""
    try:
        settings = msgspec.json.decode(read_note(path), type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    value = settings.get(key)
    if not isinstance(value, str) or "\0" in value or not Path(value).is_absolute():
        return None
    return Path(value)


def _existing(folders: list[Path]) -> Iterator[Path]:
    """Yield those folders that are there, each once."""
    seen = set()
    for folder in folders:
        try:
            real = folder.resolve()
            if real not in seen and folder.is_dir():
                seen.add(real)
                yield folder
        except (OSError, ValueError):
            continue
