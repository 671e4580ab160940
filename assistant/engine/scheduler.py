"""Works off the engine's requests in a thread of the child process, chat before summaries.

Requests run one after another. A `Load` or `Unload` is a border: what was asked for before it
runs before it, with the model that was there.
"""

import heapq
import os
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from assistant.engine.generation import Generation, PromptTooLongForContext
from assistant.engine.llama import Context, LlamaLog, LoadRefused, Model, StepFailed, start
from assistant.engine.prompts import Prompt, PromptWriter
from assistant.engine.protocol import (
    CountTokens,
    Event,
    Failed,
    Finished,
    FinishReason,
    Generate,
    Load,
    LoadProgress,
    ModelInfo,
    Priority,
    TokenCounts,
    Unload,
    Unloaded,
)
from assistant.engine.templates import ChatTemplate, TemplateFailed, TemplateStuck
from assistant.engine.threads import usable_cores
from assistant.errors import ModelError, ModelFault
from assistant.gguf import GgufHeader, read_header

Work = Load | Generate | CountTokens | Unload
_PROGRESS_S = 0.05


@dataclass(order=True)
class _Queued:
    order: tuple[int, int, int]
    work: Work = field(compare=False)


@dataclass
class _Loaded:
    """A model that is ready, with what is needed to use it."""

    path: str
    model: Model
    context: Context
    generation: Generation
    writer: PromptWriter | None


