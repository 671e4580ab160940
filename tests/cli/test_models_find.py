"""`alcove models search`, `show` and `recommend`, with a hub of our own."""

import json

import pytest

from assistant.settings import Settings
from tests.models.hub_server import Busy, HubServer

REPO = "unsloth/Qwen3-4B-GGUF"
VERDICTS = {"well", "tight", "slow", "too-large"}


@pytest.fixture
def library(hub_server: HubServer) -> HubServer:
    hub_server.add(REPO, "README.md", b"---\nlicense: mit\n---\n# A card\n" * 3, is_lfs=False)
    hub_server.announce(REPO, "Qwen3-4B-Q4_K_M.gguf", 2_500_000_000)
    hub_server.announce(REPO, "Qwen3-4B-Q8_0.gguf", 4_300_000_000)
    hub_server.describe(
        REPO,
        downloads=1234,
        base_models=("Qwen/Qwen3-4B",),
        languages=("en",),
        gguf={
            "total": 4_022_468_096,
            "architecture": "qwen3",
            "context_length": 40960,
            "chat_template": "{{ messages }}",
        },
    )
    hub_server.announce("somebody/Lama-3-8B-GGUF", "a-Q4_K_M.gguf", 5 * 10**9)
    hub_server.describe("somebody/Lama-3-8B-GGUF", licence="", gated="auto", downloads=99)
    hub_server.add("facebook/opt-125m", "pytorch_model.bin", b"weights")
    return hub_server


def _run(alcove, server: HubServer, *arguments: str):
    return alcove("models", *arguments, "--endpoint", server.endpoint)


def test_search_lists_models_with_reasons_to_look_twice(alcove, library: HubServer) -> None:
    done = _run(alcove, library, "search")
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.index(REPO), done.stdout.index("somebody/Lama-3-8B-GGUF")
    assert first < second
    assert "4.0B · about 2.5 GB · apache-2.0 · 1,234 downloads" in done.stdout
    assert "! Its name is close to meta-llama/llama" in done.stdout
    assert "asks for agreement first" in done.stdout
    assert "learns this computer's address" in done.stderr


def test_search_takes_every_filter_and_is_a_contract(alcove, library: HubServer) -> None:
    done = _run(
        *(alcove, library, "search", "qwen3", "gguf", "--sort", "likes", "--max-params", "9B"),
        *("--min-params", "500M", "--licence", "apache-2.0", "--language", "en"),
        *("--author", "unsloth", "--not-gated", "--page-size", "5", "--format", "json"),
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told) == {"endpoint", "models", "next_page"}
    assert told["next_page"] == ""
    (model,) = told["models"]
    forecast = model.pop("forecast")
    assert forecast["verdict"] in VERDICTS
    assert forecast["needed_bytes"] > 2 * 10**9
    assert model == {
        "repo": REPO,
        "title": "Qwen3 4B",
        "author": "unsloth",
        "parameters": 4_022_468_096,
        "active_parameters": None,
        "architecture": "qwen3",
        "context_tokens": 40960,
        "size_estimate_bytes": 2_493_930_220,
        "license": "apache-2.0",
        "is_gated": False,
        "languages": ["en"],
        "base_models": ["Qwen/Qwen3-4B"],
        "downloads": 1234,
        "likes": 10,
        "created": "2026-01-01T00:00:00+00:00",
        "updated": "2026-01-01T00:00:00+00:00",
        "runs": "yes",
        "warnings": [],
    }
    (asked,) = library.asked
    assert "num_parameters=min%3A500M%2Cmax%3A9B" in asked.path


def test_pages_can_be_had_one_by_one_or_all(alcove, hub_server: HubServer) -> None:
    for place in range(7):
        hub_server.announce(f"owner/m{place}-GGUF", "a-Q4_K_M.gguf", 10**9)
    search = ["search", "--format", "json"]
    first = json.loads(_run(alcove, hub_server, *search, "--page-size", "5").stdout)
    assert len(first["models"]) == 5
    rest = json.loads(_run(alcove, hub_server, *search, "--page", first["next_page"]).stdout)
    assert (len(rest["models"]), rest["next_page"]) == (2, "")
    assert len(json.loads(_run(alcove, hub_server, *search, "--all").stdout)["models"]) == 7


def test_nothing_found_is_no_error(alcove, library: HubServer) -> None:
    done = _run(alcove, library, "search", "nothing-like-it")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Fewer words" in done.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ["--max-params", "many"],
        ["--page-size", "0"],
        ["--page-size", "101"],
        ["--sort", "size"],
        ["--gated", "--not-gated"],
        ["--all", "--page", "x"],
    ],
)
def test_what_search_does_not_understand(alcove, wrong: list[str]) -> None:
    assert alcove("models", "search", *wrong).returncode == 2


