"""Turns of real conversations with the starter model: replied to, varied, continued, summed up."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from assistant.conversations import afterwards, history
from assistant.conversations.asking.answer import Answered
from assistant.conversations.asking.attached import Attached, AttachedDocument
from assistant.conversations.events import (
    AfterEvent,
    DocumentWanted,
    HistoryCut,
    RecapBegun,
    RecapMade,
    RecordedEvent,
    ReplyBegun,
    TitleMade,
)
from assistant.conversations.figures import ReplyFigures
from assistant.conversations.replying import is_small
from assistant.conversations.turns import Stores, after_turn, take_turn
from assistant.engine.client import Engine
from assistant.engine.protocol import (
    Event,
    Finished,
    FinishReason,
    LoadSettings,
    Message,
    ModelInfo,
    TextPart,
)
from assistant.errors import GrammarError, ModelError, ModelFault, PromptTooLong
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversations import ConversationStore, MessageStatus, TitleBy
from assistant.storage.database import Database
from assistant.storage.recaps import RecapStore
from assistant.summaries.keeping import Keeping
from tests.conversations.asking.conftest import LEASE, document_of
from tests.engine.tiny_models import CHATML, tiny_llama

pytestmark = pytest.mark.shared_process

# What a question takes beside its own tokens in the starter model's template, and a little more.
FRAME = 16
FACT = "My name is Isolde and I travel to Norway in June."
GREEDY = ChatSettings(sampling={"temperature": 0.0, "repeat_penalty": 1.1}, max_tokens=12)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, starter_model: Path) -> Iterator[Engine]:
    """The real engine with the starter model and a small context."""
    folder = tmp_path_factory.mktemp("engine")
    made = Engine(log=folder / "engine.log", states=folder / "states", nice=0)
    made.choose(starter_model, LoadSettings(context_tokens=512, threads=1))
    made.count_tokens([""])
    yield made
    made.close()


@dataclass
class Talk:
    """A conversation of a test."""

    engine: Engine
    stores: Stores
    id: int
    cancel: threading.Event = field(default_factory=threading.Event)

    def choose(self, settings: ChatSettings) -> None:
        self.stores.conversations.set_settings(self.id, settings)

    def say(self, text: str) -> list[RecordedEvent]:
        self.stores.conversations.add_message(self.id, "user", text)
        return self.turn()

    def turn(self, **wishes: object) -> list[RecordedEvent]:
        turn = take_turn(
            self.engine,
            self.stores,
            self.id,
            describe=str,
            cancel=self.cancel,
            **wishes,  # type: ignore[arg-type]
        )
        return list(turn)

    def after(self) -> list[AfterEvent]:
        return list(after_turn(self.engine, self.stores, self.id, cancel=self.cancel))

    @property
    def path(self) -> list[str]:
        return [one.content for one in self.stores.conversations.messages(self.id)]

    def fill(self, texts: Sequence[str]) -> None:
        """Add messages, by turns the user's and the model's."""
        for place, text in enumerate(texts):
            role = "assistant" if place % 2 else "user"
            self.stores.conversations.add_message(self.id, role, text)


@pytest.fixture
def talk(engine: Engine) -> Iterator[Talk]:
    database = Database.in_memory()
    stores = Stores(ConversationStore(database), RecapStore(database))
    made = Talk(engine, stores, stores.conversations.create("A talk"))
    made.choose(GREEDY)
    yield made
    engine.forget("")
    database.close()


def tiny_engine(folder: Path, *, context_tokens: int) -> Engine:
    """Return the engine with a tiny model, for which a letter is a token."""
    engine = Engine(log=None, states=folder / "states", nice=0)
    model = tiny_llama(folder / "tiny.gguf", llama__context_length=4096)
    engine.choose(model, LoadSettings(context_tokens=context_tokens, threads=1))
    return engine


@contextmanager
def tiny_talk(
    folder: Path, *, context_tokens: int, attached: Attached | None = None
) -> Iterator[Talk]:
    """A conversation with a tiny model, where it is not its words that matter."""
    database = Database.in_memory()
    stores = Stores(ConversationStore(database), RecapStore(database))
    with closing(tiny_engine(folder, context_tokens=context_tokens)) as engine:
        made = Talk(engine, stores, stores.conversations.create())
        for one in attached.documents if attached else ():
            stores.conversations.attach(made.id, Keeping.of(database).keep(one.document))
        made.choose(ChatSettings(system_prompt="", sampling={"temperature": 0.0}, max_tokens=4))
        yield made
    database.close()


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sequence[Message], dict[str, Any]]]:
    """What the engine is asked to reply to, and how; it replies all the same."""
    asked: list[tuple[Sequence[Message], dict[str, Any]]] = []
    generate = Engine.generate

    def seen(self: Engine, messages: Sequence[Message], **how: Any) -> Iterator[Event]:
        asked.append((messages, how))
        return generate(self, messages, **how)

    monkeypatch.setattr(Engine, "generate", seen)
    return asked


def finished(events: Sequence[RecordedEvent]) -> Finished:
    return next(event for event in events if isinstance(event, Finished))


def evaluated(events: Sequence[RecordedEvent]) -> int:
    end = finished(events)
    return end.prompt_tokens - end.reused_tokens


def text_of(events: Sequence[RecordedEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextPart))


def told_first(talk: Talk) -> str:
    """Return the system message that the model is given next."""
    assert talk.engine.info
    path = talk.stores.conversations.messages(talk.id)
    given = history.History(
        talk.engine,
        path,
        talk.stores.recaps,
        talk.stores.counts,
        system_prompt="You help.",
        reply_tokens=12,
        info=talk.engine.info,
        cancel=talk.cancel,
    )
    return given.messages(given.fit())[0].content


def test_a_reply_streams_and_is_kept_with_how_it_was_made(talk: Talk, starter_model: Path) -> None:
    talk.choose(msgspec.structs.replace(GREEDY, preset="Explain"))
    events = talk.say("What is the capital of France?")
    [_, reply] = talk.stores.conversations.messages(talk.id)
    assert events[0] == ReplyBegun(reply.id)
    assert any(isinstance(event, ModelInfo) for event in events)
    assert isinstance(events[-1], Finished)
    assert (reply.content, reply.status) == (text_of(events), MessageStatus.COMPLETE)
    assert reply.model_name == starter_model.stem
    assert (reply.stats["preset"], reply.stats["context_tokens"]) == ("Explain", 512)
    assert reply.stats["sampling"].keys() == {"temperature", "seed"}
    figures = ReplyFigures.kept(reply.stats)
    assert figures is not None
    assert figures.generated_tokens > 1


def test_the_next_turn_reads_what_is_new_and_no_more(talk: Talk) -> None:
    """Also after a reply that was stopped and went on, and with what is done in the background."""
    talk.say(FACT)
    for question in ("Where do I go?", "What is my name?", "In which month?"):
        last = talk.stores.conversations.messages(talk.id)[-1]
        talk.turn(continues=last.id)
        talk.after()
        events = talk.say(question)
        [words] = talk.engine.count_tokens([question])
        assert evaluated(events) <= words + FRAME
    assert talk.path[0] == FACT


def test_a_stopped_reply_goes_on_where_it_was(talk: Talk) -> None:
    whole = text_of(talk.say("Count from one to twenty in words."))
    talk.choose(msgspec.structs.replace(GREEDY, max_tokens=6))
    first = talk.turn(sibling_of=talk.stores.conversations.messages(talk.id)[-1].id)
    assert finished(first).reason is FinishReason.LENGTH
    cut = talk.stores.conversations.messages(talk.id)[-1]
    rest = talk.turn(continues=cut.id)
    assert rest[0] == ReplyBegun(cut.id)
    assert evaluated(rest) <= 2
    new = talk.stores.conversations.messages(talk.id)[-1]
    assert new.content == cut.content + text_of(rest) == whole
    written = [finished(events).generated_tokens for events in (first, rest)]
    assert new.stats["generated_tokens"] == sum(written)


def test_variants_differ_and_the_one_that_is_stopped_at_once_leaves_nothing(talk: Talk) -> None:
    free = ChatSettings(sampling={"temperature": 1.5, "min_p": 0.0, "top_k": 0}, max_tokens=8)
    talk.choose(free)
    talk.say("Tell me a word.")
    store = talk.stores.conversations
    old = store.messages(talk.id)[-1]
    talk.turn(sibling_of=old.id)
    new = store.messages(talk.id)[-1]
    assert store.siblings(talk.id)[new.id] == (old.id, new.id)
    assert new.content != old.content
    assert new.stats["sampling"]["seed"] != old.stats["sampling"]["seed"]
    talk.cancel.set()
    talk.turn(sibling_of=new.id)
    assert store.messages(talk.id)[-1] == new


def test_a_question_that_was_edited_begins_a_branch(talk: Talk) -> None:
    talk.say("Name a colour.")
    store = talk.stores.conversations
    [question, _] = store.messages(talk.id)
    store.add_message(talk.id, "user", "Name an animal.", parent_id=question.parent_id)
    talk.turn()
    assert talk.path[0] == "Name an animal."
    assert len(store.all_messages(talk.id)) == 4


def test_what_no_longer_fits_is_summed_up_and_may_be_undone(talk: Talk) -> None:
    talk.fill([FACT, "How nice. " * 60, "I take two children along.", "They will like it. " * 45])
    events = talk.say("What is my name?")
    [begun] = [event for event in events if isinstance(event, RecapBegun)]
    [made] = [event for event in events if isinstance(event, RecapMade)]
    assert begun.messages == 4
    assert "Isolde" in made.recap.text
    assert not any(isinstance(event, HistoryCut) for event in events)
    assert "Isolde" in told_first(talk)
    # The person reads it and puts it right: the model is given their words.
    talk.stores.recaps.edit(made.recap.id, "The user is called Gudrun.")
    assert "Gudrun" in told_first(talk)
    # Undone: what does not fit is left out, and that is said.
    talk.stores.recaps.switch(made.recap.id, True)
    events = talk.say("And now?")
    [cut] = [event for event in events if isinstance(event, HistoryCut)]
    assert cut.messages in {2, 4}
    assert cut.context_tokens == 512
    assert "Gudrun" not in told_first(talk)
    assert not any(isinstance(event, RecapBegun) for event in events)
    # In a larger context all of it is there again.
    engine = talk.engine
    assert engine.info is not None
    engine.choose(Path(engine.info.path), LoadSettings(context_tokens=2048, threads=1))
    assert not any(isinstance(e, HistoryCut | RecapBegun) for e in talk.say("And here?"))
    engine.choose(Path(engine.info.path), LoadSettings(context_tokens=512, threads=1))


def test_a_recap_that_its_person_made_longer_than_the_context_stops_nothing(
    tmp_path: Path,
) -> None:
    with tiny_talk(tmp_path, context_tokens=512) as talk:
        check_a_long_recap(talk)


def check_a_long_recap(talk: Talk) -> None:
    talk.fill(["My name is Isolde.", "nice " * 50, "Two children come along.", "good " * 50])
    [made] = [e for e in talk.say("And now?") if isinstance(e, RecapMade)]
    talk.stores.recaps.edit(made.recap.id, "The user is called Gudrun. " * 50)
    events = talk.say("And now?")
    assert finished(events).generated_tokens
    [cut] = [event for event in events if isinstance(event, HistoryCut)]
    assert cut.cuts_recap
    assert talk.stores.conversations.messages(talk.id)[-1].stats["cuts_recap"]
    given = told_first(talk)
    assert "Gudrun" in given
    assert given.endswith("[…]")
    # A question beside which hardly anything fits is answered, too.
    assert finished(talk.say("word " * 50)).generated_tokens


@pytest.mark.parametrize("by_model", [False, True])
def test_a_recap_in_the_background_costs_the_next_turn_nothing(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, by_model: bool
) -> None:
    if by_model:  # the starter model is too small to be asked, and does it all the same
        monkeypatch.setattr(history, "RECAP_PARAMETERS", 0)
    talk.fill([FACT, "How nice. " * 50, "It is for a week.", "A week is good. " * 36])
    talk.say("What shall I pack?")
    after = talk.after()
    assert [type(event) for event in after] == [RecapBegun, RecapMade]
    assert isinstance(after[1], RecapMade)
    assert after[1].recap.text
    question = "Anything else?"
    events = talk.say(question)
    assert not any(isinstance(event, RecapBegun | HistoryCut) for event in events)
    [words] = talk.engine.count_tokens([question])
    assert evaluated(events) <= words + FRAME
    assert talk.after() == []


def test_the_model_names_a_conversation_once_and_never_over_its_person(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(afterwards, "TITLE_PARAMETERS", 0)  # the starter model is too small
    store = talk.stores.conversations
    talk.say("What is the capital of France?")
    [made] = talk.after()
    assert isinstance(made, TitleMade)
    record = store.get(talk.id)
    assert record is not None
    assert (record.title, record.title_by) == (made.title, TitleBy.MODEL)
    assert talk.after() == []
    store.set_title(talk.id, "", TitleBy.TEXT)
    assert (
        list(after_turn(talk.engine, talk.stores, talk.id, makes_title=False, cancel=talk.cancel))
        == []
    )
    store.rename(talk.id, "Mine")
    assert talk.after() == []


def test_a_reply_in_a_form_follows_it(talk: Talk) -> None:
    schema = '{"type": "object", "properties": {"n": {"enum": [7]}}, "required": ["n"]}'
    talk.choose(msgspec.structs.replace(GREEDY, form="json", schema=schema))
    assert text_of(talk.say("A number?")) == '{"n": 7}'
    columns = '{"type": "object", "properties": {"Fruit": {}, "Colour": {}}}'
    talk.choose(msgspec.structs.replace(GREEDY, form="table", schema=columns, max_tokens=40))
    assert text_of(talk.say("Fruits?")).startswith("| Fruit | Colour |\n| --- | --- |\n| ")
    assert talk.stores.conversations.messages(talk.id)[-1].stats["form"] == "table"
    talk.choose(msgspec.structs.replace(GREEDY, form="json", schema='{"not": {}}'))
    with pytest.raises(GrammarError):
        talk.say("Now?")
    assert talk.stores.conversations.messages(talk.id)[-1].status is MessageStatus.FAILED


def test_a_question_about_a_document_that_is_not_there_asks_for_it(talk: Talk) -> None:
    question = "What does this contract say about the notice period?"
    assert talk.say(question) == [DocumentWanted()]
    assert talk.path == [question]
    talk.turn(answers_anyway=True)
    assert len(talk.path) == 2
    talk.say("And what does this contract say about the rent?")
    assert len(talk.path) == 4


def test_documents_that_do_not_tell_are_answered_from_when_the_person_insists(talk: Talk) -> None:
    attached = Attached((AttachedDocument(1, document_of(LEASE)),))
    talk.choose(msgspec.structs.replace(GREEDY, max_tokens=4))
    talk.stores.conversations.add_message(talk.id, "user", "Which airline flies to Lima?")
    [silent] = [e for e in talk.turn(asking=attached, writes=True) if isinstance(e, Answered)]
    assert not silent.answer.is_found
    reply = talk.stores.conversations.messages(talk.id)[-1]
    wishes = {"asking": attached, "sibling_of": reply.id, "answers_anyway": True}
    assert finished(talk.turn(**wishes, writes=True)).generated_tokens
    by_itself = talk.turn(**wishes)  # too small to be trusted with words
    assert not any(isinstance(event, Finished) for event in by_itself)


def rent() -> Attached:
    """A document that fits into a tiny model's context."""
    return Attached((AttachedDocument(1, document_of({"2 Rent": LEASE["2 Rent"]})),))


