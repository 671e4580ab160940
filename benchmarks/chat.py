"""Measures what a turn of a chat costs, with the starter model or another.

    python -m benchmarks.chat [--model PATH] [--turns N] [--tokens N] [--only turns reopen states]

Turns: how many prompt tokens each evaluates beyond the question's own, while replies are stopped,
continued and made again, a preset is in use, and the history is summed up in the background.
Reopen: the time to the first token of a conversation of so many tokens after a restart, against
evaluating it anew. States: what the folder of saved states holds while conversations come and go.
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.conversations.events import HistoryCut, RecapMade, RecordedEvent
from assistant.conversations.presets import applied, built_in
from assistant.conversations.turns import Stores, after_turn, take_turn
from assistant.engine import states
from assistant.engine.client import Engine
from assistant.engine.protocol import Finished, LoadSettings, ModelInfo, TextPart
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.recaps import RecapStore

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "resources" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
QUESTIONS = (
    "We plan a week in the north of Norway in June, with two children. Where do we begin?",
    "How do we get from there to the islands?",
    "What do the children like there?",
    "And if it rains for two days?",
    "What does it cost, roughly?",
    "Which of it would you leave out?",
)
PARAGRAPH = "The ferry leaves the harbour at noon, and the children count the boats on the way. "
NEVER = threading.Event()


@dataclass(frozen=True)
class Talk:
    """One conversation with the real engine."""

    engine: Engine
    stores: Stores
    id: int

    def say(self, text: str, stop_after: int = 0) -> list[RecordedEvent]:
        """Ask and take the turn."""
        self.stores.conversations.add_message(self.id, "user", text)
        return self.turn(stop_after)

    def turn(
        self, stop_after: int = 0, *, continues: int | None = None, sibling_of: int | None = None
    ) -> list[RecordedEvent]:
        """Take a turn; stop it after so many parts of text."""
        cancel = threading.Event()
        events: list[RecordedEvent] = []
        for event in take_turn(
            self.engine,
            self.stores,
            self.id,
            describe=str,
            continues=continues,
            sibling_of=sibling_of,
            cancel=cancel,
        ):
            events.append(event)
            if stop_after and sum(isinstance(e, TextPart) for e in events) >= stop_after:
                cancel.set()
        return events

    @property
    def last(self) -> int:
        """The last message."""
        return self.stores.conversations.messages(self.id)[-1].id


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--turns", type=int, default=24, metavar="N")
    parser.add_argument("--tokens", type=int, default=3000, metavar="N")
    parser.add_argument("--only", nargs="*", choices=["turns", "reopen", "states"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alcove-chat-") as name:
        folder = Path(name)
        if not options.only or "turns" in options.only:
            measure_turns(options.model, folder, options.turns)
        if not options.only or "reopen" in options.only:
            measure_reopening(options.model, folder, options.tokens)
        if not options.only or "states" in options.only:
            measure_states(options.model, folder)


def measure_turns(model: Path, folder: Path, turns: int) -> None:
    """Print what the turns of a conversation evaluate beyond their questions."""
    beyond: list[int] = []
    recaps = cuts = 0
    settings = applied(built_in()[1], ChatSettings(max_tokens=48))
    with talking(model, folder, 1024, settings) as talk:
        talk.say(QUESTIONS[0])
        for number in range(1, turns):
            shake(talk, number)
            after = list(after_turn(talk.engine, talk.stores, talk.id, cancel=NEVER))
            recaps += sum(isinstance(event, RecapMade) for event in after)
            question = QUESTIONS[number % len(QUESTIONS)]
            events = talk.say(question, stop_after=4 if number % 5 == 0 else 0)
            cuts += sum(isinstance(event, HistoryCut) for event in events)
            [words] = talk.engine.count_tokens([question])
            beyond.append(evaluated(events) - words)
    print(
        f"turns: {len(beyond)}, with {recaps} recaps and {cuts} cuts; prompt tokens evaluated "
        f"beyond the question's: median {statistics.median(beyond):g}, worst {max(beyond)}"
    )


def shake(talk: Talk, number: int) -> None:
    """Do with the last reply what a person does now and then."""
    if number % 5 == 1:
        talk.turn(continues=talk.last)
    elif number % 7 == 2:
        talk.turn(sibling_of=talk.last)


def measure_reopening(model: Path, folder: Path, tokens: int) -> None:
    """Print how soon a conversation goes on after a restart, and how soon without its state."""
    settings = ChatSettings(max_tokens=8, sampling={"temperature": 0.0})
    context = tokens + 1024
    with talking(model, folder, context, settings) as talk:
        fill(talk, tokens)
        talk.say(QUESTIONS[0])
        conversation = talk.id
        talk.engine.unload()  # it writes what was evaluated
    seconds: dict[bool, float] = {}
    for has_state in (True, False):
        with talking(model, folder, context, settings, conversation, keeps=has_state) as talk:
            seconds[has_state], events = timed(talk, QUESTIONS[1])
            end = next(event for event in events if isinstance(event, Finished))
            print(
                f"reopen: {end.prompt_tokens} tokens, {end.restored_tokens} from disk, "
                f"{evaluated(events)} evaluated, first token after {seconds[has_state]:.2f} s"
            )
    print(f"reopen: 1/{seconds[False] / seconds[True]:.0f} of evaluating it anew")


def timed(talk: Talk, question: str) -> tuple[float, list[RecordedEvent]]:
    """Return how long the first token took once the model was loaded, and all events."""
    talk.stores.conversations.add_message(talk.id, "user", question)
    begun = first = 0.0
    events: list[RecordedEvent] = []
    for event in take_turn(talk.engine, talk.stores, talk.id, describe=str, cancel=NEVER):
        events.append(event)
        if isinstance(event, ModelInfo):
            begun = time.perf_counter()
        elif isinstance(event, TextPart) and not first:
            first = time.perf_counter()
    return first - begun, events


def measure_states(model: Path, folder: Path, conversations: int = 12) -> None:
    """Print what the saved states take at most, against their cap."""
    settings = ChatSettings(max_tokens=4, sampling={"temperature": 0.0})
    kept = folder / "capped"
    cap = 60_000_000
    with (
        sampled_sizes(kept) as sizes,
        talking(model, folder, 1024, settings, limit_bytes=cap, states_folder=kept) as talk,
    ):
        ids = [talk.id] + [talk.stores.conversations.create() for _ in range(conversations - 1)]
        for number in ids:
            talk.stores.conversations.set_settings(number, settings)
            one = Talk(talk.engine, talk.stores, number)
            fill(one, 500)
            one.say(f"{number}: {QUESTIONS[0]}")
            one.engine.unload()
        first = Talk(talk.engine, talk.stores, ids[0]).say(QUESTIONS[1])
        last = Talk(talk.engine, talk.stores, ids[-1]).say(QUESTIONS[1])
    print(
        f"states: {conversations} conversations, at most {max(sizes) / 1e6:.1f} MB of a cap of "
        f"{cap / 1e6:.0f} MB at {len(sizes)} looks; the oldest evaluated {evaluated(first)} "
        f"tokens, the newest {evaluated(last)}"
    )


@contextmanager
def sampled_sizes(folder: Path) -> Iterator[list[int]]:
    """Look every few milliseconds how much is in a folder, also while it is written."""
    sizes = [0]
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(0.005):
            names = set(folder.glob("*"))
            size = states.size_bytes(folder)
            if names == set(folder.glob("*")):  # else a file was counted that was gone by then
                sizes.append(size)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield sizes
    finally:
        is_over.set()
        thread.join()


def fill(talk: Talk, tokens: int) -> None:
    """Put turns of about so many tokens into a conversation."""
    [each] = talk.engine.count_tokens([PARAGRAPH])
    turns = max(1, tokens // 400)
    repeats = max(1, tokens // turns // each // 2)
    for number in range(turns):
        talk.stores.conversations.add_message(
            talk.id, "user", f"{talk.id}.{number}: {PARAGRAPH * repeats}"
        )
        talk.stores.conversations.add_message(talk.id, "assistant", PARAGRAPH * repeats)


def evaluated(events: Sequence[RecordedEvent]) -> int:
    """Return how many prompt tokens a turn evaluated."""
    end = next(event for event in events if isinstance(event, Finished))
    return end.prompt_tokens - end.reused_tokens


@contextmanager
def talking(
    model: Path,
    folder: Path,
    context_tokens: int,
    settings: ChatSettings,
    conversation: int | None = None,
    *,
    keeps: bool = True,
    limit_bytes: int = 2_000_000_000,
    states_folder: Path | None = None,
) -> Iterator[Talk]:
    """Give a conversation with an engine of its own."""
    engine = Engine(
        log=folder / "engine.log",
        states=(states_folder or folder / "states") if keeps else None,
        states_limit_bytes=limit_bytes,
    )
    engine.choose(model, LoadSettings(context_tokens=context_tokens))
    with closing(engine), closing(Database(folder / "alcove.db")) as database:
        stores = Stores(ConversationStore(database), RecapStore(database))
        number = stores.conversations.create() if conversation is None else conversation
        stores.conversations.set_settings(number, msgspec.structs.replace(settings))
        yield Talk(engine, stores, number)


if __name__ == "__main__":
    main()
