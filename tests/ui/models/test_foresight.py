"""What is foretold of models, and which one is recommended because of it."""

from pathlib import Path

import pytest

from assistant.forecast import Machine, SpeedRecords, Verdict
from assistant.gguf import read_header
from assistant.models.finding.catalog import catalog
from assistant.models.finding.foretelling import foretell_offer
from assistant.models.finding.licences import terms_of
from assistant.models.finding.repository import FileGroup, RemoteModel
from assistant.models.hub.client import RemoteFile
from assistant.quantizations import Grade
from assistant.ui.models.finding.foresight import Foresight, quickest_choice

GB = 10**9
NOTHING = SpeedRecords(None)
BY_ID = {model.id: model for model in catalog()}


def machine(cores: int, memory_gb: int, bandwidth_gb: int) -> Machine:
    return Machine(
        total_bytes=memory_gb * GB,
        free_bytes=memory_gb * GB * 3 // 4,
        cores=cores,
        memory_bytes_per_s=bandwidth_gb * GB,
        features=frozenset({"avx2"}),
    )


def chosen(here: Machine) -> str:
    models = [BY_ID["qwen3-8b"], *catalog()]
    forecasts = {model.id: foretell_offer(model, here, NOTHING) for model in models}
    return quickest_choice(models, forecasts).id


def test_a_model_that_would_be_slow_is_not_recommended() -> None:
    assert chosen(machine(16, 32, 80)) == "qwen3-8b"
    slow = chosen(machine(2, 32, 10))
    assert slow != "qwen3-8b"
    assert {"chat", "summaries"} <= set(BY_ID[slow].good_for)


def test_where_all_are_slow_the_first_stays() -> None:
    assert chosen(machine(1, 32, 1)) == "qwen3-8b"


def group(file: str, size_bytes: int) -> FileGroup:
    remote = RemoteFile(
        repo="someone/model",
        file=file,
        revision="0" * 40,
        size_bytes=size_bytes,
        sha256="",
        etag="",
        licence="",
        endpoint="",
    )
    return FileGroup(
        file=file,
        files=(remote,),
        quantization="Q4_K_M",
        size_bytes=size_bytes,
        grade=Grade.BALANCED,
    )


def test_a_header_tells_which_files_are_too_large(starter_model: Path) -> None:
    header = read_header(starter_model)
    groups = (group("a.gguf", header.file_bytes), group("b.gguf", 10**15))
    seen = Foresight(NOTHING, lambda: 0).of_header(header, groups)
    assert seen.too_large == {"b.gguf"}
    assert seen.forecast.verdict is Verdict.WELL


def test_a_process_with_few_cores_is_not_foretold_the_computers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assistant.forecast.machine.usable_cores", lambda: 1)
    assert Foresight(NOTHING, lambda: 0).machine().cores == 1


def test_without_a_header_the_size_tells() -> None:
    model = RemoteModel(
        repo="someone/model",
        author="someone",
        revision="0" * 40,
        title="Model",
        licence_terms=terms_of("mit"),
        parameters=0,
        files=(group("a.gguf", 4 * GB),),
    )
    assert Foresight(NOTHING, lambda: 0).of_size(model) is None
