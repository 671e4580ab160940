"""`alcove models download` and `verify`: stopped, gone on with, closed, mended."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.settings import SettingsFile
from tests.models.hub_server import HubServer
from tests.models.tiny_gguf import tiny_gguf

REPO = "someone/small-GGUF"
CONTENT = tiny_gguf(5_000_000, licence="mit")
MIB = 1024 * 1024


@pytest.fixture
def model_file(own_home: Path) -> Path:
    return own_home / "models" / "small-Q4_K_M.gguf"


@pytest.fixture
def fetch(hub_server: HubServer) -> list[str]:
    hub_server.add(REPO, "small-Q8_0.gguf", tiny_gguf(9_000_000, seed=2), licence="mit")
    hub_server.add(REPO, "small-Q4_K_M.gguf", CONTENT, licence="mit")
    return ["models", "download", REPO, "--endpoint", hub_server.endpoint, "--format", "json"]


def test_the_recommended_file_is_taken_if_none_is_named(alcove, fetch, model_file: Path) -> None:
    done = alcove(*fetch)
    assert done.returncode == 0, done.stderr
    assert "Q4_K_M, licence mit" in done.stderr
    facts = json.loads(done.stdout)
    assert list(facts)[-2:] == ["resumed_bytes", "fetched_bytes"]
    assert {"name", "path", "size_bytes", "sha256", "repo", "revision"} <= set(facts)
    assert (facts["path"], facts["fetched_bytes"]) == (str(model_file), len(CONTENT))
    assert model_file.read_bytes() == CONTENT


def test_a_format_is_chosen_by_its_name(alcove, fetch, own_home: Path) -> None:
    assert alcove(*fetch, "--quant", "q8_0").returncode == 0
    assert (own_home / "models" / "small-Q8_0.gguf").exists()
    done = alcove(*fetch, "--quant", "Q5_K_M")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Q4_K_M, Q8_0" in done.stderr
    assert alcove(*fetch, "--quant", "Q8_0", "--file", "a.gguf").returncode == 2


def test_a_stopped_download_goes_on_with_the_same_command(
    alcove, fetch, hub_server: HubServer, model_file: Path
) -> None:
    hub_server.bytes_per_s = 4_000_000
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", *fetch], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    part = model_file.with_name(f"{model_file.name}.part")
    deadline = time.monotonic() + 60
    while not part.exists() or part.stat().st_size < MIB:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert b"goes on from there" in err
    here = part.stat().st_size
    hub_server.bytes_per_s = 0
    facts = json.loads(alcove(*fetch).stdout)
    assert facts["resumed_bytes"] == here
    assert facts["fetched_bytes"] == len(CONTENT) - here


def test_never_connect_closes_the_terminal_too(
    alcove, fetch, hub_server: HubServer, own_home: Path
) -> None:
    SettingsFile(own_home / "data" / "settings.json").change(never_connects=True)
    for command in (fetch, [*fetch, "--file", "small-Q4_K_M.gguf"]):
        done = alcove(*command)
        assert (done.returncode, done.stdout) == (1, "")
        assert '"Never connect" is on' in done.stderr
        assert "Connecting" not in done.stderr
    assert hub_server.asked == []
    assert not (own_home / "data" / "connections.jsonl").exists()


def test_a_gated_model_names_the_steps_and_comes_with_a_token(
    alcove, hub_server: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub_server.add("someone/gated", "g.gguf", CONTENT, gated="manual")
    fetch = ["models", "download", "someone/gated", "--file", "g.gguf"]
    fetch += ["--endpoint", hub_server.endpoint]
    done = alcove(*fetch)
    assert done.returncode == 1
    for word in ("accept", "access token", "Settings", "ALCOVE_HUB_TOKEN"):
        assert word in done.stderr
    assert hub_server.content_requests == []
    monkeypatch.setenv("ALCOVE_HUB_TOKEN", "hf_secretword")
    done = alcove(*fetch)
    assert done.returncode == 0, done.stderr
    assert hub_server.asked[-1].headers["authorization"] == "Bearer hf_secretword"
    assert "secretword" not in done.stdout + done.stderr


def test_verify_finds_damage_and_repair_fetches_only_that(
    alcove, fetch, hub_server: HubServer, model_file: Path
) -> None:
    alcove(*fetch)
    verify = ["models", "verify", "small-Q4_K_M"]
    sound = json.loads(alcove(*verify, "--format", "json").stdout)
    assert sound["is_sound"]
    assert sound["is_known"]
    assert "is sound" in alcove(*verify).stdout
    content = bytearray(CONTENT)
    content[0] ^= 1  # of the header, too
    content[3_000_000] ^= 1
    model_file.write_bytes(content)
    before = len(hub_server.asked)
    done = alcove(*verify)
    assert (done.returncode, done.stdout) == (1, "")
    assert "2 MB of 5 MB in 2 place" in done.stderr
    assert "--repair" in done.stderr
    assert len(hub_server.asked) == before
    done = alcove(*verify, "--repair", "--format", "json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["is_sound"]
    assert facts["is_repaired"]
    assert facts["fetched_bytes"] == 2 * MIB
    assert model_file.read_bytes() == CONTENT
    assert [one.headers["range"] for one in hub_server.asked[before:]] == [
        f"bytes=0-{MIB - 1}",
        f"bytes={2 * MIB}-{3 * MIB - 1}",
    ]


def test_a_model_of_unknown_origin_is_summed_and_not_repaired(alcove, own_home: Path) -> None:
    folder = own_home / "models"
    folder.mkdir()
    (folder / "own.gguf").write_bytes(CONTENT)
    assert "Nothing was recorded" in alcove("models", "verify", "own").stdout
    assert "Nothing was recorded" not in alcove("models", "verify", "own").stdout
    content = bytearray(CONTENT)
    content[-1] ^= 1
    (folder / "own.gguf").write_bytes(content)
    done = alcove("models", "verify", "own")
    assert done.returncode == 1
    assert "by hand" in done.stderr
    done = alcove("models", "verify", "own", "--repair")
    assert done.returncode == 1
    assert "fetch it again by hand" in done.stderr
    assert "Connecting" not in done.stderr
