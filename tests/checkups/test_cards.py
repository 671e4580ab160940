"""Score cards, their file and their comparison."""

import csv
import errno
import io
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from assistant.checkups.card import (
    COUNTED,
    VERSION,
    Ability,
    BusyFigure,
    EnergyFigure,
    EnergySource,
    ScoreCard,
    counted,
)
from assistant.checkups.cards import CardFile
from assistant.checkups.comparing import facts, plot_points, ranked, to_csv, to_json
from assistant.checkups.fingerprints import fingerprint_of
from assistant.checkups.keeping import keep
from assistant.checkups.report import GenerationFigure, MemoryFigure, PromptFigure, SpeedReport
from assistant.errors import CannotWrite, DamagedData, ModelError
from assistant.forecast import SpeedRecords, shape_of
from assistant.gguf import read_header
from tests.engine.tiny_models import tiny_llama

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "checkup.schema.json").read_text())
SPEED = SpeedReport(
    load_s=1.25,
    context_tokens=4096,
    prompts=(PromptFigure(128, 200.0, 0.6), PromptFigure(2048, 150.0, 13.6)),
    generation=(GenerationFigure(128, 30.0), GenerationFigure(2048, 20.0)),
    memory=MemoryFigure(400_000_000, 410_000_000),
)


def card(name: str = "model", right: int = 3, of: int = 4, **facts: object) -> ScoreCard:
    answers = [
        (ability, language, number < right)
        for ability in Ability
        for language in ("en", "de")
        for number in range(of)
    ]
    made = ScoreCard(
        model=name,
        fingerprint=f"fingerprint of {name}",
        at=datetime(2026, 11, 23, 2, 30, tzinfo=UTC),
        size_bytes=100_000_000,
        speed=SPEED,
        abilities=counted(answers),
        is_complete=True,
    )
    return replace(made, **facts)


def test_shares_have_intervals_and_the_mean_counts_each_ability_the_same() -> None:
    made = card()
    facts_score = made.of(Ability.FACTS)
    assert facts_score is not None
    assert (facts_score.right, facts_score.of) == (6, 8)
    assert facts_score.low < 0.75 < facts_score.high
    assert made.overall is not None
    assert made.overall.value == pytest.approx(0.75)
    assert made.overall.high - made.overall.low < facts_score.high - facts_score.low
    assert made.languages == ("en", "de")
    assert made.in_language("de").value == pytest.approx(0.75)
    own = made.own(Ability.FACTS)
    assert own is not None
    assert (own.language, own.right, own.of) == ("en", 3, 4)


def test_the_mean_needs_every_counted_ability() -> None:
    some = tuple(one for one in card().abilities if one.ability is not Ability.JSON)
    assert card(abilities=some).overall is None
    without_form = tuple(one for one in card().abilities if one.ability in COUNTED)
    assert card(abilities=without_form).overall == card().overall
    assert card(is_base=True).overall is None


def test_cards_are_kept_and_found_by_their_file_wherever_it_is(tmp_path: Path) -> None:
    model = tiny_llama(tmp_path / "a.gguf")
    cards = CardFile(tmp_path / "data" / "checkups.json")
    assert cards.all() == ()
    assert cards.of(model) is None
    mine = card(fingerprint=fingerprint_of(model))
    cards.keep(mine)
    cards.keep(card("other"))
    again = CardFile(tmp_path / "data" / "checkups.json")
    assert again.of(model) == mine
    moved = tmp_path / "elsewhere" / "renamed.gguf"
    moved.parent.mkdir()
    shutil.move(model, moved)
    assert again.of(moved) == mine
    assert again.of(model) is None
    again.forget(moved)
    assert [one.model for one in cards.all()] == ["other"]


def test_a_stopped_check_up_does_not_replace_a_complete_one(tmp_path: Path) -> None:
    cards = CardFile(tmp_path / "checkups.json")
    cards.keep(card(is_complete=False))
    cards.keep(card())
    cards.keep(card(is_complete=False))
    assert [one.is_complete for one in cards.all()] == [True]
    cards.keep(card(version=VERSION - 1))
    cards.keep(card(is_complete=False))
    assert [one.version for one in cards.all()] == [VERSION]


