"""Bars in letters and as a picture."""

from xml.etree import ElementTree as ET

from assistant.cli.charts import Panel, as_svg, in_letters, number

PANELS = [
    Panel("Reading, tokens/s", (("128 tokens", 200.0), ("2,048 tokens", 100.0))),
    Panel("Nothing at all", (("none", 0.0),)),
]


def test_bars_are_as_long_as_their_figures() -> None:
    lines = in_letters(PANELS, is_plain=True).splitlines()
    assert lines[0] == "Reading, tokens/s"
    assert lines[1].count("#") == 2 * lines[2].count("#") == 32
    assert lines[1].split()[-1] == "200"
    assert lines[4:] == ["Nothing at all", f"{'none':>14}{'0.00':>42}"]
    blocks = in_letters(PANELS, is_plain=False).splitlines()
    assert blocks[1].count("█") == 32
    assert [len(line) for line in blocks[1:3]] == [len(line) for line in lines[1:3]]
    assert in_letters([], is_plain=True) == ""


def test_figures_have_as_many_digits_as_say_something() -> None:
    assert [number(x) for x in (2048.4, 99.6, 31.04, 0.987, 0.312)] == [
        "2,048",
        "100",
        "31.0",
        "1.0",
        "0.31",
    ]


def test_the_picture_is_a_small_svg_that_escapes_its_words() -> None:
    svg = as_svg("A <model> & its figures", ["2 cores"], PANELS)
    root = ET.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    words = [text.text for text in root.iter(f"{space}text")]
    assert words[:2] == ["A <model> & its figures", "2 cores"]
    assert "2,048 tokens" in words
    widths = [float(bar.get("width", "0")) for bar in root.iter(f"{space}rect")]
    assert widths[4] == widths[2] / 2  # a track and a bar for each figure, after the paper
    assert float(root.get("height", "0")) > max(
        float(text.get("y", "0")) for text in root.iter(f"{space}text")
    )
    assert len(svg) < 5000
