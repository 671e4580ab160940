"""Searching the hub: what is asked, what comes back, and what a hostile hub can do."""

import gzip
import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.errors import HubError, HubFault, NetworkClosed
from assistant.models.finding.architectures import Runnable
from assistant.models.finding.risks import Risk
from assistant.models.finding.search import FoundModel, SearchPage, SearchQuery, SortBy, search
from assistant.models.hub.client import Hub
from assistant.models.hub.connections import ConnectionLog
from tests.models.hub_server import Busy, Cut, HubServer, Redirect, Refuse, Say, Stall

NEVER = threading.Event()


def _add(server: HubServer, repo: str, **facts: Any) -> None:
    server.add(repo, "model-Q4_K_M.gguf", b"GGUF" + repo.encode())
    server.describe(repo, **facts)


@pytest.fixture
def library(hub_server: HubServer) -> HubServer:
    """A hub with a handful of models, and things that are none."""
    chat = {"pipeline": "text-generation"}
    _add(
        hub_server,
        "unsloth/Qwen3-4B-Instruct-GGUF",
        downloads=900,
        likes=5,
        trending=1,
        updated="2026-03-01T10:00:00.000Z",
        created="2026-01-05T10:00:00.000Z",
        languages=("en", "de"),
        base_models=("Qwen/Qwen3-4B-Instruct",),
        gguf={
            "total": 4_022_468_096,
            "architecture": "qwen3",
            "context_length": 262144,
            "chat_template": "{{ messages }}",
            "totalFileSize": 8_000_000_000,
        },
        **chat,
    )
    _add(
        hub_server,
        "bartowski/Meta-Llama-3.1-8B-GGUF",
        downloads=800,
        likes=50,
        trending=3,
        licence="llama3.1",
        gated="manual",
        updated="2026-02-01T10:00:00.000Z",
        created="2025-01-05T10:00:00.000Z",
        base_models=("meta-llama/Llama-3.1-8B",),
        gguf={"total": 8_030_000_000, "architecture": "llama", "context_length": 131072},
        **chat,
    )
    _add(
        hub_server,
        "somebody/Mystery-13B-GGUF",
        downloads=700,
        likes=7,
        trending=2,
        licence="",
        updated="2026-01-01T10:00:00.000Z",
        created="2026-02-05T10:00:00.000Z",
    )
    hub_server.add("Qwen/Qwen3-4B", "model.safetensors", b"no gguf")
    return hub_server


def _names(page: SearchPage | None) -> list[str]:
    assert page is not None
    return [model.repo.partition("/")[0] for model in page.models]


def _search(hub: Hub, **query: Any) -> list[str]:
    return _names(search(hub, SearchQuery(**query), cancel=NEVER))


def test_what_a_row_tells(hub: Hub, library: HubServer) -> None:
    page = search(hub, SearchQuery(words="qwen3"), cancel=NEVER)
    assert page is not None
    assert page.next_page == ""
    assert page.models == (
        FoundModel(
            repo="unsloth/Qwen3-4B-Instruct-GGUF",
            author="unsloth",
            title="Qwen3 4B Instruct",
            downloads=900,
            likes=5,
            updated_at=datetime(2026, 3, 1, 10, tzinfo=UTC),
            created_at=datetime(2026, 1, 5, 10, tzinfo=UTC),
            licence="apache-2.0",
            parameters=4_022_468_096,
            architecture="qwen3",
            context_tokens=262144,
            languages=("en", "de"),
            base_models=("Qwen/Qwen3-4B-Instruct",),
            size_bytes=2_493_930_220,
            tags=page.models[0].tags,
            warnings=(),
        ),
    )


