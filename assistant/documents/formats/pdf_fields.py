"""Reads the fields of a PDF's forms and the notes written onto its pages, through PDFium."""

import ctypes
from dataclasses import dataclass, field
from typing import Any

from assistant.documents.cleaning import clean, fold
from assistant.documents.fields import CHECKED, UNCHECKED, Field
from assistant.documents.formats.pdf_geometry import Frame

_PASSWORD = 1 << 13  # ISO 32000-1, table 228
_MOST = 2_000  # on one page
_LONGEST = 20_000  # characters in a field
# Notes, and what is said of lines, shapes, marked words, stamps and drawings (fpdf_annot.h).
_REMARKS = frozenset({1, *range(4, 16)})


@dataclass(slots=True)
class Annotations:
    """What was put onto a page.

    Attributes:
        fields: what is filled in, and what was written onto it.
        comments: how many remarks there are, which nobody sees until they are opened.
        attached_files: how many files are pinned to it.
    """

    fields: list[Field] = field(default_factory=list)
    comments: int = 0
    attached_files: int = 0


def read_annotations(pdfium: Any, page: Any, form: Any, frame: Frame) -> Annotations:
    """Return what was put onto a page.

    Args:
        pdfium: the library's functions, which one file alone imports.
        page: the page.
        form: the document's form, None if it has none.
        frame: turns places into those of `Line`.
    """
    found = Annotations()
    for index in range(min(_MOST, pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            if kind == pdfium.FPDF_ANNOT_FILEATTACHMENT:
                found.attached_files += 1
            if kind in _REMARKS:
                found.comments += bool(_contents(pdfium, annotation))
                continue
            text = _text(pdfium, annotation, form)
            rect = pdfium.FS_RECTF()
            if text and pdfium.FPDFAnnot_GetRect(annotation, rect):
                left, top, right, bottom = frame.place(rect)
                found.fields.append(Field(text, left, top, right, bottom))
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return found


def _contents(pdfium: Any, annotation: Any) -> str:
    return _string(
        lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size)
    )


def _text(pdfium: Any, annotation: Any, form: Any) -> str:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        return _contents(pdfium, annotation)
    if kind != pdfium.FPDF_ANNOT_WIDGET or form is None:
        return ""
    type_ = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if type_ in {pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON}:
        return CHECKED if pdfium.FPDFAnnot_IsChecked(form, annotation) else UNCHECKED
    if type_ not in {
        pdfium.FPDF_FORMFIELD_TEXTFIELD,
        pdfium.FPDF_FORMFIELD_COMBOBOX,
        pdfium.FPDF_FORMFIELD_LISTBOX,
    }:
        return ""
    if pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        return ""
    return _string(
        lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size)
    )


def _string(ask: Any) -> str:
    """Return the string that PDFium's function `ask` gives: its length first, then itself."""
    size = min(2 * _LONGEST, int(ask(None, 0)))
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size + 2)
    ask(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return fold(clean(buffer.raw[:size].decode("utf-16-le", "replace").split("\x00")[0]))
