"""The whole job without a network: forbidden in Python, and absent for native code too."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.tiny_models import tiny_llama

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "tests" / "files" / "report.pdf"  # short: the model reads all of it
PYTHON = sys.executable
MODEL = "{model}"  # a tiny one, written for the test

JOBS = {
    "summarize": [
        *(PYTHON, "-m", "assistant", "summarize", str(REPORT)),
        *("--mode", "quick", "--format", "json"),
    ],
    "chat": [PYTHON, "-m", "assistant", "chat", "-p", "Name the capital of France."],
    "check-up": [PYTHON, "-m", "assistant", "models", "check", MODEL, "--quick"],
    "doctor": [PYTHON, "-m", "assistant", "doctor"],
    "window": [PYTHON, str(ROOT / "tests" / "offline" / "window_job.py"), str(REPORT)],
}


def check(job: str, done: "subprocess.CompletedProcess[str]") -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    if job == "summarize":
        result = json.loads(done.stdout)
        assert result["key_points"]
        assert result["summary"]
    else:
        assert {
            "chat": "\n",
            "check-up": "tiny on this computer",
            "doctor": "Connections made: none",
            "window": "done",
        }[job] in done.stdout


def command(job: str, folder: Path) -> list[str]:
    if MODEL not in JOBS[job]:
        return JOBS[job]
    model = tiny_llama(folder / "tiny.gguf", llama__context_length=8192)
    return [str(model) if part == MODEL else part for part in JOBS[job]]


@pytest.mark.parametrize("job", JOBS)
def test_no_process_asks_for_an_internet_socket(job, tmp_path) -> None:
    log = tmp_path / "sockets"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "tests" / "offline"),
        "ALCOVE_TEST_SOCKET_LOG": str(log),
    }
    done = subprocess.run(
        command(job, tmp_path),
        env=environment,
        capture_output=True,
        text=True,
        timeout=280,
        cwd=ROOT,
    )
    check(job, done)
    lines = log.read_text().splitlines()
    # The hook was there in the command itself and in the children it started.
    assert sum(line.endswith("started") for line in lines) >= 2, lines
    assert [line for line in lines if not line.endswith("started")] == []


@pytest.mark.parametrize("job", JOBS)
def test_works_in_a_namespace_without_interfaces(job, tmp_path) -> None:
    unshare = shutil.which("unshare")
    if not unshare or subprocess.run([unshare, "-rn", "true"], capture_output=True).returncode:
        pytest.skip("network namespaces are not to be had here")
    done = subprocess.run(
        [unshare, "-rn", *command(job, tmp_path)],
        capture_output=True,
        text=True,
        timeout=280,
        cwd=ROOT,
    )
    check(job, done)
