"""A model that a search found: the verdict, then what makes one look twice, then the facts."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.forecast import Forecast, Verdict
from assistant.models.finding.architectures import Runnable
from assistant.models.finding.risks import Warning as Risky
from assistant.models.finding.search import FoundModel
from assistant.ui import icons, theme
from assistant.ui.labels import label, plain_tip
from assistant.ui.models.finding.remote_words import breakable, facts_of_result, risk_in_words
from assistant.ui.models.model_card import VerdictLine, badge
from assistant.ui.models.verdict import number_in_words

_WORDS_PER_TOKEN = 0.75


class FoundCard(QFrame):
    """Shows one model of a search's results; a click anywhere on it opens its page.

    Args:
        found: what the list says of it.
        seen: what is foretold of it; None if the list tells too little.
        parent: owner.

    Signals:
        chosen: its page is wanted.
    """

    chosen = Signal()

    def __init__(
        self, found: FoundModel, seen: Forecast | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.found = found
        theme.set_role(self, "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.title = label(breakable(found.title), "subject")
        self.title.setToolTip(plain_tip(found.repo))
        self.open_button = QPushButton(self.tr("Details"))
        self.open_button.setAccessibleName(self.tr("Details of {name}").format(name=found.title))
        self.open_button.clicked.connect(self.chosen)
        self.verdict = self._verdict(seen)
        self.warnings = [RiskLine(one) for one in found.warnings]
        self.facts = label(facts_of_result(found), "muted")
        self._lay_out()

    def _verdict(self, seen: Forecast | None) -> VerdictLine:
        if self.found.runs is not Runnable.YES:
            kind = self.found.architecture or self.tr("unnamed")
            words = self.tr("Cannot run here: llama.cpp does not know its kind ({architecture})")
            return VerdictLine(None, words.format(architecture=kind))
        if seen is None:
            return VerdictLine(None, self.tr("Its page tells whether it runs here"))
        if seen.verdict is Verdict.TOO_LARGE:
            return VerdictLine(seen.verdict)
        speed = number_in_words(seen.tokens_per_s * _WORDS_PER_TOKEN)
        words = self.tr("about {count} words a second, by estimate")
        if speed == "1":
            words = self.tr("about one word a second, by estimate")
        return VerdictLine(seen.verdict, words.format(count=speed))

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
