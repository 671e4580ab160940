"""A model that is ready in the engine's process: its contexts, and what it keeps on disk."""

import contextlib
import time
from collections.abc import Callable

import msgspec

from assistant.engine.fitting import need_of
from assistant.engine.lane import Lane
from assistant.engine.llama import Context, LlamaLog, LoadRefused, Model, StepFailed, build
from assistant.engine.llama.devices import usable_layers
from assistant.engine.prompts import Prompt, PromptWriter
from assistant.engine.protocol import Generate, Load, LoadSettings, ModelInfo
from assistant.engine.reuse import join
from assistant.engine.runs import Run
from assistant.engine.sequences import Held, common_prefix
from assistant.engine.states import StateStore, state_key
from assistant.engine.templates import ChatTemplate
from assistant.engine.threads import Threads, usable_cores
from assistant.errors import ModelError, ModelFault
from assistant.fit import free_memory_bytes
from assistant.gguf import fingerprint, read_header
from assistant.paths import as_text, from_text, legible

_PASSAGES = 8  # at once: more gain little on a processor
_PASSAGE_STEP = 256  # tokens of a prompt; a chat that comes meanwhile ends the step
_WORTH_KEEPING = 64  # tokens: fewer are evaluated sooner than read from disk
_FREE_SHARE = 0.7  # of the free memory that passages may take
_NO_PASSAGES_S = 5.0  # where there was no room for them, it is looked for again so much later


