"""An installed model on the page: the verdict first, then the facts, then what can be done."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.checkups.card import ScoreCard
from assistant.forecast import Forecast, Verdict
from assistant.models.keeping.details import UpdateState
from assistant.models.keeping.installed import InstalledModel
from assistant.quantizations import is_slow
from assistant.ui import icons, theme
from assistant.ui.labels import label, plain_tip, show_if
from assistant.ui.models.checkups.question import CheckupQuestion
from assistant.ui.models.checkups.words import in_short
from assistant.ui.models.model_facts import facts_of, name_of, uses_of
from assistant.ui.models.section import quiet
from assistant.ui.models.verdict import (
    Fit,
    grounds_words,
    sign,
    speed_words,
    verdict,
    verdict_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardState:
    """What a card says beside the model's own facts.

    Attributes:
        forecast: how it goes with this computer; None while that is not known.
        score: its check-up; None if there was none.
        is_in_use: it chats.
        summarises: it has the summaries for itself.
        can_be_faster: offer to write it in a faster format, if its own is slow here.
        has_details: it has a page of its own, and can be checked.
        can_check: no other check-up is under way.
    """

    forecast: Forecast | None = None
    score: ScoreCard | None = None
    is_in_use: bool = False
    summarises: bool = False
    can_be_faster: bool = False
    has_details: bool = False
    can_check: bool = True


class ModelCard(QFrame):
    """Shows one model.

    Args:
        model: which one.
        state: what else is known of it.
        parent: owner.

    Signals:
        use_wanted: the person wants to use it.
        details_wanted: the person wants to see its page.
        checkup_wanted: the person read what a check-up does, and wants it.
        remove_wanted: the person wants to remove it.
        faster_wanted: the person wants it in a faster format.
    """

    use_wanted = Signal()
    details_wanted = Signal()
    checkup_wanted = Signal()
    remove_wanted = Signal()
    faster_wanted = Signal()

    def __init__(
        self, model: InstalledModel, state: CardState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.state = state
        theme.set_role(self, "card")
        name = name_of(model)
        self.title = label(name, "subject")
        self.title.setToolTip(plain_tip(str(model.path)))
        seen = state.forecast
        self.verdict = VerdictLine(
            seen.verdict if seen else None,
            uses_of(model),
            words=verdict_of(seen) if seen else "",
        )
        self.facts = label(facts_of(model), "muted")
        self.use_button = QPushButton(self.tr("Use"))
        self.use_button.setAccessibleName(self.tr("Use {name}").format(name=name))
        self.use_button.clicked.connect(self.use_wanted)
        show_if(self.use_button, not state.is_in_use and not model.is_for_embeddings)
        self.details_button = QPushButton(self.tr("Details"))
        self.details_button.setAccessibleName(self.tr("Details of {name}").format(name=name))
        self.details_button.clicked.connect(self.details_wanted)
        show_if(self.details_button, state.has_details)
        self.remove_button = QPushButton()
        icons.put(self.remove_button, "trash-2", "text_muted", 16)
        theme.set_role(self.remove_button, "quiet")
        self.remove_button.setToolTip(self.tr("Remove"))
        self.remove_button.setAccessibleName(self.tr("Remove {name}").format(name=name))
        self.remove_button.clicked.connect(self.remove_wanted)
        show_if(self.remove_button, not model.is_starter and _can_go(model))
        self.checkup_button = quiet(self.tr("Check up"))
        theme.set_role(self.checkup_button, "link")
        self.checkup_button.setAccessibleName(self.tr("Check up {name}").format(name=name))
        self.question = CheckupQuestion(name)
        self.question.agreed.connect(self.checkup_wanted)
        self.checkup_button.clicked.connect(self.question.ask)
        self.measured = label(self._measured())
        self.slow_line = self._make_slow_line()
        self.hub_line = self._make_hub_line()
        self._lay_out()

    def _measured(self) -> str:
        """Return what was measured of it here, or what is foretold."""
        score, forecast = self.state.score, self.state.forecast
        if score is not None:
            return in_short(score)
        if forecast is None or not self.model.has_chat_template:
            return ""
        return " ".join(filter(None, [speed_words(forecast), grounds_words(forecast)]))

    def _make_slow_line(self) -> QWidget:
        """Say that the format is slow here, with what can be done about it."""
        self.slow_words = label(
            self.tr("Slow format on this processor: {format}").format(
                format=self.model.quantization
            )
        )
        self.faster_button = QPushButton(self.tr("Make it faster on this computer"))
        self.faster_button.clicked.connect(self.faster_wanted)
        show_if(self.faster_button, self.state.can_be_faster and self.model.is_ours)
        line = _line("gauge", self.slow_words, self.faster_button)
        show_if(line, is_slow(self.model.quantization))
        return line

    def _make_hub_line(self) -> QWidget:
        """Say what the hub was last seen to say, where it matters."""
        words = {
            UpdateState.NEWER: self.tr("The hub has a newer revision."),
            UpdateState.WITHDRAWN: self.tr("Its publisher withdrew it from the hub."),
            UpdateState.RELICENSED: self.tr("Its licence on the hub is another now."),
            UpdateState.GATED_NOW: self.tr("The hub now asks for an agreement to its terms."),
        }.get(self.model.look.state, "")
        is_news = self.model.look.state is UpdateState.NEWER
        line = _line("info" if is_news else "triangle-alert", label(words))
        show_if(line, bool(words))
        return line

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self.title, 1)
        if self.state.is_in_use:
            head.addWidget(badge(self.tr("In use")), 0, Qt.AlignmentFlag.AlignVCenter)
        if self.state.summarises:
            head.addWidget(badge(self.tr("Summaries")), 0, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.use_button, self.details_button, self.remove_button):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.verdict)
        layout.addWidget(self.facts)
        first_line = self.model.note.partition("\n")[0]
        if first_line:
            layout.addWidget(label(f"“{first_line}”", "muted"))
        layout.addWidget(self._make_measured_line())
        layout.addWidget(self.question)
        layout.addWidget(self.slow_line)
        layout.addWidget(self.hub_line)

    def _make_measured_line(self) -> QWidget:
        line = _line("gauge" if self.state.score else "", self.measured, self.checkup_button)
        is_offered = self.state.has_details and self.state.score is None
        is_offered = is_offered and self.state.can_check and not self.model.is_for_embeddings
        show_if(self.checkup_button, is_offered)
        show_if(line, is_offered or bool(self.measured.text()))
        return line


class VerdictLine(QWidget):
    """A sign and the verdict in words: nothing is told by colour alone."""

    def __init__(
        self,
        fit: Fit | Verdict | None,
        more: str = "",
        parent: QWidget | None = None,
        *,
        words: str = "",
    ) -> None:
        super().__init__(parent)
        first = words or (verdict(fit) if fit else "")
        words = " · ".join(part for part in (first, more) if part)
        self.words = label(words)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        if fit is not None:
            picture = QLabel()
            name, color = sign(fit)
            icons.put(picture, name, color, 16)
            layout.addWidget(picture)
        layout.addWidget(self.words, 1)
        show_if(self, bool(words))


def badge(text: str) -> QLabel:
    """Return a small label on a ground of its own."""
    made = label(text, "badge", wraps=False)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made


def _can_go(model: InstalledModel) -> bool:
    """Whether it can be taken away: not out of a folder that is only read from."""
    return model.is_ours or not Path(model.origin).is_absolute()


def _line(icon: str, words: QLabel, *more: QWidget) -> QWidget:
    """Return words with a sign before them and buttons after them."""
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2 * theme.SPACE)
    if icon:
        picture = QLabel()
        icons.put(picture, icon, "accent" if icon == "info" else "warning", 16)
        layout.addWidget(picture)
    layout.addWidget(words, 1)
    for widget in more:
        layout.addWidget(widget)
    return line