def test_words_are_all_in_the_name_and_only_gguf_is_found(hub: Hub, library: HubServer) -> None:
    assert _search(hub) == ["unsloth", "bartowski", "somebody"]
    assert _search(hub, words="  META   8b ") == ["bartowski"]
    assert _search(hub, words="nothing") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"author": "somebody"}, ["somebody"]),
        ({"licence": "llama3.1"}, ["bartowski"]),
        ({"language": "de"}, ["unsloth"]),
        ({"language": "DE", "licence": "mit"}, []),
        ({"is_gated": True}, ["bartowski"]),
        ({"is_gated": False}, ["unsloth", "somebody"]),
        ({"task": "text-generation"}, ["unsloth", "bartowski"]),
        ({"max_parameters": 5 * 10**9}, ["unsloth"]),
        ({"min_parameters": 5 * 10**9}, ["bartowski"]),
        ({"min_parameters": 1_500_000_000, "max_parameters": 9 * 10**9}, ["unsloth", "bartowski"]),
        ({"sort": SortBy.LIKES}, ["bartowski", "somebody", "unsloth"]),
        ({"sort": SortBy.TRENDING}, ["bartowski", "somebody", "unsloth"]),
        ({"sort": SortBy.UPDATED}, ["unsloth", "bartowski", "somebody"]),
        ({"sort": SortBy.CREATED}, ["somebody", "unsloth", "bartowski"]),
    ],
)
def test_filters_and_order(
    hub: Hub, library: HubServer, query: dict[str, Any], found: list[str]
) -> None:
    assert _search(hub, **query) == found


def test_words_of_any_kind_can_be_asked_for(hub: Hub, library: HubServer) -> None:
    odd = "x\udcff\x00\n\u202e ?&#=%/ ü漢" * 50
    assert _search(hub, words=odd, author=odd, licence=odd, language=odd, task=odd) == []
    (asked,) = library.asked
    assert len(asked.path) < 20_000
    assert "%00" not in asked.path


def test_reasons_to_look_twice_stand_in_the_list(hub: Hub, library: HubServer) -> None:
    page = search(hub, SearchQuery(), cancel=NEVER)
    assert page is not None
    warned = {model.author: [one.risk for one in model.warnings] for model in page.models}
    assert warned["unsloth"] == []
    assert warned["bartowski"] == [Risk.NO_TEMPLATE]
    assert warned["somebody"] == [Risk.NO_LICENCE, Risk.UNKNOWN_PUBLISHER, Risk.UNKNOWN_ORIGIN]
    assert page.models[2].parameters == 13 * 10**9  # by its name


def test_models_that_cannot_run_are_named(hub: Hub, hub_server: HubServer) -> None:
    _add(hub_server, "city96/Flux-GGUF", gguf={"total": 12 * 10**9, "architecture": "flux"})
    page = search(hub, SearchQuery(), cancel=NEVER)
    assert page is not None
    assert page.models[0].runs is Runnable.UNSUPPORTED_ARCHITECTURE


def test_pages_follow_the_hubs_own_link(hub: Hub, hub_server: HubServer) -> None:
    for number in range(45):
        _add(hub_server, f"owner/model-{number:02}", downloads=1000 - number)
    query = SearchQuery(words="model", page_size=20)
    pages, cursor = [], ""
    while True:
        page = search(hub, query, cursor, cancel=NEVER)
        assert page is not None
        pages.append(page)
        cursor = page.next_page
        if not cursor:
            break
    assert [len(page.models) for page in pages] == [20, 20, 5]
    found = [model.repo for page in pages for model in page.models]
    assert found == [f"owner/model-{number:02}" for number in range(45)]
    assert len(hub_server.asked) == 3


def test_a_page_is_one_request_that_tells_no_more_than_it_must(
    hub: Hub, library: HubServer, log: ConnectionLog
) -> None:
    search(hub, SearchQuery(words="qwen", licence="mit"), cancel=NEVER)
    (asked,) = library.asked
    assert set(asked.headers) <= {
        *("host", "accept", "accept-encoding", "connection", "user-agent")
    }
    assert asked.headers["user-agent"] == "alcove"
    assert [(c.host, c.reason) for c in log.all()] == [("127.0.0.1", "model search")]
    assert log.current() == []


def test_the_links_of_another_host_are_not_followed(hub: Hub, hub_server: HubServer) -> None:
    rows = json.dumps([{"id": "a/b"}]).encode()
    elsewhere = "https://hub.example/api/models?cursor=x"
    hub_server.fail_facts(Say(rows, "application/json", link=f'<{elsewhere}>; rel="next"'))
    page = search(hub, SearchQuery(), cancel=NEVER)
    assert page is not None
    assert page.next_page == "/api/models?cursor=x"


