"""Summing up bytes while more of them come: on a thread of its own, in order, a little behind."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from assistant.models.files.blocks import BLOCK_BYTES, BlockSummer

_MOST_BEHIND = 8


class SummingThread:
    """Sums up what it is given, block by block.

    Whole and blocks cost as much as fetching does; on a thread beside, the slower of the two
    counts, and not their sum. The thread is there only while there is something to sum.

    Args:
        summer: what sums.
        told: called on the thread after each batch.
    """

    def __init__(self, summer: BlockSummer, told: Callable[[], None]) -> None:
        self._summer = summer
        self._told = told
        self._batch: list[bytes] = []
        self._batch_bytes = 0
        self._behind: deque[Future[None]] = deque()
        self._thread: ThreadPoolExecutor | None = None

    def add(self, chunk: bytes) -> None:
        """Take bytes; waits where too much is still to be summed.

        Raises:
            OSError: whatever `told` raised for earlier ones.
        """
        self._batch.append(chunk)
        self._batch_bytes += len(chunk)
        if self._batch_bytes >= BLOCK_BYTES:
            self._hand_over()
        while len(self._behind) > _MOST_BEHIND:
            self._behind.popleft().result()

    def wait(self) -> None:
        """Return when all is summed.

        Raises:
            OSError: whatever `told` raised.
        """
        if self._batch:
            self._hand_over()
        while self._behind:
            self._behind.popleft().result()

    def close(self) -> None:
        """Sum what is left, and end the thread."""
        try:
            self.wait()
        finally:
            self._behind.clear()
            if self._thread is not None:
                self._thread.shutdown(cancel_futures=True)
                self._thread = None

    def _hand_over(self) -> None:
        # In one piece: the thread then needs the interpreter twice for each batch.
        batch = b"".join(self._batch)
        self._batch, self._batch_bytes = [], 0
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="summing")
        self._behind.append(self._thread.submit(self._sum, batch))

    def _sum(self, batch: bytes) -> None:
        self._summer.add(batch)
        self._told()
