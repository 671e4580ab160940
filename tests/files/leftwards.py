"""Writes leftwards.fodt and leftwards.html from leftwards.txt: Hebrew and Arabic.

Usage: leftwards.py FOLDER
"""

import sys
from pathlib import Path

from sources import document, paragraph, paragraphs

STYLE = """<style:style style:name="{name}" style:family="paragraph">
 <style:paragraph-properties style:writing-mode="rl-tb" fo:text-align="right"
  fo:margin-bottom="0.4cm"/>
 <style:text-properties style:font-name="DejaVu Sans" fo:font-family="DejaVu Sans"
  style:font-name-complex="DejaVu Sans" style:font-family-complex="DejaVu Sans"
  fo:font-size="{size}" style:font-size-complex="{size}"/></style:style>
"""


def main() -> None:
    text = Path(__file__).with_suffix(".txt").read_text()
    styles = STYLE.format(name="Leftwards", size="12pt") + STYLE.format(name="Head", size="20pt")
    body = page = ""
    for part in paragraphs(text):
        is_title = len(part) < 20
        body += paragraph(part, "Head" if is_title else "Leftwards")
        page += f"<h1>{part}</h1>" if is_title else f"<p>{part}</p>"
    folder = Path(sys.argv[1])
    text = document("Leftwards", body)
    text = text.replace("</office:automatic-styles>", styles + "</office:automatic-styles>")
    (folder / "leftwards.fodt").write_text(text)
    style = "<style>body { font-family: 'DejaVu Sans' }</style>"
    (folder / "leftwards.html").write_text(f"<meta charset=utf-8>{style}<body dir=rtl>{page}")


if __name__ == "__main__":
    main()
