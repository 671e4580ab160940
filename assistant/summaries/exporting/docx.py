"""Writes a result as a DOCX file, which word processors open: a zip of a few XML parts.

The parts and their names are those of ECMA-376, of which this is the least that Word and
LibreOffice ask for, with styles for headings so that they stand in the navigator.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from assistant.summaries.exporting.parts import (
    Heading,
    Line,
    Part,
    Rule,
    Run,
    Runs,
    Table,
    Tone,
    spaced,
)
from assistant.summaries.exporting.plain_text import visible, visible_run

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONTENT_TYPES = (
    _HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.styles+xml"/>'
    '<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.numbering+xml"/>'
    '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_ROOT_RELATIONS = (
    _HEAD + f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="r2" Type="{_PACKAGE}/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
)
_DOCUMENT_RELATIONS = (
    _HEAD + f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="r2" Type="{_RELATIONS}/numbering" Target="numbering.xml"/></Relationships>'
)
_NUMBERING = (
    _HEAD + f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="360" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
_SIZES = {1: 36, 2: 28, 3: 24, 4: 22, 5: 22, 6: 22}  # half points
_TONES = {
    Tone.PLAIN: "",
    Tone.STRONG: "<w:b/>",
    Tone.MUTED: '<w:color w:val="666666"/>',
    Tone.PLACE: '<w:color w:val="0A5FB4"/>',
    Tone.MARK: '<w:i/><w:color w:val="9A5B00"/>',
    Tone.REMOVED: '<w:strike/><w:color w:val="B02020"/>',
    Tone.ADDED: '<w:b/><w:color w:val="1F7A3A"/>',
}
# The same bytes for the same text: no moment of writing stands in the zip.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def write_docx(parts: Iterable[Part], *, title: str) -> bytes:
    """Return `parts` as the bytes of a DOCX file with `title` in its properties."""
    body = "".join(text for part in parts for text in _part(part))
    size = '<w:pgSz w:w="11906" w:h="16838"/>'
    margins = '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"/>'
    document = (
        f"{_HEAD}<w:document {_W}><w:body>{body}"
        f"<w:sectPr>{size}{margins}</w:sectPr></w:body></w:document>"
    )
    files = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT_RELATIONS,
        "docProps/core.xml": _core(title),
        "word/document.xml": document,
        "word/styles.xml": _styles(),
        "word/numbering.xml": _NUMBERING,
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


def _core(title: str) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_CORE}"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{_safe(visible(title))}</dc:title></cp:coreProperties>"
    )


def _styles() -> str:
    fonts = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>'
    styles = [
        (
            f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val='22'/></w:rPr></w:rPrDefault>"
            '<w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>'
        ),
        (
            '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
            '<w:name w:val="Normal"/></w:style>'
        ),
    ]
    for level, size in _SIZES.items():
        styles.append(
            f'<w:style w:type="paragraph" w:styleId="Heading{level}">'
            f'<w:name w:val="heading {level}"/><w:basedOn w:val="Normal"/>'
            f'<w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="{level - 1}"/>'
            f'</w:pPr><w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
        )
    return f"{_HEAD}<w:styles {_W}>{''.join(styles)}</w:styles>"


def _part(part: Part) -> Iterator[str]:
    if isinstance(part, Heading):
        run = _run(visible(part.text), Tone.PLAIN)
        yield f'<w:p><w:pPr><w:pStyle w:val="Heading{part.level}"/></w:pPr>{run}</w:p>'
    elif isinstance(part, Line):
        yield _paragraph(part.runs, is_item=part.is_item)
    elif isinstance(part, Table):
        yield from _table(part)
    elif isinstance(part, Rule):
        yield (
            '<w:p><w:pPr><w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1"'
            ' w:color="999999"/></w:pBdr></w:pPr></w:p>'
        )


def _paragraph(runs: Runs, *, is_item: bool = False) -> str:
    shape = ""
    if is_item:
        shape = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    written = "".join(_run(gap + visible_run(run.text), run.tone) for gap, run in spaced(runs))
    return f"<w:p>{shape}{written}</w:p>"


def _table(table: Table) -> Iterator[str]:
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="999999"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    yield (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{edges}</w:tblBorders>'
        f"</w:tblPr><w:tblGrid>{'<w:gridCol/>' * len(table.headings)}</w:tblGrid>"
    )
    heads: tuple[Runs, ...] = tuple((Run(heading, Tone.STRONG),) for heading in table.headings)
    yield _row(heads, "<w:trPr><w:tblHeader/></w:trPr>")
    for row in table.rows:
        yield _row(row)
    yield "</w:tbl><w:p/>"  # a table must be followed by a paragraph


def _row(cells: tuple[Runs, ...], properties: str = "") -> str:
    written = "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in cells)
    return f"<w:tr>{properties}{written}</w:tr>"


def _run(text: str, tone: Tone) -> str:
    form = f"<w:rPr>{_TONES[tone]}</w:rPr>" if _TONES[tone] else ""
    return f'<w:r>{form}<w:t xml:space="preserve">{_safe(text)}</w:t></w:r>'


def _safe(text: str) -> str:
    """Return text that XML can hold: no surrogate, no code point that it forbids."""
    kept = "".join(c for c in text if c < "\ud800" or "\ue000" <= c <= "\ufffd" or c > "\uffff")
    return escape(kept)
