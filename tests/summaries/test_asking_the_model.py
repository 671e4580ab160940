"""The model may be asked about sentences; a small one is not worth asking."""

import threading

import pytest

from assistant.documents.document import Span
from assistant.engine.client import Engine
from assistant.evidence.citation import Citation, Flag
from assistant.summaries.asking_the_model import Answer, Asked, ask, ask_about, may_be_asked
from assistant.summaries.summary import SummarySentence

pytestmark = pytest.mark.shared_process

QUOTE = Citation(Span(1, 0, 41), "The tenant must not keep pets in the flat.")


def test_base_and_small_models_are_not_asked() -> None:
    assert may_be_asked(1_500_000_000, has_chat_template=True)
    assert not may_be_asked(135_000_000, has_chat_template=True)
    assert not may_be_asked(1_500_000_000, has_chat_template=False)
    assert not may_be_asked(0, has_chat_template=True)


def test_sentences_without_a_mark_are_asked_about(engine: Engine) -> None:
    sentences = (
        SummarySentence("Pets are forbidden.", (QUOTE,), 0.8),
        SummarySentence("Cats sing.", (QUOTE,), 0.1, flags=(Flag.UNSUPPORTED,)),
        SummarySentence(QUOTE.quote, (QUOTE,), 1.0, replaced=True),
        SummarySentence("Nothing.", (), 0.0),
    )
    *progress, asked = ask_about(sentences, engine, cancel=threading.Event())
    assert progress == [Asked(0, 1)]
    assert isinstance(asked, tuple)
    assert asked[0].flags in {(), (Flag.DENIED,)}
    assert asked[1:] == sentences[1:]


def test_an_answer_is_yes_or_no_and_none_when_stopped(engine: Engine) -> None:
    answer = ask("Pets are forbidden.", [QUOTE.quote], engine, cancel=threading.Event())
    assert answer in {Answer.YES, Answer.NO}
    stopped = threading.Event()
    stopped.set()
    assert ask("Pets are forbidden.", [QUOTE.quote], engine, cancel=stopped) is Answer.NONE
    sentence = SummarySentence("Pets are forbidden.", (QUOTE,), 0.8)
    assert list(ask_about([sentence], engine, cancel=stopped)) == [Asked(0, 1), (sentence,)]
