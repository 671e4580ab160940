"""What is known of a request that the engine has not finished in time after a stop."""

import time

from assistant.engine.protocol import Event, Finished, FinishReason, PromptProgress, TextPart


class Usage:
    """Counts a request's events as they pass.

    Args:
        id_: the request's.
    """

    def __init__(self, id_: int) -> None:
        self._id = id_
        self._progress: PromptProgress | None = None
        self._begun = self._replied = 0.0
        self._parts = 0

    def note(self, event: Event) -> None:
        """Take `event` into account."""
        if isinstance(event, PromptProgress):
            self._progress = event
            self._begun = self._begun or time.perf_counter()
        elif isinstance(event, TextPart):
            self._replied = self._replied or time.perf_counter()
            self._parts += 1

    def stopped(self) -> Finished:
        """Return the last event of a request that was stopped now."""
        now = time.perf_counter()
        replied = self._replied or now
        return Finished(
            id=self._id,
            reason=FinishReason.STOPPED,
            prompt_tokens=self._progress.total_tokens if self._progress else 0,
            reused_tokens=self._progress.reused_tokens if self._progress else 0,
            generated_tokens=self._parts,
            prompt_s=replied - (self._begun or replied),
            generation_s=now - replied,
        )
