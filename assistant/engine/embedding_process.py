"""The process that turns texts into vectors, and what it and the app say to each other."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt

from assistant.child import Channel
from assistant.paths import from_text

if TYPE_CHECKING:
    from assistant.engine.llama import LlamaLog
    from assistant.engine.llama.embedder import TextEncoder
    from assistant.engine.llama.model import Model
    from assistant.engine.side_child import Outbox

_OVERLAP = 8  # a window begins an eighth of its length before the one before it ends


class Embed(msgspec.Struct, frozen=True, tag=True):
    """Turn texts into vectors with the model file `path`.

    Attributes:
        prefix: stands before every text, and every window of a long one.
        pooling: llama.cpp's number; -1 for what the file says.
        step_tokens: evaluated at once; the longest window.
    """

    path: str
    identity: tuple[int, int]
    texts: tuple[str, ...]
    prefix: str
    pooling: int
    step_tokens: int
    threads: int


class Embedded(msgspec.Struct, frozen=True, tag=True):
    """The vectors of the next texts.

    Attributes:
        vectors: their 32-bit floats, one text after the other.
        windows: into how many each text was cut; 0 for a text without a token.
        tokens: of all of them, prefixes included.
    """

    vectors: bytes
    windows: tuple[int, ...]
    tokens: int


class Done(msgspec.Struct, frozen=True, tag=True):
    """All texts were embedded, or the request was stopped.

    Attributes:
        width: numbers in a vector.
        pooling: how vectors of tokens became one; llama.cpp's number.
    """

    width: int
    pooling: int


Event = Embedded | Done


def main(channel: Channel) -> None:
    """Serve the requests of `channel` until the app goes."""
    # llama.cpp is loaded here, and never in the app's own process.
    from assistant.engine.side_child import serve  # noqa: PLC0415

    serve(channel, msgspec.msgpack.Decoder(Embed).decode, _Embedding)


class _Embedding:
    """Keeps one model loaded and embeds texts with it."""

    def __init__(self, log: "LlamaLog", outbox: "Outbox") -> None:
        self._log = log
        self._outbox = outbox
        self._key: tuple[Any, ...] = ()
        self._model: Model | None = None
        self._encoder: TextEncoder | None = None
        self._is_stopped = False

    def begin(self) -> None:
        """Forget the stop of an earlier request."""
        self._is_stopped = False

    def stop(self) -> None:
        """End what is under way."""
        self._is_stopped = True
        if self._encoder:
            self._encoder.stop()

    def do(self, request: Embed) -> None:
        """Send the vectors of the request's texts, a few texts at a time, then `Done`."""
        encoder = self._ready(request)
        encoder.resume()  # a stop that came before it is seen below
        sums = _Sums(encoder.width, self._outbox)
        for batch in _batches(_windows(encoder, request), encoder.step_tokens):
            self._outbox.step()
            rows = None if self._is_stopped else encoder.encode([window for _, window in batch])
            if rows is None:
                break
            sums.add([text for text, _ in batch], [len(window) for _, window in batch], rows)
        else:
            sums.send_until(len(request.texts))
        self._outbox.send(Done(encoder.width, encoder.pooling))

    def _ready(self, request: Embed) -> "TextEncoder":
        """Return the encoder that the request wants; load it if it is another."""
        from assistant.engine.llama.embedder import Pooling, TextEncoder  # noqa: PLC0415
        from assistant.engine.llama.model import Model  # noqa: PLC0415

        key = (
            *(request.path, request.identity),
            *(request.pooling, request.step_tokens, request.threads),
        )
        if self._encoder and self._key == key:
            return self._encoder
        self._unload()
        self._model = Model(from_text(request.path), self._loading, self._log, writes_text=False)
        self._encoder = TextEncoder(
            self._model,
            pooling=Pooling(request.pooling) if request.pooling >= 0 else None,
            step_tokens=request.step_tokens,
            threads=request.threads,
            log=self._log,
        )
        self._key = key
        return self._encoder

    def _loading(self, _: float) -> bool:
        self._outbox.step()
        return not self._is_stopped

    def _unload(self) -> None:
        encoder, self._encoder = self._encoder, None
        model, self._model = self._model, None
        if encoder:
            encoder.close()
        if model:
            model.close()


