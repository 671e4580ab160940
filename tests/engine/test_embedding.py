"""Vectors of an embedding model, against the same model computed with numpy."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import psutil
import pytest

from assistant.engine import embedding_process, side_process
from assistant.engine.embedding import Embedder, EmbeddingProgress, Embeddings
from assistant.engine.embedding_prefixes import Purpose, prefix_for
from assistant.engine.embedding_process import Done, Embedded
from assistant.engine.llama import start
from assistant.engine.side_child import Outbox
from assistant.errors import (
    DeathCause,
    EngineClosed,
    EngineDied,
    ModelError,
    ModelFault,
    ModelNotFound,
    ModelTooLarge,
)
from assistant.gguf import read_header
from assistant.wording import explain
from tests.engine.tiny_bert import CONTEXT, WORDS, TinyBert, tiny_bert
from tests.engine.tiny_models import tiny_llama

TEXTS = ["the tenant pays rent", "every month late house key door", "water", "roof roof garden"]
MANY = [" ".join(WORDS[(i * j) % 20] for j in range(1, 50)) for i in range(3_000)]
ORPHAN = """
import sys, threading
from pathlib import Path
from assistant.engine.embedding import Embedder
if __name__ == "__main__":
    embedder = Embedder(log=None)
    embedder.choose(Path(sys.argv[1]))
    for event in embedder.embed(["the tenant"] * 100_000, cancel=threading.Event()):
        print(embedder._process.pid, flush=True)
