"""Which programs for recognising letters are installed here."""

from assistant.documents.ocr.rapid import RapidOcr
from assistant.documents.ocr.recognition import OcrStatus
from assistant.documents.ocr.tesseract import Tesseract


def installed() -> tuple[OcrStatus, ...]:
    """Return what is installed; the first is used."""
    found = (Tesseract.find(), RapidOcr.find())
    return tuple(program.status for program in found if program)