def test_show_tells_terms_files_and_reasons(alcove, library: HubServer) -> None:
    done = _run(alcove, library, "show", REPO)
    assert done.returncode == 0, done.stderr
    assert "Qwen/Qwen3-4B" in done.stdout
    assert "Apache License 2.0" in done.stdout
    assert "not legal advice" in done.stdout
    assert "* Balanced      Q4_K_M  2.5 GB  Qwen3-4B-Q4_K_M.gguf" in done.stdout
    assert "# A card" not in done.stdout
    assert "# A card" in _run(alcove, library, "show", REPO, "--card").stdout


def test_show_is_a_contract(alcove, library: HubServer) -> None:
    done = _run(alcove, library, "show", REPO, "--format", "json", "--compare-template")
    told = json.loads(done.stdout)
    assert told["files"][0] == {
        "file": "Qwen3-4B-Q4_K_M.gguf",
        "quantization": "Q4_K_M",
        "grade": "balanced",
        "size_bytes": 2_500_000_000,
        "is_recommended": True,
        "parts": [
            {
                "file": "Qwen3-4B-Q4_K_M.gguf",
                "size_bytes": 2_500_000_000,
                "sha256": told["files"][0]["parts"][0]["sha256"],
            }
        ],
    }
    assert told["license_terms"]["allows_commercial"] is True
    assert told["base_template"] is None  # the hub has no such model
    assert (told["runs"], told["warnings"], told["discussions"]) == ("yes", [], 0)


def test_show_foretells_by_the_files_own_header(alcove, hub_server, starter_model) -> None:
    repo = "bartowski/SmolLM2-135M-GGUF"
    hub_server.add(repo, "small-Q4_K_M.gguf", starter_model.read_bytes())
    done = _run(alcove, hub_server, "show", repo)
    assert done.returncode == 0, done.stderr
    assert "Takes " in done.stdout
    (asked,) = hub_server.content_requests
    assert asked.headers["range"].startswith("bytes=0-")
    assert asked.sent_bytes < 10_000_000
    forecast = json.loads(_run(alcove, hub_server, "show", repo, "--format", "json").stdout)[
        "forecast"
    ]
    assert forecast["verdict"] in VERDICTS
    assert 10**8 < forecast["needed_bytes"] < 2 * 10**9


def test_a_gated_file_is_foretold_by_its_size(alcove, library: HubServer) -> None:
    library.describe(REPO, gated="manual")
    done = _run(alcove, library, "show", REPO, "--format", "json")
    told = json.loads(done.stdout)
    assert (told["gate"], told["card"]) == ("manual", None)
    assert told["forecast"]["verdict"] in VERDICTS
    assert told["forecast"]["is_estimated"]


def test_show_names_what_cannot_run(alcove, library: HubServer) -> None:
    library.describe(REPO, base_models=("facebook/opt-125m",))
    done = _run(alcove, library, "show", "facebook/opt-125m")
    assert done.returncode == 0
    assert "It has no GGUF file, so llama.cpp cannot run it. It holds PyTorch." in done.stdout
    assert f"GGUF files made from it:\n  {REPO}" in done.stdout


def test_why_there_is_no_answer_is_one_line(alcove, library: HubServer) -> None:
    done = _run(alcove, library, "show", "no/such")
    assert (done.returncode, done.stdout) == (1, "")
    assert "127.0.0.1 has no repository no/such" in done.stderr
    library.fail_facts(Busy(429, "44"))
    done = _run(alcove, library, "search", "x")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Try again in 44 s." in done.stderr


def test_never_connect_holds_in_the_terminal(alcove, library: HubServer, own_home) -> None:
    (own_home / "data").mkdir(parents=True, exist_ok=True)
    settings = own_home / "data" / "settings.json"
    settings.write_text('{"never_connects": true}', encoding="utf-8")
    assert Settings(never_connects=True).never_connects
    for arguments in (("search", "x"), ("show", REPO)):
        done = _run(alcove, library, *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert "Never connect" in done.stderr
    assert library.asked == []


def test_recommend_gives_reasons_and_asks_nobody(alcove) -> None:
    done = alcove("models", "recommend")
    assert done.returncode == 0, done.stderr
    assert "chat and summaries" in done.stdout.lower()
    assert "Why: " in done.stdout
    told = json.loads(alcove("models", "recommend", "--format", "json").stdout)
    assert [one["use"] for one in told["recommendations"]] == [
        *("chat and summaries", "many languages", "Arabic", "code", "embeddings")
    ]
    for one in told["recommendations"]:
        assert one["reasons"]
        assert one["parameters"] > 10**8
        assert one["forecast"]["verdict"] in VERDICTS
    code = json.loads(alcove("models", "recommend", "--use", "code", "--format", "json").stdout)
    assert [one["id"] for one in code["recommendations"]] == ["qwen2.5-coder-1.5b-instruct"]
