"""Makes a digest: the best points of all files, or a text that a model merges from summaries."""

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.engine.client import Engine
from assistant.engine.protocol import LoadProgress, Priority
from assistant.evidence.index import EvidenceIndex
from assistant.evidence.terms import count_words
from assistant.summaries.centrality import similarities
from assistant.summaries.digest import (
    Digest,
    DigestFile,
    DigestSentence,
    FailedFile,
    FileCitation,
)
from assistant.summaries.digest_sources import (
    Source,
    as_document,
    language_of,
    origins,
    quotes,
    sayings,
)
from assistant.summaries.final_text import FinalText, Given
from assistant.summaries.planning import budget, choose_for_prompt
from assistant.summaries.prompts import Passage, Task
from assistant.summaries.ranking import Ranking, rank
from assistant.summaries.stopping import RankingStopped
from assistant.summaries.summary import (
    Mode,
    ModelUsed,
    Stage,
    SummaryOptions,
    SummaryProgress,
    SummarySentence,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A file's next point counts less for each one taken before it: every file gets a word.
_CROWDING = 0.6
# A candidate loses so much of its worth for being like a chosen one (as in selecting.py).
_REDUNDANCY = 0.7
# So alike, a point of another file says the same: both are cited.
_SAYS_THE_SAME = 0.55
_ALSO = 3
_CANDIDATES = 800
_OWN_WORTH = 0.6


def digest(
    files: Sequence[DigestFile],
    options: SummaryOptions,
    *,
    engine: Engine | None,
    model: ModelUsed | None,
    is_experimental: bool = False,
    failures: Sequence[FailedFile] = (),
    cancel: threading.Event,
    hold: threading.Event | None = None,
) -> Iterator[SummaryProgress | Digest]:
    """Make one text over `files`.

    Args:
        files: documents and their summaries.
        options: mode, length, focus, style and language; key points ask no model.
        engine: the engine with a model chosen; None takes sentences word for word.
        model: which model that is.
        is_experimental: its sentences are not to be trusted.
        failures: files that could not be summarised, to be listed.
        cancel: stops it; what there is by then is the last value, with `is_stopped`.
        hold: the model pauses while it is set.

    Yields:
        Progress, and the digest as far as it is; last the complete one.

    Raises:
        AssistantError: the engine failed.
    """
    has_model = engine is not None and options.mode is not Mode.KEY_POINTS
    job = _Job(files, options, failures, cancel)
    job.digest = replace(
        job.digest,
        model=model if has_model else None,
        is_experimental=is_experimental and has_model,
    )
    yield SummaryProgress(Stage.RANKING, 0, len(files))
    if engine is not None and has_model and files:
        yield SummaryProgress(Stage.LOADING)
        for event in engine.load(cancel=cancel):
            if isinstance(event, LoadProgress):
                yield SummaryProgress(Stage.LOADING, round(100 * event.fraction), 100)
        with contextlib.suppress(RankingStopped):
            yield from job.write(engine, hold)
    elif files:
        with contextlib.suppress(RankingStopped):
            job.choose()
    yield job.end()


class _Job:
    """One digest under way."""

    def __init__(
        self,
        files: Sequence[DigestFile],
        options: SummaryOptions,
        failures: Sequence[FailedFile],
        cancel: threading.Event,
    ) -> None:
        self._files = tuple(files)
        self._options = options
        self._cancel = cancel
        self._started_s = time.perf_counter()
        self.digest = Digest(
            files=self._files,
            sentences=(),
            failures=tuple(failures),
            words=options.words,
            focus=options.focus,
        )

    def choose(self) -> None:
        """Take the best points of all files, word for word."""
        sources = quotes(self._files)
        if not sources:
            return
        alike: dict[str, list[Source]] = {}
        for source in sources:
            alike.setdefault(source.text.casefold(), []).append(source)
        groups = list(alike.values())
        ranking = self._ranked([group[0] for group in groups])
        chosen = _Choice(groups, ranking).take(self._options.words)
        self.digest = replace(self.digest, sentences=tuple(chosen))

    def write(
        self, engine: Engine, hold: threading.Event | None
    ) -> Iterator[SummaryProgress | Digest]:
        """Let the model merge the summaries; every sentence is checked against the passages."""
        if self._cancel.is_set():
            return
        sources = quotes(self._files)
        carrying = as_document(sources, self._files, self._title())
        language = self._options.language or language_of(self._files)
        task = Task(
            self._title(), self._options.words, self._options.focus, language, self._options.style
        )
        passages = self._passages(task, engine)
        if not passages or self._cancel.is_set():
            return
        languages = {file.language for file in self._files if file.language}
        given = Given(
            task=task,
            passages=passages,
            is_reproducible=self._options.is_reproducible,
            is_translated=bool(languages - {language}),
        )
        index = EvidenceIndex(carrying.sentences, carrying)
        text = FinalText(engine, given, index, cancel=self._cancel, hold=hold)
        of_place = {s.spans[0]: at for at, s in enumerate(carrying.sentences)}
        for event in text.run():
            if isinstance(event, SummaryProgress):
                yield event
                continue
            sentences = tuple(
                _told(sentence, [sources[of_place[c.span]] for c in sentence.citations])
                for sentence in event
            )
            self.digest = replace(self.digest, sentences=sentences, timings=text.timings)
            yield self.digest

    def end(self) -> Digest:
        """Return the digest as the last value."""
        timings = replace(self.digest.timings, total_s=time.perf_counter() - self._started_s)
        return replace(self.digest, timings=timings, is_stopped=self._cancel.is_set())

    def _passages(self, task: Task, engine: Engine) -> tuple[Passage, ...]:
        said = as_document(sayings(self._files), self._files, self._title())
        info = engine.info
        if info is None or not said.sentences:
            return ()
        plan = choose_for_prompt(
            said,
            rank(said, self._options.focus, cancel=self._cancel),
            task,
            tokens=budget(info.context_tokens),
            count=lambda texts: engine.count_tokens(
                texts, priority=Priority.SUMMARY, cancel=self._cancel
            ),
        )
        return plan.passages

    def _ranked(self, sources: Sequence[Source]) -> Ranking:
        """Score sources by what all files say, and by how much each matters in its own."""
        import numpy as np  # noqa: PLC0415 - the window starts without it

        document = as_document(sources, self._files, "")
        # A file's name says nothing of its sentences' worth, as a section's title would.
        untitled = tuple(replace(section, title="") for section in document.sections)
        ranking = rank(
            replace(document, sections=untitled), self._options.focus, cancel=self._cancel
        )
        own = np.array([source.worth for source in sources], dtype=np.float32)
        scores = ranking.scores * (1 - _OWN_WORTH + _OWN_WORTH * own)
        return replace(ranking, scores=scores.astype(np.float32))

    def _title(self) -> str:
        if len(self._files) == 1:
            return self._files[0].title
        return "; ".join(file.title for file in self._files[:4])


class _Choice:
    """Chooses among the sources of all files; those of a group have the same words."""

    def __init__(self, groups: Sequence[Sequence[Source]], ranking: Ranking) -> None:
        import numpy as np  # noqa: PLC0415 - the window starts without it

        order = np.argsort(-ranking.scores, kind="stable")[:_CANDIDATES]
        pool = order[ranking.scores[order] > 0].astype(np.int32)
        self._groups = [groups[at] for at in pool]
        self._sources = [group[0] for group in self._groups]
        self._scores = ranking.scores[pool]
        self._likeness: NDArray[np.float32] = similarities(ranking.table, pool)

    def take(self, words: int) -> Iterator[DigestSentence]:
        """Yield the best that fit into `words`, each file's turn coming when its points are due."""
        import numpy as np  # noqa: PLC0415 - the window starts without it

        sizes = np.array([count_words(source.text) for source in self._sources], dtype=np.int32)
        files = np.array([source.file for source in self._sources], dtype=np.int32)
        worth = self._scores.astype(np.float64)
        nearest = np.zeros(len(worth))
        is_open = np.ones(len(worth), dtype=bool)
        left = words
        while True:
            fits = is_open & (sizes <= left) & (nearest < _SAYS_THE_SAME)
            if not fits.any():
                return
            best = int(np.where(fits, worth * (1 - _REDUNDANCY * nearest), -1).argmax())
            is_open[best] = False
            left -= int(sizes[best])
            worth[files == files[best]] *= _CROWDING
            nearest = np.maximum(nearest, self._likeness[best])
            yield self._sentence(best)

    def _sentence(self, at: int) -> DigestSentence:
        """Return a point, and where other files say the same."""
        import numpy as np  # noqa: PLC0415 - the window starts without it

        source = self._sources[at]
        cited: list[FileCitation] = []
        told: set[int] = set()
        for same in self._groups[at]:
            if same.file not in told:
                told.add(same.file)
                cited += origins(same)
        for other in np.argsort(-self._likeness[at], kind="stable"):
            beside = self._sources[int(other)]
            if self._likeness[at][other] < _SAYS_THE_SAME or len(told) > _ALSO:
                break
            if beside.file not in told:
                told.add(beside.file)
                cited += origins(beside)
        return DigestSentence(text=source.text, citations=tuple(cited), is_quote=True)


def _told(sentence: SummarySentence, carrying: Sequence[Source]) -> DigestSentence:
    """Return what the model wrote with the files and places of the passages that carry it."""
    cited: list[FileCitation] = [one for source in carrying for one in origins(source)]
    return DigestSentence(
        text=sentence.text,
        citations=tuple(cited),
        support=sentence.support,
        flags=sentence.flags,
    )
