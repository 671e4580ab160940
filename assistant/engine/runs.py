"""One request for a reply, from its prompt to its last token."""

import itertools
import time
from collections.abc import Callable

from assistant.engine.grammars import Grammar
from assistant.engine.llama import Model, Sampler
from assistant.engine.peak import peak_memory_bytes
from assistant.engine.prompts import Prompt
from assistant.engine.protocol import (
    Event,
    Finished,
    FinishReason,
    Generate,
    Priority,
    PromptProgress,
    TextPart,
)
from assistant.engine.replies import Reasoning, ReplyReader
from assistant.engine.sequences import Held
from assistant.engine.speculation import Lookup

# A small model writes a hundred tokens a second. Sending each of them would wake the window's
# process so often that it slows down the threads that compute, and a reply is drawn at most
# every 40 ms.
_TOGETHER_S = 0.04


class PromptTooLongForContext(Exception):  # noqa: N818 - named for what happened
    """The prompt leaves no room for a reply."""

    def __init__(self, prompt_tokens: int, context_tokens: int) -> None:
        super().__init__(prompt_tokens, context_tokens)
        self.prompt_tokens = prompt_tokens
        self.context_tokens = context_tokens


class Run:
    """What is known of a request that is under way.

    Its tokens are the prompt and then the reply; `sequence` has evaluated the first of them. It
    may lose its sequence to a request that is more urgent, and evaluate its tokens again later.

    Args:
        request: what was asked.
        prompt: its tokens.
        grammar: what the reply follows; None for no form.
        reasoning: how the model marks its reasoning; None if there is to be none.
        send: takes its events.
        arrived: when it was asked, by `time.perf_counter`.
    """

    def __init__(
        self,
        request: Generate,
        prompt: Prompt,
        *,
        grammar: Grammar | None,
        reasoning: Reasoning | None,
        send: Callable[[Event], None],
        arrived: float,
    ) -> None:
        self.request = request
        self.tokens = prompt.tokens
        self.prompt_tokens = len(prompt.tokens)
        self.sequence: Held | None = None
        self.sampler: Sampler | None = None
        self.grammar = grammar
        self.owner = request.owner
        self.lookup = Lookup()
        self.border = 0  # a step of the prompt ends here, so that another request can copy it
        self.is_cancelled = False
        self.is_held = False
        self.restored_tokens = 0
        self.drafted_tokens = 0
        self.accepted_tokens = 0
        self.generated_tokens = 0
        self.threads = 0
        self.extra_memory_bytes = 0
        self._reused_tokens = -1
        self._send = send
        self._arrived = arrived
        self._begun = 0.0
        self._reply_begun = 0.0
        self._thought_until = 0.0
        self._added: list[tuple[str, bool]] = []
        self._sent = 0.0
        self._reader = ReplyReader(
            request.stop,
            reasoning,
            is_thinking=prompt.is_thinking,
            # After the first words of a reply, and in a form, its space belongs to it.
            is_chat=bool(request.messages) and not (request.reply_start or request.has_form),
        )

    @property
    def id(self) -> int:
        """The request's."""
        return self.request.id

    @property
    def is_chat(self) -> bool:
        """Whether a person waits for it."""
        return self.request.priority == Priority.CHAT

    @property
    def is_aside(self) -> bool:
        """Whether nobody waits for it, and what others have evaluated is worth more."""
        return self.request.priority == Priority.ASIDE

    @property
    def evaluated(self) -> int:
        """How many of its tokens are evaluated."""
        return len(self.sequence.tokens) if self.sequence else 0

    @property
    def is_replying(self) -> bool:
        """Whether its next step brings a token of the reply, and evaluates one."""
        return self.generated_tokens > 0 and len(self.tokens) - self.evaluated == 1

    @property
    def needed_tokens(self) -> int:
        """How many tokens it may come to; of a reply without an end, the beginning."""
        return self.prompt_tokens + (self.request.max_tokens or 256)

    def begin(self, sequence: Held) -> None:
        """Go on with `sequence`, which has the beginning of its tokens."""
        self.sequence = sequence
        self._begun = self._begun or time.perf_counter()
        if self._reused_tokens < 0:
            self._reused_tokens = len(sequence.tokens)
        self.report()

    def report(self) -> None:
        """Tell how much of the prompt is evaluated."""
        if not self.generated_tokens:
            done, all_ = self.evaluated, self.prompt_tokens
            self._send(PromptProgress(self.id, done, all_, max(0, self._reused_tokens)))

    def take(self, token: int, model: Model) -> FinishReason | None:
        """Take in the next token of the reply; return why the reply is over, if it is."""
        if not self._reply_begun:
            self._reply_begun = time.perf_counter()
            self._note_thinking()
        if model.ends_reply(token):
            return FinishReason.END
        self.generated_tokens += 1
        self.tokens.append(token)
        self._added += self._reader.read(model.piece(token))
        # Sent at once unless some was sent a moment ago.
        if self._added and time.perf_counter() - self._sent >= _TOGETHER_S:
            self._send_added()
        self._note_thinking()
        if self._reader.has_ended:
            return FinishReason.END
        if self.generated_tokens == self.request.max_tokens:
            return FinishReason.LENGTH
        return None

    def finish(self, reason: FinishReason) -> None:
        """Send what is left, and the numbers."""
        if self.generated_tokens:
            self._added += self._reader.finish()
        self._send_added()
        self._send(self._finished(reason))

    def close(self) -> None:
        """Free what is not the sequence."""
        if self.sampler:
            self.sampler.close()
            self.sampler = None

    def _note_thinking(self) -> None:
        if self._reader.is_thinking:
            self._thought_until = time.perf_counter()

    def _send_added(self) -> None:
        """Send what waits, reasoning and reply apart."""
        for is_thinking, parts in itertools.groupby(self._added, key=lambda part: part[1]):
            self._send(TextPart(self.id, "".join(text for text, _ in parts), is_thinking))
        self._added.clear()
        self._sent = time.perf_counter()

    def _finished(self, reason: FinishReason) -> Finished:
        now = time.perf_counter()
        replied = self._reply_begun or now
        begun = self._begun or now
        return Finished(
            id=self.id,
            reason=reason,
            prompt_tokens=self.prompt_tokens if self._begun else 0,
            reused_tokens=max(0, self._reused_tokens),
            generated_tokens=self.generated_tokens,
            prompt_s=replied - begun,
            generation_s=now - replied,
            thinking_s=max(0.0, self._thought_until - replied) if self._thought_until else 0.0,
            restored_tokens=self.restored_tokens,
            drafted_tokens=self.drafted_tokens,
            accepted_tokens=self.accepted_tokens,
            first_token_s=self._reply_begun - self._arrived if self._reply_begun else 0.0,
            threads=self.threads,
            peak_memory_bytes=peak_memory_bytes(),
            extra_memory_bytes=self.extra_memory_bytes,
        )
