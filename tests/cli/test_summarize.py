"""`alcove summarize`: the contract of docs/cli.md, on real documents with the real model."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "summary.schema.json").read_text())


def squeezed(text: str) -> str:
    return "".join(text.split())


def check_contract(result: dict) -> None:
    """Check the schema, and that every offset points at the words it claims."""
    jsonschema.validate(result, SCHEMA)
    text = {page["page"]: page["text"] for page in result["pages"]}
    assert len(text) == result["document"]["pages"]
    for point in result["key_points"]:
        found = text[point["page"]][point["start"] : point["end"]]
        assert squeezed(found) == squeezed(point["text"])
    for sentence in result["summary"]:
        for citation in sentence["citations"]:
            found = text[citation["page"]][citation["start"] : citation["end"]]
            assert squeezed(found) == squeezed(citation["quote"])


def test_key_points_of_the_sample_follow_the_contract(alcove, sample) -> None:
    done = alcove("summarize", sample, "--format", "json", "--with-text", "--words", "130")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    check_contract(result)
    assert result["mode"] == "key-points"  # the starter model is below the gate
    assert result["model"] is None
    assert result["summary"] == []
    words = sum(len(point["text"].split()) for point in result["key_points"])
    assert 117 <= words <= 130
    assert 0 < result["timings"]["first_output_s"] <= result["timings"]["total_s"]
    assert result["coverage"]["pages_given_to_model"] == 0


@pytest.mark.alone  # as fast as the computer allows
def test_quick_runs_the_small_model_when_asked(alcove, sample) -> None:
    done = alcove(
        "summarize", sample, "--mode", "quick", "--format", "json", "--with-text", "--words", "60"
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    check_contract(result)
    assert result["mode"] == "quick"
    assert result["model"]["name"] == "SmolLM2-135M-Instruct.Q4_1"
    assert len(result["model"]["sha256"]) == 64
    assert result["summary"]
    # Where its text is too short it is asked once more, and reads what it wrote, too.
    assert result["timings"]["prompt_tokens"] <= 2000
    assert result["timings"]["generated_tokens"] > 0
    assert 0 < result["coverage"]["pages_given_to_model"] <= result["coverage"]["pages_total"]
    assert "experimental" in done.stderr


def test_text_and_markdown_tell_pages_and_receipt(alcove, sample) -> None:
    text = alcove("summarize", sample).stdout
    assert "p. " in text
    assert "19 of 19 read" in text
    markdown = alcove("summarize", sample, "--format", "markdown").stdout
    assert markdown.startswith("# ")


def test_focus_changes_what_comes_first(alcove, letter) -> None:
    def first(*options: object) -> str:
        done = alcove("summarize", letter, "--format", "json", "--words", "22", *options)
        return " ".join(point["text"] for point in json.loads(done.stdout)["key_points"])

    assert "animals" in first("--focus", "may I keep animals")
    assert "notice" in first("--focus", "how do I end the lease: notice")


def test_several_files_give_a_result_each_and_one_failure_stops_none(
    alcove, letter, tmp_path
) -> None:
    missing = tmp_path / "missing.pdf"
    done = alcove("summarize", letter, missing, letter, "--format", "json")
    assert done.returncode == 1
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [result["document"]["path"] for result in results] == [str(letter)] * 2
    assert done.stderr.count("\n") == 1
    assert str(missing) in done.stderr


def test_a_name_that_is_no_text_is_summarised_between_others(
    alcove, letter, tmp_path, latin_1
) -> None:
    odd = tmp_path / f"{latin_1}.txt"
    odd.write_text("Only a page: the tenant shall pay the rent of 950 euros each month.")
    other = tmp_path / "z.txt"
    other.write_text(letter.read_text())
    target = tmp_path / f"{latin_1}.json"
    wanted = [str(letter), str(odd), str(other)]
    for options in ([], ["--resume", "--output", target, "--export", tmp_path / "all.docx"]):
        done = alcove("summarize", letter, odd, other, "--format", "json", *options)
        assert (done.returncode, done.stderr) == (0, "")
        lines = (target.read_text() if options else done.stdout).splitlines()
        assert [json.loads(line)["document"]["path"] for line in lines] == wanted
        assert json.loads(lines[1])["key_points"]
    missing = alcove("summarize", tmp_path / latin_1)
    assert missing.returncode == 1
    assert missing.stderr.startswith("alcove: ")
    assert "caf\\udce9: there is no such file" in missing.stderr


def test_output_replaces_a_file_whole(alcove, letter, tmp_path) -> None:
    target = tmp_path / "result.json"
    target.write_text("old")
    done = alcove("summarize", letter, "--format", "json", "--output", target)
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads(target.read_text())["document"]["title"]
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.pdf", None, "no such file"),
        ("empty.pdf", b"", "empty"),
        ("rubbish.pdf", os.urandom(5000), "type"),
        ("damaged.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", "damaged"),
        ("damaged.docx", b"PK\x03\x04" + b"\0" * 500, ""),
    ],
)
def test_a_bad_document_is_one_clear_line(alcove, tmp_path, name, content, words) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = alcove("summarize", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert str(path) in done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_is_not_a_document(alcove, tmp_path) -> None:
    done = alcove("summarize", tmp_path)
    assert done.returncode == 1
    assert "folder" in done.stderr


def test_a_model_that_cannot_be_loaded_fails_also_where_none_is_needed(
    alcove, letter, tmp_path, starter_model
) -> None:
    truncated = tmp_path / "truncated.gguf"
    with starter_model.open("rb") as file:
        truncated.write_bytes(file.read(5_000_000))
    empty = tmp_path / "empty.gguf"
    empty.touch()
    other = tmp_path / "other.gguf"
    other.write_bytes(b"not a model at all" * 100)
    for model in (truncated, empty, other, tmp_path, tmp_path / "none.gguf", "no-such-name"):
        done = alcove("summarize", letter, "--mode", "key-points", "--model", model)
        assert (done.returncode, done.stdout) == (1, ""), model
        assert done.stderr.count("\n") == 1, done.stderr
        assert str(model) in done.stderr


def test_a_model_by_path_and_by_name(alcove, letter, starter_model) -> None:
    for model in (starter_model, starter_model.stem):
        assert alcove("summarize", letter, "--model", model).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--words", "0", "x"],
        ["--words", "30000000000", "x"],
        ["--words", "many", "x"],
        ["--mode", "slow", "x"],
        ["--length", "huge", "x"],
    ],
)
def test_a_wrong_command_line_is_exit_2(alcove, arguments) -> None:
    assert alcove("summarize", *arguments).returncode == 2


def test_a_full_disk_is_told_and_loses_nothing(alcove, letter) -> None:
    with Path("/dev/full").open("w") as full:
        done = alcove("summarize", letter, stdout=full, capture_output=False, stderr=-1)
    assert done.returncode == 1
    assert "full" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_stops_the_command_quietly(alcove, sample) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = alcove("summarize", sample, stdout=writing, capture_output=False, stderr=-1)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (130, "")


def test_interrupt_stops_at_once_with_130(sample, own_home) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "summarize", sample, "--mode", "quick"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    deadline = time.monotonic() + 60
    while not psutil.Process(process.pid).children() and time.monotonic() < deadline:
        time.sleep(0.05)  # until it reads the document
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, errors = process.communicate(timeout=20)
    assert time.monotonic() - begun < 5
    assert process.returncode == 130
    assert b"Traceback" not in errors
