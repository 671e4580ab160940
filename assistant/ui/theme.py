"""The window's look: one palette for light and one for dark, spacing, and a small style sheet.

Widgets get their colours from `QPalette` and from `colors(widget)`. The style sheet
(resources/theme.qss) knows these values of a widget's property `role`:

- QPushButton: "primary", "danger", "quiet" (no frame), "link"
- QToolButton: "rail"; all others are quiet
- QLabel: "title", "heading", "muted", "warning", "danger"; sizes come from `set_role`
- QFrame: "card", "banner", "error", "line"
- QWidget: "rail", "list", "page", "status" for the window's own areas
"""

from dataclasses import dataclass, fields
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from assistant.paths import resource
from assistant.settings import Theme
from assistant.ui import icons

SPACE = 4  # px; margins and gaps are multiples of it
RADIUS = 8  # px, of cards and fields
READING_WIDTH = 760  # px, the widest column of text
LINE_HEIGHT = 145  # percent, for text that is read

_TITLE_SCALE = 1.45
_HEADING_SCALE = 1.12
_SMALL_SCALE = 0.92


@dataclass(frozen=True, slots=True)
class Colors:
    """The colour roles. Text on its surfaces has a contrast of at least 4.5 : 1.

    Attributes:
        surface: the page.
        surface_raised: cards, fields and menus.
        surface_sunken: the list and the status bar; `rail` is the rail.
        accent_soft: behind what is selected; `bubble` is behind the user's messages.
        highlight: behind the sentence that a citation points to.
    """

    surface: QColor
    surface_raised: QColor
    surface_sunken: QColor
    rail: QColor
    hover: QColor
    border: QColor
    border_strong: QColor
    text: QColor
    text_muted: QColor
    accent: QColor
    accent_hover: QColor
    accent_text: QColor
    accent_soft: QColor
    bubble: QColor
    code: QColor
    highlight: QColor
    warning: QColor
    warning_soft: QColor
    danger: QColor
    danger_soft: QColor
    success: QColor
    is_dark: bool = False


LIGHT = Colors(
    surface=QColor("#ffffff"),
    surface_raised=QColor("#ffffff"),
    surface_sunken=QColor("#f7f6f3"),
    rail=QColor("#efede8"),
    hover=QColor("#e9e6e0"),
    border=QColor("#e2dfd8"),
    border_strong=QColor("#8f8b83"),
    text=QColor("#21201d"),
    text_muted=QColor("#65625b"),
    accent=QColor("#1f6f5c"),
    accent_hover=QColor("#185a4b"),
    accent_text=QColor("#ffffff"),
    accent_soft=QColor("#dcebe5"),
    bubble=QColor("#eaf1ee"),
    code=QColor("#f4f2ee"),
    highlight=QColor("#ffe48f"),
    warning=QColor("#7d5200"),
    warning_soft=QColor("#fdf3dc"),
    danger=QColor("#ab2a22"),
    danger_soft=QColor("#fbeae8"),
    success=QColor("#1f6f45"),
)

DARK = Colors(
    surface=QColor("#1d1e1f"),
    surface_raised=QColor("#27292a"),
    surface_sunken=QColor("#232526"),
    rail=QColor("#17181a"),
    hover=QColor("#323536"),
    border=QColor("#393c3e"),
    border_strong=QColor("#7d8184"),
    text=QColor("#ebe9e5"),
    text_muted=QColor("#aba8a1"),
    accent=QColor("#7ecab3"),
    accent_hover=QColor("#98d8c5"),
    accent_text=QColor("#0e231c"),
    accent_soft=QColor("#27403a"),
    bubble=QColor("#2a3a36"),
    code=QColor("#17181a"),
    highlight=QColor("#6a5410"),
    warning=QColor("#efbd66"),
    warning_soft=QColor("#3a3122"),
    danger=QColor("#ff9d92"),
    danger_soft=QColor("#40282a"),
    success=QColor("#84d19f"),
    is_dark=True,
)


def colors(source: QWidget | QPalette | None = None) -> Colors:
    """Return the app's colours; a style sheet alters palettes of widgets, so none is asked."""
    del source
    palette = QGuiApplication.palette()
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def set_role(widget: QWidget, role: str) -> None:
    """Give `widget` a role of the style sheet, and the size of text that goes with it."""
    widget.setProperty("role", role)
    scale = {"title": _TITLE_SCALE, "heading": _HEADING_SCALE, "small": _SMALL_SCALE}.get(role)
    if scale:
        font = widget.font()
        font.setPointSizeF(QApplication.font().pointSizeF() * scale)
        font.setWeight(font.Weight.DemiBold if role != "small" else font.Weight.Normal)
        widget.setFont(font)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


class Appearance(QObject):
    """Gives the app its palette and style sheet, and follows the system's scheme live.

    Args:
        app: the application.
        theme: the user's choice.

    Signals:
        changed: the colours are others now.
    """

    changed = Signal()

    def __init__(self, app: QApplication, theme: Theme = Theme.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._theme = theme
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    def choose(self, theme: Theme) -> None:
        """Take the user's choice at once."""
        self._theme = theme
        self._apply()

    def _follow_system(self) -> None:
        if self._theme is Theme.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        system = self._app.styleHints().colorScheme()
        is_dark = self._theme is Theme.DARK or (
            self._theme is Theme.SYSTEM and system is Qt.ColorScheme.Dark
        )
        scheme = DARK if is_dark else LIGHT
        self._app.setPalette(_palette(scheme))
        self._app.setStyleSheet(_style_sheet(scheme))
        icons.refresh()
        self.changed.emit()


def _palette(scheme: Colors) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for target, color in {
        role.Window: scheme.surface,
        role.WindowText: scheme.text,
        role.Base: scheme.surface_raised,
        role.AlternateBase: scheme.surface_sunken,
        role.Text: scheme.text,
        role.Button: scheme.surface_raised,
        role.ButtonText: scheme.text,
        role.BrightText: scheme.danger,
        role.PlaceholderText: scheme.text_muted,
        role.ToolTipBase: scheme.surface_raised,
        role.ToolTipText: scheme.text,
        role.Highlight: scheme.accent,
        role.HighlightedText: scheme.accent_text,
        role.Accent: scheme.accent,
        role.Link: scheme.accent,
        role.LinkVisited: scheme.accent,
        role.Light: scheme.surface_raised,
        role.Midlight: scheme.hover,
        role.Mid: scheme.border,
        role.Dark: scheme.border_strong,
        role.Shadow: scheme.border_strong,
    }.items():
        palette.setColor(target, color)
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, scheme.border_strong)
    return palette


def _style_sheet(scheme: Colors) -> str:
    values = {
        field.name: getattr(scheme, field.name).name()
        for field in fields(scheme)
        if field.name != "is_dark"
    }
    sheet = resource("theme.qss").read_text(encoding="utf-8")
    check = "check-dark" if scheme.is_dark else "check-light"
    return Template(sheet).substitute(
        values,
        radius=f"{RADIUS}px",
        chevron=resource("icons/chevron-neutral.svg").as_posix(),
        check=resource(f"icons/{check}.svg").as_posix(),
    )
