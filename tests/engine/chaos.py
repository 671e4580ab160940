"""Many requests of all kinds at once, stopped, held, left and killed at random, and checked.

Every request has a result that is known beforehand: the greedy reply that the model gave when it
was asked alone, a marker that a grammar forces, a count, an error. So a reply that is wrong, that
belongs to another request, or that never comes is seen. `benchmarks/engine` runs a thousand,
`test_chaos.py` a few.
"""

import json
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import psutil

from assistant.engine.client import Engine
from assistant.engine.protocol import (
    GREEDY,
    Finished,
    FinishReason,
    Message,
    Priority,
    PromptProgress,
    Role,
    TextPart,
)
from assistant.engine.status import EngineState
from assistant.errors import CrashedLastTime, DeathCause, EngineDied, PromptTooLong

REPLY = 24
WORDS = ("rent", "deposit", "notice", "tenant", "landlord", "garden", "key", "water", "roof", "cat")
OWNERS = tuple(f"conversation-{number}" for number in range(5))


class Kind(StrEnum):
    """What is asked."""

    PROMPT = "prompt"
    CHAT = "chat"
    MARKER = "marker"
    SCHEMA = "schema"
    COUNT = "count"
    TOO_LONG = "too long"
    FORGET = "forget"


WEIGHTS = {
    Kind.PROMPT: 30,
    Kind.CHAT: 25,
    Kind.MARKER: 20,
    Kind.SCHEMA: 10,
    Kind.COUNT: 8,
    Kind.TOO_LONG: 4,
    Kind.FORGET: 3,
}


@dataclass(frozen=True)
class Known:
    """A question and what the model says to it."""

    prompt: str = ""
    messages: tuple[Message, ...] = ()
    reply: str = ""


@dataclass(frozen=True)
class Order:
    """One request; delays in seconds, None for what does not happen."""

    number: int
    kind: Kind
    known: Known
    owner: str
    priority: Priority
    stop_after_s: float | None
    hold_for_s: float | None
    leaves: bool

    @property
    def marker(self) -> str:
        return f"ID-{self.number:04d}"


@dataclass
class Findings:
    """What came of it: how the requests ended, and what should not have been."""

    endings: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    kills: int = 0


