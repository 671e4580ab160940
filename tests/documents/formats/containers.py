"""Writes containers by hand, for what no program would write or only one of them does."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def write_zip(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def word_document(path: Path, body: str, parts: Mapping[str, str]) -> Path:
    main = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return write_zip(path, {"word/document.xml": main, **parts})


def word_run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def word_paragraph(text: str, style: str = "", inner: str = "") -> str:
    settings = f'<w:pPr><w:pStyle w:val="{style}"/>{inner}</w:pPr>' if style or inner else ""
    return f"<w:p>{settings}{text if text.startswith('<') else word_run(text)}</w:p>"


def word_table(*rows: tuple[str, ...]) -> str:
    made = ""
    for row in rows:
        cells = (
            cell if cell.startswith(("<w:p>", "<w:tbl>")) else word_paragraph(cell) for cell in row
        )
        made += "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"
