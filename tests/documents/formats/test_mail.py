"""Messages and mailboxes, as mutt writes them and as they should not be."""

from pathlib import Path

import pytest

from assistant.documents.document import Attachment, BlockKind, Document, PageUnit

FILES = Path(__file__).resolve().parents[2] / "files"
HEAD = "From: Ann <ann@a.example>\nTo: ben@b.example\nSubject: The rent\n"
RENT = (
    "the rent for the library rises to 1,204 euros from May. Please sign the offer until 1 March. "
    "The council may not extend this date."
)
SENT = (
    "From:\tAnna Müller <anna@library.example>\nTo:\tBen Brown <ben@town.example>\n"
    "Date:\tMon, 23 Nov 2026 06:01:53 +0000"
)
PARTS = """MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

This is no part.
--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain

See the HTML.
--y
Content-Type: multipart/related; boundary=z

--z
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<style>p {}</style><h1>News</h1><p>The rent rises for all, says the council of Kr=F6pelin.</p>
--z
Content-Type: image/png
Content-ID: <logo>

nothing
--z--
--y--
--x
Content-Type: message/rfc822

Subject: Inner/letter
From: c@c.example
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=w

--w
Content-Type: text/plain

The inner words.
--w
Content-Type: text/plain; name=notes.txt

One note.
--w--
--x
Content-Type: application/pkcs7-mime; name=smime.p7m

secret
--x
Content-Type: application/pgp-signature; name=signature.asc

signed
--x
Content-Type: application/x-unknown; name="=?utf-8?q?=C3=84rger.bin?="
Content-Transfer-Encoding: base64

AAECAwQFBgc=
--x
Content-Type: application/pdf; name=../../broken.pdf

%PDF-1.4 no
--x--
"""


def blocks(document: Document, page: int = 1) -> list[tuple[str, str]]:
    found = document.pages[page - 1]
    return [(b.kind.value, found.text[b.start : b.end]) for b in found.blocks]


def body(document: Document) -> list[tuple[str, str]]:
    """Everything below the header."""
    return [block for block in blocks(document) if "From:" not in block[1]][1:]


@pytest.fixture
def written(read, tmp_path: Path):
    def written(text: str | bytes) -> Document:
        path = tmp_path / "a"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read(path)

    return written


@pytest.mark.shared_process
def test_a_letter_with_attachments(read) -> None:
    letter = read(FILES / "letter.eml")
    assert (letter.type, letter.title) == ("eml", "Angebot für die Miete")
    assert letter.unit is PageUnit.MESSAGE
    assert blocks(letter)[1:] == [
        (
            "table",
            SENT,
        ),
        ("paragraph", "Dear Ben,"),
        ("paragraph", RENT),
        ("paragraph", "Grüße"),
        ("footnote", "Anna Müller · Town Library, Kiel"),
    ]
    report, accounts = letter.attachments
    assert (report.name, report.type, report.is_read) == ("report.docx", "docx", True)
    assert accounts.size_bytes == (FILES / "accounts.ods").stat().st_size
    labels = [page.label for page in letter.pages]
    assert labels[1:4] == [
        "report.docx",
        "accounts.ods sheet Costs",
        "accounts.ods sheet Members",
    ]
    assert {table.page for table in letter.tables} == {2, 3, 4}
    titles = [(section.title, section.level) for section in letter.sections]
    assert ("report.docx", 1) in titles
    assert ("Visitors", 2) in titles
    assert "She may not rent out its rooms." in [s.text for s in letter.sentences]


@pytest.mark.shared_process
def test_a_mailbox(read) -> None:
    letters = read(FILES / "letters.mbox")
    assert (letters.type, letters.unit) == ("mbox", PageUnit.MESSAGE)
    assert [page.label for page in letters.pages] == [
        "Angebot für die Miete",
        "Re: Angebot für die Miete",
        "Re: Angebot für die Miete › costs.csv",
    ]
    answer = blocks(letters, 2)
    assert ("paragraph", "From May on we pay more, then.") in answer
    assert answer[-3:] == [
        ("heading", "On Mon, Jan 05, 2026 at 10:00:00AM +0100, Anna Müller wrote:"),
        ("paragraph", "Dear Ben,"),
        ("paragraph", RENT),
    ]
    assert letters.tables[0].columns[0].total == 23_000


@pytest.mark.shared_process
def test_parts_of_all_kinds(written) -> None:
    letter = written(HEAD + PARTS)
    assert body(letter) == [
        ("heading", "News"),
        ("paragraph", "The rent rises for all, says the council of Kröpelin."),
    ]
    assert letter.attachments == (
        Attachment("Inner-letter.eml", "eml", letter.attachments[0].size_bytes, is_read=True),
        Attachment("Inner-letter.eml › notes.txt", "text", 9, is_read=True),
        Attachment("smime.p7m", "", 6, fault="encrypted"),
        Attachment("signature.asc", "", 6),
        Attachment("Ärger.bin", "", 8, fault="unknown-type"),
        Attachment("broken.pdf", "", 11, fault="damaged"),
        Attachment("6.png", "", 7),
    )
    assert [page.label for page in letter.pages] == [
        "The rent",
        "Inner-letter.eml › Inner/letter",
        "Inner-letter.eml › notes.txt",
    ]
    assert blocks(letter, 3)[1] == ("paragraph", "One note.")


@pytest.mark.shared_process
def test_what_is_quoted(written) -> None:
    text = (
        "\nI agree.\n\nOn Monday, 5 January 2026 at the town hall in Kiel,\nBen Brown wrote:\n"
        "> Shall we?\n>> An older line.\n>\n> Yes or no?\nIndeed.\n> No name here.\n\n"
        "-----Original Message-----\nFrom: Carl\nSent: Friday\nTo: Ben\nSubject: rent\n\n"
        "The first words.\n"
    )
    assert body(written(HEAD + text)) == [
        ("paragraph", "I agree."),
        (
            "heading",
            "On Monday, 5 January 2026 at the town hall in Kiel, Ben Brown wrote:",
        ),
        ("paragraph", "Shall we?"),
        ("paragraph", "An older line."),
        ("paragraph", "Yes or no?"),
        ("paragraph", "Indeed."),
        ("paragraph", "No name here."),
        ("heading", "Original Message"),
        ("paragraph", "The first words."),
    ]
    outlook = written(HEAD + "\nFine.\n\nVon: Carl\nGesendet: Freitag\nAn: Ben\n\nErste Worte.\n")
    kinds = [block.kind for block in outlook.pages[0].blocks]
    assert kinds.count(BlockKind.TABLE) == 2


@pytest.mark.shared_process
@pytest.mark.parametrize(
    ("header", "title"),
    [
        (b"Subject: =?utf-8?B?R3LDvMOfZQ==?=\n =?utf-8?Q?_aus_Kiel?=", "Grüße aus Kiel"),
        ("Subject: Grüße aus Kiel".encode(), "Grüße aus Kiel"),
        ("Subject: Grüße aus Kiel".encode("cp1252"), "Grüße aus Kiel"),
        (b"Subject: =?no-such?Q?Greetings?=", "Greetings"),
        (b"Subject: =?utf-8?B?!!!?= words", "words"),
        (b"Subject: =?utf-8?B?R3LDv?= words", "words"),
    ],
)
def test_headers(written, header: bytes, title: str) -> None:
    letter = written(b"From: a@b.example\n" + header + b"\n\nThe text.\n")
    assert title in letter.title
