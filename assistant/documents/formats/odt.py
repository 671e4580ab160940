"""Reads OpenDocument texts (ODT, and the flat FODT)."""

from pathlib import Path

from assistant.documents.draft import Draft
from assistant.documents.formats.markup import BROKEN, local, number, value
from assistant.documents.formats.odf import OdfFile
from assistant.documents.formats.odf_blocks import OdfBlocks
from assistant.documents.formats.odf_styles import OdfStyles
from assistant.documents.formats.page_breaks import believable, joined, mark_blank
from assistant.documents.headings_by_look import guess_headings
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault


def read_odt(path: Path, limits: Limits) -> Draft:
    """Return the draft of an OpenDocument text.

    Its pages are those that the program last showed, where it has noted them and they agree with
    the count it keeps; else there is one.

    Raises:
        DocumentError: it is damaged, encrypted, or passes a limit.
    """
    with OdfFile(path, limits) as file:
        try:
            file.refuse_encrypted()
            return _read(file)
        except BROKEN as error:
            raise DocumentError(path, FileFault.DAMAGED) from error


def _read(file: OdfFile) -> Draft:
    titles: list[str] = []
    noted = 0
    for element in file.properties():
        if local(element) == "title":
            titles.append("".join(element.itertext()))
        elif local(element) == "document-statistic":
            noted = number(value(element, "page-count"))
    styles = OdfStyles()
    for element in file.styles():
        styles.add(element)
    body = OdfBlocks(styles)
    for element in file.body("text"):
        body.take(element)
    pages = body.pages
    if not (noted or body.has_breaks) or not believable(len(pages), noted):
        pages = joined(pages)
    mark_blank(pages)
    guess_headings([block for page in pages for block in page.blocks], body.bold)
    return Draft("odt", pages, (*titles, *body.titles), file.notes)
