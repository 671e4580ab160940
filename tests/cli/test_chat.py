"""`alcove chat`: one turn, a conversation, and what goes wrong."""

import re


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
