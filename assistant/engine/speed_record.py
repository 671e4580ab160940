"""Notes how fast each reply was, so that what is foretold of models is compared with reality."""

import contextlib
import threading
from collections.abc import Iterator

from assistant.engine.link import EngineLink
from assistant.engine.protocol import Finished
from assistant.forecast import SpeedRecords


class Watch:
    """One request under way.

    Attributes:
        is_alone: no other request was under way with it, and it was not paused: only then are
            its times those of the model.
    """

    def __init__(self, *, is_alone: bool) -> None:
        self.is_alone = is_alone


class SpeedWatch:
    """Knows which requests had the computer to themselves, and keeps their speeds.

    Engines that share one know of each other's requests.

    Args:
        records: where they are kept; None keeps nothing.
    """

    def __init__(self, records: SpeedRecords | None) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._watches: list[Watch] = []

    @contextlib.contextmanager
    def watching(self) -> Iterator[Watch]:
        """Watch a request from its beginning to its end."""
        with self._lock:
            for other in self._watches:
                other.is_alone = False
            watch = Watch(is_alone=not self._watches)
            self._watches.append(watch)
        try:
            yield watch
        finally:
            with self._lock:
                self._watches.remove(watch)

    def note(
        self,
        watch: Watch,
        link: EngineLink | None,
        finished: Finished,
        memory_factor: float = 1.0,
        *,
        is_summary: bool,
    ) -> None:
        """Keep the speed of a reply that has ended.

        Args:
            watch: its request's.
            link: the process that wrote it.
            finished: what the engine counted.
            memory_factor: how much more memory the model took than was estimated.
            is_summary: it was a whole summary, and no chat.
        """
        records, info = self._records, link.info if link else None
        # One that was stopped before its first token has evaluated who knows how much.
        if records is None or not watch.is_alone or not finished.generated_tokens:
            return
        if info is None or link is None or link.shape is None:
            return
        records.note(
            info.name,
            link.shape,
            prompt_tokens=finished.prompt_tokens,
            reused_tokens=finished.reused_tokens,
            prompt_s=finished.prompt_s,
            generated_tokens=finished.generated_tokens,
            generation_s=finished.generation_s,
            is_summary=is_summary,
            is_gpu=bool(info.gpu_layers),
            memory_factor=memory_factor,
        )
