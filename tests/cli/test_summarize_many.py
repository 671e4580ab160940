"""`alcove summarize` on folders and standard input, with digests, exports and going on."""

import json
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import jsonschema
import pytest

from assistant import cli
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.steps import StepStore

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "summary.schema.json").read_text())
DIGEST = json.loads((ROOT / "docs" / "digest.schema.json").read_text())


@pytest.fixture
def folder(letter: Path, tmp_path: Path) -> Path:
    """A folder with a letter, a report in a folder of its own, and what is no document."""
    folder = tmp_path / "papers"
    (folder / "old").mkdir(parents=True)
    (folder / "letter 2.txt").write_text(letter.read_text())
    report = (ROOT / "tests" / "files" / "report.docx").read_bytes()
    (folder / "old" / "report.dat").write_bytes(report)
    (folder / "letter 10.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    (folder / "program").write_bytes(b"\x7fELF\x00\x00\x01")
    (folder / ".hidden").write_text("hidden")
    return folder


def test_a_folder_gives_a_line_for_each_document_and_a_digest(alcove, folder, tmp_path) -> None:
    export = tmp_path / "all.docx"
    done = alcove(
        *("summarize", folder, "--recursive", "--digest", "--format", "json", "--words", "40"),
        *("--style", "bullets", "--kind", "contract", "--export", export),
    )
    assert done.returncode == 1  # one file is damaged
    *results, last = [json.loads(line) for line in done.stdout.splitlines()]
    for result in results:
        jsonschema.validate(result, SCHEMA)
    names = [Path(result["document"]["path"]).name for result in results]
    assert names == ["letter 2.txt", "report.dat"]
    assert [result["document"]["type"] for result in results] == ["text", "docx"]
    assert results[0]["made"]["settings"]["style"] == "bullets"
    jsonschema.validate(last, DIGEST)
    digest = last["digest"]
    assert [Path(file["path"]).name for file in digest["files"]] == names
    assert {cited["file"] for told in digest["sentences"] for cited in told["citations"]} == {0, 1}
    (failure,) = digest["failures"]
    assert "damaged" in failure["reason"]
    left_out, failed = done.stderr.splitlines()
    assert "1 hidden and 1 of a type" in left_out
    assert "letter 10.pdf" in failed
    with zipfile.ZipFile(export) as archive:
        text = archive.read("word/document.xml").decode()
    for wanted in ("Digest of 2 documents", "Lease agreement", "bullets"):
        assert wanted in text


def test_standard_input_is_told_by_its_content_and_never_kept(alcove, own_home) -> None:
    report = (ROOT / "tests" / "files" / "report.docx").read_bytes()
    done = alcove("summarize", "-", "--resume", "--format", "json", input=report, text=False)
    assert (done.returncode, done.stderr) == (0, b"")
    document = json.loads(done.stdout)["document"]
    assert (document["path"], document["type"]) == ("-", "docx")
    assert not (own_home / "data" / "alcove.db").exists()
    empty = alcove("summarize", "-", input="")
    assert empty.returncode == 1
    assert empty.stderr.startswith("alcove: standard input")
    assert empty.stderr.count("\n") == 1


def test_resume_takes_what_was_kept(alcove, letter, own_home) -> None:
    first = alcove("summarize", letter, "--resume", "--format", "json", "--words", "40")
    again = alcove("summarize", letter, "--resume", "--format", "json", "--words", "40")
    made = [json.loads(done.stdout) for done in (first, again)]
    assert made[0]["timings"] == made[1]["timings"]  # not made again
    letter.write_text(letter.read_text().replace("950", "990"))
    changed = json.loads(
        alcove("summarize", letter, "--resume", "--format", "json", "--words", "40").stdout
    )
    assert any("990" in point["text"] for point in changed["key_points"])


def test_thorough_tells_its_plan_and_goes_on_after_a_kill(alcove, tmp_path, own_home) -> None:
    """Killed in the middle, it finds the notes that were finished and computes the others."""
    text = tmp_path / "report.md"
    parts = [
        f"# Part {n}\n\nThe committee for topic {n} met in room {n * 3} and decided to spend "
        f"{n * 100} euros on it. The members must report to the council by May {n + 1}. "
        "No other decision was taken, and the work goes on next year.\n"
        for n in range(1, 5)
    ]
    text.write_text("\n".join(parts))
    command = ["summarize", str(text), "--mode", "thorough", "--words", "30", "--format", "json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", *command],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    database = own_home / "data" / "alcove.db"
    before = _kill_after_a_step(process, database)
    done = alcove(*command, "--resume")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    jsonschema.validate(result, SCHEMA)
    assert result["mode"] == "thorough"
    assert result["outline"]
    assert result["plan"]["thorough"]["passages"] >= 1
    assert "passages" in done.stderr
    opened = Database(database)
    try:
        (record,) = DocumentStore(opened).list()
        assert before <= StepStore(opened).keys(record.id)
    finally:
        opened.close()


def _kill_after_a_step(process: "subprocess.Popen[bytes]", database: Path) -> frozenset[bytes]:
    """Kill `process` as soon as a step is kept; return the steps there are then."""
    deadline = time.monotonic() + 100
    while not database.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    opened = Database(database)
    try:
        while time.monotonic() < deadline:
            records = DocumentStore(opened).list()
            keys = StepStore(opened).keys(records[0].id) if records else frozenset()
            if keys:
                break
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=20)
        return StepStore(opened).keys(DocumentStore(opened).list()[0].id)
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--export", "summary.pdf"], "window"),
        (["--export", "summary.odt"], ".docx"),
        (["--language", "klingon"], "klingon"),
        (["--style", "sonnet"], "bullets"),
    ],
)
def test_wrong_wishes_are_exit_2_and_name_what_is_known(more, words, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["summarize", "a.pdf", *more])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err