def test_a_long_history_beside_documents_is_told_in_a_recap(
    tmp_path: Path, given: list[tuple[Sequence[Message], dict[str, Any]]]
) -> None:
    documents = rent()
    question = "How much is the rent a month?"
    with tiny_talk(tmp_path, context_tokens=2560, attached=documents) as talk:
        store = talk.stores.conversations
        talk.fill(["I am Ann.", "nice " * 200, "Two children come.", "good " * 250])
        store.add_message(talk.id, "user", question)
        talk.engine.count_tokens([""])
        talk.turn(asking=documents, writes=False)
        assert talk.after() == []  # before there was a need, and in place of the documents
        store.add_message(talk.id, "user", question)
        events = talk.turn(asking=documents, writes=True)
        [made] = [event.recap for event in events if isinstance(event, RecapMade)]
        assert not any(isinstance(event, HistoryCut) for event in events)
        [system, *said] = given[-1][0]
        document, _, notes = system.content.rpartition("DOCUMENT>>>")
        assert "950 euros" in document
        assert notes.endswith(f"\n\n{made.text}")
        assert "I am Ann." in made.text
        assert said[-1].content == question
        assert not any("good" in message.content for message in said)


def test_a_further_question_on_a_document_costs_only_itself_after_a_restart(
    tmp_path: Path, given: list[tuple[Sequence[Message], dict[str, Any]]]
) -> None:
    """What is done in the background takes nothing of it away either."""
    documents = rent()
    with tiny_talk(tmp_path, context_tokens=2560, attached=documents) as talk:
        store = talk.stores.conversations
        talk.fill(["I am Ann.", "nice " * 110])
        further = "Is heating in the rent?"
        for question in ("How much is the rent a month?", further, further):
            if question is further:
                talk.engine.unload()
                talk.engine.close()
                talk.engine = tiny_engine(tmp_path, context_tokens=2560)
            store.add_message(talk.id, "user", question)
            events = talk.turn(asking=documents, writes=True)
            assert talk.after() == []
            if question is further:
                [words] = talk.engine.count_tokens([question])
                assert evaluated(events) <= words + 64
                assert finished(events).restored_tokens > 500
        assert len(given) == 3
        talk.engine.close()


