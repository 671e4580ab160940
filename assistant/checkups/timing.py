"""Asks the engine and takes the time, as the app that asks sees it."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Finished, FinishReason, Priority, TextPart


@dataclass(frozen=True, slots=True)
class Timed:
    """A reply.

    Attributes:
        finished: what the engine counted.
        begun_s: when it was asked for, on the clock of `time.perf_counter`.
        first_s: from then to its first text, in seconds; `total_s` to its end.
    """

    finished: Finished
    begun_s: float
    first_s: float
    total_s: float

    @property
    def prompt_speed(self) -> float:
        """Prompt tokens evaluated a second."""
        evaluated = self.finished.prompt_tokens - self.finished.reused_tokens
        return evaluated / max(self.first_s, 1e-9)

    @property
    def speed(self) -> float:
        """Tokens generated a second; 0 if there were too few to tell."""
        if self.finished.generated_tokens < 2 or self.finished.generation_s <= 0:
            return 0.0
        return self.finished.generated_tokens / self.finished.generation_s


def ask(
    engine: Engine,
    text: str,
    tokens: int,
    *,
    priority: Priority = Priority.CHAT,
    cancel: threading.Event,
) -> Timed | None:
    """Let the model go on with `text` for so many tokens, greedily; None if it was stopped."""
    begun = time.perf_counter()
    first = 0.0
    for event in engine.generate(
        prompt=text, sampling=GREEDY, max_tokens=tokens, priority=priority, cancel=cancel
    ):
        if isinstance(event, TextPart):
            first = first or time.perf_counter()
        elif isinstance(event, Finished) and event.reason is not FinishReason.STOPPED:
            ended = time.perf_counter()
            return Timed(event, begun, (first or ended) - begun, ended - begun)
    return None


def ask_together(
    engine: Engine, texts: Sequence[str], tokens: int, *, cancel: threading.Event
) -> float:
    """Ask all `texts` at once, as a summary does with its passages.

    Returns:
        The tokens a second of all replies together; 0 if one of them was stopped.
    """
    replies: list[Timed] = []
    failures: list[Exception] = []

    def work(text: str) -> None:
        try:
            timed = ask(engine, text, tokens, priority=Priority.SUMMARY, cancel=cancel)
        except Exception as error:
            failures.append(error)
        else:
            replies.extend([timed] if timed else [])

    workers = [threading.Thread(target=work, args=(text,)) for text in texts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]
    if len(replies) < len(texts):
        return 0.0
    begun = min(timed.begun_s for timed in replies)
    ended = max(timed.begun_s + timed.total_s for timed in replies)
    generated = sum(timed.finished.generated_tokens for timed in replies)
    return generated / max(ended - begun, 1e-9)