@pytest.mark.parametrize(
    "link",
    [
        "file:///etc/passwd",
        "http://[",
        "/elsewhere?cursor=1",
        "https://hub.example/" + "x" * 10_000,
        "//hub.example",
        "",
    ],
)
def test_links_that_lead_nowhere_end_the_list(hub: Hub, hub_server: HubServer, link: str) -> None:
    hub_server.fail_facts(Say(b"[]", "application/json", link=f'<{link}>; rel="next"'))
    page = search(hub, SearchQuery(), cancel=NEVER)
    assert page == SearchPage(models=(), next_page="")


def test_a_link_that_leads_in_a_circle_ends_the_list(hub: Hub, hub_server: HubServer) -> None:
    link = f'<{hub_server.endpoint}/api/models?cursor=1>; rel="next"'
    hub_server.fail_facts(*[Say(b"[]", "application/json", link=link)] * 2)
    first = search(hub, SearchQuery(), cancel=NEVER)
    assert first is not None
    second = search(hub, SearchQuery(), first.next_page, cancel=NEVER)
    assert second == SearchPage(models=(), next_page="")


@pytest.mark.parametrize(
    "page", ["https://hub.example/api/models?x", "/owner/name", "/api/x?", "/api/models?\udcff"]
)
def test_a_page_that_no_hub_gave_is_not_asked_for(
    hub: Hub, hub_server: HubServer, page: str
) -> None:
    with pytest.raises(HubError):
        search(hub, SearchQuery(), page, cancel=NEVER)
    assert hub_server.asked == []


def _fault(hub: Hub) -> HubError:
    with pytest.raises(HubError) as caught:
        search(hub, SearchQuery(words="x"), cancel=NEVER)
    assert caught.value.host == "127.0.0.1"
    return caught.value


def test_a_busy_hub_says_when_to_come_back(hub: Hub, hub_server: HubServer) -> None:
    hub_server.fail_facts(
        Busy(429, "7"),
        Busy(429, rate_limit='"api";r=0;t=55'),
        Busy(503),
        Busy(429, "soon", 'nonsense";r'),
    )
    errors = [_fault(hub) for _ in range(4)]
    assert [error.fault for error in errors] == [HubFault.BUSY] * 4
    assert [error.wait_s for error in errors] == [7.0, 55.0, 0.0, 0.0]
    assert len(hub_server.asked) == 4  # asked once each: who waits decides


def test_why_there_is_no_answer(hub: Hub, hub_server: HubServer, log: ConnectionLog) -> None:
    hub_server.fail_facts(
        Refuse(400), Refuse(404), Refuse(500), Cut(), Redirect("http://hub.example/")
    )
    assert _fault(hub).fault is HubFault.REFUSED
    assert _fault(hub).fault is HubFault.NOT_A_HUB
    assert _fault(hub).fault is HubFault.REFUSED
    assert _fault(hub).fault is HubFault.CUT
    assert _fault(hub).fault is HubFault.INSECURE
    with HubServer() as server:
        gone = Hub(server.endpoint, log)
    assert _fault(gone).fault is HubFault.OFFLINE
    assert log.current() == []


def test_a_token_that_the_hub_does_not_know(hub_server: HubServer, log: ConnectionLog) -> None:
    hub = Hub(hub_server.endpoint, log, token="hf_old")
    hub_server.fail_facts(Refuse(401, message="Invalid credentials in Authorization header"))
    assert _fault(hub).fault is HubFault.WRONG_TOKEN


def test_closed_means_closed(hub_server: HubServer, log: ConnectionLog) -> None:
    hub = Hub(hub_server.endpoint, log, is_closed=True)
    with pytest.raises(NetworkClosed):
        search(hub, SearchQuery(), cancel=NEVER)
    assert hub_server.asked == []
    assert log.all() == []


def test_a_stop_ends_a_search_at_once(hub_server: HubServer, log: ConnectionLog) -> None:
    hub = Hub(hub_server.endpoint, log)
    hub_server.fail_facts(Stall())
    cancel = threading.Event()
    timer = threading.Timer(0.2, cancel.set)
    timer.start()
    began = time.monotonic()
    assert search(hub, SearchQuery(), cancel=cancel) is None
    assert time.monotonic() - began < 5
    timer.join()