@pytest.mark.parametrize(
    "content", [b"{", b"[1]", b'[{"model": 1}]', b"\xff\xfe", b"[" + b" " * 17_000_000]
)
def test_a_damaged_file_is_set_aside_once(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "checkups.json"
    path.write_bytes(content)
    cards = CardFile(path)
    with pytest.raises(DamagedData) as caught:
        cards.all()
    assert caught.value.kept_as is not None
    assert caught.value.kept_as.read_bytes() == content
    assert cards.all() == ()
    path.write_bytes(content)
    cards.keep(card())  # minutes of measuring are kept
    assert len(cards.all()) == 1


def test_cards_that_cannot_be_read_now_are_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CardFile(tmp_path / "checkups.json").keep(card("one"))

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "another program has it open")

    cards = CardFile(tmp_path / "checkups.json")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        with pytest.raises(CannotWrite):
            cards.keep(card("two"))
    assert [one.model for one in cards.all()] == ["one"]


def test_the_file_is_bounded(tmp_path: Path) -> None:
    cards = CardFile(tmp_path / "checkups.json")
    full = [card(f"model {number}") for number in range(199)]
    cards._write(full)
    cards.keep(card("one"))
    cards.keep(card("two"))
    names = [one.model for one in cards.all()]
    assert len(names) == 200
    assert names[-2:] == ["one", "two"]
    assert names[0] == "model 1"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite):
        CardFile(tmp_path / "file" / "checkups.json").keep(card())


def test_a_fingerprint_tells_files_apart(tmp_path: Path) -> None:
    first = tiny_llama(tmp_path / "a.gguf")
    copy = Path(shutil.copy(first, tmp_path / "copy.gguf"))
    assert fingerprint_of(first) == fingerprint_of(copy)
    content = bytearray(first.read_bytes())
    content[-1] ^= 1
    copy.write_bytes(content)
    assert fingerprint_of(first) != fingerprint_of(copy)
    with pytest.raises(ModelError):
        fingerprint_of(tmp_path / "none.gguf")


def test_speeds_serve_the_forecasts_unless_the_machine_was_busy(tmp_path: Path) -> None:
    model = tiny_llama(tmp_path / "a.gguf")
    cards = CardFile(tmp_path / "checkups.json")
    speeds = SpeedRecords(tmp_path / "speeds.json")
    keep(card(was_busy=True), model, cards, speeds)
    assert speeds.all() == ()
    keep(card(), model, cards, speeds)
    measured = speeds.of(shape_of(read_header(model)))
    assert measured is not None
    assert [point.speed for point in measured.prompts] == [200.0, 150.0]
    assert len(cards.all()) == 1


def test_the_best_comes_first_and_what_cannot_be_compared_last() -> None:
    cards = [
        card("old", version=VERSION - 1),
        card("base", is_base=True),
        card("good", right=4),
        card("poor", right=1),
    ]
    assert [one.model for one in ranked(cards)][:2] == ["good", "poor"]
    points = plot_points(cards)
    assert [(point.model, point.quality.value) for point in points] == [
        ("good", 1.0),
        ("poor", 0.25),
    ]
    assert points[0].tokens_per_s == 30.0


def test_json_follows_its_schema() -> None:
    cards = [
        card(),
        card(
            "base",
            is_base=True,
            busy=BusyFigure(processes=1, prompt_tokens_per_s=9, tokens_per_s=3),
        ),
        card(
            "stopped",
            is_complete=False,
            abilities=(),
            speed=SpeedReport(0.0, 0),
            energy=EnergyFigure(source=EnergySource.PROCESSOR, joules_per_1000_tokens=120.5),
        ),
    ]
    for one in json.loads(to_json(cards)):
        jsonschema.validate(one, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(facts(card()) | {"more": 1}, SCHEMA)


def test_csv_has_a_line_for_each_and_no_formula() -> None:
    text = to_csv([card("=HYPERLINK(1)"), card("a, b", at=datetime.now(UTC) + timedelta(days=1))])
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["model"] for row in rows] == ["'=HYPERLINK(1)", "a, b"]
    assert rows[0]["overall"] == "0.7500"
    assert rows[0]["tokens_per_s"] == "30.00"
    assert rows[0]["busy_tokens_per_s"] == ""
    assert rows[0]["facts_share"] == "0.7500"