def test_what_the_person_asks_of_all_replies_holds_beside_documents(
    tmp_path: Path, given: list[tuple[Sequence[Message], dict[str, Any]]]
) -> None:
    """And what is kept of how a reply was made is what it was made with."""
    wished = ChatSettings(
        system_prompt="Call the reader captain.",
        sampling={"temperature": 0.9},
        max_tokens=4,
        preset="Mine",
        form="json",
    )
    documents = rent()
    with tiny_talk(tmp_path, context_tokens=2560) as talk:
        store = talk.stores.conversations
        talk.choose(wished)
        store.add_message(talk.id, "user", "How much is the rent a month?")
        talk.turn(asking=documents, writes=True)
        [system, _], how = given[-1]
        assert "Call the reader captain." in system.content.rpartition("<<<DOCUMENT")[0]
        assert (how["sampling"].temperature, how["sampling"].repeat_last_n) == (0.9, 256)
        stats = store.messages(talk.id)[-1].stats
        assert stats["sampling"] == {
            "temperature": 0.9,
            "repeat_last_n": 256,
            "seed": how["sampling"].seed,
        }
        assert (stats["preset"], "form" in stats) == ("Mine", False)
        talk.turn(asking=documents, writes=False, sibling_of=store.messages(talk.id)[-1].id)
        quoted = store.messages(talk.id)[-1]
        assert "950 euros" in quoted.content
        assert not quoted.stats.keys() & {"preset", "sampling", "form"}
        assert len(given) == 1


