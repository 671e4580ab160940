"""What a hub says is taken value by value; whatever it says, nothing breaks."""

import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import HubError
from assistant.models.finding.repository import RemoteModel, look_up
from assistant.models.finding.search import SearchPage, SearchQuery, search
from assistant.models.hub.answers import count, decoded, fields, items, moment, plain, text, texts
from assistant.models.hub.client import Hub
from tests.models.hub_server import HubServer, Say

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
ROW = st.fixed_dictionaries(
    {"id": st.just("owner/name-7B-A1B-GGUF") | VALUES},
    optional={
        name: VALUES
        | st.dictionaries(
            st.sampled_from(
                [
                    *("total", "architecture", "chat_template", "license", "language"),
                    *("context_length", "tokenizer_config", "model_type", "license_name"),
                    "base_model",
                ]
            ),
            VALUES,
        )
        for name in (
            *("author", "createdAt", "downloads", "gated", "gguf", "lastModified", "likes"),
            *("pipeline_tag", "tags", "cardData", "config", "safetensors", "library_name"),
        )
    },
)
SIBLINGS = st.lists(
    st.fixed_dictionaries(
        {"rfilename": st.sampled_from(["a-Q4_K_M.gguf", "b-00001-of-00001.gguf"]) | VALUES},
        optional={"size": VALUES, "blobId": VALUES, "lfs": VALUES},
    )
    | VALUES,
    max_size=5,
)
ONE_SERVER = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _answer(value: Any) -> Say:
    return Say(json.dumps(value).encode(), "application/json")


@ONE_SERVER
@given(rows=st.lists(ROW | VALUES, max_size=5))
def test_any_list_is_read(hub: Hub, hub_server: HubServer, rows: list[Any]) -> None:
    hub_server.fail_facts(_answer(rows))
    try:
        page = search(hub, SearchQuery(), cancel=threading.Event())
    except HubError:
        return  # NaN and the like are no JSON
    assert isinstance(page, SearchPage)
    for model in page.models:
        assert model.title
        assert model.title.isprintable()
        assert model.parameters >= 0


@ONE_SERVER
@given(row=ROW, siblings=SIBLINGS, counted=VALUES)
def test_any_page_is_read(
    hub: Hub, hub_server: HubServer, row: dict[str, Any], siblings: list[Any], counted: Any
) -> None:
    told = row | {"sha": "c" * 40, "siblings": siblings}
    hub_server.fail_facts(_answer(told), *[_answer({"count": counted})] * 3)
    try:
        found = look_up(hub, "owner/name", compares_template=True, cancel=threading.Event())
    except HubError:
        return
    finally:
        hub_server._facts_faults.clear()
    assert isinstance(found, RemoteModel)
    assert found.discussions >= -1
    assert sum(group.is_recommended for group in found.files) == bool(found.files)


def test_text() -> None:
    assert text("  two\n\twords ") == "two words"
    assert text("a\u202eb\x1b[31m\u200bc\ud800") == "ab[31mc"
    assert text("x" * 1000, 5) == "xxxxx"
    assert [text(value) for value in (None, 3, [], {}, b"x")] == [""] * 5
    assert texts(["a", "", "a", 3, "b"]) == ("a", "b")
    assert texts("de") == ("de",)
    assert texts({"a": "b"}) == ()


def test_numbers() -> None:
    assert [count(value) for value in (5, 5.9, 0, -1, True, "5", None, 2**70, 1e300)] == [
        *(5, 5, 0, 0, 0, 0, 0, 0, 0)
    ]
    assert count(float("nan")) == 0
    assert count(float("inf")) == 0


def test_moments() -> None:
    assert moment("2026-03-01T10:00:00.000Z") == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert moment("2026-03-01T10:00:00+02:00") == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert moment("2026-03-01") == datetime(2026, 3, 1, tzinfo=UTC)
    for value in ("soon", "", None, 3, [], "9999-12-31T23:59:59-23:59", "2026-13-01"):
        assert moment(value) is None


def test_structures() -> None:
    assert decoded(b'{"a": 1}') == {"a": 1}
    for content in (b"", b"{", b"\xff", b"[" * 10_000, b"NaN"):
        assert decoded(content) is None
    assert fields([1]) == {}
    assert items({"a": 1}) == []
    assert items([1, 2, 3], 2) == [1, 2]


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("line\nline\ttab", "line\nline\ttab"),
        ("bell\x07 escape\x1b[2J", "bell escape[2J"),
        ("\u202eturned\u202c", "turned"),
        ("שלום\u200f", "שלום\u200f"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # noqa: RUF001
    ],
)
def test_plain(told: str, shown: str) -> None:
    assert plain(told) == shown
