"""HTML: the main text in order, without what is no text or not shown."""

from pathlib import Path

import pytest

from assistant.documents import left_out
from assistant.documents.draft import DraftBlock
from assistant.documents.formats.html import read
from assistant.documents.limits import Limits


@pytest.fixture
def blocks(tmp_path: Path):
    def blocks(html: str, encoding: str = "utf-8") -> list[DraftBlock]:
        path = tmp_path / "page.html"
        path.write_bytes(html.encode(encoding))
        (page,) = read(path, Limits()).pages
        return page.blocks

    return blocks


def pairs(blocks: list[DraftBlock]) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in blocks]


def test_structure(blocks) -> None:
    html = """<!doctype html><title>t</title><body>
      <h1>The  lease</h1><p>One <b>two</b>&nbsp;three.<br>Four.</p>
      <ul><li>First<ul><li>Inner</li></ul></li><li><p>Second</p></li></ul>
      <h2>Rent</h2>text alone <div>in a div</div>
      <pre>a = 1\n\nb = 2</pre>
      <dl><dt>Term</dt><dd>Meaning</dd></dl>
      <figure><figcaption>A picture</figcaption></figure></body>"""
    assert pairs(blocks(html)) == [
        ("heading", "The lease"),
        ("paragraph", "One two three. Four."),
        ("list-item", "First"),
        ("list-item", "Inner"),
        ("list-item", "Second"),
        ("heading", "Rent"),
        ("paragraph", "text alone"),
        ("paragraph", "in a div"),
        ("code", "a = 1\nb = 2"),
        ("paragraph", "Term"),
        ("list-item", "Meaning"),
        ("caption", "A picture"),
    ]
    assert [block.level for block in blocks(html) if block.level] == [1, 2]


def test_tables(blocks) -> None:
    html = """<table><caption>Loans</caption><tr><th>May<th>June<tr><td>1<td><p>2</p><p>3</p>
      </table>
      <table><tr><td><p>Only for</p></td></tr><tr><td>its layout</td></tr></table>
      <table><tr><td>a<td><table><tr><td>b<td>c</table></table>"""
    assert pairs(blocks(html)) == [
        ("caption", "Loans"),
        ("table", "May\tJune\n1\t2 3"),
        ("paragraph", "Only for"),
        ("paragraph", "its layout"),
        ("table", "a\tb c"),
    ]


def test_what_is_not_shown_is_left_out(blocks) -> None:
    html = """<body><nav>Home</nav><script>var a</script><style>p {}</style>
      <p hidden>1</p><p style="display: none">2</p><p aria-hidden="true">3</p>
      <div role="navigation">4</div><noscript>5</noscript><template><p>6</p></template>
      <svg><text>7</text></svg><button>8</button><!-- 9 --><p>Shown.</p></body>"""
    assert pairs(blocks(html)) == [("paragraph", "Shown.")]


def test_the_main_element_is_taken_if_it_holds_the_text(blocks) -> None:
    page = "<body><div>Menu</div><main><p>{}</p></main><div>Imprint</div></body>"
    assert [block.text for block in blocks(page.format("The text. " * 20))] == [
        ("The text. " * 20).strip()
    ]
    assert len(blocks("<body><div>Menu</div><main></main><div>Imprint</div></body>")) == 2


def test_what_stands_beside_the_main_text_is_told_or_read(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    page = "<body><nav>Home</nav>{}<main><p>{}</p></main><aside>{}</aside></body>"
    main, terms = "The lease ends in May. " * 40, "The deposit is forfeited if it ends before. " * 9

    path.write_text(page.format("<p>Our shop</p>", main, "All rights reserved"))
    told = read(path, Limits())
    assert [block.text for block in told.pages[0].blocks] == [main.strip()]
    assert left_out.in_words(told.notes) == ("5 words beside the main text",)

    path.write_text(page.format("", main, f"<p>{terms}</p>"))
    whole = read(path, Limits())
    assert [block.text for block in whole.pages[0].blocks] == [main.strip(), terms.strip()]
    assert whole.notes == ()


def test_pictures_that_may_say_something_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    pictures = '<img src="plan.png"><img src="plan.png" alt="The plan"><img data-src="late.png">'
    decoration = '<img src="line.png" alt=""><img src="https://x/y" width="1" height="1"><img>'
    path.write_text(f"<p>The plan is below.{pictures}{decoration}</p>")
    assert read(path, Limits()).notes == ("pictures:2",)


def test_note_marks_are_raised(blocks) -> None:
    assert blocks("<p>a fee<sup>1</sup> of</p>")[0].text == "a fee¹ of"


@pytest.mark.parametrize(
    ("html", "encoding"),
    [
        ('<meta charset="iso-8859-1"><p>größer', "iso-8859-1"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>плата', "koi8-r"),
        ('<?xml version="1.0" encoding="windows-1251"?><html><p>плата', "cp1251"),
        ("<p>größer", "utf-16"),
        ('<meta charset="nonsense"><p>größer', "utf-8"),
    ],
)
def test_encodings(blocks, html: str, encoding: str) -> None:
    assert blocks(html, encoding)[0].text in {"größer", "плата"}


def test_deep_nesting_is_no_trouble(blocks) -> None:
    assert blocks("<div>" * 10_000 + "deep")[0].text == "deep"
    assert blocks("<b>" * 50_000 + "deep")[0].text == "deep"


@pytest.mark.parametrize("html", ["<", "<html>", "<p></p>", "<table><tr>", "</div></table><td>a"])
def test_broken_pages_do_not_break(blocks, html: str) -> None:
    blocks(html)
