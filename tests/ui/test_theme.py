"""The colours can be read, and change while the window is open."""

from dataclasses import fields

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from assistant.settings import Theme
from assistant.ui import icons, theme
from assistant.ui.theme import DARK, LIGHT, Appearance, Colors


def _luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(v) for v in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of WCAG 2: (lighter + 0.05) / (darker + 0.05)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_contrast_on_every_surface_it_stands_on(scheme: Colors) -> None:
    surfaces = ["surface", "surface_raised", "surface_sunken", "rail", "hover", "accent_soft"]
    for name in [*surfaces, "bubble", "code", "highlight", "warning_soft", "danger_soft"]:
        assert contrast(scheme.text, getattr(scheme, name)) >= 4.5, name
    for name in [*surfaces, "bubble", "code", "warning_soft", "danger_soft"]:
        assert contrast(scheme.text_muted, getattr(scheme, name)) >= 4.5, name
    for role in ("accent", "warning", "danger", "success"):
        for name in ("surface", "surface_raised", "surface_sunken", "rail"):
            assert contrast(getattr(scheme, role), getattr(scheme, name)) >= 4.5, (role, name)
    assert contrast(scheme.accent, scheme.accent_soft) >= 4.5
    assert contrast(scheme.warning, scheme.warning_soft) >= 4.5
    assert contrast(scheme.danger, scheme.danger_soft) >= 4.5
    assert contrast(scheme.accent_text, scheme.accent) >= 4.5
    assert contrast(scheme.accent_text, scheme.accent_hover) >= 4.5
    assert contrast(scheme.border_strong, scheme.surface) >= 3


def test_both_schemes_fill_every_role() -> None:
    assert {field.name for field in fields(LIGHT)} == {field.name for field in fields(DARK)}


def test_the_theme_changes_live_and_the_icons_with_it(
    qtbot: QtBot, qapp: QApplication, appearance: Appearance
) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    icons.put(button, "x")
    before = button.icon().pixmap(20, 20).toImage()
    with qtbot.waitSignal(appearance.changed):
        appearance.choose(Theme.DARK)
    assert theme.colors(button).is_dark
    assert qapp.palette().color(QPalette.ColorRole.Window) == DARK.surface
    assert button.icon().pixmap(20, 20).toImage() != before
    appearance.choose(Theme.LIGHT)
    assert button.icon().pixmap(20, 20).toImage() == before
