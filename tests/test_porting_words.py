"""What came of an import has its sentences, and none of them has a hole."""

from pathlib import Path

import pytest

from assistant.conversations.porting.report import (
    App,
    ExportReport,
    ImportReport,
    LeftOut,
    Skipped,
    SkipReason,
)
from assistant.errors import PortError, PortFault
from assistant.porting_words import told_of_export, told_of_import
from assistant.wording import explain


@pytest.mark.parametrize("fault", PortFault)
def test_why_nothing_was_taken(fault: PortFault) -> None:
    told = str(explain(PortError(Path("chats.json"), fault, "13")))
    assert told.startswith("chats.json")
    assert told.endswith(".")
    assert not set("{}") & set(told)
    assert told.count(". ") >= 1  # what happened, and the next step


@pytest.mark.parametrize("count", [1, 2000])
@pytest.mark.parametrize("app", App)
def test_everything_that_can_be_said(app: App, count: int) -> None:
    title = "{0.__class__} a title"
    skipped = tuple(
        Skipped(title=title if i else "", number=i + 1, file="c.json", reason=reason)
        for reason in SkipReason
        for i in range(2)
    )
    report = ImportReport(
        path=Path("c.json"),
        app=app,
        conversations=tuple(range(count)),
        messages=30,
        skipped=skipped,
        skips=dict.fromkeys(SkipReason, count),
        left_out=dict.fromkeys(LeftOut, count),
        is_cut=True,
        was_stopped=True,
    )
    lines = [str(one) for one in told_of_import(report)]
    assert len(lines) == 1 + len(SkipReason) + len(LeftOut) + 2
    for line in lines:
        assert line.endswith(".")
        assert not set("{}") & set(line.replace(title, ""))
        assert ("1 chats" in line) is False
    assert lines[0].startswith("Imported 1 chat with" if count == 1 else "Imported 2,000 chats")
    named = "c.json, no. 1, “{0.__class__} a title”"
    assert any(f"{named}." in line or f"{named} …." in line for line in lines)


def test_nothing_at_all() -> None:
    (told,) = told_of_import(ImportReport(path=Path("c.json"), app=App.ALCOVE))
    assert str(told) == "Nothing was imported."
    told = told_of_export(
        ExportReport(path=Path("a.json"), conversations=1, messages=2, size_bytes=3000)
    )
    assert str(told) == "Wrote 1 chat with 2 messages to a.json (3 kB)."
