"""`alcove ask`: the contract of docs/cli.md, on real documents."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from assistant import paths
from assistant.cli import main
from assistant.cli.ask_run import AskRun
from assistant.cli.terminal import Exit
from assistant.conversations.asking.answer import PassagesFound, decode
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.vectors import PassageVectors
from assistant.conversations.events import RecordedEvent
from assistant.conversations.figures import ReplyFigures
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from tests.engine.tiny_bert import tiny_bert
from tests.engine.tiny_models import CHATML, tiny_llama

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs" / "answer.schema.json").read_text()
)


def answered(alcove, *arguments: object, code: int = 0, **options: object) -> dict:
    """Ask, and check the contract of the answer."""
    done = alcove("ask", *arguments, "--format", "json", **options)
    assert done.returncode == code, done.stderr
    result = json.loads(done.stdout)
    jsonschema.validate(result, SCHEMA)
    scores = [passage["score"] for passage in result["passages"]]
    assert scores == sorted(scores, reverse=True)
    return result


def test_the_answer_quotes_the_document_with_its_place(alcove, letter: Path) -> None:
    result = answered(alcove, letter, "How much is the deposit?")
    assert result["found"]
    assert result["model"] is None  # the starter model is below the gate
    (first, *_) = result["answer"]
    assert first["text"].startswith("The deposit of 1,900 euros")
    assert (first["support"], first["flags"]) == (1.0, [])
    (citation,) = first["citations"]
    assert citation["path"] == str(letter)
    assert citation["page"] == 1
    assert citation["quote"] == first["text"]
    text = letter.read_text("utf-8")
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert result["timings"]["total_s"] > 0


def test_what_the_documents_do_not_tell_is_said(alcove, letter: Path) -> None:
    result = answered(alcove, letter, "What is the capital of Mongolia?")
    assert (result["found"], result["answer"]) == (False, [])
    told = alcove("ask", letter, "What is the capital of Mongolia?").stdout
    assert told.startswith("The document does not say.")


def test_passages_alone_need_no_model(alcove, sample: Path) -> None:
    result = answered(alcove, sample, "natural selection", "--passages-only")
    assert result["found"]
    assert result["answer"] == []
    assert 1 <= len(result["passages"]) <= 5
    markdown = alcove("ask", sample, "natural selection", "--passages-only", "--format", "markdown")
    assert markdown.stdout.startswith("## Passages")


def test_folders_and_standard_input_are_asked(alcove, letter: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    letter.rename(folder / "letter.txt")
    (folder / "menu.txt").write_text("Tea room\n\nA pot of green tea costs four euros and ten.")
    result = answered(alcove, folder, "What does green tea cost?")
    assert result["answer"][0]["citations"][0]["path"].endswith("menu.txt")
    told = alcove("ask", folder, "What does green tea cost?").stdout
    assert "Tea room, p. 1" in told.replace("\N{NO-BREAK SPACE}", " ")
    piped = answered(alcove, "-", "What does tea cost?", input="Green tea costs four euros.\n")
    assert piped["passages"][0]["path"] == "-"


def test_what_cannot_be_read_is_told_and_the_rest_answers(
    alcove, letter: Path, tmp_path: Path
) -> None:
    result = answered(alcove, tmp_path / "gone.pdf", letter, "How much is the rent?", code=1)
    assert "950" in result["answer"][0]["text"]
    done = alcove("ask", tmp_path / "gone.pdf", "How much is the rent?")
    assert (done.returncode, done.stdout) == (1, "")
    assert "gone.pdf" in done.stderr


def test_a_command_line_without_a_question_is_wrong(letter: Path, capsys) -> None:
    for words in (["How much?"], [str(letter), str(letter)], [str(letter), " "]):
        assert main(["ask", *words]) == Exit.USAGE
        out, err = capsys.readouterr()
        assert out == ""
        assert "question" in err


def test_questions_about_the_whole_are_summaries(alcove, letter: Path) -> None:
    result = answered(alcove, letter, "Summarise it")
    assert len(result["answer"]) >= 3
    assert result["passages"] == []
    assert all(sentence["citations"] for sentence in result["answer"])


def test_a_kept_answer_in_own_words_stands_in_the_store(
    alcove, letter: Path, own_home: Path
) -> None:
    target = own_home / "answer.json"
    done = alcove(
        *("ask", letter, "How much is the rent?", "--own-words", "--save"),
        *("--format", "json", "--output", target),
    )
    assert done.returncode == 0, done.stderr
    assert "kept as chat 1" in done.stderr
    assert "makes things up" in done.stderr
    result = json.loads(target.read_text("utf-8"))
    jsonschema.validate(result, SCHEMA)
    assert result["timings"]["prompt_tokens"] > 100
    database = Database(own_home / "data" / "alcove.db")
    try:
        store = ConversationStore(database)
        (record,) = store.list()
        assert record.title == "How much is the rent?"
        question, reply = store.messages(record.id)
        assert (question.role, reply.role) == ("user", "assistant")
        figures = ReplyFigures.kept(reply.stats)
        assert figures is not None
        assert figures.prompt_tokens == result["timings"]["prompt_tokens"]
        assert reply.stats["sampling"]["temperature"] == 0.0
        assert list(paths.folders().states.iterdir())
        answer = decode(reply.evidence)
        assert answer is not None
        assert [one.text for one in answer.sentences] == [one["text"] for one in result["answer"]]
        assert all(one.text in reply.content for one in answer.sentences)
        assert [one.document_id for one in answer.passages][:1] == store.attached(record.id)
        if answer.is_found:
            assert result["model"]["name"] == "SmolLM2-135M-Instruct.Q4_1"
            assert len(result["model"]["sha256"]) == 64
    finally:
        database.close()


@pytest.mark.parametrize("is_stopped", [False, True])
def test_what_came_to_no_answer_is_not_kept(
    letter: Path,
    own_home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_stopped: bool,
) -> None:
    template = CHATML if is_stopped else "{% if %}"
    model = tiny_llama(tmp_path / "tiny.gguf", chat_template=template, llama__context_length=4096)
    if is_stopped:

        def show(self: AskRun, event: RecordedEvent) -> None:
            if isinstance(event, PassagesFound):
                self._cancel.set()  # as Ctrl+C does

        monkeypatch.setattr(AskRun, "_show", show)
    wished = ["--model", str(model), "--own-words", "--save"]
    code = main(["ask", str(letter), "How much is the rent?", *wished])
    assert code == (Exit.STOPPED if is_stopped else Exit.FAILED)
    assert "kept as chat" not in capsys.readouterr().err
    database = Database(own_home / "data" / "alcove.db")
    assert ConversationStore(database).list() == []
    assert database.query("SELECT count(*) FROM messages")[0][0] == 0
    database.close()


def test_an_embedding_model_searches_along(
    letter: Path,
    own_home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []
    closeness = PassageVectors.closeness

    def seen(self: PassageVectors, attached: Attached, question: str, **how: Any) -> Any:
        compared.append(question)
        return closeness(self, attached, question, **how)

    monkeypatch.setattr(PassageVectors, "closeness", seen)
    model = tiny_bert(tmp_path / "bert.gguf").path
    question = "How much is the rent?"
    wished = ["--passages-only", "--format", "json", "--embedding-model", str(model), "--save"]
    assert main(["ask", str(letter), question, *wished]) == Exit.DONE
    (first, *_) = json.loads(capsys.readouterr().out)["passages"]
    assert "950" in first["text"]
    assert compared == [question]
    database = Database(own_home / "data" / "alcove.db")
    ((key,),) = database.query("SELECT model_key FROM vectors")
    database.close()
    assert key.startswith("bert ")
    nowhere = ["--embedding-model", str(tmp_path / "none.gguf")]
    assert main(["ask", str(letter), "What?", *nowhere]) == Exit.FAILED
