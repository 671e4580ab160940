"""Texts as vectors, from an embedding model in a process of its own: a chat is never disturbed."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.engine import embedding_process
from assistant.engine.crashes import file_identity
from assistant.engine.embedding_prefixes import Purpose, prefix_for
from assistant.engine.embedding_process import Done, Embed, Embedded
from assistant.engine.side_process import SideProcess, refuse_if_too_large
from assistant.engine.threads import usable_cores
from assistant.engine.turn import Turn
from assistant.errors import EngineClosed, ModelError, ModelFault, ModelNotFound
from assistant.gguf import GgufHeader, read_header
from assistant.paths import as_text

STEP_TOKENS = 1_024  # a window, at most: attention's scores grow with its square
_CLOSE_S = 1.0
_MEAN, _FIRST, _LAST = 1, 2, 3  # llama.cpp's numbers of poolings
_ENCODERS = ("bert", "t5encoder", "gemma-embedding")  # they read both ways and write nothing
_NAMES = ("embed", "e5-", "bge-", "gte-")


@dataclass(frozen=True, slots=True)
class EmbeddingProgress:
    """How many of the texts are embedded."""

    done_texts: int
    total_texts: int


@dataclass(frozen=True, slots=True, eq=False)
class Embeddings:
    """Vectors of texts.

    Attributes:
        vectors: float32, a row for each text, of length 1; a text without a token has zeros.
        windows: into how many windows each text was cut; its vector is their mean, by length.
        cut_texts: how many texts were longer than a window.
        tokens: evaluated in all.
    """

    vectors: npt.NDArray[np.float32]
    windows: tuple[int, ...]
    tokens: int

    @property
    def cut_texts(self) -> int:
        """How many texts were longer than a window of the model."""
        return sum(count > 1 for count in self.windows)


class Embedder:
    """Embeds texts with one model at a time; requests from several threads wait their turn.

    Nothing is started before the first request. When the process dies, the request that was with
    it fails with the cause, and the next one starts it again.

    Args:
        log: file that takes llama.cpp's messages; None drops them.
        nice: how much lower the process's priority is; a chat goes before.
        threads: exactly so many; 0 for as many as there are physical cores.
    """

    def __init__(self, *, log: Path | None, nice: int = 10, threads: int = 0) -> None:
        self._log = log
        self._nice = nice
        self._threads = threads
        self._path: Path | None = None
        self._turn = threading.Lock()
        self._starting = threading.Lock()
        self._process: SideProcess[Embedded | Done] | None = None
        self._is_closed = False

    def choose(self, path: Path) -> None:
        """Say which model the next request uses; that request loads it."""
        self._path = path

    def embed(
        self,
        texts: Sequence[str],
        *,
        purpose: Purpose = Purpose.PASSAGE,
        cancel: threading.Event,
    ) -> Iterator[EmbeddingProgress | Embeddings]:
        """Turn `texts` into vectors; the last value is `Embeddings`, unless it was stopped.

        A text longer than the model's window is cut into overlapping windows and gets the mean of
        their vectors; `Embeddings.windows` tells which.

        Args:
            texts: any texts, in any number.
            purpose: questions or passages, for models that tell them apart.
            cancel: stops it.

        Raises:
            ModelNotFound: no model was chosen.
            ModelError: the file cannot be used; with `NOT_FOR_EMBEDDING`, it is another kind.
            ModelTooLarge: it does not fit into memory.
            EngineDied: the process ended.
            EngineClosed: the embedder was closed.
        """
        if self._path is None:
            raise ModelNotFound("")
        header = read_header(self._path)
        request = self._request(header, texts, purpose)
        with Turn(self._turn, cancel) as is_mine:
            if not is_mine:
                return
            refuse_if_too_large(header, request.step_tokens, request.step_tokens)
            yield from self._embed(header, request, cancel)

    def unload(self) -> None:
        """Free the model and its file, after the requests that are under way.

        The next request loads the chosen model again.
        """
        with self._turn, self._starting:
            process, self._process = self._process, None
            if process:
                process.end()

    def close(self) -> None:
        """End the process; requests under way raise `EngineClosed`. For good."""
        with self._starting:
            self._is_closed = True
            process, self._process = self._process, None
        if process:
            process.kill()
            # The request that is with it sees its end soon, unless nobody iterates it any more.
            has_turn = self._turn.acquire(timeout=_CLOSE_S)
            process.end()
            if has_turn:
                self._turn.release()

    def _request(self, header: GgufHeader, texts: Sequence[str], purpose: Purpose) -> Embed:
        return Embed(
            path=as_text(header.path),
            identity=file_identity(header.path),
            texts=tuple(text.encode("utf-8", "replace").decode("utf-8") for text in texts),
            prefix=prefix_for(header, purpose),
            pooling=_pooling(header),
            step_tokens=min(STEP_TOKENS, header.context_length or STEP_TOKENS),
            threads=self._threads or usable_cores(),
        )

    def _embed(
        self, header: GgufHeader, request: Embed, cancel: threading.Event
    ) -> Iterator[EmbeddingProgress | Embeddings]:
        parts: list[Embedded] = []
        done = 0
        process = self._running()
        try:
            for event in process.ask(request, header, Done, cancel):
                if isinstance(event, Embedded):
                    parts.append(event)
                    done += len(event.windows)
                    yield EmbeddingProgress(done, len(request.texts))
                elif done == len(request.texts):
                    yield _joined(parts, event.width)
        except Exception:
            if self._is_closed:
                raise EngineClosed from None
            raise

    def _running(self) -> "SideProcess[Embedded | Done]":
        with self._starting:
            if self._is_closed:
                raise EngineClosed
            if self._process is None or not self._process.is_alive:
                if self._process is not None:
                    self._process.end()
                self._process = SideProcess(
                    embedding_process.main,
                    embedding_process.Event,
                    name="alcove embeddings",
                    log=self._log,
                    nice=self._nice,
                )
            return self._process


def _pooling(header: GgufHeader) -> int:
    """Return llama.cpp's number of the pooling to ask for; -1 for what the file says.

    A file that does not say is pooled as models of its kind are: an encoder by the mean, a
    decoder made for embeddings by its last token. Anything else was not made for it: vectors of a
    chat model tell hardly more than the words that two texts share.

    Raises:
        ModelError: with `NOT_FOR_EMBEDDING`.
    """
    if header.pooling in {_MEAN, _FIRST, _LAST}:
        return -1
    says_nothing = header.pooling in {-1, 0}
    if says_nothing and any(name in header.architecture for name in _ENCODERS):
        return _MEAN
    name = f"{header.name} {header.path.stem}".casefold().replace("_", "-")
    if says_nothing and any(word in name for word in _NAMES):
        return _LAST
    raise ModelError(header.path, ModelFault.NOT_FOR_EMBEDDING, header.architecture)


def _joined(parts: Sequence[Embedded], width: int) -> Embeddings:
    data = b"".join(part.vectors for part in parts)
    return Embeddings(
        vectors=np.frombuffer(data, np.float32).reshape(-1, width),
        windows=tuple(count for part in parts for count in part.windows),
        tokens=sum(part.tokens for part in parts),
    )
