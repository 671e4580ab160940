"""`alcove models check` and `compare`: the starter for real, the card, the table, the picture."""

import csv
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from assistant.checkups.cards import CardFile
from assistant.checkups.comparing import plot_points
from assistant.checkups.fingerprints import fingerprint_of
from assistant.cli.checkup_words import card_in_words, table_in_words
from assistant.cli.scatter import scatter_svg
from assistant.cli.workplace import workplace
from assistant.models.keeping.defaults import Task
from assistant.summaries.summary import is_experimental
from tests.checkups.test_cards import card
from tests.engine.tiny_models import tiny_llama

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "checkup.schema.json").read_text())


def test_a_model_is_checked_kept_compared_and_drawn(alcove, own_home, tmp_path) -> None:
    model = tiny_llama(tmp_path / "tiny.gguf", llama__context_length=8192)
    picture = tmp_path / "models.svg"
    done = alcove(
        *("models", "check", model, "--quick", "--format", "json", "--seed", "5"),
        *("--language", "de", "--plot", picture),
    )
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    jsonschema.validate(facts, SCHEMA)
    assert facts["is_complete"]
    assert (facts["seed"], facts["language"], facts["size"]) == (5, "de", "quick")
    assert facts["depths"]
    assert ET.fromstring(picture.read_text()).tag.endswith("svg")
    kept = CardFile(own_home / "data" / "checkups.json").all()
    assert [one.model for one in kept] == ["tiny"]

    compared = alcove("models", "compare", "--format", "csv")
    assert compared.returncode == 0, compared.stderr
    (row,) = csv.DictReader(io.StringIO(compared.stdout))
    assert row["model"] == "tiny"
    listed = alcove("models", "compare", "--format", "json")
    assert json.loads(listed.stdout)[0] == facts
    table = alcove("models", "compare")
    assert table.stdout.splitlines()[1].startswith("tiny")


def test_answers_are_told_on_standard_error(alcove, tmp_path) -> None:
    model = tiny_llama(tmp_path / "tiny.gguf", chat_template="")
    done = alcove("models", "check", model, "--quick", "--answers")
    assert done.returncode == 0, done.stderr
    assert "right would be: " in done.stderr
    assert done.stdout.startswith("tiny on this computer\n")
    assert "It is a base model without a chat template" in done.stdout
    assert "For summaries: not advised (it is a base model)" in done.stdout


def test_nothing_to_compare_is_said(alcove, tmp_path) -> None:
    done = alcove("models", "compare", "--plot", tmp_path / "none.svg")
    assert (done.returncode, done.stdout) == (0, "")
    assert "alcove models check NAME" in done.stderr
    assert "No model was checked yet" in (tmp_path / "none.svg").read_text()


def test_wrong_arguments(alcove, tmp_path) -> None:
    assert alcove("models", "check", "nothing").returncode == 1
    assert alcove("models", "check").returncode == 2
    for minutes in ("0", "-1", "many", "nan", "1e9"):
        done = alcove("models", "check", "x", f"--minutes={minutes}")
        assert done.returncode == 2
        assert "not a number of minutes" in done.stderr
    done = alcove("models", "compare", "--plot", tmp_path / "models.png")
    assert done.returncode == 2
    assert ".svg" in done.stderr


def test_damaged_cards_are_told_of(alcove, own_home) -> None:
    path = own_home / "data" / "checkups.json"
    path.parent.mkdir()
    path.write_text("{")
    done = alcove("models", "compare")
    assert done.returncode == 1
    assert "checkups" in done.stderr
    assert alcove("models", "compare").returncode == 0


def test_interrupt_keeps_nothing_and_is_130(own_home) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "models", "check", "SmolLM2-135M-Instruct.Q4_1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    time.sleep(5)
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    output, errors = process.communicate(timeout=20)
    assert time.monotonic() - begun < 5
    assert (process.returncode, output) == (130, b"")
    assert b"Traceback" not in errors
    assert not (own_home / "data" / "checkups.json").exists()


def test_check_ups_choose_who_summarises_unless_the_person_does(own_home) -> None:
    folder = own_home / "models"
    folder.mkdir()
    cards = CardFile(own_home / "data" / "checkups.json")
    for layers, name, right in ((8, "talker", 1), (9, "writer", 4)):
        model = tiny_llama(folder / f"{name}.gguf", llama__context_length=1024 * layers)
        cards.keep(card(name, right=right, fingerprint=fingerprint_of(model)))
    work = workplace()
    work.settings_file.change(model="talker")
    summarises, talks = work.model(None, Task.SUMMARIES), work.model(None, Task.CHAT)
    assert summarises is not None
    assert talks is not None
    assert (summarises.name, talks.name) == ("writer", "talker")
    assert work.may_summarise(summarises) is True
    assert work.may_summarise(talks) is False
    assert is_experimental(2_000_000_000, work.may_summarise(talks))
    work.settings_file.change(summary_model="talker")
    again = workplace().model(None, Task.SUMMARIES)
    assert again is not None
    assert again.name == "talker"
    named = workplace().model("talker", Task.SUMMARIES)
    assert named is not None
    assert named.name == "talker"


def test_words_of_a_card_are_plain() -> None:
    text = card_in_words(card(), [])
    assert "Reads 150 and writes 30 tokens/s" in text
    assert "The system does not tell the energy" in text
    assert "finds facts in a text                      6 of 8   75%" in text
    assert "all together, each the same" in text
    assert "By language: English 75%, German 75%" in text
    lines = table_in_words([card(), card("base", is_base=True)]).splitlines()
    assert lines[0].split() == [
        *("Model", "Right", "95%", "Reads", "Writes", "Busy", "Memory", "Size", "Checked"),
    ]
    assert lines[1].split()[:2] == ["model", "75%"]
    assert lines[2].split()[:2] == ["base", "base"]


def test_the_picture_has_a_disc_for_each_model_with_its_size_as_area() -> None:
    points = plot_points(
        [card("small & <quick>", right=1), card("large", right=4, size_bytes=400_000_000)]
    )
    root = ET.fromstring(scatter_svg("Speed against quality", "note", points))
    space = "{http://www.w3.org/2000/svg}"
    discs = [
        (float(x.get("cx", 0)), float(x.get("cy", 0)), float(x.get("r", 0)))
        for x in root.iter(f"{space}circle")
    ]
    assert len(discs) == 2
    large, small = discs  # the larger is drawn first, so that it hides nothing
    assert large[2] == pytest.approx(2 * small[2])
    assert large[1] < small[1]  # better is higher
    words = [text.text for text in root.iter(f"{space}text")]
    assert "small & <quick>" in words
    assert all(0 <= x <= 720 and 0 <= y <= 480 for x, y, _ in discs)
