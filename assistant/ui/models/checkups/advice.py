"""What the check-ups advise, in words: offered, never done without the person."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.checkups.advising import Advice, Finding, Reason
from assistant.models.keeping.defaults import Task
from assistant.ui import icons, theme
from assistant.ui.labels import label, show_if
from assistant.ui.models.checkups.words import ability_in_words, percent, words_per_s
from assistant.ui.models.model_card import badge

_MOST_REASONS = 4


class AdviceRow(QFrame):
    """The best of the checked models for one task.

    Args:
        task: chat or summaries.
        advice: for all models that are here, the best first.
        in_use: the fingerprint of the model that does the task now.
        parent: owner.

    Signals:
        use_wanted (str): the fingerprint of the model that the person wants for the task.
    """

    use_wanted = Signal(str)

    def __init__(
        self, task: Task, advice: Sequence[Advice], in_use: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        best = advice[0] if advice and advice[0].is_advised else None
        is_used = best is not None and best.fingerprint == in_use
        self.words = label(self._in_words(task, best), "subject")
        reasons = best or (advice[0] if advice else None)
        self.reasons = label(reasons_in_words(reasons) if reasons else "", "muted")
        if reasons is not None and best is None:
            text = self.tr("The best of them, {name}: {reasons}")
            self.reasons.setText(text.format(name=reasons.model, reasons=self.reasons.text()))
        show_if(self.reasons, bool(self.reasons.text()))
        self.use_button = QPushButton(self._button(task))
        show_if(self.use_button, best is not None and not is_used)
        self.use_button.setAccessibleDescription(self.words.text())
        if best is not None:
            self.use_button.clicked.connect(lambda: self.use_wanted.emit(best.fingerprint))
        sign = label()
        name = ("circle-check", "success") if best else ("info", "text_muted")
        icons.put(sign, *name, 16)
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(sign)
        head.addWidget(self.words, 1)
        if is_used:
            head.addWidget(badge(self.tr("In use")))
        head.addWidget(self.use_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.reasons)

    def _in_words(self, task: Task, best: Advice | None) -> str:
        if task is Task.SUMMARIES:
            if best is None:
                return self.tr(
                    "For summaries none of them is good and quick enough: key points come first."
                )
            return self.tr("For summaries: {name}").format(name=best.model)
        if best is None:
            return self.tr("For chat none of them is good and quick enough.")
        return self.tr("For chat: {name}").format(name=best.model)

    def _button(self, task: Task) -> str:
        if task is Task.SUMMARIES:
            return self.tr("Use it for summaries")
        return self.tr("Use it for chat")


def reasons_in_words(advice: Advice) -> str:
    """Return the weightiest reasons for and against a model."""
    return " · ".join(_reason(one) for one in advice.reasons[:_MOST_REASONS])


def _reason(reason: Reason) -> str:
    translate = QCoreApplication.translate
    if reason.finding is Finding.BASE:
        return translate("checkup", "a base model: it cannot be asked")
    if reason.finding is Finding.OTHER_QUESTIONS:
        return translate("checkup", "not checked to the end with today's questions")
    if reason.finding is Finding.LONG_WAIT:
        text = translate("checkup", "a summary takes about {count} s")
        return text.format(count=QLocale().toString(round(reason.value)))
    if reason.finding is Finding.QUICK:
        text = translate("checkup", "quick: {count} words a second")
        return text.format(count=words_per_s(reason.value))
    if reason.finding is Finding.SLOW:
        text = translate("checkup", "slow: {count} words a second")
        return text.format(count=words_per_s(reason.value))
    what = ability_in_words(reason.ability) if reason.ability else ""
    if reason.finding is Finding.GOOD:
        text = translate("checkup", "good at {what} ({share})")
    else:
        text = translate("checkup", "poor at {what} ({share})")
    return text.format(what=what, share=percent(reason.value))
