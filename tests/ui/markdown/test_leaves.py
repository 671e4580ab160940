"""Markdown as leaves: nothing in it can do harm, and lists keep their numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ui.markdown.leaf import Kind, Leaf, Run, plain_text
from assistant.ui.markdown.leaves import parse


def leaves(source: str) -> list[Leaf]:
    return [leaf for block in parse(source) for leaf in block.leaves]


def runs(source: str) -> list[Run]:
    return [run for leaf in leaves(source) for run in leaf.runs]


def test_styles() -> None:
    styled = {run.text: run for run in runs("a **b *c*** `d` ~~e~~")}
    assert styled["b "].is_bold
    assert styled["c"].is_bold
    assert styled["c"].is_italic
    assert styled["d"].is_code
    assert styled["e"].is_struck


@pytest.mark.parametrize(
    "source",
    [
        "[x](javascript:alert(1))",
        "[x](file:///etc/passwd)",
        "[x](data:text/html,hi)",
        "[x](mailto:a@example.org)",
        "[x](//example.org)",
        "[x](/etc/passwd)",
        "<javascript:alert(1)>",
        "<file:///etc/passwd>",
        "[x](https:///etc)",
        "[x](vbscript:x)",
    ],
)
def test_only_web_addresses_are_links(source: str) -> None:
    assert not any(run.link for run in runs(source))


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("[x](https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("<http://example.org>", "http://example.org"),
        ("See https://example.org/a.", "https://example.org/a"),
        ("(https://example.org)", "https://example.org"),
        ("**https://example.org**", "https://example.org"),
    ],
)
def test_web_addresses_are_links(source: str, link: str) -> None:
    assert [run.link for run in runs(source) if run.link] == [link]


def test_html_is_text() -> None:
    source = "<script>alert(1)</script>\n\nHi <b>there</b> <img src='file:///x'>"
    assert "".join(run.text for run in runs(source)) == source.replace("\n", "")


def test_pictures_are_their_alternative_text() -> None:
    (run,) = runs("![a *cat*](http://example.org/cat.png)")
    assert run.text == "[a cat]"
    assert not run.link


def test_lists_keep_numbers_and_depth() -> None:
    source = "3. a\n4. b\n   - c\n     1. d\n\n   more\n5. e"
    told = [(leaf.marker, leaf.depth) for leaf in leaves(source)]
    assert told == [("3.", 1), ("4.", 1), ("•", 2), ("1.", 3), ("", 1), ("5.", 1)]


def test_items_of_a_list_are_blocks_of_their_own() -> None:
    blocks = parse("1. a\n1. b\n1. c")
    assert [block.line for block in blocks] == [0, 1, 2]
    assert [block.leaves[0].marker for block in blocks] == ["1.", "2.", "3."]
    assert parse("1. c", after_number=2)[0].leaves[0].marker == "3."
    assert parse("text\n\n1. c", after_number=2)[1].leaves[0].marker == "1."


def test_code_in_a_list_is_code() -> None:
    told = leaves("- a\n  ```py title\n  x = 1\n\n  y = 2\n  ```\n- b")
    assert [leaf.kind for leaf in told] == [Kind.PARAGRAPH, Kind.CODE, Kind.PARAGRAPH]
    assert told[1].code == "x = 1\n\ny = 2"
    assert told[1].language == "py"
    assert told[1].depth == 1


def test_table() -> None:
    (table,) = leaves("| a | b |\n|---|--:|\n| 1 | **2** |")
    assert table.kind is Kind.TABLE
    assert table.alignments == ("", "right")
    assert table.rows[1][1] == (Run("2", is_bold=True),)


def test_a_line_of_dashes_does_not_make_a_heading_of_the_text_above() -> None:
    assert [leaf.kind for leaf in leaves("text\n-")] == [Kind.PARAGRAPH]
    assert [leaf.kind for leaf in leaves("text\n---")] == [Kind.PARAGRAPH, Kind.RULE]


def test_words_for_a_screen_reader() -> None:
    source = "# A\n\n- *b*\n\n| c | d |\n|---|---|\n| 1 | 2 |\n\n```\ne\n```"
    assert plain_text(leaves(source)) == "A\n• b\nc; d\n1; 2\ne"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("Rain[^1] and snow[^b].\n\n[^1]: One\n[^b]: http://example.org/two", ["1", "b"]),
        ("[^1]: https://example.org", ["1"]),  # CommonMark would swallow it as an address
        ("[^1]: a\n\nand b", ["1"]),
    ],
)
def test_footnotes(source: str, names: list[str]) -> None:
    assert [leaf.note for leaf in leaves(source) if leaf.kind is Kind.NOTE] == names
    refs = [run.note for run in runs(source) if run.note]
    assert refs in (names, [])


@pytest.mark.parametrize(
    "source",
    [
        "It costs $5 and then $6.",
        "Between $5/month and US$",
        "($5/$10)",
        "$PATH and $HOME",
        "$$$ is a lot",
    ],
)
def test_prices_are_no_formulas(source: str) -> None:
    assert leaves(source) == [Leaf(Kind.PARAGRAPH, (Run(source),))]


@pytest.mark.parametrize(
    "source", ["$x^2$", "\\(x^2\\)", "$$x^2$$", "$$\nx^2\n$$", "\\[\nx^2\n\\]", "\\[ x^2 \\]"]
)
def test_formulas_are_found(source: str) -> None:
    assert runs(source) == [Run("x", is_italic=True), Run("2", script=1)]


@given(st.text(alphabet="ab1.*_`~#>-|[]()<>! \n\t:&;$\\^{}", max_size=120))
def test_nothing_fails(source: str) -> None:
    parse(source)
