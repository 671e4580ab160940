"""PDFs written byte by byte, for what no program makes."""

from collections.abc import Mapping
from pathlib import Path


def write_pdf(path: Path, objects: Mapping[int, bytes]) -> None:
    """Write a PDF of these objects by number, the catalog the first."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (max(objects) + 1, start)
    path.write_bytes(out)


def one_page(contents: bytes, box: bytes = b"[0 0 600 800]") -> dict[int, bytes]:
    """Return the objects of a document of one page, whose text is in Helvetica, called F."""
    return {
        1: b"<</Type /Catalog /Pages 2 0 R>>",
        2: b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        3: b"<</Type /Page /Parent 2 0 R /MediaBox " + box + b" /Contents 4 0 R /Resources "
        b"<</Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>>>",
        4: contents,
    }


def stream(data: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    """Return a stream of what the filters unpack."""
    return b"<</Length %d /Filter %s>>\nstream\n" % (len(data), filters) + data + b"\nendstream"
