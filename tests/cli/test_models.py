"""`alcove models`: what is installed; downloading is tested in tests/models and here end to end."""

import json

from tests.models.hub_server import Cut, HubServer


def test_list_names_the_starter_with_its_facts(alcove) -> None:
    done = alcove("models")
    assert done.returncode == 0
    assert "SmolLM2-135M-Instruct.Q4_1" in done.stdout
    (model,) = json.loads(alcove("models", "list", "--format", "json").stdout)
    assert model["quantization"] == "Q4_1"
    assert model["context_tokens"] == 8192
    assert model["size_bytes"] == 98_362_432
    assert 130_000_000 < model["parameters"] < 140_000_000
    assert model["has_chat_template"]


def test_a_file_that_is_no_model_is_named(alcove, own_home) -> None:
    folder = own_home / "models"
    folder.mkdir()
    (folder / "broken.gguf").write_bytes(b"GGUF" + b"\0" * 100)
    done = alcove("models")
    assert done.returncode == 0
    assert "broken.gguf" in done.stderr
    assert "broken" not in done.stdout


def test_downloads_a_model_that_then_works(alcove, hub_server, starter_model, own_home) -> None:
    content = starter_model.read_bytes()
    hub_server.add("someone/small-GGUF", "small.gguf", content)
    fetch = ["models", "download", "someone/small-GGUF", "--file", "small.gguf"]
    fetch += ["--endpoint", hub_server.endpoint, "--format", "json"]
    hub_server.fail(Cut(50_000_000))
    done = alcove(*fetch)
    assert done.returncode == 0, done.stderr
    assert "address" in done.stderr
    facts = json.loads(done.stdout)
    assert facts["size_bytes"] == len(content)
    assert facts["repo"] == "someone/small-GGUF"
    assert facts["resumed_bytes"] + facts["fetched_bytes"] == len(content)
    assert (own_home / "models" / "small.gguf").read_bytes() == content
    assert alcove("chat", "--model", "small", "-p", "Hello").returncode == 0
    assert "127.0.0.1" in alcove("doctor").stdout


def test_what_the_hub_does_not_have_is_one_line(alcove, hub_server) -> None:
    endpoint = hub_server.endpoint
    fetch = ["models", "download", "no/such", "--file", "x.gguf", "--endpoint", endpoint]
    done = alcove(*fetch)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no/such" in done.stderr
    assert "Traceback" not in done.stderr


def test_nobody_listens_at_the_mirror(alcove) -> None:
    with HubServer() as gone:
        endpoint = gone.endpoint
    done = alcove("models", "download", "a/b", "--file", "x.gguf", "--endpoint", endpoint)
    assert (done.returncode, done.stdout) == (1, "")
    assert "could not be reached" in done.stderr
