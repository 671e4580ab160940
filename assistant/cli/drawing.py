"""Pieces of an SVG picture, in the colours and the font of all of ours. Lengths are in px."""

from collections.abc import Iterable
from html import escape

INK, MUTED, ACCENT, TRACK, PAPER = "#1f2328", "#59636e", "#2f6f8f", "#eef1f4", "#ffffff"
_FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"


def picture(title: str, width: int, height: int, parts: Iterable[str]) -> str:
    """Return a whole picture with a white ground."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" font-family="{escape(_FONT)}">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 12,
    color: str = INK,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    """Return words with their base line at `y`."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{color}">{escape(words)}</text>'
    )


def bar(x: float, y: float, width: float, height: int, color: str) -> str:
    """Return a bar with round corners."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:.1f}" height="{height}" rx="3" fill="{color}"/>'
    )


def line(start: tuple[float, float], end: tuple[float, float], color: str) -> str:
    """Return a straight line."""
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{color}"/>'
    )


def disc(x: float, y: float, radius: float, color: str) -> str:
    """Return a disc that lets through what is behind it."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{color}" fill-opacity="0.55" '
        f'stroke="{color}"/>'
    )
