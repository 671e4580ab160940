"""`alcove compare`: the contract of docs/cli.md, on real files of two formats."""

import json
import zipfile
from pathlib import Path

import jsonschema
import pytest

from assistant import cli

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "comparison.schema.json").read_text())


def test_versions_in_two_formats_differ_in_what_was_edited(alcove, tmp_path) -> None:
    report = ROOT / "tests" / "files" / "report.md"
    edited = tmp_path / "edited.md"
    old = report.read_text()
    edited.write_text(old.replace("1,204", "1,304") + "\nNew end.\n")
    done = alcove("compare", report, edited, "--format", "json", "--export", tmp_path / "a.docx")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    jsonschema.validate(found, SCHEMA)
    assert "New end." in [change["new"]["text"] for change in found["added"]]
    assert ("1,204", "1,304") in [(figure["old"], figure["new"]) for figure in found["figures"]]
    assert found["removed"] == []
    assert zipfile.ZipFile(tmp_path / "a.docx").testzip() is None

    text = alcove("compare", report, edited)
    assert text.returncode == 0
    assert "[p. 1 → p. 1]" in text.stdout
    assert found["in_short"] in " ".join(text.stdout.split())

    same = alcove("compare", report, report, "--format", "markdown")
    assert "Nothing differs" in same.stdout


def test_what_cannot_be_compared_is_one_clear_line(alcove, letter, tmp_path) -> None:
    missing = alcove("compare", letter, tmp_path / "missing.pdf")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.count("\n") == 1
    assert "missing.pdf" in missing.stderr


@pytest.mark.parametrize("more", [[], ["b.pdf", "c.pdf"], ["b.pdf", "--export", "c.pdf"]])
def test_a_wrong_command_line_is_exit_2(more, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["compare", "a.pdf", *more])
    assert ended.value.code == 2
    assert "--export" not in more or "window" in capsys.readouterr().err
