"""Programs, notebooks and subtitles: what is said in them is text."""

import json
import zipfile
from pathlib import Path

import pytest

from assistant.documents.document import Document, PageStatus, PageUnit
from assistant.documents.sniffing import FileType, sniff

PYTHON = '''#!/usr/bin/env python3
"""Counts the loans of a library.

It never counts a book twice.
"""

import csv

# The fee is two euros.
# It is waived for residents.
FEE = 2


class Counter:
    """Counts."""

    def count(self, loans):
        return len(loans)  # all of them
'''
C = """/* Copyright 2026
 *
 * The tenant pays.
 * - first item
 * - second item
 */
#include <stdio.h>
int main(int argc, char **argv)
{
    // says hello
    printf("hello\\n");
}
"""
SRT = """1
00:00:01,000 --> 00:00:03,500
Good evening. Tonight we look at
the town library.

2
00:00:03,600 --> 00:00:06,000
<i>It was built in 1902</i> and

3
00:00:58,000 --> 00:01:00,500
now the council wants

4
00:01:00,600 --> 00:01:04,000
to sell it for 1.2 million euros.

5
00:01:10,000 --> 00:01:12,000
- Who decides?
- The mayor.
"""
VTT = """WEBVTT - The town library

NOTE made by hand

STYLE
::cue { color: red }

intro
00:01.000 --> 00:04.000 align:start
<v Anna>We are <b>here</b> &amp; there.

00:04.000 --> 00:06.000
<v Ben>Yes.

NOTE not said

00:06.500 --> 00:08.000
<v Ben>Yes.
And more.
"""
NOTEBOOK = {
    "nbformat": 4,
    "metadata": {"title": "Loans of the library"},
    "cells": [
        {"cell_type": "markdown", "source": ["# Loans\n", "\n", "All of *May*."]},
        {
            "cell_type": "code", "execution_count": 3, "source": "print(total)\n\nframe",
            "outputs": [
                {"output_type": "stream", "text": ["\x1b[31m1204\x1b[0m\n"]},
                {"output_type": "display_data", "data":
                 {"image/png": "AAAA" * 100, "text/plain": "fig"}},
                {"output_type": "execute_result", "data": {"text/html": [
                    "<table><tr><th>Day</th><th>Loans</th></tr><tr><td>a</td><td>3</td></tr>",
                    "<tr><td>b</td><td>4</td></tr></table>"]}},
                {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": ["t"]},
            ],
        },
        {"cell_type": "code", "execution_count": None, "source": [], "outputs": []},
    ],
}  # fmt: skip


def blocks(document: Document, page: int = 1) -> list[tuple[str, str]]:
    found = document.pages[page - 1]
    return [(b.kind.value, found.text[b.start : b.end]) for b in found.blocks]


@pytest.fixture
def written(read, tmp_path: Path):
    def written(name: str, text: str) -> Document:
        path = tmp_path / name
        path.write_text(text)
        return read(path)

    return written


@pytest.mark.shared_process
def test_python(written) -> None:
    program = written("count.py", PYTHON)
    assert (program.type, program.title) == ("code", "class Counter:")
    assert blocks(program) == [
        ("paragraph", "Counts the loans of a library."),
        ("paragraph", "It never counts a book twice."),
        ("code", "import csv"),
        ("paragraph", "The fee is two euros. It is waived for residents."),
        ("code", "FEE = 2"),
        ("heading", "class Counter:"),
        ("paragraph", "Counts."),
        ("code", "def count(self, loans):\n        return len(loans)  # all of them"),
    ]


@pytest.mark.shared_process
def test_c(written) -> None:
    assert blocks(written("hello", C)) == [
        ("paragraph", "Copyright 2026"),
        ("paragraph", "The tenant pays."),
        ("list-item", "- first item"),
        ("list-item", "- second item"),
        ("code", "#include <stdio.h>"),
        ("heading", "int main(int argc, char **argv)"),
        ("code", "{"),
        ("paragraph", "says hello"),
        ("code", 'printf("hello\\n");\n}'),
    ]


@pytest.mark.shared_process
def test_subtitles(written) -> None:
    film = written("film.txt", SRT)
    assert (film.type, film.unit) == ("subtitles", PageUnit.PART)
    assert [page.label for page in film.pages] == ["0:00:01–0:01:00", "0:01:00–0:01:12"]
    crossing = film.sentences[2]
    assert crossing.text == (
        "It was built in 1902 and now the council wants to sell it for 1.2 million euros."
    )
    assert [span.page for span in crossing.spans] == [1, 2]
    assert film.sentences[-1].text == "The mayor."
    talk = written("talk.vtt", VTT)
    assert talk.title == "The town library"
    assert blocks(talk) == [
        ("paragraph", "Anna: We are here & there."),
        ("paragraph", "Ben: Yes. And more."),
    ]


@pytest.mark.shared_process
def test_notebooks(written) -> None:
    book = written("loans.ipynb", json.dumps(NOTEBOOK))
    assert (book.type, book.unit, book.title) == (
        "notebook",
        PageUnit.CELL,
        "Loans of the library",
    )
    assert blocks(book) == [("heading", "Loans"), ("paragraph", "All of May.")]
    assert blocks(book, 2) == [
        ("code", "print(total)\nframe"),
        ("code", "1204"),
        ("code", "fig"),
        ("table", "Day\tLoans\na\t3\nb\t4"),
        ("code", "KeyError: 'x'"),
    ]
    assert book.pages[1].label == "In [3]"
    assert book.pages[2].status is PageStatus.NO_TEXT
    assert book.tables[0].columns[0].total == 7
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Old"},
        {"cell_type": "code", "input": "1+1", "prompt_number": 1},
    ]
    old = {"nbformat": 3, "worksheets": [{"cells": cells}]}
    assert blocks(written("old.ipynb", json.dumps(old)), 2) == [("code", "1+1")]


