"""Labels and rows as they stand all over the window. Every label shows its text plainly."""

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from assistant.ui import theme


def label(
    text: str = "", role: str = "", *, wraps: bool = True, selectable: bool = False
) -> QLabel:
    """Return a label that never reads its text as markup.

    Args:
        text: what it shows; may come from a document or a model.
        role: a role of `theme` for QLabel.
        wraps: it breaks into lines; otherwise it keeps to one.
        selectable: it can be copied with mouse and keyboard.
    """
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(wraps)
    if wraps:
        policy = made.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    if role:
        theme.set_role(made, role)
    return made


def show_if(widget: QWidget, is_wanted: bool) -> None:
    """Show or hide a part of a page; one that has no place yet is shown when it gets one.

    Without this check Qt would show it as a window of its own for a moment, which takes the
    focus away.
    """
    if not is_wanted or widget.parentWidget() is not None:
        widget.setVisible(is_wanted)


def plain_tip(text: str) -> str:
    """Return `text` for `setToolTip`, which would guess at markup and load what it names."""
    return f"<qt>{html.escape(text)}</qt>"


def one_line(text: str) -> str:
    """Return `text` from elsewhere as it may stand in a sentence of ours.

    It is one line, without control characters and marks that turn the direction of what follows.
    """
    kept = (c for c in " ".join(text.split()) if c.isprintable() or c in "\u200c\u200d")
    return "".join(kept)


def counted(text: str, count: int) -> str:
    """Return a translated text with `%n`, its plural right in English without a file for it."""
    return text.replace("(s)", "" if count == 1 else "s")


def line() -> QFrame:
    """Return a thin line between two parts."""
    made = QFrame()
    made.setFixedHeight(1)
    theme.set_role(made, "line")
    return made