class Chaos:
    """Asks one engine from several threads.

    Args:
        engine: with a model chosen; nobody else uses it.
        seed: of everything that is random.
        is_exact: the model's greedy reply is the same in every company. It is for tiny models of
            32-bit weights; elsewhere batching changes the rounding, and only forced replies can
            be compared.
        words: length of the longest prompt, in words.
        pace_s: about how long a reply takes, in seconds: stops and holds come within it.
    """

    def __init__(
        self, engine: Engine, *, seed: int, is_exact: bool, words: int, pace_s: float
    ) -> None:
        self._engine = engine
        self._chance = random.Random(seed)
        self._is_exact = is_exact
        self._words = words
        self._pace_s = pace_s
        self._known: list[Known] = []
        self._lock = threading.Lock()
        self._ids: set[int] = set()
        self._running: dict[int, Order] = {}
        self._number = 0

    def learn(self, count: int) -> None:
        """Ask `count` prompts and as many chats alone, one after another."""
        for number in range(count):
            text = f"{number} {self._text(self._chance.randint(3, self._words))}"
            for known in (Known(text), Known(messages=(Message(Role.USER, text),))):
                reply = ""
                for event in self._ask(known, cancel=threading.Event()):
                    reply += event.text if isinstance(event, TextPart) else ""
                self._known.append(Known(known.prompt, known.messages, reply))

    def run(self, requests: int, *, threads: int, kill_every: int = 0) -> Findings:
        """Make `requests` requests, and end the engine's process after each `kill_every`."""
        findings = Findings()
        orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        for _ in range(requests):
            orders.put(self._order())
        for _ in range(threads):
            orders.put(None)

        def work() -> None:
            while (order := orders.get()) is not None:
                self._do(order, findings)

        workers = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
        for worker in workers:
            worker.start()
        self._watch(workers, findings, requests, kill_every)
        return findings

    def _watch(
        self,
        workers: list[threading.Thread],
        findings: Findings,
        requests: int,
        kill_every: int,
    ) -> None:
        """Kill now and then, and see to it that no request hangs."""
        last, since = -1, time.monotonic()
        while any(worker.is_alive() for worker in workers):
            time.sleep(0.01)
            done = findings.endings.total()
            if done != last:
                last, since = done, time.monotonic()
            if kill_every and done >= kill_every * (findings.kills + 1) and done < requests:
                self._kill(findings)
            if time.monotonic() - since > 120:
                with self._lock:
                    findings.faults += [f"lost: {order}" for order in self._running.values()]
                return

    def _kill(self, findings: Findings) -> None:
        """End the engine's process, unless it is loading: that would brand the model."""
        if self._engine.status().state in {EngineState.READY, EngineState.WORKING}:
            findings.kills += 1  # before it: its requests end at once, and look whether it was us
            engine_process().kill()

    # Orders

    def _order(self) -> Order:
        chance = self._chance
        self._number += 1
        kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        wanted = [k for k in self._known if bool(k.messages) is (kind is Kind.CHAT)]
        return Order(
            number=self._number,
            kind=kind,
            known=chance.choice(wanted),
            owner=chance.choice(OWNERS) if chance.random() < 0.3 else "",
            priority=chance.choice(list(Priority)),
            stop_after_s=chance.uniform(0, self._pace_s) if chance.random() < 0.15 else None,
            hold_for_s=chance.uniform(0, 3 * self._pace_s) if chance.random() < 0.1 else None,
            leaves=chance.random() < 0.08,
        )

    def _text(self, words: int) -> str:
        return " ".join(self._chance.choice(WORDS) for _ in range(words))

    # Requests

    def _do(self, order: Order, findings: Findings) -> None:
        with self._lock:
            self._running[order.number] = order
        try:
            ending = self._answer(order)
        except EngineDied as error:
            ending = "died"
            if error.cause is not DeathCause.KILLED or not findings.kills:
                ending = f"fault: the engine {error.cause}: {error.log_tail[-300:]}"
        except CrashedLastTime:  # the kill met a load after all
            ending = "died"
            for _ in self._engine.load(cancel=threading.Event(), force=True):
                pass
        except Exception as error:
            ending = f"fault: {error!r}"
        with self._lock:
            del self._running[order.number]
            if ending.startswith("fault"):
                findings.faults.append(f"{ending} in {order}")
                ending = "fault"
            findings.endings[ending] += 1

    def _answer(self, order: Order) -> str:
        """Do one request and return how it ended; what begins with "fault" should not be."""
        match order.kind:
            case Kind.COUNT:
                return self._count(order)
            case Kind.TOO_LONG:
                return self._too_long()
            case Kind.FORGET:
                self._engine.forget(order.owner or OWNERS[0])
                return "forgotten"
            case Kind.MARKER:
                form = {"grammar": f'root ::= "{order.marker}"'}
                return self._generate(order, lambda text: text == order.marker, form)
            case Kind.SCHEMA:
                schema = {
                    "type": "object",
                    "properties": {"id": {"enum": [order.marker]}},
                    "required": ["id"],
                    "additionalProperties": False,
                }
                form = {"json_schema": json.dumps(schema)}
                return self._generate(
                    order, lambda text: json.loads(text) == {"id": order.marker}, form
                )
            case _:
                return self._generate(
                    order, lambda text: not self._is_exact or text == order.known.reply, {}
                )

    def _count(self, order: Order) -> str:
        texts = [order.marker, "", order.known.prompt]
        first, second = self._engine.count_tokens(texts), self._engine.count_tokens(texts[:1])
        is_right = len(first) == 3 and first[:1] == second and first[1] == 0
        return "counted" if is_right else f"fault: counts {first} and {second}"

    def _too_long(self) -> str:
        info = self._engine.info
        text = "landlord " * (info.context_tokens if info else 9000)
        try:
            for _ in self._ask(Known(text), cancel=threading.Event()):
                pass
        except PromptTooLong:
            return "refused"
        return "fault: a prompt longer than the context was taken"

    def _generate(self, order: Order, is_right: Callable[[str], bool], form: dict[str, str]) -> str:
        cancel, hold = threading.Event(), threading.Event()
        timers = []
        if order.stop_after_s is not None:
            timers.append(threading.Timer(order.stop_after_s, cancel.set))
        if order.hold_for_s is not None:
            hold.set()
            timers.append(threading.Timer(order.hold_for_s, hold.clear))
        for timer in timers:
            timer.start()
        options = {"cancel": cancel, "hold": hold, "owner": order.owner} | form
        options |= {"priority": order.priority}
        if form:
            options["max_tokens"] = 4 * REPLY
        try:
            return self._follow(order, self._ask(order.known, **options), is_right)
        finally:
            for timer in timers:
                timer.cancel()
                timer.join()

    def _ask(self, known: Known, **options: Any) -> Generator[object, None, None]:
        options = {"max_tokens": REPLY, "sampling": GREEDY} | options
        yield from self._engine.generate(known.messages, prompt=known.prompt, **options)

    def _follow(
        self,
        order: Order,
        events: Generator[object, None, None],
        is_right: Callable[[str], bool],
    ) -> str:
        ids: set[int] = set()
        text = ""
        finished: Finished | None = None
        for event in events:
            if finished is not None:
                return f"fault: {event} after the end"
            if isinstance(event, TextPart | PromptProgress | Finished):
                ids.add(event.id)
            if isinstance(event, TextPart):
                text += event.text
            elif isinstance(event, Finished):
                finished = event
            if order.leaves and ids:
                events.close()
                return "left"
        if finished is None:
            return "fault: it ended without an end"
        return self._judge(order, ids, text, finished, is_right)

    def _judge(
        self,
        order: Order,
        ids: set[int],
        text: str,
        finished: Finished,
        is_right: Callable[[str], bool],
    ) -> str:
        with self._lock:
            is_foreign = len(ids) != 1 or ids <= self._ids
            self._ids |= ids
        if is_foreign:
            return f"fault: events of {ids}"
        if finished.reason is FinishReason.STOPPED:
            if order.stop_after_s is None:
                return "fault: stopped unasked"
            if self._is_exact and order.kind in {Kind.PROMPT, Kind.CHAT}:
                # A character that was cut within its bytes ends in a replacement character.
                said = text.rstrip("\N{REPLACEMENT CHARACTER}")
                if not order.known.reply.startswith(said):
                    return f"fault: {text!r} begins no {order.known.reply!r}"
            return "stopped"
        if finished.prompt_tokens < finished.reused_tokens or finished.prompt_tokens < 1:
            return f"fault: {finished}"
        return "right" if is_right(text) else f"fault: {text!r} is not right"


def engine_process() -> psutil.Process:
    """Return the engine's process: the newest child of this one."""
    children = [
        child
        for child in psutil.Process().children()
        if "resource_tracker" not in " ".join(child.cmdline())
    ]
    return max(children, key=lambda child: child.create_time())
