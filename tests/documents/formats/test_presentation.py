"""PPTX by hand: placeholders, numbers, charts, diagrams; and broken containers."""

from pathlib import Path

import pytest

from assistant.documents.document import PageStatus
from assistant.documents.draft import Draft
from assistant.documents.formats.presentation import read_pptx
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault
from tests.documents.formats.containers import write_zip

NAMES = 'xmlns:p="p" xmlns:a="a" xmlns:r="r" xmlns:c="c" xmlns:dgm="d" xmlns:mc="m"'
RELATIONS = '<Relationships xmlns="rel">{}</Relationships>'
RELATION = '<Relationship Id="{}" Type="http://x/relationships/{}" Target="{}"/>'


def shape(text: str, kind: str | None = None) -> str:
    mark = "" if kind is None else f'<p:ph type="{kind}"/>' if kind else '<p:ph idx="1"/>'
    body = text if text.startswith("<a:p") else f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"
    return f"<p:sp><p:nvSpPr><p:nvPr>{mark}</p:nvPr></p:nvSpPr><p:txBody>{body}</p:txBody></p:sp>"


def slide(*shapes: str) -> str:
    tree = f"<p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld>"
    return f"<p:sld {NAMES}>{tree}</p:sld>"


def presentation(path: Path, slides: list[str], parts: dict[str, str] | None = None) -> Path:
    numbers = range(1, len(slides) + 1)
    order = "".join(f'<p:sldId id="{256 + n}" r:id="r{n}"/>' for n in reversed(numbers))
    relations = "".join(RELATION.format(f"r{n}", "slide", f"slides/slide{n}.xml") for n in numbers)
    made = {
        "ppt/presentation.xml": f"<p:presentation {NAMES}><p:sldIdLst>{order}</p:sldIdLst>"
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": RELATIONS.format(relations),
    }
    for number, content in zip(numbers, slides, strict=True):
        made[f"ppt/slides/slide{number}.xml"] = content
    return write_zip(path, made | (parts or {}))


@pytest.fixture
def draft(tmp_path: Path):
    def draft(slides: list[str], parts: dict[str, str] | None = None) -> Draft:
        return read_pptx(presentation(tmp_path / "a.pptx", slides, parts), Limits())

    return draft


def pairs(draft: Draft, page: int = 0) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in draft.pages[page].blocks]


def numbered(text: str, level: int = 0, kind: str = "arabicPeriod", start: int = 1) -> str:
    mark = f'<a:pPr lvl="{level}"><a:buAutoNum type="{kind}" startAt="{start}"/></a:pPr>'
    return f"<a:p>{mark}<a:r><a:t>{text}</a:t></a:r></a:p>"


def test_placeholders_and_order(draft) -> None:
    first = slide(
        shape("Body", ""),
        shape("A <a:br/>", "title").replace("A <a:br/>", "The </a:t></a:r><a:br/><a:r><a:t>title"),
        shape("3", "sldNum"),
        shape("Foot", "ftr"),
        f"<p:grpSp><p:grpSpPr/>{shape('In a group')}</p:grpSp>",
        "<mc:AlternateContent><mc:Choice>" + shape("Chosen") + "</mc:Choice><mc:Fallback>"
        + shape("Fallback") + "</mc:Fallback></mc:AlternateContent>",
    )  # fmt: skip
    shown = draft([first, slide()])
    assert [page.status for page in shown.pages] == [PageStatus.NO_TEXT, PageStatus.READ]
    assert pairs(shown, 1) == [
        ("heading", "The title"),
        ("list-item", "Body"),
        ("paragraph", "In a group"),
        ("paragraph", "Chosen"),
    ]


def test_numbers(draft) -> None:
    paragraphs = (
        numbered("One")
        + numbered("a", 1, "alphaLcParenBoth", 3)
        + numbered("b", 1, "alphaLcParenBoth", 3)
        + numbered("Two")
        + "<a:p/>"
        + numbered("i", 1, "romanLcParenR")
        + "<a:p><a:pPr><a:buNone/></a:pPr><a:r><a:t>Text</a:t></a:r></a:p>"
        + numbered("New")
    )
    assert [text for _, text in pairs(draft([slide(shape(paragraphs, "body"))]))] == [
        "1. One", "(c) a", "(d) b", "2. Two", "i) i", "Text", "1. New",
    ]  # fmt: skip


