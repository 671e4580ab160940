"""An installed model on the page: the verdict first, then the facts, then what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.models.installed import InstalledModel
from assistant.quantizations import is_slow
from assistant.ui import icons, theme
from assistant.ui.labels import label, plain_tip
from assistant.ui.models.model_facts import facts_of, name_of, uses_of
from assistant.ui.models.verdict import Fit, sign, verdict


class ModelCard(QFrame):
    """Shows one model.

    Args:
        model: which one.
        fit: how it goes with this computer; None while that is not known.
        is_in_use: it is the one in use.
        can_be_faster: offer to write it in a faster format, if its own is slow here.
        parent: owner.

    Signals:
        use_wanted: the person wants to use it.
        remove_wanted: the person wants to remove it.
        faster_wanted: the person wants it in a faster format.
    """

    use_wanted = Signal()
    remove_wanted = Signal()
    faster_wanted = Signal()

    def __init__(
        self,
        model: InstalledModel,
        fit: Fit | None,
        *,
        is_in_use: bool,
        can_be_faster: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        theme.set_role(self, "card")
        self.title = label(name_of(model), "subject", wraps=False)
        self.title.setToolTip(plain_tip(str(model.path)))
        self.verdict = VerdictLine(fit, uses_of(model))
        self.facts = label(facts_of(model), "muted")
        self.use_button = QPushButton(self.tr("Use"))
        self.use_button.setAccessibleName(self.tr("Use {name}").format(name=self.title.text()))
        self.use_button.clicked.connect(self.use_wanted)
        self.use_button.setVisible(not is_in_use)
        self.remove_button = QPushButton(self.tr("Remove"))
        self.remove_button.setAccessibleName(
            self.tr("Remove {name}").format(name=self.title.text())
        )
        theme.set_role(self.remove_button, "quiet")
        self.remove_button.clicked.connect(self.remove_wanted)
        self.remove_button.setVisible(not model.is_starter)
        self.slow_line = self._make_slow_line(can_be_faster=can_be_faster)
        self._lay_out(is_in_use)

    def _make_slow_line(self, *, can_be_faster: bool) -> QWidget:
        """Say that the format is slow here, with what can be done about it."""
        self.slow_words = label(
            self.tr("Slow format on this processor: {format}").format(
                format=self.model.quantization
            )
        )
        self.faster_button = QPushButton(self.tr("Make it faster on this computer"))
        self.faster_button.clicked.connect(self.faster_wanted)
        self.faster_button.setVisible(can_be_faster)
        picture = QLabel()
        icons.put(picture, "gauge", "warning", 16)
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(picture)
        layout.addWidget(self.slow_words, 1)
        layout.addWidget(self.faster_button)
        line.setVisible(is_slow(self.model.quantization))
        return line

    def _lay_out(self, is_in_use: bool) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self.title)
        if is_in_use:
            head.addWidget(badge(self.tr("In use")), 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        head.addWidget(self.use_button)
        head.addWidget(self.remove_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.verdict)
        layout.addWidget(self.facts)
        layout.addWidget(self.slow_line)


class VerdictLine(QWidget):
    """A sign and the verdict in words: nothing is told by colour alone."""

    def __init__(self, fit: Fit | None, more: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = " · ".join(part for part in (verdict(fit) if fit else "", more) if part)
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
        self.setVisible(bool(words))


def badge(text: str) -> QLabel:
    """Return a small label on a ground of its own."""
    made = label(text, "badge", wraps=False)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made
