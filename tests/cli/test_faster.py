"""`alcove models faster`: in a process of its own, with the real starter."""

import json
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.conftest import ROOT

STARTER = "SmolLM2-135M-Instruct.Q4_1"


@pytest.mark.alone
def test_a_faster_model_is_made_and_told_of(alcove, own_home) -> None:
    done = alcove("models", "faster", STARTER, "--quantization", "q4_0", "--format", "json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    made = own_home / "models" / "SmolLM2-135M-Instruct.Q4_0.gguf"
    assert made.is_file()
    assert facts["path"] == str(made)
    assert (facts["quantization_before"], facts["quantization"]) == ("Q4_1", "Q4_0")
    assert facts["prompt_tokens_per_s"] > 1.1 * facts["prompt_tokens_per_s_before"]
    assert facts["compared_tokens"] > 500
    # Measured: the same next token in 62%, and perplexity +31%.
    assert 0.55 < facts["agreement"] < 0.7
    assert 0.3 < facts["divergence"] < 0.6
    assert 1.2 < facts["perplexity_ratio"] < 1.45
    assert facts["quality"] == "much-worse"
    listed = json.loads(alcove("models", "list", "--format", "json").stdout)
    assert [model["name"] for model in listed] == ["SmolLM2-135M-Instruct.Q4_0", STARTER]
    assert listed[0]["license"] == listed[1]["license"]
    assert listed[0]["repo"] == ""
    assert alcove("chat", "--model", facts["name"], "-p", "Hello").returncode == 0
    again = alcove("models", "faster", facts["name"])
    assert (again.returncode, again.stdout) == (1, "")
    assert "No format is known to be faster" in again.stderr


def test_stopped_with_ctrl_c_leaves_nothing(own_home) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "assistant", "models", "faster", STARTER],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    folder = own_home / "models"
    while not (folder.is_dir() and list(folder.iterdir())):
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    out, said = running.communicate(timeout=20)
    assert (running.returncode, out) == (130, "")
    assert "Nothing was kept" in said
    assert list(folder.iterdir()) == []


def test_what_there_is_not(alcove) -> None:
    assert "no model named" in alcove("models", "faster", "no-such").stderr
    done = alcove("models", "faster", STARTER, "--quantization", "Q7")
    assert (done.returncode, "Q7" in done.stderr, done.stdout) == (1, True, "")
