"""What was measured of one model on this computer. docs/cli.md tells it as JSON."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PromptFigure:
    """Evaluating a prompt of `tokens`; `first_token_s` is the wait for the reply's first token."""

    tokens: int
    tokens_per_s: float
    first_token_s: float


@dataclass(frozen=True, slots=True)
class GenerationFigure:
    """Generating after `context_tokens`."""

    context_tokens: int
    tokens_per_s: float


@dataclass(frozen=True, slots=True)
class FollowUpFigure:
    """A next prompt that begins with `known_tokens` which were evaluated before."""

    known_tokens: int
    new_tokens: int
    first_token_s: float


@dataclass(frozen=True, slots=True)
class TogetherFigure:
    """Several replies at once: `tokens_per_s` is that of all of them together."""

    requests: int
    tokens_per_s: float


@dataclass(frozen=True, slots=True)
class ThreadsFigure:
    """One number of threads; `is_automatic` is the engine's own choice."""

    threads: int
    is_automatic: bool
    prompt_tokens_per_s: float
    tokens_per_s: float


@dataclass(frozen=True, slots=True)
class MemoryFigure:
    """The engine's process at its peak, and what was foretold from the file's header."""

    peak_bytes: int
    estimate_bytes: int


@dataclass(frozen=True, slots=True)
class SpeedReport:
    """All of it, as far as it came.

    Attributes:
        load_s: from choosing the model until it is ready, the engine's start included.
        context_tokens: the context it was loaded with.
    """

    load_s: float
    context_tokens: int
    prompts: tuple[PromptFigure, ...] = ()
    generation: tuple[GenerationFigure, ...] = ()
    follow_up: FollowUpFigure | None = None
    together: tuple[TogetherFigure, ...] = ()
    memory: MemoryFigure | None = None
    threads: tuple[ThreadsFigure, ...] = ()
