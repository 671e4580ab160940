"""An installed model on the page: the verdict first, then the facts, then what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.models.installed import InstalledModel
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
        parent: owner.

    Signals:
        use_wanted: the person wants to use it.
        remove_wanted: the person wants to remove it.
    """

    use_wanted = Signal()
    remove_wanted = Signal()

    def __init__(
        self,
        model: InstalledModel,
        fit: Fit | None,
        *,
        is_in_use: bool,
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
        self._lay_out(is_in_use)

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
