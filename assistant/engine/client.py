"""The engine as everyone else uses it: llama.cpp in a child process, behind one class."""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

from assistant.child import ChildOptions
from assistant.engine import process
from assistant.engine.choice import Choice
from assistant.engine.crashes import CrashRecord, file_identity
from assistant.engine.engine_process import EngineProcess
from assistant.engine.failures import error_of
from assistant.engine.following import Unanswered, follow
from assistant.engine.link import Death, EngineLink, Inbox, LinkBroken
from assistant.engine.loading import Loader
from assistant.engine.memory_record import MemoryRecord, note_memory
from assistant.engine.patience import Patience
from assistant.engine.protocol import (
    CountTokens,
    Event,
    Finished,
    Generate,
    LoadProgress,
    LoadSettings,
    Message,
    ModelInfo,
    Priority,
    PromptProgress,
    Sampling,
    TextPart,
    TokenCounts,
    Unload,
)
from assistant.engine.speed_record import SpeedWatch, Watch
from assistant.engine.status import EngineStatus, status_of
from assistant.engine.turn import Turn
from assistant.engine.usage import Usage
from assistant.errors import (
    DeathCause,
    EngineClosed,
    EngineDied,
    ModelNotFound,
)

_ATTEMPTS = 3
_PATIENCE = Patience()
_SETTINGS = LoadSettings()
_SAMPLING = Sampling()


