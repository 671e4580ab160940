"""Presets that come along and the person's own, and what they leave in a conversation."""

from collections.abc import Iterator

import pytest

from assistant.conversations.presets import all_presets, applied, built_in, find
from assistant.conversations.sampling import RANGES, checked, differences, sampling_of
from assistant.engine.protocol import Sampling
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.database import Database
from assistant.storage.presets import Preset, PresetStore


@pytest.fixture
def presets() -> Iterator[PresetStore]:
    database = Database.in_memory()
    yield PresetStore(database)
    database.close()


def test_good_ones_come_along() -> None:
    keys = [preset.key for preset in built_in()]
    assert keys == ["write", "explain", "translate", "code", "meeting-notes"]
    for preset in built_in():
        assert preset.name
        assert 100 < len(preset.system_prompt) < 600
        assert checked(preset.sampling) == preset.sampling


def test_the_persons_own_come_after_them_and_go_before_by_name(presets: PresetStore) -> None:
    own = presets.save(Preset(name="Code", system_prompt="Only Ada.", sampling={"top_k": 1e9}))
    assert [preset.id for preset in all_presets(presets)] == [None] * 5 + [own]
    found = find(presets, " CODE ")
    assert found is not None
    assert (found.key, found.sampling) == (f"own-{own}", {"top_k": 500})
    assert find(presets, "meeting-notes") == built_in()[4]
    assert find(presets, "nothing") is None


def test_a_conversation_keeps_what_its_preset_was(presets: PresetStore) -> None:
    preset = built_in()[2]
    before = ChatSettings(model="mine", max_tokens=7, sampling={"seed": 1})
    after = applied(preset, before)
    assert (after.preset, after.system_prompt) == ("Translate", preset.system_prompt)
    assert (after.model, after.max_tokens) == ("mine", 7)
    assert after.sampling == preset.sampling
    assert after.sampling is not preset.sampling


def test_settings_of_the_sampler_are_kept_in_bounds() -> None:
    wished = {
        "temperature": 9.0, "top_k": 3.4, "min_p": float("nan"), "unknown": 1, "mirostat": True,
        "typical_p": "0.5", "seed": -4,
    }  # fmt: skip
    assert checked(wished) == {"temperature": 2, "top_k": 3, "seed": 0}
    assert sampling_of({"temperature": 0.2}, seed=9) == Sampling(temperature=0.2, seed=9)
    assert sampling_of({"seed": 5}, seed=9).seed == 5


def test_every_setting_has_a_range_around_what_it_usually_is() -> None:
    assert set(RANGES) == set(Sampling.__struct_fields__)
    for name, bounds in RANGES.items():
        assert bounds.low <= bounds.default <= bounds.high, name
        assert bounds.off is None or bounds.low <= bounds.off <= bounds.high, name
    assert differences(Sampling(temperature=0.1, seed=3)) == {"temperature": 0.1, "seed": 3}
