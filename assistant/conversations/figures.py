"""What a reply cost and how it was made, as it is kept with the message."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from assistant.conversations.sampling import checked
from assistant.engine.protocol import Finished


@dataclass(frozen=True, slots=True)
class ReplyFigures:
    """The figures of one reply. Times in seconds, sizes in bytes.

    Attributes:
        prompt_tokens: of the whole prompt; `reused_tokens` of them were not evaluated again, and
            `restored_tokens` of those came from disk.
        generated_tokens: those of the reply and its reasoning.
        prompt_s: from the moment the engine began with it to the end of the prompt.
        first_token_s: from asking to the first token, waiting included.
        generation_s: from the first token to the last.
        threads: how many computed it, at its end; 0 if that is not known.
        peak_memory_bytes: the most that the engine's process had taken by then.
    """

    prompt_tokens: int = 0
    reused_tokens: int = 0
    restored_tokens: int = 0
    generated_tokens: int = 0
    prompt_s: float = 0.0
    first_token_s: float = 0.0
    generation_s: float = 0.0
    threads: int = 0
    peak_memory_bytes: int = 0

    @classmethod
    def of(cls, finished: Finished) -> Self:
        """Return the figures that the engine told at the end of a reply."""
        return cls(**{name: getattr(finished, name) for name in cls.__dataclass_fields__})

    @classmethod
    def kept(cls, stats: Mapping[str, Any]) -> Self | None:
        """Return what `stats` of a stored message hold; None for one that has no figures."""
        if not stats.get("prompt_tokens"):
            return None
        known = {name: stats[name] for name in cls.__dataclass_fields__ if name in stats}
        return cls(**known)

    @property
    def tokens_per_s(self) -> float:
        """Generated tokens a second; 0 where too few were to tell."""
        if self.generated_tokens < 2 or self.generation_s <= 0:
            return 0.0
        return self.generated_tokens / self.generation_s

    def stats(self) -> dict[str, Any]:
        """Return them for a stored message, times to the millisecond."""
        return {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWith:
    """How the model was asked for one reply.

    Attributes:
        preset: the name of the preset, or "".
        sampling: the settings that were not the usual ones, by llama.cpp's names, and the seed.
    """

    preset: str = ""
    sampling: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def kept(cls, stats: Mapping[str, Any]) -> Self:
        """Return what `stats` of a stored message tell; an imported one may tell anything."""
        preset, sampling = stats.get("preset"), stats.get("sampling")
        return cls(
            preset=preset if isinstance(preset, str) else "",
            sampling=checked(sampling) if isinstance(sampling, Mapping) else {},
        )

    def settings(self) -> str:
        """Return the sampling as `alcove chat` takes it: "temperature 0.2, top-k 5, seed 7"."""
        told = (f"{name.replace('_', '-')} {value:.10g}" for name, value in self.sampling.items())
        return ", ".join(told)