class Loaded:
    """A loaded model.

    Args:
        work: what was asked for.
        log: what llama.cpp says.
        on_progress: called with the loaded fraction; False stops the load.
        on_step: called before each native step with True, after it with False.
        template_deadline_s: how long its chat template may take.

    Raises:
        ModelError: the file cannot be read.
        LoadRefused: llama.cpp would not load it.
    """

    def __init__(
        self,
        work: Load,
        log: LlamaLog,
        on_progress: Callable[[float], bool],
        on_step: Callable[[bool], None],
        template_deadline_s: float,
    ) -> None:
        self.path = from_text(work.path)
        self.header = read_header(self.path)
        cores = usable_cores()
        wished = work.settings.threads
        self.settings = msgspec.structs.replace(
            work.settings,
            threads=wished or cores,
            gpu_layers=usable_layers(work.settings.gpu_layers),
        )
        self.threads = Threads(
            self.settings.threads, adapts=not wished, saves_battery=work.settings.saves_battery
        )
        self._log = log
        self._on_step = on_step
        with contextlib.ExitStack() as undo:  # what fails now leaves no weights in memory
            context = self._open(on_progress, undo)
            self.buffer_bytes = context.buffer_bytes
            self.writer = self._writer(template_deadline_s)
            self._store = self._open_store(work)
            undo.pop_all()
        self.replies = Lane(
            context, self.keep, self.threads, on_step, speculates=self.settings.speculates
        )
        self.passages: Lane | None = None
        self.passages_bytes = 0
        self._no_passages_until = 0.0

    def _open(self, on_progress: Callable[[float], bool], undo: contextlib.ExitStack) -> Context:
        """Load the weights, and return the context of replies; `undo` frees both."""
        self._on_step(True)
        try:
            layers = self.settings.gpu_layers
            self.model = Model(self.path, on_progress, self._log, gpu_layers=layers)
            undo.callback(self.model.close)
            context = Context(self.model, self.settings, self._log)
            undo.callback(context.close)
            return context
        finally:
            self._on_step(False)

    def _writer(self, template_deadline_s: float) -> PromptWriter | None:
        source = self.settings.chat_template or self.header.chat_template
        if not source:
            return None
        begin, end = self.model.begin_and_end_texts()
        template = ChatTemplate(source, begin, end, template_deadline_s)
        return PromptWriter(self.model, template)

    def _open_store(self, work: Load) -> StateStore | None:
        if not work.states:
            return None
        settings = self.settings
        parts = (settings.context_tokens, settings.kv_type, settings.flash_attention)
        key = state_key(fingerprint(self.path), build(), repr(parts))
        return StateStore(from_text(work.states), key, work.states_limit_bytes)

    # Prompts

    def prompt(self, request: Generate) -> Prompt:
        """Return the tokens of a request, begun with those that were evaluated for its owner.

        Raises:
            ModelError: messages for a model that has no chat template.
            TemplateFailed: the template cannot be rendered.
        """
        if request.messages:
            if self.writer is None:
                raise ModelError(self.path, ModelFault.NO_CHAT_TEMPLATE)
            prompt = self.writer.write(
                request.messages,
                request.thinking,
                request.reply_start,
                must_reply=request.must_reply,
            )
        else:
            text = request.prompt + request.reply_start
            tokens = self.model.tokenize(text, parse_special=False, add_special=True)
            prompt = Prompt(tokens or [0])
        if request.is_reproducible:
            return prompt
        known = self._known(prompt.tokens, request.owner)
        model = self.model
        return Prompt(join(known, prompt.tokens, model.piece, model.is_control), prompt.is_thinking)

    def _known(self, tokens: list[int], owner: str) -> list[int]:
        """Return what was evaluated of the same conversation, as far as is known."""
        held = [sequence.tokens for sequence in self.replies.sequences.held()]
        if owner and self._store:
            held.append(self._store.tokens(owner))
        return max(held, key=lambda known: common_prefix(known, tokens), default=[])

    # Sequences

    def begin(self, lane: Lane, run: Run) -> None:
        """Let `run` take part in the steps of `lane`, with what is on disk if that is more."""
        is_kept = run.owner and self._store and not run.request.is_reproducible
        if lane is self.replies and is_kept and self._store:
            saved = self._store.tokens(run.owner)
            usable = common_prefix(saved, run.tokens[:-1])
            if not self.model.can_rewind and usable != len(saved):
                usable = 0
            _, common = lane.sequences.closest(run.tokens)
            if usable >= common + _WORTH_KEEPING and (path := self._store.path(run.owner)):
                lane.restore(run, path)
                return
        lane.begin(run)

    def keep(self, sequence: Held) -> None:
        """Write what `sequence` has to disk, for its owner."""
        sequence.is_kept = True
        if self._store and sequence.owner and len(sequence.tokens) >= _WORTH_KEEPING:
            context, number, tokens = self.replies.context, sequence.number, sequence.tokens
            size_bytes = context.saved_bytes(number, tokens)
            self._store.save(
                sequence.owner, lambda part: context.save(number, tokens, part), size_bytes
            )

    def keep_one(self) -> None:
        """Write one of what is not on disk yet: a few hundredths of a second for 1,000 tokens."""
        for sequence in self._unkept()[:1]:
            self.keep(sequence)

    @property
    def has_unkept(self) -> bool:
        """Whether something is to be written to disk when there is time."""
        return bool(self._unkept())

    def _unkept(self) -> list[Held]:
        if self._store is None:
            return []
        idle = self.replies.sequences.idle()
        return [sequence for sequence in idle if sequence.owner and not sequence.is_kept]

    def forget(self, owner: str) -> None:
        """Drop what was evaluated for `owner`, in memory and on disk; for everyone if empty.

        On disk, too: it may have been written since the app deleted what was there.
        """
        for lane in (self.replies, self.passages):
            if lane is None:
                continue
            for run in lane.runs:
                if not owner or run.owner == owner:
                    run.owner = ""
            for sequence in lane.sequences.idle():
                if sequence.owner and (not owner or sequence.owner == owner):
                    sequence.owner = ""
                    lane.sequences.drop(sequence)
        if self._store:
            self._store.forget(owner)

    # Passages

    def lane_for_passages(self, needed_tokens: int) -> Lane | None:
        """Return where several short requests are evaluated at once; None if there is no room.

        Args:
            needed_tokens: what the longest of them may come to.
        """
        lane = self.passages
        if lane and (lane.stream_tokens >= needed_tokens or lane.runs):
            return lane if lane.stream_tokens >= needed_tokens else None
        if not self.model.can_rewind or needed_tokens > self.replies.context.context_tokens:
            return None
        if time.monotonic() < self._no_passages_until:
            return None
        self.close_passages()
        stream = -(-needed_tokens // 256) * 256
        for count in (_PASSAGES, _PASSAGES // 2, 2):
            settings = msgspec.structs.replace(
                self.settings,
                context_tokens=stream * count,
                sequences=count,
                outputs=count,
                ubatch_tokens=_PASSAGE_STEP,
            )
            if (needed := self._passages_need(settings)) <= _FREE_SHARE * free_memory_bytes():
                return self._open_passages(settings, stream, needed)
        self._no_passages_until = time.monotonic() + _NO_PASSAGES_S
        return None

    def _open_passages(self, settings: LoadSettings, stream: int, needed: int) -> Lane | None:
        self._log.clear()
        try:
            context = Context(self.model, settings, self._log, has_streams=True)
        except (LoadRefused, StepFailed):
            self._no_passages_until = time.monotonic() + _NO_PASSAGES_S
            return None
        self.passages_bytes = needed
        self.passages = Lane(
            context, _drop, self.threads, self._on_step, stream_tokens=stream, speculates=False
        )
        return self.passages

    def _passages_need(self, settings: LoadSettings) -> int:
        need = need_of(self.header, settings, settings.context_tokens)
        return need.kv_bytes + need.scores_bytes // max(1, settings.sequences)

    def close_passages(self) -> None:
        """Free the memory for several at once."""
        if self.passages:
            self.passages.context.close()
            self.passages = None
            self.passages_bytes = 0

    def close(self) -> None:
        """Write what is not on disk yet, and free everything."""
        for sequence in self._unkept():
            self.keep(sequence)
        self.close_passages()
        self.replies.context.close()
        self.model.close()

    def info(self, id_: int) -> ModelInfo:
        """Return what the app is told of it."""
        sizes = self.buffer_bytes
        return ModelInfo(
            id=id_,
            path=as_text(self.path),
            name=legible(self.header.name),
            architecture=self.header.architecture,
            quantization=self.header.quantization,
            parameters=self.header.parameters,
            context_tokens=self.replies.context.context_tokens,
            trained_context_tokens=self.header.context_length,
            has_chat_template=self.writer is not None,
            thinks=bool(self.writer and self.writer.reasoning),
            can_switch_thinking=bool(self.writer and self.writer.can_switch_thinking),
            can_rewind=self.model.can_rewind,
            weights_bytes=self.model.weights_bytes,
            kv_bytes=sizes.get("KV", 0) + sizes.get("RS", 0),
            buffer_bytes=sizes.get("compute", 0) + sizes.get("output", 0),
            threads=self.settings.threads,
            gpu_layers=self.settings.gpu_layers,
            variant=self._log.variant,
        )


def _drop(_: Held) -> None:
    """Keep nothing of passages: what `Loaded.keep` writes is the context of replies."""