def test_a_long_cell_is_read_to_its_end_and_a_long_output_is_told_of(written, read) -> None:
    source = "\n".join(f"total_{number} = {number}" for number in range(3_000))
    long = {"output_type": "stream", "text": "line\n" * 5_000}
    cells = [{"cell_type": "code", "source": source, "outputs": [long]}]
    book = written("long.ipynb", json.dumps({"nbformat": 4, "cells": cells}))
    text = "".join(page.text for page in book.pages)
    assert "total_2999 = 2999" in text
    assert book.notes == ("outputs-in-part",)
    cells[0]["outputs"] = []
    short = written("short.ipynb", json.dumps({"nbformat": 4, "cells": cells}))
    assert short.notes == ()
    archive = book.path.with_name("books.zip")
    with zipfile.ZipFile(archive, "w") as file:
        file.write(book.path, "long.ipynb")
    assert read(archive).notes == ("outputs-in-part",)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.py", "x = 1\n", FileType.CODE),
        ("a", PYTHON, FileType.CODE),
        ("a.txt", C, FileType.CODE),
        ("Makefile", "all:\n\techo\n", FileType.CODE),
        ("a.json", '{"cells": 1}', FileType.CODE),
        ("a.json", '{"nbformat": 4, "cells": []}', FileType.NOTEBOOK),
        ("a.json", '{"a": 1}', FileType.CODE),
        ("a.txt", SRT.replace("\n", "\r\n"), FileType.SUBTITLES),
        ("a.txt", "Between 10:00 --> 11:00 we met.", FileType.TEXT),
        (
            "a.txt",
            "We import goods from France.\nWe sell them.\nWe return some.\n" * 3,
            FileType.TEXT,
        ),
    ],
)
def test_types(tmp_path: Path, name: str, content: str, kind: FileType) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode())
    assert sniff(path) is kind
