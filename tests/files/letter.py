"""Makes pictures of a letter, as a scanner and a phone give them.

letter.py source FOLDER              writes letter.fodt
letter.py shown PICTURE FOLDER       writes illustrated.fodt, a text with the picture in it
letter.py scans PAGE1 PAGE2 FOLDER   makes letter.png, letter.jpg, letter.tiff and scanned.pdf
"""

import base64
import random
import sys
from pathlib import Path

from PIL import Image, ImageChops
from sources import document, heading, paragraph, paragraphs

PAPER, GRAIN = 244, 5
ROWS = [("Room", "Hours", "Price"), ("Reading hall", "40", "1,250"), ("Cellar", "12", "310")]
FIRST = """Dear Ms. Okafor,

Thank you for your letter of 3 March 2026. The committee agreed to rent the reading hall to your
society on every second Tuesday. The rent is 1,250 euros a year and is due on the first day of
April."""
SECOND = """Your society must not move the shelves, and it shall leave the hall before ten o'clock.
Whoever has a key may not lend it to others.

Either side can end this agreement in writing with three months' notice."""


def source(folder: Path) -> None:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell>{paragraph(cell, 'Standard')}</table:table-cell>" for cell in row
        )
        + "</table:table-row>"
        for row in ROWS
    )
    table = (
        '<table:table table:name="t"><table:table-column table:number-columns-repeated="3"/>'
        f"{cells}</table:table>"
    )
    body = paragraph("Town Library", "Title") + heading("Renting the reading hall", 1)
    body += "".join(map(paragraph, paragraphs(FIRST))) + table
    body += '<text:p text:style-name="Next"/>' + heading("Rules of the house", 1)
    body += "".join(map(paragraph, paragraphs(SECOND)))
    text = document("Town Library", body)
    following = (
        '<style:style style:name="Next" style:family="paragraph">'
        '<style:paragraph-properties fo:break-before="page"/></style:style>'
    )
    text = text.replace("</office:automatic-styles>", following + "</office:automatic-styles>")
    (folder / "letter.fodt").write_text(text)


def shown(picture: Path, folder: Path) -> None:
    """Write a text with a picture in it that covers a third of the page."""
    data = base64.b64encode(picture.read_bytes()).decode()
    frame = (
        '<text:p text:style-name="Text_20_body"><draw:frame text:anchor-type="as-char"'
        ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
        ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
        ' svg:width="12cm" svg:height="16cm"><draw:image><office:binary-data>'
        f"{data}</office:binary-data></draw:image></draw:frame></text:p>"
    )
    body = heading("The letter of the library", 1) + frame
    body += paragraph("The letter above is of May. It was answered in June, by telephone.")
    (folder / "illustrated.fodt").write_text(document("The letter of the library", body))


def scanned(path: str, degrees: float) -> Image.Image:
    """Return a page as a scanner sees it: slightly aslant, with the grain of the paper."""
    page = Image.open(path).convert("L")
    page = page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    noise = random.Random(7)
    grain = Image.frombytes("L", (64, 64), bytes(noise.randrange(2 * GRAIN) for _ in range(4096)))
    sheet = Image.new("L", page.size)
    for left in range(0, page.width, 64):
        for top in range(0, page.height, 64):
            sheet.paste(grain, (left, top))
    return ImageChops.subtract(page.point(lambda value: value * PAPER // 255), sheet)


def scans(first: str, second: str, folder: Path) -> None:
    pages = [scanned(first, 0.6), scanned(second, -0.4)]
    upper = pages[0].crop((0, 0, pages[0].width, pages[0].height // 2))
    upper.quantize(16).save(folder / "letter.png", dpi=(200, 200), optimize=True)
    # A phone that is held upright says how to turn what its sensor saw.
    facts = Image.Exif()
    facts[0x0112] = 6
    upper.rotate(90, expand=True).save(folder / "letter.jpg", quality=60, exif=facts)
    lower = pages[1].crop((0, 0, pages[1].width, pages[1].height // 2))
    lower = lower.resize((lower.width * 3 // 4, lower.height * 3 // 4))
    lower.save(folder / "scanned.pdf", quality=40, resolution=150)
    fax = [page.crop((0, 0, page.width, page.height // 2)) for page in pages]
    black = [page.point(lambda value: 255 if value > 150 else 0).convert("1") for page in fax]
    black[0].save(
        folder / "letter.tiff",
        compression="group4",
        dpi=(200, 200),
        save_all=True,
        append_images=black[1:],
    )


def main() -> None:
    task, *rest = sys.argv[1:]
    if task == "source":
        source(Path(rest[0]))
    elif task == "shown":
        shown(Path(rest[0]), Path(rest[1]))
    else:
        scans(rest[0], rest[1], Path(rest[2]))


if __name__ == "__main__":
    main()