@pytest.mark.parametrize(
    "answer",
    [b"<html>Log in to this network", b"{}", b"null", b"", b"[" * 100_000, b"\xff\xfe", b"3"],
)
def test_an_answer_that_is_no_hubs(hub: Hub, hub_server: HubServer, answer: bytes) -> None:
    hub_server.fail_facts(Say(answer))
    assert _fault(hub).fault is HubFault.NOT_A_HUB


def test_an_endless_answer_is_not_read(hub: Hub, hub_server: HubServer) -> None:
    hub_server.fail_facts(Say(b" " * 20_000_000))
    assert _fault(hub).fault is HubFault.NOT_A_HUB


def test_an_answer_that_unpacks_to_much_is_not_unpacked(hub: Hub, hub_server: HubServer) -> None:
    bomb = gzip.compress(b" " * 200_000_000, 9)
    assert len(bomb) < 300_000
    hub_server.fail_facts(Say(bomb, "application/json", "gzip"))
    assert _fault(hub).fault is HubFault.NOT_A_HUB
    hub_server.fail_facts(Say(gzip.compress(bomb), "application/json", "gzip, gzip"))
    assert _fault(hub).fault is HubFault.NOT_A_HUB
    hub_server.fail_facts(Say(b"not packed at all", "application/json", "gzip"))
    assert _fault(hub).fault in {HubFault.REFUSED, HubFault.NOT_A_HUB}


HOSTILE: list[Any] = [
    None,
    3,
    [],
    {},
    {"id": 7},
    {"id": "no-owner"},
    {"id": "../../etc/passwd"},
    {"id": "a/b/c"},
    {"id": "a/<b>"},
    {"id": "\u202eevil/name"},
    {"id": "a" * 5000 + "/b"},
]


def test_rows_that_are_none_are_passed_over(hub: Hub, hub_server: HubServer) -> None:
    rows = [*HOSTILE, {"id": "owner/fine"}]
    hub_server.fail_facts(Say(json.dumps(rows).encode(), "application/json"))
    page = search(hub, SearchQuery(), cancel=NEVER)
    assert page is not None
    assert [model.repo for model in page.models] == ["owner/fine"]


def test_values_of_other_types_count_as_not_said(hub: Hub, hub_server: HubServer) -> None:
    row = {
        "id": "owner/name-7B",
        "downloads": "many",
        "likes": -3,
        "lastModified": "yesterday",
        "createdAt": 5,
        "gated": "auto",
        "tags": ["gguf", 4, None, {"a": 1}, "license:\u202emit\x00", "de", "x" * 10_000],
        "gguf": {"total": 1e300, "architecture": ["a"], "context_length": 2**80},
        "pipeline_tag": {},
    }
    hub_server.fail_facts(Say(json.dumps([row]).encode(), "application/json"))
    page = search(hub, SearchQuery(), cancel=NEVER)
    assert page is not None
    (model,) = page.models
    assert (model.downloads, model.likes, model.updated_at, model.created_at) == (0, 0, None, None)
    assert (model.licence, model.languages, model.is_gated) == ("mit", ("de",), True)
    assert (model.parameters, model.architecture, model.context_tokens) == (7 * 10**9, "", 0)
    assert max(len(tag) for tag in model.tags) <= 300


def test_mirrors_that_ignore_a_filter_are_seen_through(hub: Hub, hub_server: HubServer) -> None:
    rows = [
        {"id": f"owner/m-{size}", "gguf": {"total": size}} for size in (10**9, 9 * 10**9, 10**11)
    ]
    query = SearchQuery(min_parameters=2 * 10**9, max_parameters=10 * 10**9)
    hub_server.fail_facts(Say(json.dumps(rows).encode(), "application/json"))
    page = search(hub, query, cancel=NEVER)
    assert page is not None
    assert [model.parameters for model in page.models] == [9 * 10**9]
    hub_server.fail_facts(Say(json.dumps(rows).encode(), "application/json"))
    page = search(hub, replace(query, max_parameters=0), cancel=NEVER)
    assert page is not None
    assert len(page.models) == 2


def test_no_more_rows_than_were_asked_for_are_taken(hub: Hub, hub_server: HubServer) -> None:
    rows = [{"id": f"owner/m{number}"} for number in range(5000)]
    hub_server.fail_facts(Say(json.dumps(rows).encode(), "application/json"))
    page = search(hub, SearchQuery(page_size=20), cancel=NEVER)
    assert page is not None
    assert len(page.models) == 100
