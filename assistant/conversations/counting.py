"""How many tokens each message has, counted once for each model."""

import hashlib
import threading
from collections.abc import Sequence

from assistant.engine.client import Engine
from assistant.engine.protocol import Priority

_MOST = 200_000


class TokenCounts:
    """Remembers counts, by sums and never by words: what is deleted is not kept here either.

    May be used from several threads.
    """

    def __init__(self) -> None:
        self._counts: dict[bytes, int] = {}
        self._lock = threading.Lock()

    def of(
        self,
        engine: Engine,
        model: str,
        texts: Sequence[str],
        *,
        priority: Priority,
        cancel: threading.Event,
    ) -> dict[str, int]:
        """Return the tokens of each text; of those that were known before, when stopped.

        Args:
            engine: with the model.
            model: its path.
            texts: any texts.
            priority: of a request that waits for it.
            cancel: stops counting.

        Raises:
            ModelError, ModelTooLarge, CrashedLastTime, EngineDied, EngineClosed: as the engine.
        """
        keys = {text: _key(model, text) for text in texts}
        with self._lock:
            known = {text: self._counts[key] for text, key in keys.items() if key in self._counts}
        unknown = [text for text in keys if text not in known]
        if not unknown:
            return known
        counts = engine.count_tokens(unknown, priority=priority, cancel=cancel)
        fresh = dict(zip(unknown, counts, strict=False))
        with self._lock:
            if len(self._counts) + len(fresh) > _MOST:
                self._counts.clear()
            self._counts.update({keys[text]: count for text, count in fresh.items()})
        return known | fresh


def _key(model: str, text: str) -> bytes:
    whole = f"{model}\n{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(whole, digest_size=16).digest()