def test_charts_and_diagrams(draft) -> None:
    def points(*values: str) -> str:
        made = (f'<c:pt idx="{i}"><c:v>{value}</c:v></c:pt>' for i, value in enumerate(values))
        return f"<c:strRef><c:strCache>{''.join(made)}</c:strCache></c:strRef>"

    series = "".join(
        f"<c:ser><c:tx>{points(name)}</c:tx><c:cat>{points('2025', '2026')}</c:cat>"
        f"<c:val>{points(*values)}</c:val></c:ser>"
        for name, values in (("Income", ("1100", "1200")), ("Cost", ("980", "910")))
    )
    chart = (
        f"<c:chartSpace {NAMES}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Budget</a:t></a:r>"
        f"</a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart>{series}</c:barChart>"
        "</c:plotArea></c:chart></c:chartSpace>"
    )
    diagram = (
        f'<dgm:dataModel {NAMES}><dgm:ptLst><dgm:pt type="doc"/><dgm:pt><dgm:t><a:p><a:r><a:t>Dig'
        '</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt type="pres"><dgm:t><a:p><a:r><a:t>No</a:t>'
        "</a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
    )
    frames = (
        '<p:graphicFrame><a:graphic><c:chart r:id="x1"/></a:graphic></p:graphicFrame>'
        '<p:graphicFrame><a:graphic><dgm:relIds r:dm="x2"/></a:graphic></p:graphicFrame>'
        '<p:graphicFrame><a:graphic><c:chart r:id="gone"/></a:graphic></p:graphicFrame>'
    )
    relations = RELATION.format("x1", "chart", "../charts/chart1.xml") + RELATION.format(
        "x2", "diagramData", "../diagrams/data1.xml"
    )
    parts = {
        "ppt/charts/chart1.xml": chart,
        "ppt/diagrams/data1.xml": diagram,
        "ppt/slides/_rels/slide1.xml.rels": RELATIONS.format(relations),
    }
    assert pairs(draft([slide(frames)], parts)) == [
        ("caption", "Budget"),
        ("table", "\tIncome\tCost\n2025\t1100\t980\n2026\t1200\t910"),
        ("list-item", "Dig"),
    ]


def test_broken_containers(tmp_path: Path, draft) -> None:
    with pytest.raises(DocumentError) as caught:
        draft(["<broken"])
    assert caught.value.fault is FileFault.DAMAGED
    assert not draft([]).pages
    path = write_zip(tmp_path / "b.pptx", {"ppt/presentation.xml": f"<p:a {NAMES}/>"})
    assert not read_pptx(path, Limits()).pages


def test_comments_on_slides_are_counted(draft) -> None:
    parts = {
        "ppt/slides/_rels/slide1.xml.rels": RELATIONS.format(
            RELATION.format("a", "comments", "../comments/comment1.xml")
        ),
        "ppt/comments/comment1.xml": f"<p:cmLst {NAMES}><p:cm><p:text>Why?</p:text></p:cm>"
        "<p:cm><p:text>Because.</p:text></p:cm></p:cmLst>",
    }
    assert draft([slide(shape("One"))], parts).notes == ("comments:2",)
    broken = draft([slide(shape("One"))], {**parts, "ppt/comments/comment1.xml": "<p:cmLst"})
    assert (broken.notes, pairs(broken)[0][1]) == (("comments:1",), "One")


def test_pictures_on_slides_are_counted_once(draft) -> None:
    relations = RELATION.format("a", "image", "../media/logo.png")
    parts = {
        f"ppt/slides/_rels/slide{number}.xml.rels": RELATIONS.format(
            relations + RELATION.format("b", "image", f"../media/scan{number}.png")
        )
        for number in (1, 2)
    }
    assert draft([slide(shape("One")), slide(shape("Two"))], parts).notes == ("pictures:3",)