class Engine:
    """Runs one model at a time; requests from several threads wait their turn.

    Nothing is started before the first request needs it. When the process dies, the request that
    was with it fails with the cause, and the next one starts it again.

    Args:
        log: file that takes llama.cpp's messages; None drops them.
        crash_record: file that remembers models that crashed while loading.
        nice: how much lower the process's priority is than the window's.
        patience: when the process counts as frozen.
        memory_record: file that remembers models that took more memory than was estimated.
        states: folder for what was evaluated for an owner; None keeps nothing on disk.
        states_limit_bytes: how much that folder may hold.
        speeds: takes how fast each reply was, of all engines that it is given to; None keeps
            nothing.
        idle_s: after so many seconds without a request the model is unloaded, and comes back
            with the next one; 0 for never. It may be changed at any time.

    Attributes:
        make_room: told before a model is loaded, with its file and settings, on the thread that
            asked for it: another engine may give back memory then.
    """

    def __init__(
        self,
        *,
        log: Path | None,
        crash_record: Path | None = None,
        nice: int = 5,
        patience: Patience = _PATIENCE,
        memory_record: Path | None = None,
        states: Path | None = None,
        states_limit_bytes: int = 2_000_000_000,
        speeds: SpeedWatch | None = None,
        idle_s: float = 0,
    ) -> None:
        options = ChildOptions(
            name="alcove engine", log=log, nice=nice, environment=process.ENVIRONMENT
        )
        self.idle_s = idle_s
        self.make_room: Callable[[Path, LoadSettings], object] | None = None
        self._crashes = CrashRecord(crash_record)
        self._stop_s = patience.stop_s
        self._process = EngineProcess(options, patience, self._crashes, states, self._rest_if_idle)
        self._chosen: tuple[Path, LoadSettings] | None = None
        self._tokens_per_s = 0.0
        self._memory = MemoryRecord(memory_record)
        self._speeds = speeds or SpeedWatch(None)
        self._loader = Loader(
            running_link=self._process.running,
            next_id=self._process.next_id,
            memory=self._memory,
            stop_s=patience.stop_s,
            states=states,
            states_limit_bytes=states_limit_bytes,
        )
        self._turn = threading.Lock()  # one request at a time loads what it needs and is sent

    @property
    def info(self) -> ModelInfo | None:
        """The loaded model, or None."""
        link = self._process.link
        return link.info if link else None

    def status(self) -> EngineStatus:
        """Return what the engine is doing; cheap enough for every second."""
        return status_of(self._process.link, self._tokens_per_s)

    def choose(self, path: Path, settings: LoadSettings = _SETTINGS) -> None:
        """Say which model the next request uses; that request loads it."""
        self._chosen = (path, settings)

    def forgive(self) -> None:
        """Let the next request load the chosen model even if it crashed the engine last time."""
        if self._chosen is not None:
            self._crashes.forget(self._chosen[0])

    def load(
        self, *, cancel: threading.Event, force: bool = False
    ) -> Iterator[LoadProgress | ModelInfo]:
        """Load the chosen model now; the last value is its `ModelInfo`, unless it was stopped.

        Args:
            cancel: ends the load.
            force: load it even if it crashed the engine last time.

        Raises:
            ModelError: the file cannot be used.
            ModelTooLarge: it does not fit into memory.
            CrashedLastTime: it ended the engine when it was last loaded.
            EngineDied: it ended the engine now.
            EngineClosed: the engine was closed.
        """
        choice = self._choice()
        info: ModelInfo | None = None
        with Turn(self._turn, cancel) as is_mine:
            if is_mine:
                for event in self._ready(choice, cancel, force=force):
                    info = event if isinstance(event, ModelInfo) else None
                    yield event
                if info is None and not cancel.is_set() and self.info:
                    yield self.info

    def generate(
        self,
        messages: Sequence[Message] = (),
        *,
        prompt: str = "",
        sampling: Sampling = _SAMPLING,
        max_tokens: int = 512,
        stop: Sequence[str] = (),
        thinking: bool | None = None,
        priority: Priority = Priority.CHAT,
        reply_start: str = "",
        is_continued: bool = False,
        grammar: str = "",
        json_schema: str = "",
        owner: str = "",
        is_reproducible: bool = False,
        is_part: bool = False,
        cancel: threading.Event,
        hold: threading.Event | None = None,
    ) -> Iterator[LoadProgress | ModelInfo | PromptProgress | TextPart | Finished]:
        """Reply to a conversation, or continue the bare text `prompt`.

        Loads the chosen model first if it is not loaded. The last value is `Finished`; after
        `cancel` it comes at once, with the reason `STOPPED`.

        Args:
            messages: the conversation, the user's message last.
            prompt: a text to continue, if there are no messages.
            sampling: how tokens are chosen.
            max_tokens: at most so many are generated; 0 for as many as the context holds.
            stop: strings that end the reply and are not part of it.
            thinking: whether to reason first, where the model lets one choose; never before a
                reply that follows a form.
            priority: a chat goes before waiting summaries; beside an aside, what others have
                evaluated stays in memory.
            reply_start: how the reply begins; what follows it is generated.
            is_continued: `reply_start` is what a reply came to before it was stopped.
            grammar: GBNF that the reply follows; none if empty.
            json_schema: JSON schema, as JSON, that the reply follows; none if empty. It goes
                before `grammar`.
            owner: whose words these are; what was evaluated is kept on disk for it until it is
                forgotten. Nothing is kept if empty.
            is_reproducible: the same reply each time, if nothing else is asked for meanwhile;
                slower. With a temperature, `sampling.seed` decides.
            is_part: it is one of many that make a summary: its length is not that of one.
            cancel: stops it, wherever it is.
            hold: pauses it while it is set; it goes on where it was.

        Raises:
            GrammarError: llama.cpp cannot read the grammar, or the schema.
            ModelError: with `NO_CHAT_TEMPLATE`, a base model was given `messages`; with
                `TEMPLATE_FAILED`, its template is broken; or the file cannot be used.
            PromptTooLong: the prompt has more tokens than the context.
            ModelTooLarge, CrashedLastTime, EngineDied, EngineClosed: see `load`.
        """
        request = Generate(
            id=self._process.next_id(),
            messages=tuple(Message(m.role, _encodable(m.content)) for m in messages),
            prompt=_encodable(prompt),
            sampling=sampling,
            max_tokens=max_tokens,
            stop=tuple(_encodable(text) for text in stop),
            thinking=thinking,
            priority=priority,
            reply_start=_encodable(reply_start),
            is_continued=is_continued,
            grammar=_encodable(grammar),
            json_schema=_encodable(json_schema),
            owner=owner,
            is_reproducible=is_reproducible,
        )
        usage = Usage(request.id)
        with self._speeds.watching() as watch:
            for event in self._submit(request, cancel, hold):
                usage.note(event)
                if hold is not None and hold.is_set():
                    watch.is_alone = False
                if isinstance(event, LoadProgress | ModelInfo | PromptProgress | TextPart):
                    yield event
                elif isinstance(event, Finished):
                    if event.generation_s > 0 and event.generated_tokens > 1:
                        self._tokens_per_s = event.generated_tokens / event.generation_s
                    if priority is not Priority.ASIDE:
                        self._note_speed(watch, event, priority, is_part=is_part)
                    yield event
                    return
        yield usage.stopped()

    def count_tokens(
        self,
        texts: Sequence[str],
        *,
        priority: Priority = Priority.CHAT,
        cancel: threading.Event | None = None,
    ) -> tuple[int, ...]:
        """Return the tokens of each text on the chosen model's tokenizer; () when stopped.

        Args:
            texts: any texts.
            priority: for a chat it does not wait for the step of a summary, a second at most.
            cancel: stops it.

        Raises:
            ModelError, ModelTooLarge, CrashedLastTime, EngineDied, EngineClosed: see `load`.
        """
        request = CountTokens(
            self._process.next_id(), tuple(_encodable(text) for text in texts), priority
        )
        for event in self._submit(request, cancel or threading.Event()):
            if isinstance(event, TokenCounts) and len(event.counts) == len(texts):
                return event.counts
        return ()

    def unload(self) -> None:
        """Free the model and its file, after the requests that are under way.

        The next request loads the chosen model again.
        """
        with self._turn:  # so that nobody is between loading a model and using it
            link = self._process.link
            if link is None or not link.is_alive:
                return
            request = Unload(self._process.next_id())
            try:
                inbox = link.unload(request)
            except LinkBroken:
                return
        inbox.get()  # `Unloaded`, or a death: the model is freed either way
        link.forget(request.id)

    def rest(self) -> bool:
        """Free the model at once if nobody needs it now, and wait until its memory is free.

        Unlike `unload` it never waits for a request. The next request loads the model again.

        Returns:
            Whether nothing is loaded any more.
        """
        if not self._turn.acquire(blocking=False):
            return False
        try:
            link = self._process.link
            if link is None or not link.is_alive:
                return True
            if link.is_working or link.is_loading:
                return False
            link.rest(Unload(self._process.next_id()))
        finally:
            self._turn.release()
        link.join()
        return not link.is_alive

    def forget(self, owner: str) -> None:
        """Delete what was evaluated for `owner`, in memory and on disk; for everyone if empty.

        Starts no process: one that lives hears of it and deletes what it was just writing.
        """
        self._process.forget(owner)

    def close(self) -> None:
        """End the process; requests under way raise `EngineClosed`. For good."""
        self._process.close()

    def _choice(self) -> Choice:
        if self._chosen is None:
            raise ModelNotFound("")
        path, settings = self._chosen
        return Choice(path, settings, file_identity(path))

    def _submit(
        self,
        request: Generate | CountTokens,
        cancel: threading.Event,
        hold: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Load what `request` needs, send it and yield all events; ends early when stopped."""
        choice = self._choice()
        with Turn(self._turn, cancel) as is_mine:
            if not is_mine:
                return
            for attempt in range(_ATTEMPTS):
                try:
                    link = yield from self._ready(choice, cancel)
                    if cancel.is_set():
                        return
                    inbox = link.open(request)
                    break
                except LinkBroken:  # it ended while it was idle: nothing was lost
                    if attempt == _ATTEMPTS - 1:
                        raise EngineDied(DeathCause.EXITED, None, False) from None
        try:
            yield from self._follow(link, inbox, request, cancel=cancel, hold=hold)
        except Unanswered as end:
            raise self._error(end, choice) from None

    def _ready(
        self, choice: Choice, cancel: threading.Event, *, force: bool = False
    ) -> Generator[LoadProgress | ModelInfo, None, EngineLink]:
        """Load `choice` unless it is loaded; return the process that has it, unless stopped."""
        link = self._process.running()
        if link.loaded == choice:
            return link
        if not force:
            self._crashes.check(choice.path)
        if self.make_room is not None:
            self.make_room(choice.path, choice.settings)
        try:
            return (yield from self._loader.load(choice, cancel))
        except Unanswered as end:
            raise self._error(end, choice) from None

    def _rest_if_idle(self, link: EngineLink) -> None:
        """Free the model that nobody has needed for a while; the next request loads it again."""
        if not self.idle_s or link.info is None or link.quiet_s < self.idle_s:
            return
        if self._turn.acquire(blocking=False):  # so that nobody is about to use it
            try:
                if link.quiet_s >= self.idle_s:
                    link.rest(Unload(self._process.next_id()))
            finally:
                self._turn.release()

    def _follow(
        self,
        link: EngineLink,
        inbox: Inbox,
        request: Generate | CountTokens,
        *,
        cancel: threading.Event,
        hold: threading.Event | None,
    ) -> Iterator[Event]:
        """Yield a request's events, and compare the memory that it took with the estimate."""
        for event in follow(link, inbox, request.id, stop_s=self._stop_s, cancel=cancel, hold=hold):
            if isinstance(event, Finished) and not event.extra_memory_bytes:
                note_memory(self._memory, link)
            yield event

    def _note_speed(
        self, watch: Watch, finished: Finished, priority: Priority, *, is_part: bool
    ) -> None:
        """Keep how fast a reply was, with how much memory its model takes by now."""
        link = self._process.link
        choice = link.loaded if link else None
        factor = self._memory.correction(choice.path) if choice else 1.0
        is_summary = priority is Priority.SUMMARY and not is_part
        self._speeds.note(watch, link, finished, factor, is_summary=is_summary)

    def _error(self, end: Unanswered, choice: Choice) -> Exception:
        if isinstance(end.event, Death) and self._process.is_closed:
            return EngineClosed()
        return error_of(end.event, choice)


def _encodable(text: str) -> str:
    """Return `text` with a question mark for each half of a surrogate pair: UTF-8 has none."""
    return text.encode("utf-8", "replace").decode("utf-8")
