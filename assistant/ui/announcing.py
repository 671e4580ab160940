"""Tells a screen reader what changed on the page, after what it is saying now."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

# Set on a window whose contents are nobody's business now.
LOCKED = "is_locked"


def announce(widget: QWidget, words: str) -> None:
    """Say `words`, which `widget` shows, if somebody listens; a locked window says nothing."""
    if words and QAccessible.isActive() and not widget.window().property(LOCKED):
        event = QAccessibleAnnouncementEvent(widget, words)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)
