"""How a model of the hub would go here: asked of the header of its file, in the background."""

import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from assistant.errors import DownloadError, ModelError
from assistant.models.finding.remote_header import remote_header
from assistant.models.finding.repository import RemoteModel
from assistant.models.hub.client import Hub
from assistant.models.hub.errand import StoppedError
from assistant.ui import icons, theme
from assistant.ui.announcing import announce
from assistant.ui.errors_view import explanation
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.models.finding.foresight import Foresight, Outlook
from assistant.ui.models.finding.remote_memory import RemoteMemory
from assistant.ui.models.fold import Fold
from assistant.ui.models.verdict import (
    grounds_words,
    memory_words,
    sign,
    speed_words,
    verdict_of,
)


class RemoteVerdict(QFrame):
    """The verdict on a model, and its speed here.

    Args:
        hub: returns whom to ask.
        foresight: foretells it.
        parent: owner.

    Signals:
        foretold (object): the `Outlook`.
    """

    foretold = Signal(object)

    def __init__(
        self, hub: Callable[[], Hub], foresight: Foresight, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._hub = hub
        self._foresight = foresight
        self._job: Job | None = None
        theme.set_role(self, "card")
        self.sign = label()
        self.words = label("", "subject")
        self.speed = label()
        self.note = label("", "muted")
        self.memory = Fold(self.tr("What the memory is for"), QWidget)
        self.memory.hide()
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
        layout.addWidget(self.memory)
        for part in (self.sign, self.speed, self.note):
            part.hide()

    @property
    def is_looking(self) -> bool:
        """Whether the answer is still to come."""
        return self._job is not None

    def look(self, model: RemoteModel) -> None:
        """Ask for the header of the recommended file; its size tells less, where that fails."""
        hub, foresight, first = self._hub(), self._foresight, model.files[0]

        def work(cancel: threading.Event) -> Iterator[Outlook]:
            try:
                header = remote_header(
                    hub, first.files[0], whole_bytes=first.size_bytes, cancel=cancel
                )
            except StoppedError:
                return
            except (DownloadError, ModelError):
                outlook = foresight.of_size(model)
                if outlook is None:
                    raise
                yield outlook
            else:
                yield foresight.of_header(header, model.files)

        self.words.setText(self.tr("Looking whether it runs on this computer…"))
        self._job = Job(work, self)
        self._job.progressed.connect(self._take)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self._job.start()

    def stop(self) -> None:
        """Ask no more."""
        if self._job is not None:
            self._job.cancel()

    def _take(self, outlook: Outlook) -> None:
        seen = outlook.forecast
        icon, color = sign(seen.verdict)
        icons.put(self.sign, icon, color, 16)
        self.words.setText(verdict_of(seen))
        memory = memory_words(seen, outlook.total_bytes)
        self.speed.setText(" ".join(part for part in (speed_words(seen), memory) if part))
        self.note.setText(grounds_words(seen))
        for part in (self.sign, self.speed, self.note):
            part.show()
        self.setAccessibleName(f"{self.words.text()}. {self.speed.text()}")
        announce(self, self.accessibleName())
        self._offer_memory(outlook)
        self.foretold.emit(outlook)

    def _offer_memory(self, outlook: Outlook) -> None:
        """Fold away what the memory is for."""
        header = outlook.header
        if header is not None:
            self.memory.build = lambda: RemoteMemory(
                header, outlook.total_bytes, outlook.free_bytes
            )
            self.memory.show()

    def _fail(self, error: Exception) -> None:
        what, _ = explanation(error)
        self.words.setText(self.tr("Whether it runs on this computer could not be found out"))
        self.note.setText(what)
        self.note.show()

    def _end(self) -> None:
        self._job = None
