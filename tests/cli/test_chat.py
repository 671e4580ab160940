"""`alcove chat`: one turn, a conversation, and what goes wrong."""

import re
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.engine import fitting, loading
from assistant.engine.fitting import need_of
from assistant.engine.protocol import KvType, LoadSettings
from assistant.gguf import read_header
from assistant.settings import SettingsFile


def test_one_turn_streams_a_reply(alcove) -> None:
    done = alcove("chat", "-p", "What is the capital of France? Answer with one word.")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "makes things up" in done.stderr
    assert "tokens" not in done.stderr


def test_verbose_tells_what_the_reply_took(alcove) -> None:
    done = alcove("chat", "--verbose", "-p", "What is the capital of France? One word.")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\(\d+ tokens read · .* · [\d.]+ tokens/s · ", done.stderr)
    assert "tokens read" not in done.stdout


def test_prompt_from_standard_input(alcove) -> None:
    for arguments in (["-"], ["-p", "-"]):
        done = alcove("chat", *arguments, input="What is the capital of France? One word.")
        assert done.returncode == 0
        assert done.stdout.strip()


def test_empty_prompt_is_a_usage_error(alcove) -> None:
    done = alcove("chat", "-p", " ")
    assert (done.returncode, done.stdout) == (2, "")


def test_unknown_model_names_those_there_are(alcove) -> None:
    done = alcove("chat", "-p", "Hello", "--model", "nothing")
    assert done.returncode == 1
    assert "SmolLM2-135M-Instruct.Q4_1" in done.stderr


def test_says_in_one_line_what_the_model_was_loaded_without(
    own_home: Path, starter_model: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    compact = LoadSettings(kv_type=KvType.Q8_0, flash_attention=True)
    free = need_of(read_header(starter_model), compact, 4096).total_bytes
    monkeypatch.setattr(fitting, "free_memory_bytes", lambda: free)
    monkeypatch.setattr(loading, "private_bytes", lambda pid: 0)
    (own_home / "data").mkdir()
    SettingsFile(own_home / "data" / "settings.json").change(context_tokens=4096)
    assert main(["chat", "-p", "What is the capital of France? One word."]) == 0
    printed = capsys.readouterr()
    [line] = [line for line in printed.err.splitlines() if "Memory is tight" in line]
    assert "8 bits instead of 16" in line
    assert "Close other programs" in line
    assert printed.out.strip()
