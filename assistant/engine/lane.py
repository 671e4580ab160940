"""A context and the requests that are in it: what the next step evaluates, and what came of it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.engine.grammars import GrammarRefused
from assistant.engine.llama import Context, Rows, Sampler, Step, StepFailed
from assistant.engine.protocol import FinishReason
from assistant.engine.runs import Run
from assistant.engine.sequences import Held, Sequences, common_prefix
from assistant.engine.speculation import Speculation
from assistant.engine.threads import Threads

_SHARED = 32  # so many tokens in common are worth waiting for


@dataclass(slots=True)
class Ended:
    """Requests that a step has brought to their end."""

    finished: list[tuple[Run, FinishReason]] = field(default_factory=list)
    failed: list[tuple[Run, Exception]] = field(default_factory=list)


class Lane:
    """Evaluates the requests that share one context.

    Args:
        context: theirs alone.
        keep: told of a sequence whose tokens are about to be dropped.
        threads: how many compute a step.
        on_step: called before each native step with True, after it with False.
        stream_tokens: how many tokens each sequence may hold, where each has its own cells.
        speculates: whether tokens may be guessed.
    """

    def __init__(
        self,
        context: Context,
        keep: Callable[[Held], None],
        threads: Threads,
        on_step: Callable[[bool], None],
        *,
        stream_tokens: int = 0,
        speculates: bool = True,
    ) -> None:
        self.context = context
        self.stream_tokens = stream_tokens
        self.sequences = Sequences(context, keep, stream_tokens)
        self.runs: list[Run] = []
        self._threads = threads
        self._on_step = on_step
        self._speculates = speculates and context.model.can_rewind
        self._speculations: dict[int, Speculation] = {}
        self._prompt_per_s = 0.0

    # Admitting

    def prefix_awaited(self, run: Run) -> bool:
        """Whether a request under way is about to evaluate what `run` begins with, too."""
        for other in self.runs:
            if other.generated_tokens or other.is_held:
                continue
            common = min(common_prefix(other.tokens, run.tokens), len(run.tokens) - 1)
            if common >= _SHARED and other.evaluated < common:
                other.border = common
                return True
        return False

    def has_room(self, run: Run) -> bool:
        """Whether `run` can be begun now beside those under way."""
        if not self.sequences.has_free:
            return False
        if self.stream_tokens:
            return run.needed_tokens <= self.stream_tokens
        if not self.runs:
            return True
        owed = sum(max(0, other.needed_tokens - len(other.tokens)) for other in self.runs)
        idle = sum(len(sequence.tokens) for sequence in self.sequences.idle())
        return run.needed_tokens + owed <= self.sequences.free_cells + idle

    def begin(self, run: Run) -> None:
        """Let `run` take part in the steps."""
        if run.request.is_reproducible:
            sequence = self.sequences.fresh(run.owner)
        else:
            sequence = self.sequences.take(run.tokens, run.owner, is_aside=run.is_aside)
        self.runs.append(run)
        run.begin(sequence)

    def restore(self, run: Run, path: Path) -> None:
        """Let `run` take part in the steps with the state on disk that begins like it."""
        sequence = self.sequences.empty()
        tokens = self.context.restore(sequence.number, path)
        usable = min(common_prefix(tokens, run.tokens), len(run.tokens) - 1)
        run.restored_tokens = self.sequences.restored(sequence, tokens, usable, run.owner)
        self.runs.append(run)
        run.begin(sequence)

    def suspend(self, run: Run) -> None:
        """Take `run` out; its tokens will be evaluated anew."""
        self.runs.remove(run)
        if run.sequence:
            run.sequence.is_busy = False
            run.sequence.owner = ""
            self.sequences.drop(run.sequence)
            run.sequence = None

    def end(self, run: Run) -> None:
        """Take `run` out; what it has evaluated stays for the next one like it."""
        self.runs.remove(run)
        if run.sequence:
            run.sequence.owner = run.owner
            self.sequences.give_back(run.sequence)
            run.sequence = None

    # Stepping

    def step(
        self, runs: Sequence[Run], *, prompt_limit_s: float = 1.5, has_prompts: bool = True
    ) -> Ended:
        """Evaluate the next tokens of `runs`, all in one step; the first of them come first.

        Args:
            runs: some of those under way.
            prompt_limit_s: how long tokens of prompts may take, as far as can be foreseen.
            has_prompts: whether prompts are to be evaluated, and not only replies.
        """
        rows = self._compose(runs, prompt_limit_s, has_prompts=has_prompts)
        if not rows:
            return Ended()
        failure: Exception | None = None
        try:
            result, seconds = self._evaluate(rows)
        except StepFailed as error:
            result, seconds, failure = Step.CONTEXT_FULL, 0.0, error
        if result is Step.DONE:
            return self._take_in(rows, seconds)
        for run, _ in rows:
            assert run.sequence
            self.sequences.undo(run.sequence)
        if result is Step.STOPPED:
            return Ended()
        if len(rows) > 1:
            return self._one_by_one([run for run, _ in rows])
        run = rows[0][0]
        return Ended(failed=[(run, failure)]) if failure else self._make_room(run)

    def _take_in(self, rows: list[tuple[Run, Rows]], seconds: float) -> Ended:
        """Note what was evaluated and how fast, and take the tokens that follow."""
        count = sum(len(part.tokens) for _, part in rows)
        if count >= 16:
            speed = count / max(seconds, 1e-6)
            weight = 0.3 if self._prompt_per_s else 1.0
            self._prompt_per_s += weight * (speed - self._prompt_per_s)
        run, part = rows[0]
        is_alone = len(rows) == 1 and run.is_replying
        accepted = run.accepted_tokens
        ended = self._sample(rows)
        if is_alone:
            guessed = len(part.tokens) - 1
            self._speculation(run).note(seconds, guessed, run.accepted_tokens - accepted)
        return ended

    def _compose(
        self, runs: Sequence[Run], prompt_limit_s: float, *, has_prompts: bool
    ) -> list[tuple[Run, Rows]]:
        """Return what each request evaluates: replies first, then as much of prompts as fits."""
        replying = [run for run in runs if run.is_replying]
        prompts = [run for run in runs if not run.is_replying] if has_prompts else []
        # Replies of separate streams are not computed together with a prompt: first all prompts.
        if self.stream_tokens and prompts:
            replying = []
        rows = [(run, self._reply_rows(run, len(replying))) for run in replying]
        room = self.context.step_tokens - sum(len(part.tokens) for _, part in rows)
        outputs = self.context.outputs - sum(part.outputs for _, part in rows)
        if self._prompt_per_s:
            room = min(room, max(16, int(prompt_limit_s * self._prompt_per_s)))
        if prompts and prompts[0].request.is_reproducible:  # its steps are always cut alike
            room = self.context.step_tokens
        for run in prompts:
            if room <= 0 or outputs <= 0:
                break
            part = self._prompt_rows(run, room)
            rows.append((run, part))
            room -= len(part.tokens)
            outputs -= part.outputs
            if self.stream_tokens:
                break
        return rows

    def _reply_rows(self, run: Run, together: int) -> Rows:
        assert run.sequence
        last = run.tokens[-1:]
        if self._speculates and together == 1 and not run.request.is_reproducible:
            most = self._speculation(run).most()
            left = run.request.max_tokens - run.generated_tokens if run.request.max_tokens else most
            room = self.sequences.free_cells - 1
            if most := min(most, left, room, self.context.outputs - 1):
                last = last + run.lookup.guess(run.tokens, most)
        return Rows(run.sequence.number, run.evaluated, last, len(last))

    def _prompt_rows(self, run: Run, room: int) -> Rows:
        assert run.sequence
        begin = run.evaluated
        end = min(begin + room, len(run.tokens))
        if begin < run.border < end:
            end = run.border
        is_last = end == len(run.tokens)
        return Rows(run.sequence.number, begin, run.tokens[begin:end], int(is_last))

    def _evaluate(self, rows: list[tuple[Run, Rows]]) -> tuple[Step, float]:
        count = sum(len(part.tokens) for _, part in rows)
        threads = self._threads.for_step(count)
        self.context.use_threads(threads)
        for run, _ in rows:
            run.threads = threads
        self._on_step(True)
        begun = time.perf_counter()
        try:
            result = self.context.evaluate([part for _, part in rows])
        finally:
            self._on_step(False)
        seconds = time.perf_counter() - begun
        if result is Step.DONE:
            self._threads.note(count, threads, seconds)
        return result, seconds

    def _sample(self, rows: list[tuple[Run, Rows]]) -> Ended:
        """Note what was evaluated, and take the next tokens of the requests that are so far."""
        ended = Ended()
        index = 0
        for run, part in rows:
            first = index + len(part.tokens) - part.outputs
            index += len(part.tokens)
            assert run.sequence
            self.sequences.add(run.sequence, part.tokens)
            if not part.outputs:
                run.report()
                continue
            if not run.generated_tokens:
                run.report()
            try:
                reason = self._continue(run, part, first)
            except GrammarRefused as error:
                ended.failed.append((run, error))
                continue
            if reason:
                ended.finished.append((run, reason))
        return ended

    def _continue(self, run: Run, part: Rows, row: int) -> FinishReason | None:
        """Take tokens as long as the sampler chooses what was guessed; return why it is over."""
        assert run.sequence
        if run.sampler is None:
            request = run.request
            run.sampler = Sampler(
                self.context.model, request.sampling, run.grammar, request.reply_start
            )
        guessed = part.tokens[len(part.tokens) - part.outputs + 1 :]
        run.drafted_tokens += len(guessed)
        reason: FinishReason | None = None
        right = 0
        for offset in range(len(guessed) + 1):
            token = self.context.sample(run.sampler, row + offset)
            is_right = offset < len(guessed) and guessed[offset] == token
            reason = run.take(token, self.context.model)
            if run.sampler.is_complete:  # only the end could follow: its step is spared
                reason = FinishReason.END
            if reason or not is_right:
                break
            right += 1
        run.accepted_tokens += right
        if guessed:
            self.sequences.shorten(run.sequence, part.position + 1 + right)
        if reason is None and len(run.tokens) > self._limit:
            return FinishReason.LENGTH
        return reason

    @property
    def _limit(self) -> int:
        return self.stream_tokens or self.context.context_tokens

    def _speculation(self, run: Run) -> Speculation:
        return self._speculations.setdefault(run.request.priority, Speculation())

    def _one_by_one(self, runs: Sequence[Run]) -> Ended:
        """Evaluate each request's tokens alone: one that fails leaves the others as they are."""
        ended = Ended()
        for run in runs:
            alone = self.step([run])
            ended.finished += alone.finished
            ended.failed += alone.failed
        return ended

    def _make_room(self, run: Run) -> Ended:
        """Make room for a request that the full context has none for, or end it."""
        if idle := self.sequences.idle():
            self.sequences.drop(idle[0])
            return Ended()
        others = [other for other in self.runs if other is not run and not other.is_chat]
        if others:
            return Ended(failed=[(others[-1], NoRoom())])
        if run.generated_tokens:
            return Ended(finished=[(run, FinishReason.LENGTH)])
        return Ended(failed=[(run, StepFailed("1"))])


class NoRoom(Exception):  # noqa: N818 - named for what happened
    """A request must wait until others have left the context."""
