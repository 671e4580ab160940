"""Markdown by its tokens."""

from pathlib import Path

from assistant.documents.document import BlockKind
from assistant.documents.draft import Draft
from assistant.documents.formats.markdown import read
from assistant.documents.limits import Limits

SOURCE = """---
title: "The lease"
---
# Rent #

The *tenant* pays
`500` euros, see [the list](http://example.org).

- First
  continued
- Second[^1]

Deposit
-------

| Month | Paid |
|---|---|
| May | yes |

```python
a = 1

b = 2
```

> Quoted.

<b>html</b>

[^1]: A note.
"""


def draft(tmp_path: Path, source: str) -> Draft:
    path = tmp_path / "a.md"
    path.write_text(source)
    return read(path, Limits())


def test_structure(tmp_path: Path) -> None:
    found = draft(tmp_path, SOURCE)
    assert found.titles == ("The lease",)
    assert [(block.kind, block.text, block.level) for block in found.pages[0].blocks] == [
        (BlockKind.HEADING, "Rent", 1),
        (BlockKind.PARAGRAPH, "The tenant pays 500 euros, see the list.", 0),
        (BlockKind.LIST_ITEM, "First continued", 0),
        (BlockKind.LIST_ITEM, "Second", 0),
        (BlockKind.HEADING, "Deposit", 2),
        (BlockKind.TABLE, "Month\tPaid\nMay\tyes", 0),
        (BlockKind.CODE, "a = 1\nb = 2", 0),
        (BlockKind.PARAGRAPH, "Quoted.", 0),
        (BlockKind.PARAGRAPH, "html", 0),
        (BlockKind.FOOTNOTE, "A note.", 0),
    ]


def test_hostile_nesting(tmp_path: Path) -> None:
    draft(tmp_path, ">" * 5_000 + " deep\n\n" + "[" * 20_000 + "\n\n" + "*a " * 20_000)
