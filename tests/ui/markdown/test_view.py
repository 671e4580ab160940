"""A message that streams in looks as one that was there at once, and nothing in it acts."""

import random
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextBlock, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from assistant.ui.markdown import MarkdownView, SafeBrowser
from assistant.ui.markdown.code_view import CodeView, shade_colors
from assistant.ui.markdown.prose import ProseView
from assistant.ui.markdown.table_view import TableView
from assistant.ui.theme import DARK, LIGHT, Appearance, Colors

SAMPLE = """# A heading
Some **bold** text with `code` and [a link](https://example.org/page).

1. First do this:
   ```bash
   pip install alcove  # a comment
   ```
1. Then that.
   - nested
   - nested too

   more of it
1. Done.

> A quote
> of two lines

---

```python
def greet(name: str) -> str:
    return "Hello 🎈" + name  # done
```
| a | b |
|---|--:|
| 1 | 2 |

---
Last *words*.
"""

Look = tuple[str, int, int, str]


@pytest.fixture
def view(qtbot: QtBot, appearance: Appearance) -> Iterator[MarkdownView]:
    area = QScrollArea()
    area.setWidgetResizable(True)
    made = MarkdownView()
    area.setWidget(made)
    area.resize(600, 800)
    area.show()
    qtbot.addWidget(area)
    yield made
    area.close()


def blocks(prose: ProseView) -> Iterator[QTextBlock]:
    block = prose.document().begin()
    while block.isValid():
        yield block
        block = block.next()


def formats(prose: ProseView) -> list[QTextCharFormat]:
    places = [place for block in blocks(prose) for place in block.textFormats()]
    return [QTextCharFormat(place.format) for place in places]


def looks(view: MarkdownView) -> list[Look]:
    """What stands on the screen: text, indent, gap and marker of each paragraph."""
    told: list[Look] = []
    for part in view.parts:
        if isinstance(part, CodeView):
            told.append((part.code, 0, 0, part.language))
            continue
        for block in blocks(part):
            shape = block.blockFormat()
            marker = block.textList().itemText(block) if block.textList() else ""
            told.append((block.text(), shape.indent(), round(shape.topMargin()), marker))
    return told


@pytest.mark.parametrize("seed", range(4))
def test_streamed_is_as_at_once(view: MarkdownView, seed: int) -> None:
    chance = random.Random(seed)
    at = 0
    while at < len(SAMPLE):
        at += chance.randint(1, 25)
        view.set_text(SAMPLE[:at])
    assert looks(view) == looks(MarkdownView(SAMPLE))
    markers = [look[3] for look in looks(view)]
    assert [m for m in markers if m.endswith(".") and m != "."] == ["1.", "2.", "3."]


def test_what_is_settled_is_not_written_again(view: MarkdownView) -> None:
    view.set_text(SAMPLE)
    widgets = view.findChildren(CodeView)
    view.set_text(SAMPLE + "\nAnd one more paragraph")
    assert view.findChildren(CodeView) == widgets


def test_another_text_replaces_the_first(view: MarkdownView) -> None:
    view.set_text(SAMPLE)
    view.set_text("Only this")
    assert [look[0] for look in looks(view)] == ["Only this"]


