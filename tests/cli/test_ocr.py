"""`alcove ocr`, and passwords in the terminal: the contract of docs/cli.md."""

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "tests" / "files"

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None and not os.environ.get("CI"), reason="needs Tesseract"
)


@needs_tesseract
def test_text_of_pictures_page_by_page(alcove, tmp_path: Path) -> None:
    output = tmp_path / "text.jsonl"
    done = alcove(
        "ocr", FILES / "mixed.pdf", FILES / "none.png", "--format", "json", "--output", output
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "none.png: there is no such file." in line
    result = json.loads(output.read_text())
    assert result["document"]["type"] == "pdf"
    assert result["program"]["name"] == "tesseract"
    first, second = result["pages"]
    assert (first["page"], first["status"], first["confidence"]) == (1, "read", None)
    assert 0.8 < second["confidence"] < 1
    assert "Whoever has a key may not lend it to others." in second["text"]

    done = alcove("ocr", FILES / "letter.png", "--language", "eng")
    assert (done.returncode, done.stderr) == (0, "")
    assert "[page 1: recognised, 9" in done.stdout
    assert "Reading hall\t40\t1,250" in done.stdout
    done = alcove("ocr", FILES / "letter.png", "--language", "tlh")
    assert done.returncode == 1
    assert "Tesseract has no language tlh here; it has " in done.stderr


def test_status_and_what_to_do_without(alcove, tmp_path: Path) -> None:
    nothing = {**os.environ, "PATH": str(tmp_path)}
    status = json.loads(alcove("ocr", "--status", "--format", "json", env=nothing).stdout)
    assert not status["is_ready"]
    assert "tesseract" in status["install"][0]
    done = alcove("ocr", FILES / "mixed.pdf", env=nothing)
    assert done.returncode == 1
    assert "[page 2: a picture of text, not read]" in done.stdout
    assert "not read, being pictures of text: 2." in done.stderr
    done = alcove("ocr", "--status")
    assert done.returncode == 0
    assert ("works, offline" in done.stdout) == bool(shutil.which("tesseract"))


def test_a_password_as_an_option_and_in_a_variable(alcove) -> None:
    locked = FILES / "password.pdf"
    done = alcove("ocr", locked)
    assert done.returncode == 1
    assert "is protected with a password. Enter the password, or save a copy" in done.stderr
    assert done.stderr.endswith("The option for it is --password.\n")
    done = alcove("summarize", locked, "--mode", "key-points", "--password", "open-sesame")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Dr. Weber" in done.stdout
    done = alcove("ocr", locked, env={**os.environ, "ALCOVE_PASSWORD": "open-sesame"})
    assert done.returncode == 0


def test_a_terminal_asks_for_the_password(own_home: Path) -> None:
    """The question stands on the terminal, the answer is not shown, and a wrong one is told."""
    ours, theirs = pty.openpty()
    command = ["setsid", "--ctty", "--wait", sys.executable, "-m", "assistant"]
    with subprocess.Popen(
        [*command, "ocr", str(FILES / "password.pdf")],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=ROOT,
    ) as process:
        os.close(theirs)
        said = b""
        for answer in (b"wrong\n", b"open-sesame\n"):
            before = len(said)
            while b"Password of password.pdf: " not in said[before:]:
                said += os.read(ours, 1_000)
            os.write(ours, answer)
        assert process.stdout is not None
        text = process.stdout.read().decode()
        assert process.wait(timeout=60) == 0
    os.close(ours)
    assert b"This password does not open it." in said
    assert b"sesame" not in said
    assert "Dr. Weber shall lead the library" in text
