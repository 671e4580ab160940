"""Draw the app's icon in every size that systems ask for, from the one SVG file.

    python packaging/desktop/icons.py FOLDER

makes FOLDER/alcove-16.png … alcove-1024.png, alcove.svg, alcove.ico (Windows), alcove.icns (macOS).
"""

import os
import sys
from pathlib import Path

from PIL import Image

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SOURCE = Path(__file__).resolve().parent.parent.parent / "resources" / "icons" / "alcove.svg"
SIZES = (16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 192, 256, 512, 1024)
_ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
# macOS's own icons leave a margin around their shape: 824 of 1024 points, says Apple's template.
_MACOS_MARGIN = 100 / 1024


def make_icons(folder: Path) -> dict[int, Path]:
    """Write all of them into `folder`, and return the PNG files by their size in px."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for size in SIZES:
        made[size] = folder / f"alcove-{size}.png"
        draw(size).save(made[size], optimize=True)
    (folder / "alcove.svg").write_bytes(SOURCE.read_bytes())
    pictures = [draw(size) for size in _ICO_SIZES]
    pictures[-1].save(
        folder / "alcove.ico",
        sizes=[(size, size) for size in _ICO_SIZES],
        append_images=pictures[:-1],
    )
    draw(1024, margin=_MACOS_MARGIN).save(
        folder / "alcove.icns",
        append_images=[draw(size, margin=_MACOS_MARGIN) for size in (16, 32, 64, 128, 256, 512)],
    )
    return made


def draw(size: int, *, margin: float = 0.0) -> Image.Image:
    """Return the icon, drawn at this size and not scaled to it; `margin` is a share of the size."""
    picture = QImage(size, size, QImage.Format.Format_RGBA8888)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = size * margin
    within = QRectF(edge, edge, size - 2 * edge, size - 2 * edge)
    QSvgRenderer(str(SOURCE)).render(painter, within)
    painter.end()
    return Image.frombytes(
        "RGBA", (size, size), bytes(picture.constBits()), "raw", "RGBA", picture.bytesPerLine()
    )


if __name__ == "__main__":
    make_icons(Path(sys.argv[1]))
