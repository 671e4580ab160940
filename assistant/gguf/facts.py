"""The key-value pairs of a GGUF file, asked for by type."""

from pathlib import Path
from typing import Any

from assistant.gguf.source import MAX_EXTENT, MAX_PAIRS


class Facts:
    """Key-value pairs, asked for by type: a key of another type counts as not there."""

    def __init__(self, pairs: dict[str, Any], lengths: dict[str, int], path: Path) -> None:
        self._pairs = pairs
        self._lengths = lengths
        self.path = path
        self.architecture = self.word("general.architecture")

    def word(self, key: str) -> str:
        """Return a string; empty if there is none."""
        value = self._pairs.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str, default: int = 0) -> int:
        """Return a count; of an array its largest element, as for layers that differ."""
        value = self._pairs.get(key)
        if isinstance(value, list):
            value = max((item for item in value if isinstance(item, int)), default=default)
        if not isinstance(value, int) or isinstance(value, bool):
            return default
        return value if 0 <= value < MAX_EXTENT else default

    def of_model(self, key: str, default: int = 0) -> int:
        """Return a count that the file gives under its architecture's name."""
        return self.number(f"{self.architecture}.{key}", default)

    def per_layer(self, key: str, layers: int, default: int) -> tuple[int, ...]:
        """Return a count for each layer; one number holds for all."""
        value = self._pairs.get(f"{self.architecture}.{key}")
        if isinstance(value, list) and len(value) >= layers:
            return tuple(
                item if isinstance(item, int) and 0 <= item < MAX_PAIRS else default
                for item in value[:layers]
            )
        return (self.of_model(key, default),) * layers

    def length(self, key: str) -> int:
        """Return how many values an array has, also one too long to keep."""
        return self._lengths.get(key, 0)

    def of_experts(self, count: int, used: int) -> "Facts":
        """Return the same of a model with so many experts, of which some are asked."""
        told = {"expert_count": count, "expert_used_count": used}
        pairs = {f"{self.architecture}.{key}": value for key, value in told.items()}
        return Facts({**self._pairs, **pairs}, self._lengths, self.path)
