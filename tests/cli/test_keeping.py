"""`alcove models` where models are kept: use, remove, import, move, details, templates, updates."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT
from tests.models.tiny_gguf import tiny_gguf

STARTER = "SmolLM2-135M-Instruct.Q4_1"
REPO = "someone/small-GGUF"


@pytest.fixture
def models(own_home) -> Path:
    folder = own_home / "models"
    folder.mkdir()
    (folder / "one.gguf").write_bytes(tiny_gguf(10_000, seed=1))
    (folder / "two.gguf").write_bytes(tiny_gguf(20_000, seed=2))
    return folder


def told(alcove, *arguments: object):
    done = alcove("models", *arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_each_task_may_have_a_model(alcove, models) -> None:
    assert told(alcove, "use", "one")["task"] == "chat"
    assert told(alcove, "use", "two", "--for", "summaries")["name"] == "two"
    used = {model["name"]: model["used_for"] for model in told(alcove, "list")}
    assert used == {"one": ["chat"], "two": ["summaries"], STARTER: []}
    assert alcove("models", "use", "--for", "summaries").stdout == "summaries: one\n"
    refused = alcove("models", "use", "one", "--for", "embeddings")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "embeddings" in refused.stderr
    assert alcove("models", "use", "nowhere").returncode == 1


def test_the_chosen_model_is_the_one_that_summarises(alcove, letter, own_home) -> None:
    assert alcove("models", "use", STARTER, "--for", "summaries").returncode == 0
    done = alcove("summarize", letter, "--mode", "quick", "--format", "json")
    assert json.loads(done.stdout)["model"]["name"] == STARTER


def test_a_title_a_note_and_settings_are_kept(alcove, models) -> None:
    assert told(alcove, "rename", "one", "My \x1b[31mfavourite")["title"] == "My [31mfavourite"
    assert told(alcove, "note", "my [31mfavourite", "is slow")["note"] == "is slow"
    changed = told(alcove, "settings", "one", "--context", 2048, "--kv", "q8_0", "--threads", 1)
    assert changed["settings"] == {
        "context_tokens": 2048,
        "kv_type": "q8_0",
        "gpu_layers": None,
        "threads": 1,
        "flash_attention": None,
    }
    chosen = {one["setting"]: one["value"] for one in changed["choices"] if one["is_chosen"]}
    assert (chosen["context_tokens"], chosen["threads"]) == (2048, 1)
    assert all(one["memory_bytes"] > 0 for one in changed["choices"])
    assert "* --context 2048" in alcove("models", "settings", "one").stdout
    details = told(alcove, "details", "one")
    assert (details["title"], details["note"]) == ("My [31mfavourite", "is slow")
    assert details["frees_bytes"] == (models / "one.gguf").stat().st_size
    assert "My [31mfavourite" in alcove("models").stdout
    assert told(alcove, "settings", "one", "--reset")["settings"]["kv_type"] == ""
    assert told(alcove, "rename", "one", "")["title"] == ""
    assert (models / "one.gguf").exists()
    assert alcove("models", "settings", "one", "--kv", "q2").returncode == 2
    assert alcove("models", "settings", "one", "--context", "-1").returncode == 2


def test_own_settings_are_loaded_with(alcove, own_home) -> None:
    told(alcove, "settings", STARTER, "--context", 1024)
    done = alcove("chat", "--model", STARTER, "-p", "word " * 3000)
    assert done.returncode == 1
    assert "1024" in done.stderr.replace(",", "")


def test_removing_tells_what_it_frees(alcove, models) -> None:
    size = (models / "one.gguf").stat().st_size
    removed = told(alcove, "remove", "one")
    assert (removed["is_deleted"], removed["freed_bytes"]) == (True, size)
    assert not (models / "one.gguf").exists()
    refused = alcove("models", "remove", STARTER)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert alcove("models", "remove", "one").returncode == 1
    (models / "cut.gguf").write_bytes(tiny_gguf(5000)[:700])  # listed as one that cannot be used
    assert told(alcove, "remove", "cut") == {
        "name": "cut",
        "path": str(models / "cut.gguf"),
        "is_deleted": True,
        "freed_bytes": 700,
    }
    assert not (models / "cut.gguf").exists()


def test_files_and_folders_are_imported_or_used_in_place(alcove, models, tmp_path) -> None:
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(tiny_gguf(300, seed=3))
    [copied] = told(alcove, "import", mine)
    assert (models / "mine.gguf").read_bytes() == mine.read_bytes()
    assert copied["is_ours"]
    theirs = tmp_path / "theirs.gguf"
    theirs.write_bytes(tiny_gguf(400, seed=4))
    [used] = told(alcove, "import", theirs, "--in-place")
    assert (used["path"], used["is_ours"]) == (str(theirs), False)
    assert not (models / "theirs.gguf").exists()
    removed = alcove("models", "remove", "theirs")
    assert "stays" in removed.stdout
    assert theirs.exists()
    (tmp_path / "rubbish.gguf").write_bytes(b"rubbish")
    for extra in ([], ["--in-place"]):
        assert alcove("models", "import", tmp_path / "rubbish.gguf", *extra).returncode == 1
    assert alcove("models", "import").returncode == 2
    assert alcove("models", "import", mine, "--from-apps").returncode == 2


def test_what_other_apps_have_is_used_where_it_is(alcove, models, tmp_path) -> None:
    home = tmp_path / "home"
    theirs = home / ".lmstudio" / "models" / "pub" / "repo" / "theirs-Q4.gguf"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(tiny_gguf(500, seed=5))
    (theirs.parent / "damaged.gguf").write_bytes(b"GGUF rubbish")
    environment = {**os.environ, "HOME": str(home), "ALCOVE_HOME": str(models.parent)}
    for name in ("OLLAMA_MODELS", "HF_HOME", "LLAMA_CACHE", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        environment.pop(name, None)

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return alcove("models", *arguments, "--format", "json", env=environment)

    listed = json.loads(run("import", "--only-list").stdout)
    assert {"name": "theirs-Q4", "app": "LM Studio"}.items() <= next(
        one for one in listed if one["path"] == str(theirs)
    ).items()
    done = run("import", "--from-apps")
    added = [one for one in json.loads(done.stdout) if one["path"] == str(theirs)]
    assert [(one["name"], one["origin"]) for one in added] == [("theirs-Q4", "LM Studio")]
    assert "damaged.gguf" in done.stderr
    assert json.loads(run("import", "--from-apps").stdout) == []
    assert {one["name"] for one in json.loads(run("list").stdout)} >= {"theirs-Q4", "one"}
    removed = json.loads(run("remove", "theirs-Q4").stdout)
    assert (removed["is_deleted"], removed["freed_bytes"]) == (False, 0)
    assert theirs.exists()


def test_a_blob_of_ollama_talks_where_it_is(alcove, models, tmp_path, starter_model) -> None:
    """Its name is a digest without a suffix; llama.cpp loads it all the same."""
    digest = json.loads((starter_model.parent / "starter.json").read_bytes())["sha256"]
    store = tmp_path / "ollama"
    manifest = store / "manifests" / "registry.ollama.ai" / "library" / "smollm2" / "135m"
    for folder in (manifest.parent, store / "blobs"):
        folder.mkdir(parents=True)
    (store / "blobs" / f"sha256-{digest}").write_bytes(starter_model.read_bytes())
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"}
    manifest.write_text(json.dumps({"layers": [layer]}))
    environment = {**os.environ, "OLLAMA_MODELS": str(store), "HOME": str(tmp_path)}
    done = alcove("models", "import", "--from-apps", env=environment)
    assert "smollm2:135m" in done.stdout
    told(alcove, "use", "smollm2:135m")
    assert alcove("chat", "-p", "Say hello.").stdout.strip()


def test_the_folder_moves_and_further_ones_are_read(alcove, models, tmp_path, small_disk) -> None:
    disk = small_disk("300m") / "models"
    assert told(alcove, "move", disk) == {"folder": str(disk)}
    assert sorted(path.name for path in disk.iterdir()) == ["one.gguf", "two.gguf"]
    assert not models.exists()
    assert {one["path"] for one in told(alcove, "list")} >= {str(disk / "one.gguf")}
    refused = alcove("models", "move", disk)
    assert (refused.returncode, "already" in refused.stderr) == (1, True)
    assert alcove("models", "move", disk / "below").returncode == 1
    more = tmp_path / "more"
    more.mkdir()
    (more / "three.gguf").write_bytes(tiny_gguf(300, seed=6))
    assert told(alcove, "folders", "--add", more)["further"] == [str(more)]
    assert "three" in {one["name"] for one in told(alcove, "list")}
    kept = alcove("models", "remove", "three")
    assert (kept.returncode, str(more) in kept.stderr) == (1, True)
    assert told(alcove, "folders", "--forget", more)["further"] == []
    assert "three" not in {one["name"] for one in told(alcove, "list")}


def test_a_stopped_move_goes_on_with_the_same_command(models, own_home, small_disk) -> None:
    (models / "large.gguf").write_bytes(tiny_gguf(60_000_000, seed=9))
    disk = small_disk("400m") / "models"
    command = [sys.executable, "-m", "assistant", "models", "move", str(disk)]
    for tenths in range(3, 9):
        child = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(tenths / 10)
        child.send_signal(signal.SIGINT if tenths % 2 else signal.SIGKILL)
        child.communicate()
        assert (models / "large.gguf").exists() or (disk / "large.gguf").exists()
    last = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert last.returncode == 0 or "already" in last.stderr
    assert (disk / "large.gguf").read_bytes() == tiny_gguf(60_000_000, seed=9)
    assert not models.exists()


def test_a_template_is_seen_overridden_and_given_back(alcove, models, tmp_path) -> None:
    seen = told(alcove, "template", "one")
    assert (seen["template"], seen["is_own"]) == ("{{ messages }}", False)
    (tmp_path / "own.jinja").write_text("{{ messages[0].content }}")
    assert told(alcove, "template", "one", "--set", tmp_path / "own.jinja")["is_own"]
    assert alcove("models", "template", "one").stdout == "{{ messages[0].content }}\n"
    assert told(alcove, "details", "one")["has_own_template"]
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert alcove("models", "template", "one", "--set", tmp_path / "binary").returncode == 1
    assert alcove("models", "template", "one", "--set", tmp_path / "none").returncode == 1
    assert not told(alcove, "template", "one", "--reset")["is_own"]


def test_a_template_is_compared_with_the_base_models(alcove, hub_server, models) -> None:
    hub_server.add(REPO, "small.gguf", tiny_gguf(100))
    hub_server.describe(REPO, base_models=["base/small"], relation="quantized")
    hub_server.add("base/small", "config.json", b"{}", is_lfs=False)
    config = {"tokenizer_config": {"chat_template": "{{ messages }}\n{{ bos_token }}"}}
    hub_server.describe("base/small", config=config)
    at = ["--endpoint", hub_server.endpoint]
    assert alcove("models", "download", REPO, "--file", "small.gguf", *at).returncode == 0
    compared = told(alcove, "template", "small", "--compare", *at)
    assert (compared["base_model"], compared["is_same"]) == ("base/small", False)
    assert {"kind": "removed", "text": "{{ bos_token }}"} in compared["lines"]
    words = alcove("models", "template", "small", "--compare")  # it came from there
    assert "-{{ bos_token }}" in words.stdout
    assert "address" in words.stderr
    asked = len(hub_server.asked)
    assert "Nobody says" in alcove("models", "template", "one", "--compare", *at).stderr
    assert len(hub_server.asked) == asked


def test_updates_are_looked_for_fetched_and_taken_back(alcove, hub_server, own_home) -> None:
    hub_server.add(REPO, "small.gguf", tiny_gguf(1000, seed=1))
    at = ["--endpoint", hub_server.endpoint]
    assert alcove("models", "download", REPO, "--file", "small.gguf", *at).returncode == 0
    asked = len(hub_server.asked)
    assert alcove("models", "list").returncode == 0
    assert len(hub_server.asked) == asked
    [finding] = told(alcove, "update")  # of the hub that it came from, and of no other
    assert (finding["name"], finding["state"]) == ("small", "current")
    told(alcove, "use", "small")
    commit = hub_server.add(REPO, "small.gguf", tiny_gguf(2000, seed=2), licence="mit")
    [finding] = told(alcove, "update", "small", *at)
    assert (finding["state"], finding["revision"]) == ("relicensed", commit)
    assert (finding["license_before"], finding["license_now"]) == ("apache-2.0", "mit")
    assert "relicensed" in alcove("models").stdout
    newer = told(alcove, "update", "small", "--download", *at)
    assert (newer["replaces"], newer["used_for"]) == ("small", ["chat"])
    assert sorted(path.name for path in (own_home / "models").glob("*.gguf")) == [
        f"small-{commit[:8]}.gguf",
        "small.gguf",
    ]
    back = told(alcove, "update", newer["name"], "--back")
    assert (back["name"], back["used_for"]) == ("small", ["chat"])
    assert alcove("models", "update", "small", "--back").returncode == 1
    assert alcove("models", "update", "--download").returncode == 2