class _Sums:
    """Adds up the vectors of windows and sends those of whole texts, normalised."""

    def __init__(self, width: int, outbox: "Outbox") -> None:
        self._width = width
        self._outbox = outbox
        self._next = 0  # the first text that is not sent
        self._sums: dict[int, npt.NDArray[np.float64]] = {}
        self._windows: dict[int, int] = {}
        self._tokens = 0

    def add(self, texts: list[int], tokens: list[int], rows: npt.NDArray[np.float32]) -> None:
        """Take the vectors of windows; a text is whole when one of a later text came.

        A window counts by its length: the last one of a text may be short.
        """
        for text, count, row in zip(texts, tokens, rows, strict=True):
            unit = row / max(float(np.linalg.norm(row)), 1e-12)
            self._sums[text] = self._sums.get(text, np.zeros(self._width)) + unit * count
            self._windows[text] = self._windows.get(text, 0) + 1
            self._tokens += count
        self.send_until(texts[-1])

    def send_until(self, end: int) -> None:
        """Send the texts before number `end`."""
        if end == self._next:
            return
        rows = np.zeros((end - self._next, self._width), np.float32)
        windows = []
        for row, text in enumerate(range(self._next, end)):
            total = self._sums.pop(text, None)
            windows.append(self._windows.pop(text, 0))
            if total is not None:
                rows[row] = total / max(float(np.linalg.norm(total)), 1e-12)
        self._next = end
        self._outbox.send(Embedded(rows.tobytes(), tuple(windows), self._tokens))
        self._tokens = 0


def _windows(encoder: "TextEncoder", request: Embed) -> Iterator[tuple[int, list[int]]]:
    """Yield (number of the text, tokens) of every window, in the order of the texts."""
    prefix = encoder.tokens(request.prefix) if request.prefix else []
    after = encoder.end
    room = encoder.step_tokens - len(encoder.begin) - len(prefix) - len(after)
    if room < encoder.step_tokens // 4:  # it would leave hardly anything to the text
        room, prefix = room + len(prefix), []
    before = encoder.begin + prefix
    for number, text in enumerate(request.texts):
        whole = encoder.tokens(request.prefix + text)  # as one: a space may join the two
        own = encoder.tokens(text)
        if not own:
            continue
        if len(encoder.begin) + len(whole) + len(after) <= encoder.step_tokens:
            yield number, encoder.begin + whole + after
            continue
        for begin, end in _cuts(len(own), room):
            yield number, before + own[begin:end] + after


def _cuts(count: int, room: int) -> Iterator[tuple[int, int]]:
    """Yield overlapping ranges of at most `room` of `count` tokens, about equally long."""
    step = room - room // _OVERLAP
    pieces = max(1, -(-(count - room) // step) + 1)
    begins = [round(i * (count - room) / max(1, pieces - 1)) for i in range(pieces)]
    assert all(after - before <= room for before, after in pairwise(begins))
    yield from ((begin, begin + room) for begin in begins)


def _batches(
    windows: Iterator[tuple[int, list[int]]], step_tokens: int
) -> Iterator[list[tuple[int, list[int]]]]:
    """Yield as many windows together as a step takes."""
    from assistant.engine.llama.embedder import SEQUENCES  # noqa: PLC0415

    batch: list[tuple[int, list[int]]] = []
    tokens = 0
    for number, window in windows:
        if batch and (tokens + len(window) > step_tokens or len(batch) == SEQUENCES):
            yield batch
            batch, tokens = [], 0
        batch.append((number, window))
        tokens += len(window)
    if batch:
        yield batch
