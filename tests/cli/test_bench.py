"""`alcove bench`: figures of this machine, as text, JSON and a picture; Ctrl+C."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema

from tests.engine.tiny_models import tiny_llama

ROOT = Path(__file__).resolve().parents[2]


def test_json_has_every_figure(alcove, starter_model, tmp_path) -> None:
    picture = tmp_path / "figures.svg"
    done = alcove(
        "bench", "--quick", "--model", starter_model, "--format", "json", "--output", picture
    )
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    jsonschema.validate(facts, json.loads((ROOT / "docs" / "bench.schema.json").read_text()))
    assert facts["model"]["quantization"] == "Q4_1"
    assert all(x["tokens"] >= n for x, n in zip(facts["prompts"], (32, 128), strict=True))
    assert [x["requests"] for x in facts["together"]] == [1, 2]
    assert [x["is_automatic"] for x in facts["threads"]].count(True) == 1
    speeds = [x["tokens_per_s"] for x in (*facts["prompts"], *facts["generation"])]
    assert all(0 < speed < 100_000 for speed in speeds)
    assert facts["follow_up"]["known_tokens"] > facts["follow_up"]["new_tokens"]
    assert facts["memory"]["peak_bytes"] > 100_000_000
    assert ET.fromstring(picture.read_text()).tag.endswith("svg")


def test_text_has_bars_and_says_what_was_measured(alcove, tmp_path) -> None:
    model = tiny_llama(tmp_path / "tiny.gguf", llama__context_length=4096)
    done = alcove("bench", "--quick", "--model", model)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("tiny on this computer\n")
    for words in ("Reading a prompt", "First word", "Writing, tokens/s", "at once", "automatic:"):
        assert words in done.stdout
    assert "█" in done.stdout or "#" in done.stdout


def test_an_output_that_is_no_picture_is_a_usage_error(alcove, tmp_path) -> None:
    done = alcove("bench", "--output", tmp_path / "figures.png")
    assert (done.returncode, done.stdout) == (2, "")
    assert ".svg" in done.stderr


def test_unknown_model_is_exit_1(alcove) -> None:
    assert alcove("bench", "--model", "nothing").returncode == 1


def test_interrupt_stops_at_once_with_130(own_home) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "bench"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    output, errors = process.communicate(timeout=20)
    assert time.monotonic() - begun < 5
    assert (process.returncode, output) == (130, b"")
    assert b"Traceback" not in errors
