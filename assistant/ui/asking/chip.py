"""One document of a chat as a small box: its name, how far it is, and the way out."""

from PySide6.QtCore import QCoreApplication, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from assistant.documents.document import Document
from assistant.ui import icons, theme
from assistant.ui.asking.attached_file import AttachedFile, FileState
from assistant.ui.documents import places
from assistant.ui.documents.elided_label import ElidedLabel
from assistant.ui.errors_view import explanation
from assistant.ui.labels import label, plain_tip

_WIDEST = 300  # px
_LEAST = 120  # px
_ICON = 16  # px


class Chip(QPushButton):
    """Shows one attached document. A click or Enter opens it; Delete takes it out.

    Args:
        file: the document.
        parent: owner.

    Signals:
        opened: the person wants to see its pages, or what is wrong with it.
        remove_wanted: the person wants it out of the chat.
    """

    opened = Signal()
    remove_wanted = Signal()

    def __init__(self, file: AttachedFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.file = file
        self._has_namesake = False
        theme.set_role(self, "chip")
        self.clicked.connect(self.opened)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMaximumWidth(_WIDEST)
        self.sign = QLabel()
        self.name = ElidedLabel()
        self.state = label("", "small", wraps=False)
        self.remove_button = QToolButton()
        icons.put(self.remove_button, "x", "text_muted", _ICON)
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.remove_button.clicked.connect(self.remove_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(
            2 * theme.SPACE, theme.SPACE // 2, theme.SPACE // 2, theme.SPACE // 2
        )
        layout.setSpacing(theme.SPACE + 2)
        layout.addWidget(self.sign)
        layout.addWidget(self.name, 1)
        layout.addWidget(self.state)
        layout.addWidget(self.remove_button)
        for words in (self.sign, self.name, self.state):
            words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        file.changed.connect(self.show_file)
        self.show_file()

    def tell_apart(self, has_namesake: bool) -> None:
        """Show the file's name where another document has the same title."""
        if has_namesake is not self._has_namesake:
            self._has_namesake = has_namesake
            self.show_file()

    def show_file(self) -> None:
        """Show what the document is at."""
        file = self.file
        name = file.path.name if self._has_namesake else file.title
        has_failed = file.state is FileState.FAILED
        icons.put(
            self.sign,
            "lock" if file.is_locked else "circle-alert" if has_failed else "file-text",
            "danger" if has_failed else "text_muted",
            _ICON,
        )
        self.name.setText(name)
        self.state.setText(self._state())
        remove = self.tr("Remove {name} from this chat").format(name=name)
        self.remove_button.setAccessibleName(remove)
        self.remove_button.setToolTip(plain_tip(remove))
        self.setAccessibleName(f"{name}, {self.state.text()}")
        self.setToolTip(plain_tip(self._tip()))
        self.updateGeometry()

    def _state(self) -> str:
        file = self.file
        match file.state:
            case FileState.WAITING:
                return self.tr("waiting")
            case FileState.FAILED if file.is_locked:
                return self.tr("password")
            case FileState.FAILED:
                return self.tr("not read")
            case FileState.READY if file.document is not None:
                return _size(file.document)
        progress = file.progress
        if progress is None or not progress.pages_total:
            return self.tr("reading…")
        percent = round(100 * progress.pages_done / progress.pages_total)
        return self.tr("{percent} %").format(percent=percent)

    def _tip(self) -> str:
        if self.file.error is not None:
            return " ".join(explanation(self.file.error))
        return str(self.file.path)

    def sizeHint(self) -> QSize:
        """Ask for room for the whole name, up to the widest chip."""
        layout = self.layout()
        size = layout.sizeHint() if layout is not None else super().sizeHint()
        names = self.name.fontMetrics().horizontalAdvance(self.name.text())
        width = size.width() - self.name.sizeHint().width() + names + theme.SPACE
        return QSize(max(_LEAST, min(_WIDEST, width)), size.height())

    def minimumSizeHint(self) -> QSize:
        """Be cut at the end of its name where there is little room."""
        return QSize(_LEAST, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open it by Enter, too, and take it out by key."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)


def _size(document: Document) -> str:
    count = len(document.pages)
    if count > 1:
        return f"{count} {places.units(document, count)}"
    words = QLocale().toString(document.word_count)
    return QCoreApplication.translate("DocumentRows", "{n} words").format(n=words)
