"""What a person should know of a document before they rely on its summary, with the next step."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assistant.ui import icons, theme
from assistant.ui.labels import counted, label, show_if


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to know.

    Attributes:
        key: tells it from others, such as "changed".
        icon: its sign.
        text: what it is.
        action: the text of the button that takes the next step; "" for none.
        further: what unfolds below on request, instead of an action; "" for nothing.
    """

    key: str
    icon: str
    text: str
    action: str = ""
    further: str = ""


class _NoticeView(QFrame):
    """One notice: its words, a button, and a cross that puts it away."""

    def __init__(
        self, notice: Notice, act: Callable[[], object], close: Callable[[], object]
    ) -> None:
        super().__init__()
        self.notice = notice
        theme.set_role(self, "banner")
        self.setAccessibleName(notice.text)
        sign = QLabel()
        icons.put(sign, notice.icon, "warning", 18)
        self.words = label(notice.text, selectable=True)
        self.further = label(notice.further, "muted", selectable=True)
        self.further.hide()
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE)
        words.addWidget(self.words)
        words.addWidget(self.further)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(sign)
        layout.addLayout(words, 1)
        self.button = QPushButton(notice.action)
        theme.set_role(self.button, "link")
        self.button.clicked.connect(self._unfold if notice.further else act)
        show_if(self.button, bool(notice.action))
        layout.addWidget(self.button)
        self.close_button = QToolButton()
        icons.put(self.close_button, "x", "text_muted", 16)
        self.close_button.setAccessibleName(self.tr("Put away: {text}").format(text=notice.text))
        self.close_button.setToolTip(self.tr("Put away"))
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(close)
        layout.addWidget(self.close_button)

    def _unfold(self) -> None:
        self.further.setVisible(self.further.isHidden())


class Notices(QWidget):
    """The notices of one document; takes no room while there are none.

    Signals:
        followed (str): the person takes the next step of the notice with this key.
    """

    followed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_short = False
        self.more_button = QPushButton()
        theme.set_role(self.more_button, "link")
        self.more_button.clicked.connect(lambda: self.shorten(False))
        self._put_away: set[tuple[object, Notice]] = set()
        self._views: dict[str, _NoticeView] = {}
        self._of: object = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2 * theme.SPACE)
        self._layout.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeading)
        self.hide()

    def shorten(self, is_short: bool) -> None:
        """Show the first notice alone, and how many more there are, where room is scarce."""
        self._is_short = is_short
        self._show_some()

    def show_notices(self, of: object, notices: list[Notice]) -> bool:
        """Show what is to be known of the document `of`; what was put away stays away.

        Returns:
            Whether other notices are shown now.
        """
        self._of = of
        wanted = [notice for notice in notices if (of, notice) not in self._put_away]
        if [view.notice for view in self._views.values()] == wanted:
            return False
        for view in self._views.values():
            view.hide()  # at once: it is deleted a little later
            self._layout.removeWidget(view)
            view.deleteLater()
        self._views = {notice.key: self._make(notice) for notice in wanted}
        self._show_some()
        return True

    def view(self, key: str) -> _NoticeView | None:
        """Return the notice with this key, if it is shown."""
        return self._views.get(key)

    def _make(self, notice: Notice) -> _NoticeView:
        view = _NoticeView(
            notice, lambda: self.followed.emit(notice.key), lambda: self._put(notice)
        )
        self._layout.insertWidget(self._layout.count() - 1, view)
        return view

    def _show_some(self) -> None:
        views = list(self._views.values())
        for at, view in enumerate(views):
            view.setVisible(at == 0 or not self._is_short)
        hidden = len(views) - 1 if self._is_short else 0
        self.more_button.setVisible(hidden > 0)
        self.more_button.setText(counted(self.tr("%n more notice(s)", "", hidden), hidden))
        self.setVisible(bool(views))

    def _put(self, notice: Notice) -> None:
        self._put_away.add((self._of, notice))
        left = [view.notice for view in self._views.values() if view.notice != notice]
        self.focusNextChild()
        self.show_notices(self._of, left)