def test_a_text_that_was_pasted_is_the_document(talk: Talk) -> None:
    lease = "The tenant shall pay the rent on the first day of each month. " * 12
    events = talk.say(f"{lease}\nSummarise this contract.")
    assert isinstance(events[0], ReplyBegun)


def test_a_conversation_that_is_gone_gets_no_reply(talk: Talk) -> None:
    assert talk.turn() == []
    talk.say("Hello")
    gone = talk.stores.conversations.messages(talk.id)[-1].id
    talk.stores.conversations.remove_message(gone)
    assert talk.turn(sibling_of=gone) == talk.turn(continues=gone) == []
    talk.stores.conversations.remove(talk.id)
    assert talk.turn() == []


def test_a_question_that_is_too_long_alone_is_an_error(talk: Talk) -> None:
    with pytest.raises(PromptTooLong):
        talk.say("word " * 600)
    failed = talk.stores.conversations.messages(talk.id)[-1]
    assert failed.status is MessageStatus.FAILED


def test_a_base_model_cannot_converse(tmp_path: Path) -> None:
    database = Database.in_memory()
    stores = Stores(ConversationStore(database), RecapStore(database), is_temporary=True)
    engine = Engine(log=None, nice=0)
    engine.choose(tiny_llama(tmp_path / "base.gguf", chat_template=""))
    talk = Talk(engine, stores, stores.conversations.create())
    try:
        with pytest.raises(ModelError) as caught:
            talk.say("Hello")
    finally:
        engine.close()
        database.close()
    assert caught.value.fault is ModelFault.NO_CHAT_TEMPLATE


