"""A model file of another app."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundElsewhere:
    """A model file that another app has.

    Attributes:
        path: where it is; of a model cut into parts the first.
        name: what the app calls it, or the file's name; plain, to be shown.
        app: "LM Studio", "Ollama", "GPT4All", "Jan", "llama.cpp" or "Hugging Face Hub".
        size_bytes: of all its parts.
    """

    path: Path
    name: str
    app: str
    size_bytes: int
