"""What each mode would cost: passages, tokens and minutes, before the model is asked anything."""

import re
import threading
from collections.abc import Callable, Sequence

from assistant.documents.document import Document
from assistant.forecast.pace import Pace
from assistant.summaries.planning import budget
from assistant.summaries.prompts import NoteTask, Task, conversation, note_request, opening
from assistant.summaries.steps import Steps
from assistant.summaries.stopping import RankingStopped
from assistant.summaries.summary import Mode, ModePlan, SummaryOptions, WorkPlan
from assistant.summaries.thorough.costs import FILLED, TOGETHER, expect_merges
from assistant.summaries.thorough.keys import notes_done
from assistant.summaries.thorough.passages import cut
from assistant.summaries.thorough.sizes import passage_tokens, sizes_of
from assistant.summaries.thorough.units import Units, units_of
from assistant.summaries.wishes.lengths import most

__all__ = ["ModePlan", "WorkPlan", "estimated_tokens", "plan_work"]

CountTokens = Callable[[Sequence[str]], tuple[int, ...]]


# Ranking, measured over 20 to 1,000 pages.
_RANKING_S, _PAGE_S = 0.1, 0.003
_CONTEXT_TOKENS = 4_096
_SUMMARY_TOKENS = 150
# Letters of a token: of English as the models at hand cut it, of other languages in Latin
# letters, and of other scripts.
_ENGLISH, _LATIN, _OTHER = 4.3, 3.2, 1.6
_FOREIGN = re.compile(r"[^\x00-\u024f]")


def plan_work(
    document: Document,
    options: SummaryOptions,
    *,
    pace: Pace | None = None,
    count: CountTokens | None = None,
    steps: Steps | None = None,
    model: str = "",
    cancel: threading.Event | None = None,
) -> WorkPlan:
    """Return what each mode would cost with `options`; starts no model.

    Args:
        document: what was read.
        options: what is asked for; its mode does not matter.
        pace: how fast the model is here; without it there are no seconds.
        count: the model's own token count; without it tokens are estimated from the letters.
        steps: finished steps; the time that they took is not counted again.
        model: fingerprint of the model's file (`gguf.fingerprint`), for `steps`.
        cancel: stops it; then there are no modes.
    """
    ranking_s = _RANKING_S + _PAGE_S * len(document.pages)
    key_points = ModePlan(mode=Mode.KEY_POINTS, seconds=ranking_s, is_exact=True)
    context = pace.context_tokens if pace else _CONTEXT_TOKENS
    count_or_guess = count or (lambda texts: estimated_tokens(texts, document.language))
    task = NoteTask(document.title, (), 50, options.language or document.language)
    fixed = sum(count_or_guess([m.content for m in conversation(note_request(task, ""))]))
    try:
        units = units_of(
            document,
            longest=passage_tokens(context, fixed) // 2,
            count=count_or_guess,
            cancel=cancel,
        )
    except RankingStopped:
        return WorkPlan(())
    if cancel is not None and cancel.is_set():
        return WorkPlan(())
    planner = _Planner(
        document,
        options,
        units,
        pace,
        context_tokens=context,
        fixed_tokens=fixed,
        is_exact=bool(count),
        done=notes_done(document, options, steps, model) if steps and model else 0,
    )
    return WorkPlan((key_points, planner.quick(ranking_s), planner.thorough(ranking_s)))


def estimated_tokens(texts: Sequence[str], language: str) -> tuple[int, ...]:
    """Return about how many tokens texts have on a usual tokenizer."""
    letters = _ENGLISH if language in {"en", ""} else _LATIN
    found = []
    for text in texts:
        foreign = 0 if text.isascii() else len(_FOREIGN.findall(text))
        found.append(round((len(text) - foreign) / letters + foreign / _OTHER) or int(bool(text)))
    return tuple(found)


class _Planner:
    """Plans the modes that use a model."""

    def __init__(
        self,
        document: Document,
        options: SummaryOptions,
        units: Units,
        pace: Pace | None,
        *,
        context_tokens: int,
        fixed_tokens: int,
        is_exact: bool,
        done: int,
    ) -> None:
        self._document = document
        self._options = options
        self._units = units
        self._pace = pace
        self._is_exact = is_exact
        self._done = done
        self._whole = budget(context_tokens)
        self._fixed = fixed_tokens
        a_word = units.tokens / units.words if units.words else 1.4
        self._sizes = sizes_of(
            context_tokens,
            fixed_tokens,
            a_word=a_word,
            opening=opening(Task(document.title, options.words, language=document.language)),
        )
        # Models use what they are given only in part: so much as this one did before.
        usual = pace.summary_tokens if pace else _SUMMARY_TOKENS
        self._reply = min(usual, round(most(options.words) * a_word))

    def quick(self, ranking_s: float) -> ModePlan:
        """Plan one question with the best sentences."""
        text = min(self._units.tokens, self._whole - self._fixed)
        prompt = text + self._fixed
        return ModePlan(
            mode=Mode.QUICK,
            tokens=text,
            prompt_tokens=prompt,
            reply_tokens=self._reply,
            passages=1,
            calls=1,
            seconds=self._seconds([(prompt, self._reply)], ranking_s, together=1.0),
            is_exact=self._is_exact,
        )

    def thorough(self, ranking_s: float) -> ModePlan:
        """Plan a question for each passage, the merges and the final one."""
        sizes = self._sizes
        whole = cut(self._document, self._units, sizes.passage)
        passages = [p for p in whole.passages if p.tokens > sizes.quoted]
        if len(whole.passages) < 2:
            passages = []
        # What all questions begin with is evaluated once.
        questions = [
            (p.tokens + sizes.overhead // 3, round(sizes.note(p)[1] * FILLED)) for p in passages
        ]
        merged = round(sizes.merge[1] * FILLED)
        if passages:
            merges = expect_merges(whole, sizes)
            questions += [(size + sizes.overhead // 3, merged) for size in merges]
        done = min(self._done, len(passages))
        together = 1.0 if self._options.is_reproducible else TOGETHER
        last = (min(self._whole, self._units.tokens + self._fixed), self._reply)
        seconds = self._seconds(questions[done:], ranking_s, together=together)
        last_s = self._seconds([last], 0.0, together=1.0)
        return ModePlan(
            mode=Mode.THOROUGH,
            tokens=self._units.tokens,
            prompt_tokens=sum(prompt for prompt, _ in questions) + last[0],
            reply_tokens=sum(reply for _, reply in questions) + last[1],
            passages=len(whole.passages),
            calls=len(questions) + 1,
            done=done,
            seconds=None if seconds is None or last_s is None else seconds + last_s,
            is_exact=self._is_exact,
        )

    def _seconds(
        self, questions: Sequence[tuple[int, int]], more_s: float, *, together: float
    ) -> float | None:
        pace = self._pace
        if pace is None:
            return None
        return more_s + sum(
            pace.prompt_s(prompt) + pace.reply_s(reply, prompt) / together
            for prompt, reply in questions
        )