@pytest.mark.parametrize("by_model", [False, True])
def test_many_short_messages_fit_though_the_template_writes_around_each(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, by_model: bool
) -> None:
    if by_model:
        monkeypatch.setattr(history, "RECAP_PARAMETERS", 0)
    talk.fill(["Hm. And so on, as we said."] * 120)
    events = talk.say("What is the capital of France?")
    assert finished(events).generated_tokens
    assert any(isinstance(event, RecapMade) for event in events)
    assert not any(isinstance(event, HistoryCut) for event in events)


def test_small_models_are_told_of() -> None:
    assert is_small(135_000_000)
    assert not is_small(1_000_000_000)
    assert not is_small(0)


def test_reasoning_is_kept_apart_and_never_sent_back(tmp_path: Path) -> None:
    """A model that always reasons first: a reply that was stopped there begins anew."""
    database = Database.in_memory()
    stores = Stores(ConversationStore(database), RecapStore(database), is_temporary=True)
    engine = Engine(log=None, nice=0)
    model = tiny_llama(tmp_path / "thinks.gguf", chat_template=CHATML + "{{ '<think>\n' }}")
    engine.choose(model, LoadSettings(context_tokens=512, threads=1))
    talk = Talk(engine, stores, stores.conversations.create())
    talk.choose(ChatSettings(max_tokens=16, sampling={"temperature": 0.0}))
    try:
        talk.say("hello")
        [_, thought] = stores.conversations.messages(talk.id)
        assert thought.thinking
        assert thought.content == ""
        talk.turn(continues=thought.id)
        [_, again] = stores.conversations.messages(talk.id)
        assert (again.id, again.thinking) == (thought.id, thought.thinking)
        # One that has words already goes on with them, without reasoning anew.
        stores.conversations.update_message(thought.id, content="Well,")
        parts = [e for e in talk.turn(continues=thought.id) if isinstance(e, TextPart)]
        assert not any(part.is_thinking for part in parts)
        before = finished(talk.say("and then?")).prompt_tokens
        stores.conversations.update_message(thought.id, thinking="much longer " * 50)
        newest = stores.conversations.messages(talk.id)[-1]
        assert finished(talk.turn(sibling_of=newest.id)).prompt_tokens == before
    finally:
        engine.close()
        database.close()
