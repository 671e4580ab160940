"""`alcove doctor` tests the engine and writing, and says what hinders."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from assistant.cli import doctor, main
from assistant.engine import gpu_part
from tests.engine.tiny_models import tiny_llama


def test_reports_and_passes(alcove, own_home) -> None:
    done = alcove("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "self-test    passed" in done.stdout
    assert "Connections made: none" in done.stdout
    assert "Crash reports: none" in done.stdout
    assert str(own_home) in done.stdout


def test_read_only_home_is_told(alcove, tmp_path, monkeypatch) -> None:
    home = tmp_path / "read-only"
    home.mkdir()
    # Root ignores file modes, so the folder is mounted read-only.
    if os.geteuid() != 0 or subprocess.run(["mount", "--bind", home, home]).returncode:
        pytest.skip("mounting needs root")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", home], check=True)
        monkeypatch.setenv("ALCOVE_HOME", str(home))
        done = alcove("doctor")
        assert done.returncode == 1
        assert "cannot be written" in done.stdout
        assert "Traceback" not in done.stderr
        # Documents can be summarised all the same: nothing needs to be stored for it.
        text = Path(__file__).parents[2] / "README.md"
        assert alcove("summarize", text).returncode == 0
        assert alcove("chat", "-p", "Hello").returncode == 0
    finally:
        subprocess.run(["umount", home], check=True)


def test_a_model_that_cannot_be_loaded_fails(own_home, capsys) -> None:
    folder = own_home / "models"
    folder.mkdir()
    model = tiny_llama(folder / "ends.gguf", llama__block_count=0)  # llama.cpp aborts
    assert main(["models", "use", "ends"]) == 0
    assert main(["doctor"]) == 1
    assert f"self-test    failed: The engine crashed. It happened while loading {model}" in (
        capsys.readouterr().out
    )
    model.write_bytes(tiny_llama(model).read_bytes()[:-2_000])
    assert main(["doctor"]) == 0  # by the model that is there in its place
    assert f"{model} is incomplete" in capsys.readouterr().out.partition("Hindrances")[2]


def test_tells_of_gpus_and_of_memory(alcove) -> None:
    done = alcove("doctor")
    assert "GPU          " in done.stdout
    assert re.search(r"memory +\d+ MB taken; at most \d+ MB estimated", done.stdout)
    assert re.search(r"\d+ prompt and \d+ reply tokens/s, 20 pages .* \(estimated", done.stdout)


def test_foretells_from_what_was_measured(alcove, own_home) -> None:
    question = "Tell a long story about the sea. " * 20
    assert (
        alcove("chat", "-p", question, "--temperature", "0", "--max-tokens", "32").returncode == 0
    )
    done = alcove("doctor")
    assert re.search(r"reply tokens/s, 20 pages summarised in about .+ \(as in use", done.stdout)


def test_tells_of_a_gpu_part_that_an_update_left_behind(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "gpus", tuple)
    for release, told in (("0.0.9", "of Alcove 0.0.9"), ("", "of another version")):
        hindrances: list[str] = []
        monkeypatch.setattr(gpu_part, "other_release", lambda found=release: found)
        doctor._hardware(hindrances)
        assert f"{told}, and is not used. Unpack that of Alcove" in hindrances[-1]
