"""The head of a document: its title, an honest line on what was read, and the menu."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from assistant.documents.document import Document
from assistant.summaries.summary import Mode, Summary
from assistant.ui import icons, theme
from assistant.ui.exporting import add_to
from assistant.ui.labels import counted, label, plain_tip

_PAGES_NAMED = 12


class DocumentHead(QWidget):
    """Title, receipt and the ⋯ menu.

    Signals:
        export_wanted (str): an `ExportKind`'s value.
        read_again_wanted: the file is to be read anew.
        folder_wanted: the file's folder is to be shown.
        compare_wanted: it is to be compared with another document.
        remove_wanted: the document is to leave the list.
    """

    export_wanted = Signal(str)
    read_again_wanted = Signal()
    folder_wanted = Signal()
    compare_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = label("", "title", selectable=True)
        self.receipt = label("", "muted", selectable=True)
        self.menu_button = QToolButton()
        icons.put(self.menu_button, "ellipsis")
        self.menu_button.setAccessibleName(self.tr("More: copy, export, remove"))
        self.menu_button.setToolTip(self.tr("More"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.menu_button)
        self.exports = add_to(self.menu, self.export_wanted)
        self.menu.addSeparator()
        self.compare_action = self._action(
            self.tr("Compare with another version…"), self.compare_wanted
        )
        self._action(self.tr("Read the file again"), self.read_again_wanted)
        self._action(self.tr("Show its folder"), self.folder_wanted)
        self._action(self.tr("Remove from the list"), self.remove_wanted)
        self.menu_button.setMenu(self.menu)
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self.title, 1)
        row.addWidget(self.menu_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(row)
        layout.addWidget(self.receipt)

    def show_document(
        self, title: str, path: str, document: Document | None, summary: Summary | None
    ) -> None:
        """Show what is known of a document."""
        self.title.setText(" ".join(title.split()))
        self.title.setToolTip(plain_tip(path))
        self.receipt.setVisible(document is not None)
        self.compare_action.setEnabled(document is not None)
        for action in self.exports:
            action.setEnabled(summary is not None)
        if document is not None:
            self.receipt.setText(" · ".join(self._facts(document, summary)))
            self.receipt.setToolTip(plain_tip(self._details(summary)) if summary else "")

    def _facts(self, document: Document, summary: Summary | None) -> list[str]:
        total = len(document.pages)
        without_text = document.pages_without_text
        if total > 1:
            facts = [counted(self.tr("%n page(s)", "", total), total)]
        else:
            words = QLocale().toString(document.word_count)
            facts = [self.tr("{words} words").format(words=words)]
        if summary is not None and summary.mode is Mode.QUICK:
            facts.append(self._given(summary, total))
        elif summary is not None and total > 1:
            facts.append(self.tr("{n} ranked, no model").format(n=summary.coverage.pages_ranked))
        if without_text:
            facts.append(self.tr("{n} without text").format(n=len(without_text)))
        facts += [self._note(note) for note in document.notes]
        return facts

    def _given(self, summary: Summary, total: int) -> str:
        """Say how much the model saw: in Quick it is a selection, never the whole."""
        given = summary.coverage.pages_given_to_model
        if not given:
            return self.tr("model given nothing yet")
        if total == 1:
            return self.tr("model given a selection")
        return counted(self.tr("model given a selection from %n page(s)", "", given), given)

    def _details(self, summary: Summary) -> str:
        coverage = summary.coverage
        text = self.tr(
            "Of {total} pages the text of {parsed} was read and the sentences of {ranked} were "
            "ranked. The model was given sentences of {given}; it saw no others."
        ).format(
            total=coverage.pages_total,
            parsed=coverage.pages_parsed,
            ranked=coverage.pages_ranked,
            given=coverage.pages_given_to_model,
        )
        missing = [str(page) for page in coverage.unreadable]
        if missing:
            named = ", ".join(missing[:_PAGES_NAMED]) + ("…" if missing[_PAGES_NAMED:] else "")
            text += " " + self.tr("Without text: {pages}.").format(pages=named)
        return text

    def _note(self, note: str) -> str:
        return {
            "text-beyond-limit": self.tr("the end was left out: too long"),
        }.get(note, note.replace("-", " "))

    def _action(self, text: str, act: Callable[[], object] | SignalInstance) -> QAction:
        action = QAction(text, self.menu)
        action.triggered.connect(act)
        self.menu.addAction(action)
        return action
