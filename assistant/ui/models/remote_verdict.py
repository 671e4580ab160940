"""How a model of the hub would go here: asked of the header of its file, in the background."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import psutil
from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from assistant.fit import memory_need
from assistant.forecast import Forecast, Machine, SpeedRecords, Verdict, forecast
from assistant.gguf import GgufHeader
from assistant.models.errand import StoppedError
from assistant.models.hub import Hub
from assistant.models.remote_header import remote_header
from assistant.models.repository import FileGroup
from assistant.ui import icons, theme
from assistant.ui.errors_view import explanation
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.wording import size

_WORDS_PER_TOKEN = 0.75
_MINUTE = 60
_LEAST_TOKENS = 1024  # a context below this is of little use


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is foretold of a model.

    Attributes:
        forecast: of the recommended file.
        total_bytes: this computer's memory.
        too_large: the files that its memory does not hold.
    """

    forecast: Forecast
    total_bytes: int
    too_large: frozenset[str]


class RemoteVerdict(QFrame):
    """The verdict on a model, and its speed here.

    Args:
        hub: returns whom to ask.
        records: what was measured on this computer.
        loaded_bytes: returns what the engine holds now, which a change of model gives back.
        parent: owner.

    Signals:
        foretold (object): the `Outlook`.
        finished: nothing more is asked.
    """

    foretold = Signal(object)
    finished = Signal()

    def __init__(
        self,
        hub: Callable[[], Hub],
        records: SpeedRecords,
        loaded_bytes: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._hub = hub
        self._records = records
        self._loaded_bytes = loaded_bytes
        self._job: Job | None = None
        theme.set_role(self, "card")
        self.sign = label()
        self.words = label(self.tr("Looking whether it fits this computer…"), "subject")
        self.speed = label()
        self.note = label("", "muted")
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self.sign)
        head.addWidget(self.words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.speed)
        layout.addWidget(self.note)
        for part in (self.sign, self.speed, self.note):
            part.hide()

    def look(self, groups: Sequence[FileGroup]) -> None:
        """Ask for the header of the recommended file, which is the first."""
        hub, records, loaded = self._hub(), self._records, self._loaded_bytes()

        def work(cancel: threading.Event) -> Iterator[Outlook]:
            try:
                yield _foretell(hub, records, groups, loaded, cancel)
            except StoppedError:
                return

        self._job = Job(work, self)
        self._job.progressed.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self._job.start()

    def stop(self) -> None:
        """Ask no more."""
        if self._job is not None:
            self._job.cancel()

    @property
    def is_looking(self) -> bool:
        """Whether the answer is still to come."""
        return self._job is not None

    def _take(self, outlook: Outlook) -> None:
        seen = outlook.forecast
        icon, color = _SIGNS[seen.verdict]
        icons.put(self.sign, icon, color, 16)
        self.sign.show()
        self.words.setText(self._verdict(seen.verdict))
        self.speed.setText(self._speed(outlook))
        self.speed.show()
        self.note.setText(self._grounds(seen))
        self.note.show()
        self.foretold.emit(outlook)

    def _fail(self, error: Exception) -> None:
        what, _ = explanation(error)
        self.words.setText(self.tr("Whether it fits this computer could not be found out."))
        self.note.setText(what)
        self.note.show()

    def _end(self) -> None:
        self._job = None
        self.finished.emit()

    def _verdict(self, verdict: Verdict) -> str:
        return {
            Verdict.WELL: self.tr("Runs well here"),
            Verdict.TIGHT: self.tr("Fits, but memory is tight"),
            Verdict.SLOW: self.tr("Runs here, but slowly"),
            Verdict.TOO_LARGE: self.tr("Too large for this computer"),
        }[verdict]

    def _speed(self, outlook: Outlook) -> str:
        seen = outlook.forecast
        memory = self.tr("It takes {needed} of {total} memory.").format(
            needed=size(seen.need.total_bytes), total=size(outlook.total_bytes)
        )
        if seen.verdict is Verdict.TOO_LARGE:
            return memory
        words = self.tr("It writes about {count} words a second.").format(
            count=_number(seen.tokens_per_s * _WORDS_PER_TOKEN)
        )
        summary = self.tr("A document of 50 pages: key points at once, a summary in {time}.")
        return " ".join([words, summary.format(time=self._time(seen.pages50_s)), memory])

    def _grounds(self, seen: Forecast) -> str:
        if seen.is_measured:
            return self.tr("Measured on this computer with a model of the same size.")
        return self.tr("Estimated; a check-up after the download measures it.")

    def _time(self, seconds: float) -> str:
        if seconds < _MINUTE:
            return self.tr("about {count} s").format(count=max(5, round(seconds / 5) * 5))
        return self.tr("about {count} min").format(count=_number(seconds / _MINUTE))


_SIGNS = {
    Verdict.WELL: ("circle-check", "success"),
    Verdict.TIGHT: ("triangle-alert", "warning"),
    Verdict.SLOW: ("triangle-alert", "warning"),
    Verdict.TOO_LARGE: ("circle-alert", "danger"),
}


def _foretell(
    hub: Hub,
    records: SpeedRecords,
    groups: Sequence[FileGroup],
    loaded_bytes: int,
    cancel: threading.Event,
) -> Outlook:
    first = groups[0]
    header = remote_header(hub, first.files[0], whole_bytes=first.size_bytes, cancel=cancel)
    cores = psutil.cpu_count(logical=False) or 1
    machine = Machine.now(cores, loaded_bytes=loaded_bytes)
    return Outlook(
        forecast=forecast(header, machine, records),
        total_bytes=machine.total_bytes,
        too_large=frozenset(
            group.file
            for group in groups
            if _least_bytes(header, first, group) > machine.total_bytes
        ),
    )


def _least_bytes(header: GgufHeader, first: FileGroup, other: FileGroup) -> int:
    """Return what another file of the model takes with a short context: its weights differ."""
    longer = other.size_bytes - first.size_bytes
    like = replace(header, tensor_bytes=header.tensor_bytes + longer, matrix_bytes=())
    return memory_need(like, _LEAST_TOKENS).total_bytes


def _number(value: float) -> str:
    """Return a number without digits that nobody vouches for: "0.8", "12", "130"."""
    if value < 3:
        return QLocale().toString(value, "f", 1)
    step = 10 if value >= 100 else 1
    return QLocale().toString(round(value / step) * step)
