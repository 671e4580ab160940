"""Which of the cited passages is open, and the way to the next one and to the one before."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from assistant.summaries.summary import Summary
from assistant.ui.announcing import announce
from assistant.ui.documents.page_view import PageView
from assistant.ui.documents.result.targets import Target
from assistant.ui.documents.result.view import ResultView


class EvidenceTrail(QObject):
    """Ties the links of a result to the passages they lead to.

    Args:
        result: where the links stand.
        pages: where the passages stand.
        parent: owner.

    Signals:
        opened: a passage was asked for.
    """

    opened = Signal()

    def __init__(self, result: ResultView, pages: PageView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._result = result
        self._pages = pages
        self._address = ""  # of the link to the passage that is open
        self._target: Target | None = None
        self._injection = -1
        result.cited.connect(self.open)
        pages.evidence.step_wanted.connect(self.step)

    def make_keys(self, everywhere: QWidget) -> None:
        """Let keys lead to the next passage: N and P in result and page, F3 in `everywhere`."""
        self._pages.evidence.make_keys(self._result, self._pages, functions_in=everywhere)

    def open(self, address: str) -> None:
        """Open the passage that a link leads to, and mark the link."""
        target = self._result.target(address)
        if target is None:
            return
        self._address, self._target = address, target
        self.opened.emit()
        self._pages.show_target(target)
        self.follow()
        self._result.bring_into_view(address)

    def step(self, by: int) -> None:
        """Open the next passage (1) or the one before (-1); at the end, the first one follows."""
        addresses = self._result.addresses()
        if not addresses:
            return
        if self._address in addresses:
            at = addresses.index(self._address) + by
        else:
            at = 0 if by > 0 else -1
        self.open(addresses[at % len(addresses)])
        if self._target is not None:
            announce(self._pages, f"{self._pages.evidence.words.text()}: {self._target.quote}")

    def follow(self) -> None:
        """Say which passage is open, after the result became another one."""
        addresses = self._result.addresses()
        if self._result.target(self._address) != self._target:  # it leads elsewhere now
            same = (a for a in addresses if self._result.target(a) == self._target)
            self._address = next(same, "")
        at = addresses.index(self._address) if self._address in addresses else None
        if at is None:
            self._address, self._target = "", None
        self._result.mark(self._address)
        self._pages.evidence.show_place(at, len(addresses))

    def show_next_injection(self, summary: Summary) -> None:
        """Open the next passage that gives orders; after the last one the first."""
        if summary.injections:
            self._injection = (self._injection + 1) % len(summary.injections)
            found = summary.injections[self._injection]
            self._address, self._target = "", None
            self.follow()
            self._pages.show_target(Target(found.span, found.quote))
