"""The icons: lucide's SVG files (ISC) from resources/icons, recoloured to fit the palette."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from assistant.paths import resource

SIZE = 20  # px

_NAME = "icon_name"
_ROLE = "icon_role"


def icon(name: str, color: QColor | None = None, size: int = SIZE) -> QIcon:
    """Return the icon `name` ("file-text") in `color`, sharp at `size` px on every screen.

    Without a colour it takes that of the palette's text. It does not follow a later change of
    the palette: give it to a widget with `put` for that.
    """
    return QIcon(pixmap(name, color, size))


def pixmap(name: str, color: QColor | None = None, size: int = SIZE) -> QPixmap:
    """Return the picture of `icon`."""
    if color is None:
        color = QGuiApplication.palette().color(QPalette.ColorRole.WindowText)
    ratio = QGuiApplication.instance().devicePixelRatio()  # type: ignore[union-attr]
    return _render(name, color.name(), size, ratio)


def put(widget: QAbstractButton | QLabel, name: str, role: str = "", size: int = SIZE) -> None:
    """Show the icon on `widget`, and keep its colour right when the palette changes.

    Args:
        widget: a button or a label.
        name: the icon.
        role: a field of `theme.Colors`; "" for the colour of text.
        size: in px.
    """
    widget.setProperty(_NAME, name)
    widget.setProperty(_ROLE, role)
    if isinstance(widget, QAbstractButton):
        widget.setIconSize(QSize(size, size))
    else:
        widget.setFixedSize(size, size)
    _color(widget)


def refresh() -> None:
    """Colour the icons of all widgets anew, after the palette changed."""
    for widget in QApplication.allWidgets():
        if widget.property(_NAME):
            _color(widget)


def app_icon() -> QIcon:
    """Return the app's own icon."""
    return QIcon(str(resource("icons/alcove.svg")))


def _color(widget: QWidget) -> None:
    from assistant.ui import theme  # noqa: PLC0415 - theme refreshes the icons

    role = widget.property(_ROLE)
    color = getattr(theme.colors(), role) if role else None
    if isinstance(widget, QAbstractButton):
        widget.setIcon(icon(widget.property(_NAME), color, widget.iconSize().width()))
    elif isinstance(widget, QLabel):
        widget.setPixmap(pixmap(widget.property(_NAME), color, widget.width()))


@lru_cache(maxsize=256)
def _render(name: str, color: str, size: int, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 - beside its one use

    svg = resource(f"icons/{name}.svg").read_bytes().replace(b"currentColor", color.encode())
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
