"""Asks a model the questions of a check-up, one after another, and keeps the answers' verdicts."""

import threading
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from assistant.checkups.card import Ability, DepthScore
from assistant.checkups.letters import is_looping
from assistant.checkups.progress import Answered
from assistant.checkups.question import Question
from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Finished, FinishReason, Message, Role, TextPart
from assistant.errors import GrammarError, PromptTooLong

_SPARE_TOKENS, _MOST_TOKENS = 24, 320
_LOOK_PARTS = 16  # of an answer, between looks whether it goes in circles
_THINKING_TOKENS = 700  # for models that reason although they were asked not to
_SHOWN = 400  # characters of a question that are told


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer, without its reasoning.

    Attributes:
        has_thought: it reasoned before.
        finished: what the engine counted; None if it went in circles, and was ended for it.
    """

    text: str
    has_thought: bool
    finished: Finished | None


@dataclass
class Answers:
    """The verdicts so far."""

    verdicts: list[tuple[Ability, str, bool]] = field(default_factory=list)
    by_depth: dict[int, list[bool]] = field(default_factory=dict)
    peak_bytes: int = 0
    longest_tokens: int = 0

    def depths(self) -> tuple[DepthScore, ...]:
        """Return the facts found by their depth."""
        return tuple(
            DepthScore(depth_percent=depth, right=sum(found), of=len(found))
            for depth, found in sorted(self.by_depth.items())
        )


class Interview:
    """Asks one model.

    Args:
        engine: has chosen the model; nobody else uses it meanwhile.
        cancel: stops it.
    """

    def __init__(self, engine: Engine, cancel: threading.Event) -> None:
        self._engine = engine
        self._cancel = cancel
        self._thinks = False
        self.answers = Answers()

    def rooms(self, questions: Sequence[Question]) -> list[int]:
        """Return how many tokens each answer may have, by the length of what is expected."""
        counts = self._engine.count_tokens([one.expected for one in questions], cancel=self._cancel)
        return [
            min(_MOST_TOKENS, round(count * one.room) + _SPARE_TOKENS)
            for one, count in zip(questions, counts, strict=bool(counts))
        ]

    def ask(self, question: Question, max_tokens: int) -> Answered | None:
        """Ask, and note what the answer tells; None if it was stopped or could not be asked."""
        try:
            reply = self._reply(question, max_tokens)
            if reply and reply.has_thought and not self._thinks:
                self._thinks = True  # from now on there is room for its thoughts
                reply = self._reply(question, max_tokens)
        except (PromptTooLong, GrammarError):  # a small context, or a form that is refused
            return None
        if reply is None:
            return None
        verdicts = tuple((check.ability, check.is_right(reply.text)) for check in question.checks)
        self._note(question, verdicts, reply.finished)
        return Answered(
            ability=question.ability,
            language=question.language,
            question=question.prompt[-_SHOWN:],
            expected=question.expected,
            reply=reply.text,
            verdicts=verdicts,
        )

    def _reply(self, question: Question, max_tokens: int) -> Reply | None:
        parts: list[str] = []
        has_thought = False
        with closing(self._events(question, max_tokens)) as events:
            for event in events:
                if isinstance(event, TextPart):
                    has_thought |= event.is_thinking
                    parts += [] if event.is_thinking else [event.text]
                    if len(parts) % _LOOK_PARTS == 0 and is_looping("".join(parts)):
                        return Reply("".join(parts).strip(), has_thought, None)
                elif isinstance(event, Finished) and event.reason is not FinishReason.STOPPED:
                    return Reply("".join(parts).strip(), has_thought, event)
        return None

    def _events(self, question: Question, max_tokens: int) -> Generator[object, None, None]:
        is_open = question.is_completion
        yield from self._engine.generate(
            () if is_open else (Message(Role.USER, question.prompt),),
            prompt=question.prompt if is_open else "",
            sampling=GREEDY,
            max_tokens=max_tokens + (_THINKING_TOKENS if self._thinks else 0),
            stop=question.stop,
            thinking=False,
            json_schema=question.json_schema,
            cancel=self._cancel,
        )

    def _note(
        self,
        question: Question,
        verdicts: Sequence[tuple[Ability, bool]],
        finished: Finished | None,
    ) -> None:
        answers = self.answers
        answers.verdicts += [(ability, question.language, right) for ability, right in verdicts]
        if question.depth_percent is not None:
            answers.by_depth.setdefault(question.depth_percent, []).append(verdicts[0][1])
        if finished is None:
            return
        answers.peak_bytes = max(answers.peak_bytes, finished.peak_memory_bytes)
        used = finished.prompt_tokens + finished.generated_tokens
        answers.longest_tokens = max(answers.longest_tokens, used)
