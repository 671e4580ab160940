"""A model that a search found: the verdict, then what makes one look twice, then the facts."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.models.risks import Warning as Risky
from assistant.models.search import FoundModel
from assistant.ui import icons, theme
from assistant.ui.labels import label
from assistant.ui.models.model_card import VerdictLine, badge
from assistant.ui.models.remote_words import breakable, facts_of_result, risk_in_words
from assistant.ui.models.verdict import Fit, Memory

# A file of Q4_K_M, the usual choice, has 4.85 bits for each parameter (llama.cpp's
# `tools/quantize/README.md`); what a short context and the process take comes on top.
_BYTES_PER_PARAMETER = 4.85 / 8
_OVERHEAD = 1.15
_OVERHEAD_BYTES = 500 * 10**6
_ROOMY = 0.7  # of all memory: the system and other programs need the rest


class FoundCard(QFrame):
    """Shows one model of a search's results; a click anywhere on it opens its page.

    Args:
        found: what the list says of it.
        memory: this computer's.
        parent: owner.

    Signals:
        chosen: its page is wanted.
    """

    chosen = Signal()

    def __init__(self, found: FoundModel, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = found
        theme.set_role(self, "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.title = label(breakable(found.title), "subject")
        self.title.setToolTip(found.repo.replace("<", "‹"))
        self.open_button = QPushButton(self.tr("Details"))
        self.open_button.setAccessibleName(self.tr("Details of {name}").format(name=found.title))
        self.open_button.clicked.connect(self.chosen)
        self.verdict = VerdictLine(likely_fit(found.parameters, memory))
        self.warnings = [RiskLine(one) for one in found.warnings]
        self.facts = label(facts_of_result(found), "muted")
        self._lay_out()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the page."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self.chosen.emit()
        else:
            super().mouseReleaseEvent(event)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self.title, 1)
        if self.found.is_gated:
            gate = badge(self.tr("Asks for agreement"))
            head.addWidget(gate, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        for part in (self.verdict, *self.warnings, self.facts):
            layout.addWidget(part)


class RiskLine(QWidget):
    """A reason to look twice, with its sign."""

    def __init__(self, risky: Risky, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label(risk_in_words(risky))
        sign = label()
        icons.put(sign, "triangle-alert", "warning", 16)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.words, 1)


def likely_fit(parameters: int, memory: Memory) -> Fit | None:
    """Return how a model of so many parameters is likely to go with this computer's memory.

    Only its page can tell for sure: that needs the header of one of its files.
    """
    if parameters <= 0:
        return None
    need = parameters * _BYTES_PER_PARAMETER * _OVERHEAD + _OVERHEAD_BYTES
    if need > memory.total_bytes:
        return Fit.TOO_LARGE
    return Fit.WELL if need <= _ROOMY * memory.total_bytes else Fit.SHORT


def no_verdict() -> str:
    """Return what stands where a list does not tell a model's size."""
    return QCoreApplication.translate("FoundCard", "Its page tells whether it fits here")