def test_code_is_coloured_in_time(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_text("```python\ndef f():\n    return '🎈' + 'a'\n```")
    code = view.findChildren(CodeView)[0]
    line = code.text.document().findBlockByNumber(1)
    qtbot.waitUntil(lambda: len(line.layout().formats()) >= 3)
    text = line.text().encode("utf-16-le")
    told = [text[2 * r.start : 2 * (r.start + r.length)] for r in line.layout().formats()]
    assert "return".encode("utf-16-le") in told
    assert "".join(part.decode("utf-16-le") for part in told[1:]) == "'🎈''a'"


def test_a_comment_at_the_end_is_coloured(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_text("```bash\nls  # all\n```")
    code = view.findChildren(CodeView)[0]
    line = code.text.document().begin()
    qtbot.waitUntil(lambda: bool(line.layout().formats()))
    assert line.layout().formats()[-1].length == len("# all")
    assert code.code == "ls  # all"


def test_streamed_code_never_scrolls_inside(view: MarkdownView, qtbot: QtBot) -> None:
    text = "```python\n" + "".join(f"line_{i} = {i}\n" for i in range(40))
    for end in range(20, len(text), 13):
        view.set_text(text[:end])
        qtbot.wait(1)
        code = view.findChildren(CodeView)[0]
        assert code.text.verticalScrollBar().value() == 0
    needed = code.text.blockCount() * code.text.fontMetrics().lineSpacing()
    assert code.text.height() >= needed


def test_copy_takes_the_code(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_text("```\n<b>x</b>\n```")
    code = view.findChildren(CodeView)[0]
    code.copy_button.click()
    assert QGuiApplication.clipboard().text() == "<b>x</b>"
    assert code.copy_button.accessibleName() == "Copied"


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_code_can_be_read(colors: Colors) -> None:
    def luminance(name: str) -> float:
        parts = [int(name[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    ground = luminance(colors.code.name())
    for color in shade_colors(colors).values():
        light, dark = sorted((luminance(color.name()), ground), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, color.name()


HOSTILE = """
![remote](http://127.0.0.1:9/picture.png) ![local](file:///etc/hostname)
<img src="file:///etc/hostname"> <script src="http://127.0.0.1:9/x.js"></script>
<style>@import url(http://127.0.0.1:9/x.css)</style>
<link rel=stylesheet href="file:///etc/passwd">
[a](javascript:alert(1)) [b](file:///etc/passwd) [c](smb://host/share) [d](\\\\\\\\host\\share)
"""


def test_hostile_text_loads_nothing(
    view: MarkdownView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("a text reached for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    view.set_text(HOSTILE)
    for prose in view.parts:
        assert isinstance(prose, ProseView)
        image = QTextDocument.ResourceType.ImageResource.value
        assert prose.document().resource(image, QUrl("file:///etc/hostname")) == b""
        for letters in formats(prose):
            assert not letters.isImageFormat()
            # Only addresses that stand there to be read, within HTML that is shown as text.
            assert letters.anchorHref().removeprefix("http://127.0.0.1:9/") in {"", "x.js", "x.css"}
    assert "<img src=" in view.words
    assert "[remote]" in view.words


def test_a_link_is_offered_and_not_opened(qtbot: QtBot) -> None:
    view = MarkdownView("[innocent](https://example.org/a?b=%20c)")
    qtbot.addWidget(view)
    browser = view.findChildren(SafeBrowser)[0]
    assert not browser.openLinks()
    with qtbot.waitSignal(view.link_chosen) as chosen:
        browser.anchorClicked.emit(QUrl("https://example.org/a?b=%20c"))
    assert chosen.args == ["https://example.org/a?b=%20c"]
    for address in ("file:///etc/passwd", "javascript:alert(1)", "https:///x"):
        with qtbot.assertNotEmitted(view.link_chosen):
            browser.anchorClicked.emit(QUrl(address))


def test_direction_follows_the_message(view: MarkdownView) -> None:
    view.set_text("مرحبا *بك*\n\n- first\n\n```\ncode\n```")
    for part in view.parts:
        if isinstance(part, ProseView):
            directions = {block.textDirection() for block in blocks(part)}
            assert directions == {Qt.LayoutDirection.RightToLeft}
    view.set_text("Hello\n\nمرحبا\n\nPython مرحبا\n\n- one")  # noqa: RUF001
    (prose,) = view.parts
    assert isinstance(prose, ProseView)
    left, right = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
    assert [block.textDirection() for block in blocks(prose)] == [left, right, left, left]


def test_a_footnote_is_raised_and_told_where_the_pointer_is(
    view: MarkdownView, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.ui.markdown import view as module

    told: list[str] = []
    monkeypatch.setattr(module.QToolTip, "showText", lambda place, text, widget: told.append(text))
    view.set_text("It rains[^1].\n\nMore.\n\n[^1]: Says <b>who</b>?")
    (prose,) = view.parts
    assert isinstance(prose, ProseView)
    raised = [letters for letters in formats(prose) if letters.anchorHref() == "note:1"]
    above = QTextCharFormat.VerticalAlignment.AlignSuperScript
    assert [letters.verticalAlignment() for letters in raised] == [above]
    prose.highlighted.emit(QUrl("note:1"))
    prose.anchorClicked.emit(QUrl("note:1"))
    assert told == ["<qt>Says &lt;b&gt;who&lt;/b&gt;?</qt>"] * 2
    prose.highlighted.emit(QUrl("note:9"))
    assert len(told) == 2


def test_a_formula_streams_in_as_one(view: MarkdownView) -> None:
    source = "The area:\n\n\\[\nA = \\pi r^2\n\\]\n\nand $E = mc^2$ too.\n"
    for end in range(len(source) + 1):
        view.set_text(source[:end])
    assert [look[0] for look in looks(view)] == ["The area:", "A = πr2", "and E = mc2 too."]
    assert looks(view) == looks(MarkdownView(source))


def test_columns_of_an_arabic_table_begin_at_the_right(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_text("| أ | ب |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |")
    (table,) = view.parts
    assert isinstance(table, TableView)
    layout = table.document().documentLayout()
    places: dict[str, float] = {}

    def is_laid_out() -> bool:
        places.update({b.text(): layout.blockBoundingRect(b).left() for b in blocks(table)})
        return places["ب"] > 100

    qtbot.waitUntil(is_laid_out)
    assert places["أ"] > places["ب"]
    assert places["3"] > places["4"]
