"""Asks how the files that were found are to be summarised, before anything begins."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.batches.expanding import Expansion, Skip
from assistant.summaries.summary import Mode
from assistant.ui import theme
from assistant.ui.documents.options.chooser import Chooser
from assistant.ui.documents.options.words import mode_name
from assistant.ui.labels import counted, label


class BatchOffer(QFrame):
    """How many documents were found, how to read them, and whether to make a digest.

    Signals:
        accepted: the files are to join the queue.
        declined: they are not.
    """

    accepted = Signal()
    declined = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.mode = Mode.KEY_POINTS
        self._can_write = False
        self.words = label("", "heading")
        self.left_out = label("", "muted")
        self.chooser = Chooser(self.tr("Kind of summary"), tuple(Mode), self)
        for mode in Mode:
            self.chooser.name(mode, mode_name(mode))
        self.chooser.chosen.connect(self.choose)
        self.digest = QCheckBox(self.tr("One digest over all of them"))
        self.start_button = QPushButton(self.tr("Start"))
        theme.set_role(self.start_button, "primary")
        self.start_button.clicked.connect(self.accepted)
        self.cancel_button = QPushButton(self.tr("Not now"))
        self.cancel_button.clicked.connect(self.declined)
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self.chooser.button)
        row.addWidget(self.digest)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.start_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self.words)
        layout.addWidget(self.left_out)
        layout.addLayout(row)

    def offer(self, found: Expansion, mode: Mode, *, can_write: bool) -> None:
        """Show what was found.

        Args:
            found: the documents, and what was left out.
            mode: the kind of summary that was chosen last.
            can_write: there is a model.
        """
        count = len(found.files)
        self._can_write = can_write
        self.words.setText(counted(self.tr("%n document(s) found", "", count), count))
        told = [f"{number} {_skip_words(why)}" for why, number in found.skipped.items()]
        text = self.tr("Left out: {what}.").format(what=", ".join(told)) if told else ""
        self.left_out.setText(text)
        self.left_out.setVisible(bool(told))
        self.digest.setChecked(count > 1)
        self.digest.setEnabled(count > 1)
        self.start_button.setEnabled(count > 0)
        for writing in (Mode.QUICK, Mode.THOROUGH):
            self.chooser.actions[writing].setEnabled(can_write)
        self.choose(mode if can_write else Mode.KEY_POINTS)
        self.show()
        self.start_button.setFocus()

    def choose(self, mode: Mode) -> None:
        """Choose the kind of summary."""
        self.mode = mode
        self.chooser.show_choice(mode, mode_name(mode))


def _skip_words(why: Skip) -> str:
    translate = QCoreApplication.translate
    return {
        Skip.HIDDEN: translate("Queue", "hidden"),
        Skip.UNFINISHED: translate("Queue", "not downloaded to the end"),
        Skip.UNKNOWN: translate("Queue", "of a kind that cannot be read"),
        Skip.EMPTY: translate("Queue", "empty"),
        Skip.LINK: translate("Queue", "there twice, or links to nowhere"),
        Skip.FOLDER: translate("Queue", "folders that cannot be opened"),
        Skip.BEYOND: translate("Queue", "beyond what is taken at once"),
    }[why]
