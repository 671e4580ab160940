"""The cache that the hub's libraries share: `models--owner--name/snapshots/<commit>/<file>`."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

from assistant.gguf import whole_name
from assistant.models.keeping.elsewhere.found import FoundElsewhere
from assistant.models.keeping.elsewhere.walking import files_below, model_at, read_note

_COMMIT = re.compile(r"[0-9a-f]{40}")
_MOST_REPOSITORIES = 2_000


def in_hub_cache(folder: Path, cancel: threading.Event) -> Iterator[FoundElsewhere]:
    """Yield the models in the snapshots of each repository, the newest that was fetched first.

    The path is that in the snapshot: a link to a blob whose name says nothing.
    """
    for repository in _folders(folder, "models--*")[:_MOST_REPOSITORIES]:
        newest = read_note(repository / "refs" / "main").decode("ascii", "replace").strip()
        snapshots = _folders(repository / "snapshots", "*")
        commits = [path for path in snapshots if _COMMIT.fullmatch(path.name)]
        for snapshot in sorted(commits, key=lambda path: path.name != newest):
            for path in files_below(snapshot, cancel, depth=3):
                if path.suffix.lower() != ".gguf":
                    continue
                if found := model_at(path, whole_name(path), "Hugging Face Hub"):
                    yield found
        if cancel.is_set():
            return


def _folders(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(path for path in folder.glob(pattern) if path.is_dir())
    except OSError:
        return []
