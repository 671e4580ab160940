"""All parts of Alcove that others made, with the texts of their licences to read."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from assistant import parts
from assistant.paths import resources
from assistant.ui import theme
from assistant.ui.labels import counted, label, show_if
from assistant.ui.settings.about_card import qt_folder

_LIST_WIDTH, _ROW_HEIGHT = 250, 28  # px
_PART = Qt.ItemDataRole.UserRole


class PartsDialog(QDialog):
    """A window of its own that stands beside the work; it blocks nothing.

    Args:
        parent: owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Parts and licences"))
        self.resize(900, 600)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Find a part or a licence"))
        self.filter.setAccessibleName(self.tr("Find a part or a licence"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Parts of Alcove"))
        self.list.setUniformItemSizes(True)
        self.list.currentItemChanged.connect(lambda item, _: self._show(item))
        self.name = label("", "heading", selectable=True)
        self.facts = label("", "muted", selectable=True)
        self.note = label("", selectable=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Text of the licence"))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        theme.set_role(self.text, "field")
        self.count = label("", "muted")
        self._lay_out()
        self._fill()
        self._filter("")
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _fill(self) -> None:
        for part in parts.parts():
            item = QListWidgetItem(part.name)
            item.setData(_PART, part)
            item.setSizeHint(QSize(0, _ROW_HEIGHT))
            self.list.addItem(item)

    def _filter(self, words: str) -> None:
        wanted = words.casefold().split()
        count, first = 0, None
        for number in range(self.list.count()):
            item = self.list.item(number)
            part = item.data(_PART)
            told = f"{part.name} {part.licence}".casefold()
            is_meant = all(word in told for word in wanted)
            item.setHidden(not is_meant)
            count += is_meant
            if is_meant and count == 1:
                first = item
        if first is not None and (current := self.list.currentItem()) and current.isHidden():
            self.list.setCurrentItem(first)
        self.count.setText(counted(self.tr("%n part(s)", "", count), count))

    def _show(self, item: QListWidgetItem | None) -> None:
        part = item.data(_PART) if item is not None else None
        if not isinstance(part, parts.Part):
            return
        self.name.setText(f"{part.name} {part.version}".strip())
        told = [part.licence or self.tr("Licence: see the text"), part.homepage]
        self.facts.setText(" · ".join(one for one in told if one))
        note = self._note(part)
        self.note.setText(note)
        show_if(self.note, bool(note))
        texts = [parts.read_text(name).strip("\n") for name in part.texts]
        self.text.setPlainText(
            (f"\n\n{'─' * 40}\n\n").join(texts)
            or self.tr("No text of it was found among the files of this copy.")
        )

    def _note(self, part: parts.Part) -> str:
        """Say of a part under the LGPL how to put another in its place."""
        if "LGPL" not in part.licence:
            return ""
        if "LGPL-3.0" not in part.licence:  # libraries of the system that a build took along
            return self.tr(
                "It is used under the LGPL. Its libraries are files of their own in {folder}: you "
                "may put your own build of them there, under the same names."
            ).format(folder=resources().parent)
        return self.tr(
            "It is used under the LGPL 3. Its libraries are files of their own in {folder}: put "
            "your own build of the same version there, under the same names, and Alcove runs with "
            "it. Its source code is at code.qt.io."
        ).format(folder=qt_folder())

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(2 * theme.SPACE)
        left.addWidget(self.filter)
        left.addWidget(self.list, 1)
        left.addWidget(self.count)
        right = QVBoxLayout()
        right.setSpacing(2 * theme.SPACE)
        right.addWidget(self.name)
        right.addWidget(self.facts)
        right.addWidget(self.note)
        right.addWidget(self.text, 1)
        for widget in (self.filter, self.list):
            widget.setFixedWidth(_LIST_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(4 * theme.SPACE)
        layout.addLayout(left)
        layout.addLayout(right, 1)
