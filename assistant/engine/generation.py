"""Evaluates prompts and generates replies with one loaded model, reusing what was evaluated."""

import itertools
import time
from collections.abc import Callable, Sequence

from assistant.engine.llama import Context, Rows, Sampler, Step
from assistant.engine.prompts import Prompt
from assistant.engine.protocol import (
    Event,
    Finished,
    FinishReason,
    Generate,
    PromptProgress,
    TextPart,
)
from assistant.engine.replies import Reasoning, ReplyReader

# A small model writes a hundred tokens a second. Sending each of them would wake the window's
# process so often that it slows down the threads that compute; nobody sees 25 ms.
_TOGETHER_S = 0.025


class PromptTooLongForContext(Exception):  # noqa: N818 - named for what happened
    """The prompt leaves no room for a reply."""

    def __init__(self, prompt_tokens: int, context_tokens: int) -> None:
        super().__init__(prompt_tokens, context_tokens)
        self.prompt_tokens = prompt_tokens
        self.context_tokens = context_tokens


class Generation:
    """Generates with `model`, and remembers which tokens it has evaluated.

    Args:
        model: the loaded model's context.
        on_step: called before each native step with True, after it with False.
    """

    def __init__(self, model: Context, on_step: Callable[[bool], None]) -> None:
        self._model = model
        self._on_step = on_step
        self._evaluated: list[int] = []

    def run(
        self,
        request: Generate,
        prompt: Prompt,
        reasoning: Reasoning | None,
        send: Callable[[Event], None],
    ) -> Finished:
        """Evaluate `prompt`, generate the reply and send its parts; return how it ended.

        Raises:
            PromptTooLongForContext: nothing was evaluated.
            StepFailed: llama.cpp failed; what was evaluated is forgotten.
        """
        if len(prompt.tokens) >= self._model.context_tokens:
            raise PromptTooLongForContext(len(prompt.tokens), self._model.context_tokens)
        run = _Run(request.id, send, len(prompt.tokens))
        run.reused_tokens = self._reuse(prompt.tokens)
        reader = ReplyReader(
            request.stop,
            reasoning,
            is_thinking=prompt.is_thinking,
            # After the first words of a reply its space belongs to it.
            is_chat=bool(request.messages) and not request.reply_start,
        )
        try:
            if not self._evaluate_prompt(prompt.tokens, run):
                return run.finished(FinishReason.STOPPED)
            sampler = self._model.sampler(request.sampling)
            try:
                reason = self._reply(sampler, request.max_tokens, reader, run)
            finally:
                sampler.close()
        except Exception:
            self._forget()
            raise
        run.add(reader.finish())
        run.send_added()
        return run.finished(reason)

    def _reuse(self, tokens: Sequence[int]) -> int:
        """Keep the longest beginning that `tokens` share with what was evaluated; return its size.

        The last token is evaluated in any case: sampling needs its output. The state of a
        recurrent or hybrid model cannot be cut back, but it can be continued.
        """
        common = 0
        for old, new in zip(self._evaluated, tokens[:-1], strict=False):
            if old != new:
                break
            common += 1
        if common == len(self._evaluated) or (
            common and self._model.model.can_rewind and self._model.cut(0, common)
        ):
            del self._evaluated[common:]
        else:
            self._forget()
        return len(self._evaluated)

    def _forget(self) -> None:
        self._model.clear()
        self._evaluated.clear()

    def _evaluate(self, tokens: Sequence[int], *, wants_next: bool) -> Step:
        """Evaluate `tokens` after what was evaluated; a step that was stopped leaves no trace."""
        self._on_step(True)
        step = self._model.evaluate([Rows(0, len(self._evaluated), tokens, int(wants_next))])
        self._on_step(False)
        if step is Step.DONE:
            self._evaluated += tokens
        elif not (
            self._model.model.can_rewind
            and self._evaluated
            and self._model.cut(0, len(self._evaluated))
        ):
            self._forget()
        return step

    def _evaluate_prompt(self, tokens: Sequence[int], run: "_Run") -> bool:
        """Evaluate the rest of the prompt; False if it was stopped."""
        run.report(len(self._evaluated))
        while len(self._evaluated) < len(tokens):
            begin = len(self._evaluated)
            end = min(begin + self._model.step_tokens, len(tokens))
            if self._evaluate(tokens[begin:end], wants_next=end == len(tokens)) is not Step.DONE:
                return False
            run.report(end)
        return True

    def _reply(
        self, sampler: Sampler, max_tokens: int, reader: ReplyReader, run: "_Run"
    ) -> FinishReason:
        run.begin_reply(is_thinking=reader.is_thinking)
        while True:
            token = sampler.sample(-1)
            if self._model.model.ends_reply(token):
                return FinishReason.END
            run.generated_tokens += 1
            run.add(reader.read(self._model.model.piece(token)))
            run.note_thinking(is_thinking=reader.is_thinking)
            if reader.has_ended:
                return FinishReason.END
            if run.generated_tokens == max_tokens:
                return FinishReason.LENGTH
            if len(self._evaluated) >= self._model.context_tokens:
                return FinishReason.LENGTH
            step = self._evaluate([token], wants_next=True)
            if step is Step.STOPPED:
                return FinishReason.STOPPED
            if step is Step.CONTEXT_FULL:
                return FinishReason.LENGTH


class _Run:
    """The counts and times of one request, and where its parts go."""

    def __init__(self, id_: int, send: Callable[[Event], None], prompt_tokens: int) -> None:
        self._id = id_
        self._send = send
        self._begun = time.perf_counter()
        self._reply_begun = 0.0
        self._thought_until = 0.0
        self._prompt_tokens = prompt_tokens
        self._added: list[tuple[str, bool]] = []
        self._sent = 0.0
        self.reused_tokens = 0
        self.generated_tokens = 0

    def report(self, evaluated: int) -> None:
        self._send(PromptProgress(self._id, evaluated, self._prompt_tokens, self.reused_tokens))

    def begin_reply(self, *, is_thinking: bool) -> None:
        self._reply_begun = time.perf_counter()
        self.note_thinking(is_thinking=is_thinking)

    def note_thinking(self, *, is_thinking: bool) -> None:
        if is_thinking:
            self._thought_until = time.perf_counter()

    def add(self, parts: list[tuple[str, bool]]) -> None:
        """Take text; it is sent at once unless some was sent a moment ago."""
        self._added += parts
        if self._added and time.perf_counter() - self._sent >= _TOGETHER_S:
            self.send_added()

    def send_added(self) -> None:
        """Send what waits, reasoning and reply apart."""
        for is_thinking, parts in itertools.groupby(self._added, key=lambda part: part[1]):
            self._send(TextPart(self._id, "".join(text for text, _ in parts), is_thinking))
        self._added.clear()
        self._sent = time.perf_counter()

    def finished(self, reason: FinishReason) -> Finished:
        now = time.perf_counter()
        replied = self._reply_begun or now
        return Finished(
            id=self._id,
            reason=reason,
            prompt_tokens=self._prompt_tokens,
            reused_tokens=self.reused_tokens,
            generated_tokens=self.generated_tokens,
            prompt_s=replied - self._begun,
            generation_s=now - replied,
            thinking_s=max(0.0, self._thought_until - replied) if self._thought_until else 0.0,
        )
