"""OpenDocument files: their parts, in a zip container or in one flat XML file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self
from xml.etree.ElementTree import Element

from assistant.documents import left_out
from assistant.documents.formats.archive import Archive
from assistant.documents.formats.markup import children, local
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

_ZIP = b"PK\x03\x04"
_PICTURES = "Pictures/"
_MANIFEST = "META-INF/manifest.xml"
# LibreOffice from version 24.2 locks the whole package, older ones each part of it.
_LOCKED_PART = b"encryption-data"
_MANIFEST_BYTES = 5_000_000
_LOCKED_PACKAGE = "encrypted-package"


def picture_notes(archive: Archive) -> tuple[str, ...]:
    """Return how many pictures a package holds, which are not looked at for text, as notes."""
    # An SVG stands beside a picture of the same that older programs can show, and LibreOffice puts
    # a preview beside a table on a slide.
    pictures = [
        name
        for name in archive.names
        if name.startswith(_PICTURES) and not name.endswith(("/", ".svg"))
        if not name.startswith(f"{_PICTURES}TablePreview")
    ]
    return left_out.counted(left_out.PICTURES, len(pictures))


class OdfFile:
    """One OpenDocument file.

    Raises:
        DocumentError: it is damaged, passes a limit, or is encrypted.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self._archive: Archive | None = None
        self._comments = 0
        with path.open("rb") as file:
            is_zip = file.read(len(_ZIP)) == _ZIP
        if is_zip:
            self._archive = Archive(path, limits)
        elif path.stat().st_size > limits.markup_bytes:
            raise DocumentError(path, FileFault.TOO_LARGE, limit=f"bytes {limits.markup_bytes}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._archive:
            self._archive.close()

    def refuse_encrypted(self) -> None:
        """Look whether the parts can be read at all.

        Raises:
            DocumentError: they are encrypted.
        """
        if self._archive is None:
            return
        if _LOCKED_PACKAGE in self._archive:
            raise DocumentError(self.path, FileFault.ENCRYPTED)
        if _MANIFEST in self._archive:
            with self._archive.open(_MANIFEST) as file:  # some programs write it ill-formed
                if _LOCKED_PART in file.read(_MANIFEST_BYTES):
                    raise DocumentError(self.path, FileFault.ENCRYPTED)

    @property
    def notes(self) -> tuple[str, ...]:
        """What of it was not read once its body was, as a draft's notes."""
        comments = left_out.counted(left_out.COMMENTS, self._comments)
        return comments if self._archive is None else (*picture_notes(self._archive), *comments)

    def properties(self) -> Iterator[Element]:
        """Yield the metadata."""
        return self._elements({"meta.xml": ("meta",)})

    def styles(self) -> Iterator[Element]:
        """Yield the styles, the general ones first."""
        both = ("styles", "automatic-styles")
        return self._elements({"styles.xml": both, "content.xml": ("automatic-styles",)})

    def body(self, name: str) -> Iterator[Element]:
        """Yield what stands in the body, the element `name`."""
        if self._archive is not None and "content.xml" not in self._archive:
            raise DocumentError(self.path, FileFault.DAMAGED)
        for element in self._elements({"content.xml": (name,)}):
            self._comments += sum(local(inner) == "annotation" for inner in element.iter())
            yield element

    def _elements(self, parts: Mapping[str, tuple[str, ...]]) -> Iterator[Element]:
        if self._archive is None:  # all is in one file, in the order of the parts
            with self.path.open("rb") as file:
                wanted = dict.fromkeys(name for parents in parts.values() for name in parents)
                yield from children(file, *wanted)
        else:
            for name, parents in parts.items():
                yield from self._part(name, parents)

    def _part(self, name: str, parents: tuple[str, ...]) -> Iterator[Element]:
        if self._archive is not None and name in self._archive:
            with self._archive.open(name) as file:
                yield from children(file, *parents)