class Scheduler:
    """Runs requests and sends their events.

    Args:
        send: takes events; called from the scheduler's thread and the caller's.
        template_deadline_s: how long a chat template may take.
    """

    def __init__(self, send: Callable[[Event], None], template_deadline_s: float = 5.0) -> None:
        self._send = send
        self._template_deadline_s = template_deadline_s
        self._changed = threading.Condition()
        self._queue: list[_Queued] = []
        self._count = 0
        self._border = 0
        self._running: Work | None = None
        self._is_cancelled = False
        self._step_begun = 0.0
        self._loaded: _Loaded | None = None
        self._log: LlamaLog | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a request runs or waits."""
        return self._running is not None or bool(self._queue)

    @property
    def step_s(self) -> float:
        """How long the current native step has been running, in seconds."""
        begun = self._step_begun
        return time.monotonic() - begun if begun else 0.0

    def submit(self, work: Work) -> None:
        """Queue a request."""
        with self._changed:
            is_border = isinstance(work, Load | Unload)
            self._border += is_border
            # Counting takes milliseconds and someone waits for it.
            priority = work.priority if isinstance(work, Generate) else Priority.CHAT
            self._count += 1
            heapq.heappush(self._queue, _Queued((self._border, priority, self._count), work))
            self._border += is_border
            self._changed.notify()

    def cancel(self, id_: int) -> None:
        """Stop request `id_` wherever it is; nothing if it has ended."""
        with self._changed:
            if self._running is not None and self._running.id == id_:
                self._is_cancelled = True
                if self._loaded:
                    self._loaded.context.stop()
                return
            waiting = [queued for queued in self._queue if queued.work.id == id_]
            if not waiting:
                return
            self._queue.remove(waiting[0])
            heapq.heapify(self._queue)
        self._send(_ended_early(waiting[0].work))

    def run(self) -> None:
        """Work until the process ends."""
        self._log = start()
        while True:
            with self._changed:
                while not self._queue:
                    self._changed.wait()
                work = heapq.heappop(self._queue).work
                self._is_cancelled = False
                if self._loaded:
                    self._loaded.context.resume()
                self._running = work
            event = self._answer(work)
            with self._changed:
                self._running = None
            self._send(event)

    def _answer(self, work: Work) -> Event:
        """Do what was asked for; return its last event."""
        try:
            return self._do(work)
        except TemplateStuck:
            self._send(Failed(work.id, ModelFault.TEMPLATE_FAILED, "took too long"))
            os._exit(3)
        except Exception as error:
            return _failed(work.id, error)

    def _do(self, work: Work) -> Event:
        match work:
            case Load():
                return self._load(work)
            case Generate():
                return self._generate(work)
            case CountTokens():
                return self._count_tokens(work)
            case Unload():
                self._unload()
                return Unloaded(work.id)

    def _unload(self) -> None:
        with self._changed:
            loaded, self._loaded = self._loaded, None
        if loaded:
            loaded.context.close()
            loaded.model.close()

    def _load(self, work: Load) -> Event:
        self._unload()
        assert self._log
        path = Path(work.path)
        header = read_header(path)
        threads = work.settings.threads or usable_cores()
        settings = msgspec.structs.replace(work.settings, threads=threads)
        self._step(is_begin=True)
        try:
            model = Model(
                path, self._load_reporter(work.id), self._log, gpu_layers=settings.gpu_layers
            )
            try:
                context = Context(model, settings, self._log)
            except BaseException:
                model.close()
                raise
        finally:
            self._step(is_begin=False)
        writer = self._writer(model, header)
        generation = Generation(context, lambda is_begin: self._step(is_begin=is_begin))
        with self._changed:
            self._loaded = _Loaded(work.path, model, context, generation, writer)
        return _info(work, header, context, writer, threads)

    def _writer(self, model: Model, header: GgufHeader) -> PromptWriter | None:
        if not header.chat_template:
            return None
        begin, end = model.begin_and_end_texts()
        template = ChatTemplate(header.chat_template, begin, end, self._template_deadline_s)
        return PromptWriter(model, template)

    def _load_reporter(self, id_: int) -> Callable[[float], bool]:
        """Return a function that sends the progress now and then; it says whether to go on."""
        sent = 0.0

        def report(fraction: float) -> bool:
            nonlocal sent
            now = time.monotonic()
            self._step_begun = now
            if now - sent > _PROGRESS_S:
                sent = now
                self._send(LoadProgress(id_, fraction))
            return not self._is_cancelled

        return report

    def _generate(self, work: Generate) -> Event:
        loaded = self._ready(work)
        reasoning = None
        if work.messages:
            if loaded.writer is None:
                raise ModelError(Path(loaded.path), ModelFault.NO_CHAT_TEMPLATE)
            prompt = loaded.writer.write(work.messages, work.thinking, work.reply_start)
            reasoning = loaded.writer.reasoning
        else:
            text = work.prompt + work.reply_start
            tokens = loaded.model.tokenize(text, parse_special=False, add_special=True)
            prompt = Prompt(tokens or [0])
        if self._is_cancelled:
            return _ended_early(work)
        return loaded.generation.run(work, prompt, reasoning, self._send)

    def _count_tokens(self, work: CountTokens) -> Event:
        model = self._ready(work).model
        counts = []
        for text in work.texts:
            if self._is_cancelled:
                break
            counts.append(len(model.tokenize(text, parse_special=False)))
        return TokenCounts(work.id, tuple(counts))

    def _ready(self, work: Work) -> _Loaded:
        if self._loaded is None:
            raise RuntimeError(f"{type(work).__name__} without a model")
        return self._loaded

    def _step(self, *, is_begin: bool) -> None:
        self._step_begun = time.monotonic() if is_begin else 0.0


def _failed(id_: int, error: Exception) -> Failed:
    """Return the event that tells the app of `error`."""
    kind, detail = "bug", ""
    numbers: tuple[int, ...] = ()
    match error:
        case LoadRefused():
            kind, detail = error.kind, error.detail
        case ModelError():
            kind, detail = error.fault, error.detail
        case PromptTooLongForContext():
            kind, numbers = "prompt-too-long", (error.prompt_tokens, error.context_tokens)
        case TemplateFailed():
            kind, detail = ModelFault.TEMPLATE_FAILED, str(error)
        case StepFailed():
            kind, detail = ModelFault.REFUSED, f"llama_decode: {error}"
        case MemoryError():
            kind = "too-large"
        case _:  # The places only: a message may hold the user's text.
            places = "".join(traceback.format_tb(error.__traceback__))
            detail = f"{type(error).__name__}\n{places}"
    return Failed(id_, kind, detail, numbers)


def _ended_early(work: Work) -> Event:
    """Return the last event of a request that was stopped before it began."""
    match work:
        case Load():
            return Failed(work.id, "cancelled")
        case Generate():
            return Finished(work.id, FinishReason.STOPPED, 0, 0, 0, 0.0, 0.0)
        case CountTokens():
            return TokenCounts(work.id, ())
        case Unload():
            return Unloaded(work.id)


def _info(
    work: Load, header: GgufHeader, context: Context, writer: PromptWriter | None, threads: int
) -> ModelInfo:
    sizes = context.buffer_bytes
    return ModelInfo(
        id=work.id,
        path=work.path,
        name=header.name,
        architecture=header.architecture,
        quantization=header.quantization,
        parameters=header.parameters,
        context_tokens=context.context_tokens,
        trained_context_tokens=header.context_length,
        has_chat_template=header.has_chat_template,
        thinks=bool(writer and writer.reasoning),
        can_rewind=context.model.can_rewind,
        weights_bytes=context.model.weights_bytes,
        kv_bytes=sizes.get("KV", 0) + sizes.get("RS", 0),
        buffer_bytes=sizes.get("compute", 0) + sizes.get("output", 0),
        threads=threads,
    )
