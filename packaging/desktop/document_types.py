"""The types of documents that a system is told Alcove can open: one list for every system.

The desktop entry, the menus of file managers, the installer for Windows and the app for macOS say
the same. What a file really is, Alcove tells from its bytes.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A type.

    Attributes:
        name: for people.
        mime: as Linux desktops call it.
        extensions: without the dot.
        uti: as macOS calls it.
    """

    name: str
    mime: str
    extensions: tuple[str, ...]
    uti: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

DOCUMENTS = (
    DocumentType("PDF document", "application/pdf", ("pdf",), "com.adobe.pdf"),
    DocumentType(
        "Word document",
        f"{_OFFICE}wordprocessingml.document",
        ("docx",),
        "org.openxmlformats.wordprocessingml.document",
    ),
    DocumentType("OpenDocument text", f"{_OPEN}text", ("odt",), "org.oasis-open.opendocument.text"),
    DocumentType("Rich text", "application/rtf", ("rtf",), "public.rtf"),
    DocumentType(
        "PowerPoint presentation",
        f"{_OFFICE}presentationml.presentation",
        ("pptx",),
        "org.openxmlformats.presentationml.presentation",
    ),
    DocumentType(
        "OpenDocument presentation",
        f"{_OPEN}presentation",
        ("odp",),
        "org.oasis-open.opendocument.presentation",
    ),
    DocumentType(
        "Excel workbook",
        f"{_OFFICE}spreadsheetml.sheet",
        ("xlsx",),
        "org.openxmlformats.spreadsheetml.sheet",
    ),
    DocumentType(
        "OpenDocument spreadsheet",
        f"{_OPEN}spreadsheet",
        ("ods",),
        "org.oasis-open.opendocument.spreadsheet",
    ),
    DocumentType("Table as text", "text/csv", ("csv",), "public.comma-separated-values-text"),
    DocumentType("Book", "application/epub+zip", ("epub",), "org.idpf.epub-container"),
    DocumentType("Web page", "text/html", ("html", "htm"), "public.html"),
    DocumentType("Markdown", "text/markdown", ("md", "markdown"), "net.daringfireball.markdown"),
    DocumentType("Plain text", "text/plain", ("txt",), "public.plain-text"),
    DocumentType("Message", "message/rfc822", ("eml",), "com.apple.mail.email"),
    DocumentType("Mailbox", "application/mbox", ("mbox",), "org.alcove.mbox"),
    DocumentType("PNG picture", "image/png", ("png",), "public.png"),
    DocumentType("JPEG picture", "image/jpeg", ("jpg", "jpeg"), "public.jpeg"),
    DocumentType("TIFF picture", "image/tiff", ("tif", "tiff"), "public.tiff"),
)
MODEL = DocumentType("Language model (GGUF)", "application/x-gguf", ("gguf",), "org.alcove.gguf")
EXTENSIONS = tuple(ending for one in DOCUMENTS for ending in one.extensions)
