"""A message in Markdown as widgets; while it streams only what changed is written."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.labels import plain_tip
from assistant.ui.markdown.code_view import CodeView
from assistant.ui.markdown.direction import direction_of
from assistant.ui.markdown.leaf import Kind, Leaf, plain_text
from assistant.ui.markdown.leaves import parse
from assistant.ui.markdown.letters import NOTE_SCHEME
from assistant.ui.markdown.prose import INDENT, ProseView
from assistant.ui.markdown.table_view import TableView


@dataclass(slots=True)
class _Segment:
    """A widget, what places it, and how many leaves stand in it.

    `kind` is None for running text; tables and code stand alone.
    """

    content: ProseView | CodeView
    frame: QWidget
    kind: Kind | None
    count: int = 1


class MarkdownView(QWidget):
    """Shows Markdown that grows.

    Blocks that can no longer change are settled: only the text behind them is parsed again, and
    of that only leaves that differ from those shown are written.

    Args:
        text: what it shows first.
        parent: owner.

    Signals:
        link_chosen (str): a person activated an http or https link.
    """

    link_chosen = Signal(str)

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments: list[_Segment] = []
        self._leaves: list[Leaf] = []
        self._settled_text = ""
        self._settled_leaves = 0
        self._settled_number = 0
        self._direction = Qt.LayoutDirection.LeftToRight
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(3 * theme.SPACE)
        if text:
            self.set_text(text)

    @property
    def parts(self) -> list[ProseView | CodeView]:
        """The views of running text, tables and code, from top to bottom."""
        return [segment.content for segment in self._segments]

    @property
    def words(self) -> str:
        """The text without markup, as a screen reader says it."""
        return plain_text(self._leaves)

    def set_text(self, text: str) -> None:
        """Show `text`; cheap if it begins as the text before did."""
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        direction = direction_of(text)
        if direction is not self._direction or not text.startswith(self._settled_text):
            self._direction = direction
            self._begin_anew()
        tail = text[len(self._settled_text) :]
        blocks = parse(tail, self._settled_number)
        self._show([leaf for block in blocks for leaf in block.leaves])
        if len(blocks) > 1:
            lines = tail.split("\n")
            done = sum(len(line) + 1 for line in lines[: blocks[-1].line])
            self._settled_text += tail[:done]
            self._settled_leaves += sum(len(block.leaves) for block in blocks[:-1])
            self._settled_number = blocks[-2].number

    def note(self, name: str) -> str:
        """Return the text of the footnote `name`; empty if there is none yet."""
        notes = (leaf for leaf in self._leaves if leaf.kind is Kind.NOTE and leaf.note == name)
        return next((leaf.text.removeprefix(name).strip() for leaf in notes), "")

    def _show_note(self, address: QUrl) -> None:
        """Show a footnote beside the pointer that is on its number, or take it away."""
        text = address.toString()
        note = self.note(text.removeprefix(NOTE_SCHEME)) if text.startswith(NOTE_SCHEME) else ""
        if note:
            QToolTip.showText(QCursor.pos(), plain_tip(note), self)
        else:
            QToolTip.hideText()

    def _begin_anew(self) -> None:
        self._settled_text = ""
        self._settled_number = 0
        self._settled_leaves = 0
        self._keep(0)

    def _show(self, tail: list[Leaf]) -> None:
        before = self._leaves[self._settled_leaves :]
        same = 0
        while same < min(len(before), len(tail)) and before[same] == tail[same]:
            same += 1
        is_last = same == len(before) - 1 and same < len(tail)
        if is_last and self._grow(before[same], tail[same]):
            self._leaves[-1] = tail[same]
            same += 1
        self._keep(self._settled_leaves + same)
        for leaf in tail[same:]:
            self._append(leaf)

    def _grow(self, old: Leaf, new: Leaf) -> bool:
        """Let the last leaf's view take `new` in its place, if it can."""
        if (old.kind, old.depth, old.quotes) != (new.kind, new.depth, new.quotes):
            return False
        return self._segments[-1].content.grow(new)

    def _keep(self, count: int) -> None:
        """Take away all but the first `count` leaves."""
        surplus = len(self._leaves) - count
        del self._leaves[count:]
        while surplus > 0:
            last = self._segments[-1]
            if last.kind is None and last.count > surplus:
                last.count -= surplus
                assert isinstance(last.content, ProseView)
                last.content.keep(last.count)
                return
            surplus -= last.count
            self._segments.pop()
            self._layout.removeWidget(last.frame)
            last.frame.hide()
            last.frame.deleteLater()

    def _append(self, leaf: Leaf) -> None:
        self._leaves.append(leaf)
        if leaf.kind is Kind.CODE:
            self._add(CodeView(leaf.code, leaf.language), leaf)
            return
        if not leaf.is_prose or not self._segments or self._segments[-1].kind is not None:
            is_table = leaf.kind is Kind.TABLE
            view = TableView(self._direction) if is_table else ProseView(self._direction)
            view.setAccessibleName(self.accessibleName())
            view.link_chosen.connect(self.link_chosen)
            view.highlighted.connect(self._show_note)
            view.anchorClicked.connect(self._show_note)
            self._add(view, leaf)
        else:
            self._segments[-1].count += 1
        last = self._segments[-1].content
        assert isinstance(last, ProseView)
        last.add(leaf)

    def _add(self, content: ProseView | CodeView, leaf: Leaf) -> None:
        frame: QWidget = content
        if leaf.depth and not leaf.is_prose:
            frame = QWidget()
            frame.setLayoutDirection(self._direction)
            inside = QVBoxLayout(frame)
            left, right = leaf.depth * INDENT, 0
            if self._direction is Qt.LayoutDirection.RightToLeft:
                left, right = right, left
            inside.setContentsMargins(left, 0, right, 0)
            inside.addWidget(content)
        self._segments.append(_Segment(content, frame, None if leaf.is_prose else leaf.kind))
        self._layout.addWidget(frame)
