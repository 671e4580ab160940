"""What `alcove chat` says of the model, and how it searches attached documents."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from assistant.cli import main
from assistant.conversations.asking.answer import Preparing
from assistant.conversations.asking.vectors import PassageVectors
from assistant.errors import ModelError, ModelFault
from assistant.storage.database import Database
from tests.engine.tiny_bert import tiny_bert
from tests.engine.tiny_models import CHATML, tiny_llama

Ask: TypeAlias = Callable[..., str]


@pytest.mark.parametrize(
    ("opening", "wished", "said"),
    [
        ("<think>", "--no-think", "always reasons first: --no-think changes nothing"),
        ("<think>", "--think", ""),
        ("", "--think", "cannot reason first: --think changes nothing"),
        ("{% if enable_thinking is not false %}<think>{% endif %}", "--no-think", ""),
    ],
)
def test_a_wish_for_reasoning_that_changes_nothing_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], opening: str, wished: str, said: str
) -> None:
    model = tiny_llama(tmp_path / "tiny.gguf", chat_template=CHATML + opening)
    assert main(["chat", "--model", str(model), "--max-tokens", "2", wished, "-p", "Hi"]) == 0
    told = capsys.readouterr().err
    assert told.count("changes nothing") == (1 if said else 0)
    assert said in told


@pytest.fixture
def ask(tmp_path: Path, letter: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Asks a letter with an embedding model; returns what was said besides."""
    model = tiny_llama(tmp_path / "tiny.gguf")
    meanings = tiny_bert(tmp_path / "bert.gguf").path

    def ask(*wished: object) -> str:
        named = ("--model", model, "--embedding-model", meanings, "--attach", letter)
        code = main(["chat", *map(str, (*named, *wished)), "-p", "How much is the deposit?"])
        printed = capsys.readouterr()
        assert (code, "1,900 euros" in printed.out) == (0, True)
        return printed.err

    return ask


def test_documents_are_searched_by_meaning_too(ask: Ask, own_home: Path) -> None:
    assert "words alone" not in ask("--save")
    database = Database(own_home / "data" / "alcove.db")
    ((key,),) = database.query("SELECT model_key FROM vectors")
    database.close()
    assert key.startswith("bert ")


def test_words_alone_find_passages_where_the_embedding_model_fails(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Iterator[Preparing]:
        raise ModelError(path=tmp_path / "bert.gguf", fault=ModelFault.DAMAGED)
        yield

    monkeypatch.setattr(PassageVectors, "prepare", fail)
    assert "words alone" in ask()
