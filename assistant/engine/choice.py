"""Which model is wished, and how a load of it is tried."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.engine.protocol import Fallback, LoadSettings, ModelInfo
from assistant.forecast import ModelShape


@dataclass(frozen=True, slots=True)
class Choice:
    """A model file and how it is loaded, as it was wished.

    Attributes:
        path: the file; of a model cut into parts the first.
        settings: as they were wished, nothing resolved.
        identity: the size and time of its files, so that one that was replaced is loaded anew.
    """

    path: Path
    settings: LoadSettings
    identity: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to load a choice.

    Attributes:
        choice: what was wished.
        settings: with the context resolved.
        peak_bytes: what the process will take, by our estimate.
        fallbacks: what was given up against the wish, in that order.
        shape: what the model's speed depends on.
    """

    choice: Choice
    settings: LoadSettings
    peak_bytes: int
    fallbacks: tuple[Fallback, ...] = ()
    shape: ModelShape | None = None

    def told_in(self, info: ModelInfo) -> ModelInfo:
        """Return `info` with what this plan was."""
        fallbacks = self.fallbacks
        # All layers (-1) means: those that a GPU can take, where there is one.
        if self.settings.gpu_layers > 0 and not info.gpu_layers:
            fallbacks = (Fallback.NO_GPU, *fallbacks)
        return msgspec.structs.replace(
            info,
            path=str(self.choice.path),
            wished_context_tokens=self.choice.settings.context_tokens,
            fallbacks=fallbacks,
            estimated_bytes=self.peak_bytes,
        )
