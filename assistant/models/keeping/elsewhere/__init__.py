"""The model files that other apps have on this computer, to be used where they are.

Nothing is copied, written or deleted, and what is found is not believed: folders may hold links
that go in circles, thousands of files, damaged notes, and what may not be read.
"""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.models.keeping.elsewhere.apps import look_into
from assistant.models.keeping.elsewhere.found import FoundElsewhere
from assistant.models.keeping.elsewhere.surroundings import surroundings_of

__all__ = ["FoundElsewhere", "find_elsewhere"]


def find_elsewhere(
    home: Path | None = None,
    *,
    cancel: threading.Event,
    system: str = "",
    environment: Mapping[str, str] | None = None,
) -> Iterator[FoundElsewhere]:
    """Yield the models that LM Studio, Ollama, GPT4All, Jan, llama.cpp and the hub's cache have.

    Each file once, also where several apps share it. Ends early when cancelled. What cannot be
    read is passed over.

    Args:
        home: the person's home folder; this one's if not given.
        cancel: stops it.
        system: "Linux", "Darwin" or "Windows"; this one if not given.
        environment: variables that name folders; this process's if not given.
    """
    around = surroundings_of(home, system, environment)
    seen: set[Path] = set()
    for found in look_into(around, cancel):
        if cancel.is_set():
            return
        try:
            real = found.path.resolve()
        except OSError:
            continue
        if real not in seen:
            seen.add(real)
            yield found
