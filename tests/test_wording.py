"""Every fault has its sentences, and none of them has a hole."""

from pathlib import Path

import pytest

from assistant.errors import (
    AssistantError,
    BackupFault,
    BackupUnusable,
    CrashedLastTime,
    DeathCause,
    DocumentError,
    DownloadError,
    DownloadFault,
    EngineDied,
    FileFault,
    HubError,
    HubFault,
    ModelError,
    ModelFault,
    ModelTooLarge,
)
from assistant.wording import explain


@pytest.mark.parametrize("fault", HubFault)
def test_why_a_hub_gave_no_answer(fault: HubFault) -> None:
    told = str(explain(HubError(fault, "hub.example", "owner/name", wait_s=44)))
    assert told.endswith((".", "?"))
    assert not set("{}") & set(told)
    assert told.count(". ") + told.count("? ") >= 1  # what happened, and the next step


@pytest.mark.parametrize("fault", DownloadFault)
def test_why_a_download_failed(fault: DownloadFault) -> None:
    told = str(explain(DownloadError("owner/name", fault, "model.gguf")))
    assert told.endswith((".", "?"))
    assert not set("{}") & set(told)


def check_told(error: AssistantError, *, names: str = "") -> None:
    """Check that `error` is told without a hole, with what happened and the next step."""
    for sentence in explain(error).translated(str):
        assert sentence.endswith((".", "?"))
        assert not set("{}") & set(sentence)
    assert names in str(explain(error))


@pytest.mark.parametrize("fault", FileFault)
def test_why_a_document_was_not_read(fault: FileFault) -> None:
    check_told(DocumentError(Path("/a/b.pdf"), fault, "pages 10000", 3), names="/a/b.pdf")


@pytest.mark.parametrize("fault", ModelFault)
def test_why_a_model_cannot_be_used(fault: ModelFault) -> None:
    check_told(ModelError(Path("/a/b.gguf"), fault, "llama"), names="/a/b.gguf")


@pytest.mark.parametrize("is_loading", [True, False])
@pytest.mark.parametrize("cause", DeathCause)
def test_why_the_engine_ended(cause: DeathCause, is_loading: bool) -> None:
    for model in (Path("/a/b.gguf"), None) if not is_loading else (Path("/a/b.gguf"),):
        check_told(EngineDied(cause, model, while_loading=is_loading))
    check_told(CrashedLastTime(Path("/a/b.gguf"), cause), names="/a/b.gguf")


def test_a_model_that_is_too_large() -> None:
    check_told(ModelTooLarge(Path("/a/b.gguf"), 9 * 10**9, 10**9), names="/a/b.gguf needs 9")


@pytest.mark.parametrize("fault", BackupFault)
def test_why_a_backup_was_not_restored(fault: BackupFault) -> None:
    told = str(explain(BackupUnusable(Path("/home/person/{x}"), fault, "a log's")))
    assert told.startswith("/home/person/{x}")
    assert told.endswith(".")
    assert told.count(". ") >= 1
    assert "a log's" not in told


def test_how_long_a_busy_hub_asks_to_wait() -> None:
    def told(wait_s: float) -> str:
        return str(explain(HubError(HubFault.BUSY, "hub.example", wait_s=wait_s)))

    assert "in 44 s." in told(43.2)
    assert "in 5 min." in told(299.0)
    assert "in 60 s." in told(0.0)


def test_a_hubs_words_cannot_fill_in_our_templates() -> None:
    error = HubError(HubFault.NOT_FOUND, "{repo}", "{host}/{__class__}")
    assert "{host}/{__class__}" in str(explain(error))