"""


@pytest.fixture
def embedder(tmp_path: Path) -> Iterator[Embedder]:
    made = Embedder(log=tmp_path / "embeddings.log", nice=0)
    yield made
    made.close()


@pytest.fixture
def bert(tmp_path: Path, embedder: Embedder) -> TinyBert:
    made = tiny_bert(tmp_path / "bert.gguf")
    embedder.choose(made.path)
    return made


def embed(embedder: Embedder, texts: list[str], **options: object) -> Embeddings:
    events = list(embedder.embed(texts, cancel=threading.Event(), **options))
    assert isinstance(events[-1], Embeddings)
    return events[-1]


def test_vectors_are_those_of_the_model(embedder, bert) -> None:
    made = embed(embedder, TEXTS)
    assert made.vectors.dtype == np.float32
    assert made.vectors.shape == (4, 32)
    expected = np.array([bert.vector(bert.tokens(text)) for text in TEXTS])
    assert np.abs(made.vectors - expected).max() < 2e-3
    assert made.windows == (1, 1, 1, 1)
    assert (made.cut_texts, made.tokens) == (0, sum(len(bert.tokens(t)) for t in TEXTS))


class Events:
    """Takes the place of the pipe to the app."""

    def __init__(self) -> None:
        self.sent: list[object] = []

    def send(self, message: bytes) -> None:
        self.sent.append(msgspec.msgpack.decode(message, type=embedding_process.Event))


def test_a_stop_is_heard_before_the_work_has_begun(bert: TinyBert) -> None:
    """It is read on another thread, and may be first: the work may not forget it."""
    events = Events()
    worker = embedding_process._Embedding(start(), Outbox(events))
    request = embedding_process.Embed(str(bert.path), (0, 0), tuple(MANY), "", -1, 64, 1)
    worker.begin()
    worker.do(msgspec.structs.replace(request, texts=("water",)))  # it loads the model
    assert [type(event) for event in events.sent] == [Embedded, Done]
    events.sent.clear()
    worker.begin()
    worker.stop()
    worker.do(request)
    assert [type(event) for event in events.sent] == [Done]
    worker._unload()


def test_together_or_alone_makes_no_difference(embedder, bert) -> None:
    texts = MANY[:60]
    together = embed(embedder, texts).vectors
    alone = np.concatenate([embed(embedder, [text]).vectors for text in texts[:20]])
    assert np.abs(together[:20] - alone).max() < 1e-3
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_long_text_is_cut_into_windows_and_none_of_it_lost(embedder, bert) -> None:
    long = MANY[7] + " " + MANY[8] + " " + MANY[9]  # 147 words, and 62 fit
    made = embed(embedder, ["water", long, "roof"])
    assert made.windows == (1, 3, 1)
    assert made.cut_texts == 1
    inner = bert.tokens(long)[1:-1]
    room = CONTEXT - 2
    begins = [0, round((len(inner) - room) / 2), len(inner) - room]
    windows = [bert.vector([2, *inner[begin : begin + room], 3]) for begin in begins]
    mean = np.mean(windows, axis=0)
    assert np.abs(made.vectors[1] - mean / np.linalg.norm(mean)).max() < 2e-3


def test_nothing_has_no_direction(embedder, bert) -> None:
    made = embed(embedder, ["", "water", " "])
    assert made.windows == (0, 1, 0)
    assert not made.vectors[[0, 2]].any()
    assert made.vectors[1].any()
    assert embed(embedder, []).vectors.shape == (0, 32)


def test_progress_reaches_the_end(embedder, bert) -> None:
    events = list(embedder.embed(MANY[:40], cancel=threading.Event()))
    counts = [event.done_texts for event in events if isinstance(event, EmbeddingProgress)]
    assert counts == sorted(counts)
    assert (counts[-1], len(counts) > 3) == (40, True)


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("multilingual-e5-small", "query: ", "passage: "),
        ("nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("bge-m3", "", ""),
        ("all-MiniLM-L6-v2", "", ""),
        ("snowflake-arctic-embed-m-v2.0", "query: ", ""),
        ("embeddinggemma-300m", "task: search result | query: ", "title: none | text: "),
    ],
)
def test_prefixes_of_known_models(tmp_path, name, query, passage) -> None:
    header = read_header(tiny_bert(tmp_path / "model.gguf", name=name).path)
    assert prefix_for(header, Purpose.QUERY) == query
    assert prefix_for(header, Purpose.PASSAGE) == passage


def test_a_question_is_read_with_its_prefix(tmp_path, embedder) -> None:
    plain = tiny_bert(tmp_path / "bert.gguf")
    embedder.choose(tiny_bert(tmp_path / "e5.gguf", name="Tiny-e5").path)
    passage = embed(embedder, ["the rent"], purpose=Purpose.PASSAGE).vectors[0]
    query = embed(embedder, ["the rent"], purpose=Purpose.QUERY).vectors[0]
    tokens = plain.tokens("unknown : the rent")  # neither "query" nor ":" is in its vocabulary
    assert np.abs(query - plain.vector(tokens)).max() < 2e-3
    assert np.abs(passage - query).max() < 2e-3  # "passage" is unknown to it as well
    assert np.abs(query - plain.vector(plain.tokens("the rent"))).max() > 2e-3


def test_decoder_made_for_embeddings_gives_its_last_token(tmp_path, embedder) -> None:
    embedder.choose(tiny_llama(tmp_path / "tiny-embed.gguf"))
    together = embed(embedder, ["abc", "abd", "a longer text of letters"]).vectors
    alone = np.concatenate([embed(embedder, [text]).vectors for text in ("abc", "abd")])
    assert np.abs(together[:2] - alone).max() < 1e-3
    assert together[0] @ together[1] < 0.99999


def test_other_models_are_refused_in_words(tmp_path, embedder, starter_model) -> None:
    reranker = tiny_bert(tmp_path / "reranker.gguf", pooling=4).path
    for path in (starter_model, tiny_llama(tmp_path / "base.gguf", chat_template=""), reranker):
        embedder.choose(path)
        with pytest.raises(ModelError) as caught:
            embed(embedder, ["text"])
        assert caught.value.fault is ModelFault.NOT_FOR_EMBEDDING
        assert "comparing texts" in str(explain(caught.value))
    assert embedder._process is None  # nothing was started for them


def test_encoder_that_does_not_say_how_is_pooled_by_the_mean(tmp_path, embedder) -> None:
    silent = tiny_bert(tmp_path / "silent.gguf", pooling=None)
    embedder.choose(silent.path)
    vector = embed(embedder, ["the tenant"]).vectors[0]
    assert np.abs(vector - silent.vector(silent.tokens("the tenant"))).max() < 2e-3


def test_missing_model_or_memory(tmp_path, embedder, bert, monkeypatch) -> None:
    monkeypatch.setattr(side_process, "free_memory_bytes", lambda: 1_000_000)
    with pytest.raises(ModelTooLarge):
        embed(embedder, ["text"])
    embedder.choose(tmp_path / "none.gguf")
    with pytest.raises(ModelError):
        embed(embedder, ["text"])
    with pytest.raises(ModelNotFound):
        embed(Embedder(log=None), ["text"])


def test_stopped_soon_and_ready_again(embedder, bert) -> None:
    cancel = threading.Event()
    running = embedder.embed(MANY, cancel=cancel)
    assert isinstance(next(running), EmbeddingProgress)
    pid = embedder._process.pid
    begun = time.monotonic()
    cancel.set()
    assert not [event for event in running if isinstance(event, Embeddings)]
    assert time.monotonic() - begun < 1
    assert embed(embedder, ["water"]).windows == (1,)
    assert embedder._process.pid == pid
    assert list(embedder.embed(MANY, cancel=cancel)) == []


def test_caller_that_loses_interest_leaves_it_ready(embedder, bert) -> None:
    running = embedder.embed(MANY, cancel=threading.Event())
    next(running)
    running.close()
    expected = bert.vector(bert.tokens("water"))
    assert np.abs(embed(embedder, ["water"]).vectors[0] - expected).max() < 2e-3


def test_killed_says_so_and_works_again(embedder, bert) -> None:
    running = embedder.embed(MANY, cancel=threading.Event())
    next(running)
    os.kill(embedder._process.pid, signal.SIGKILL)
    with pytest.raises(EngineDied) as caught:
        list(running)
    assert caught.value.cause is DeathCause.KILLED
    assert caught.value.model == bert.path
    assert embed(embedder, ["water"]).windows == (1,)


def test_several_threads_take_turns(embedder, bert) -> None:
    results: dict[int, Embeddings] = {}

    def work(number: int) -> None:
        results[number] = embed(embedder, MANY[number * 5 : number * 5 + 5])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, made in results.items():
        expected = bert.vector(bert.tokens(MANY[number * 5]))
        assert np.abs(made.vectors[0] - expected).max() < 2e-3


def test_closed_while_it_works(embedder, bert) -> None:
    running = embedder.embed(MANY, cancel=threading.Event())
    next(running)
    closer = threading.Thread(target=embedder.close)
    closer.start()
    with pytest.raises(EngineClosed):
        list(running)
    closer.join()
    with pytest.raises(EngineClosed):
        embed(embedder, ["text"])


def test_closed_by_who_listens_no_more(embedder, bert) -> None:
    running = embedder.embed(MANY, cancel=threading.Event())
    next(running)
    begun = time.monotonic()
    embedder.close()
    assert time.monotonic() - begun < 3
    with pytest.raises(EngineClosed):
        list(running)


def test_model_that_was_replaced_is_loaded_anew(tmp_path, embedder, bert) -> None:
    before = embed(embedder, ["water"]).vectors
    tiny_bert(bert.path, pooling=2)  # the first token's vector, not the mean
    assert np.abs(embed(embedder, ["water"]).vectors - before).max() > 1e-3


def test_unloaded_and_back_by_itself(embedder, bert) -> None:
    embedder.unload()  # nothing is loaded
    embed(embedder, ["water"])
    child = psutil.Process(embedder._process.pid)
    embedder.unload()
    assert not child.is_running()
    assert embed(embedder, ["water"]).windows == (1,)


def test_goes_when_the_app_goes(tmp_path) -> None:
    model = tiny_bert(tmp_path / "bert.gguf").path
    app = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(model)], stdout=subprocess.PIPE, text=True
    )
    assert app.stdout
    child = psutil.Process(int(app.stdout.readline()))
    app.kill()
    app.wait()
    app.stdout.close()
    child.wait(timeout=5)
