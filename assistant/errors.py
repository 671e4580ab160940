"""What can go wrong, as classes that carry facts.

No sentence for a person stands here: `wording.py` turns each class into what happened and the
next step to take. Anything that is not an `AssistantError` is a bug.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


@dataclass(eq=False)
class AssistantError(Exception):
    """The environment's or the input's fault, never ours. Subclasses carry the facts."""

    def __str__(self) -> str:
        """Name the class and its facts, for logs: `wording.explain` writes for people."""
        facts = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({facts})"


class FileFault(StrEnum):
    """Why a document could not be read."""

    MISSING = "missing"
    DIRECTORY = "directory"
    EMPTY = "empty"
    UNKNOWN_TYPE = "unknown-type"
    DAMAGED = "damaged"
    PASSWORD_NEEDED = "password-needed"  # noqa: S105 - a fault's name
    PASSWORD_WRONG = "password-wrong"  # noqa: S105 - a fault's name
    ENCRYPTED = "encrypted"  # and no password could be used here
    NO_TEXT = "no-text"
    NEEDS_OCR = "needs-ocr"
    TOO_LARGE = "too-large"
    NOT_ALLOWED = "not-allowed"
    READER_CRASHED = "reader-crashed"
    READER_TIMED_OUT = "reader-timed-out"
    PASSED_OVER = "passed-over"  # by the person, in the queue
    SUMMARY_LOST = "summary-lost"  # what is stored of it is gone, or another version wrote it


@dataclass(eq=False)
class DocumentError(AssistantError):
    """A document that could not be read.

    Attributes:
        path: the file, as the user named it.
        fault: what is wrong with it.
        limit: for `TOO_LARGE`, the limit that was passed, in words for a log ("pages 10000").
        pages: for `NO_TEXT` and `NEEDS_OCR`, how many pages there are.
    """

    path: Path
    fault: FileFault
    limit: str = ""
    pages: int = 0


class ModelFault(StrEnum):
    """Why a model file cannot be used."""

    MISSING = "missing"
    DIRECTORY = "directory"
    EMPTY = "empty"
    NOT_GGUF = "not-gguf"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    UNKNOWN_ARCHITECTURE = "unknown-architecture"
    REFUSED = "refused"
    NO_CHAT_TEMPLATE = "no-chat-template"
    TEMPLATE_FAILED = "template-failed"
    PART_MISSING = "part-missing"
    LATER_PART = "later-part"
    NOT_ALLOWED = "not-allowed"
    NOT_FOR_EMBEDDING = "not-for-embedding"


@dataclass(eq=False)
class ModelError(AssistantError):
    """A model file that cannot be used.

    Attributes:
        path: the GGUF file.
        fault: what is wrong with it.
        detail: the architecture, the missing or first part, or llama.cpp's own last words; never
            the user's text.
    """

    path: Path
    fault: ModelFault
    detail: str = ""


@dataclass(eq=False)
class ModelNotFound(AssistantError):
    """No installed model and no file has this name; `installed` lists the names there are."""

    name: str
    installed: tuple[str, ...] = ()


@dataclass(eq=False)
class ModelTooLarge(AssistantError):
    """The model does not fit into memory, whatever the context.

    Attributes:
        path: the GGUF file.
        needed_bytes: weights, buffers and the smallest useful context.
        free_bytes: memory that could be had now.
    """

    path: Path
    needed_bytes: int
    free_bytes: int


class RequantizingFault(StrEnum):
    """Why a model was not kept in another format."""

    NOT_FASTER = "not-faster"
    TOO_MUCH_LOST = "too-much-lost"
    UNKNOWN_FORMAT = "unknown-format"
    FAST_ALREADY = "fast-already"


@dataclass(eq=False)
class RequantizingRefused(AssistantError):
    """A model in another format was of no use, and was removed; the original is as it was.

    Attributes:
        path: the original.
        quantization: the other format.
        fault: what is wrong with it.
        prompt_ratio, generation_ratio: its speed to that of the original; 0 if not measured.
        agreement: how often it chooses the same next token, from 0 to 1.
    """

    path: Path
    quantization: str
    fault: RequantizingFault
    prompt_ratio: float = 0.0
    generation_ratio: float = 0.0
    agreement: float = 0.0


@dataclass(eq=False)
class NotOurs(AssistantError):
    """A model file that another app, or a folder that is only read from, owns: never deleted.

    Attributes:
        path: the file.
        owner: the app's name, or the folder.
    """

    path: Path
    owner: str


@dataclass(eq=False)
class WrongTask(AssistantError):
    """A model cannot do what it was chosen for; `task` is "chat", "summaries" or "embeddings"."""

    path: Path
    task: str


@dataclass(eq=False)
class TemplateUnusable(AssistantError):
    """What was given as a chat template is none: too long, or no text."""

    limit_bytes: int


class MoveFault(StrEnum):
    """Why the folder of models cannot be moved."""

    SAME = "same"
    INSIDE = "inside"
    NAME_TAKEN = "name-taken"
    BUSY = "busy"
    DAMAGED_COPY = "damaged-copy"
    OTHER_MOVE = "other-move"


@dataclass(eq=False)
class MoveRefused(AssistantError):
    """The folder of models was not moved; everything is where it was.

    Attributes:
        path: the new folder, or the file in it that is in the way.
        fault: why not.
        detail: for `OTHER_MOVE`, where a move that was begun goes to.
    """

    path: Path
    fault: MoveFault
    detail: str = ""


@dataclass(eq=False)
class NothingOlder(AssistantError):
    """There is no older revision of a model to go back to; `name` is the model's."""

    name: str


class DeathCause(StrEnum):
    """What ended a child process."""

    KILLED = "killed"
    OUT_OF_MEMORY = "out-of-memory"
    CRASHED = "crashed"
    FROZEN = "frozen"
    EXITED = "exited"


@dataclass(eq=False)
class EngineDied(AssistantError):
    """The engine's process ended while a request was with it.

    Attributes:
        cause: what ended it.
        model: the model file that was loaded or being loaded.
        while_loading: it died before the model was ready.
        exit_code: the process's exit code; negative is a signal.
        log_tail: llama.cpp's last words, for a log; never the user's text.
    """

    cause: DeathCause
    model: Path | None
    while_loading: bool
    exit_code: int | None = None
    log_tail: str = ""


@dataclass(eq=False)
class EngineUnusable(AssistantError):
    """No part of llama.cpp runs on this processor; `detail` names the parts that are there."""

    detail: str = ""


@dataclass(eq=False)
class CrashedLastTime(AssistantError):
    """This model file ended the engine when it was last loaded; a load may be forced."""

    path: Path
    cause: DeathCause


@dataclass(eq=False)
class PromptTooLong(AssistantError):
    """A prompt has more tokens than the context holds."""

    prompt_tokens: int
    context_tokens: int


@dataclass(eq=False)
class GrammarError(AssistantError):
    """A reply cannot be made to follow this grammar or JSON schema; `detail` is for a log."""

    detail: str = ""


@dataclass(eq=False)
class EngineClosed(AssistantError):
    """A request reached an engine that was closed."""


class DownloadFault(StrEnum):
    """Why a download or a look at the hub failed."""

    OFFLINE = "offline"
    PROXY = "proxy"
    CERTIFICATE = "certificate"
    CUT = "cut"
    NOT_FOUND = "not-found"
    FILE_NOT_FOUND = "file-not-found"
    GATED = "gated"
    WRONG_TOKEN = "wrong-token"  # noqa: S105 - a fault's name
    CHANGED = "changed"
    DAMAGED = "damaged"
    NOT_A_MODEL = "not-a-model"
    REFUSED = "refused"
    UNSAFE_NAME = "unsafe-name"
    INSECURE = "insecure"
    BUSY = "busy"


@dataclass(eq=False)
class DownloadError(AssistantError):
    """A download or a look at the hub failed.

    Attributes:
        repo: the repository, "owner/name".
        fault: what happened.
        file: the file in it.
        kept_bytes: how much is kept for the next try.
        detail: the server's status, for a log.
    """

    repo: str
    fault: DownloadFault
    file: str = ""
    kept_bytes: int = 0
    detail: str = ""


class HubFault(StrEnum):
    """Why the hub gave no answer to a question."""

    OFFLINE = "offline"
    PROXY = "proxy"
    CERTIFICATE = "certificate"
    CUT = "cut"
    BUSY = "busy"
    NOT_FOUND = "not-found"
    GATED = "gated"
    WRONG_TOKEN = "wrong-token"  # noqa: S105 - a fault's name
    REFUSED = "refused"
    NOT_A_HUB = "not-a-hub"
    INSECURE = "insecure"


@dataclass(eq=False)
class HubError(AssistantError):
    """A search, or a look at a model's page, failed.

    Attributes:
        fault: what happened.
        host: whom was asked.
        repo: the repository in question, "owner/name"; "" for a search.
        wait_s: for `BUSY`, how long the hub asks to wait; 0 if it does not say.
        detail: the server's status, for a log.
    """

    fault: HubFault
    host: str
    repo: str = ""
    wait_s: float = 0.0
    detail: str = ""


@dataclass(eq=False)
class NetworkClosed(AssistantError):
    """The setting "Never connect" is on: the hub is not asked, and no name is looked up."""


@dataclass(eq=False)
class NoKeyring(AssistantError):
    """The system has no keyring that can be used, so an access token cannot be kept safely."""

    detail: str = ""


class PortFault(StrEnum):
    """Why no conversation was taken from a file."""

    MISSING = "missing"
    DIRECTORY = "directory"
    EMPTY = "empty"
    NOT_ALLOWED = "not-allowed"
    UNKNOWN_FORMAT = "unknown-format"
    NO_CHATS = "no-chats"
    NEWER = "newer"
    TOO_OLD = "too-old"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too-large"


@dataclass(eq=False)
class PortError(AssistantError):
    """A file of conversations that could not be read; nothing of it was imported.

    Attributes:
        path: the file, as the person named it.
        fault: what is wrong with it.
        detail: for `NEWER` and `TOO_OLD`, the format's version; never the person's text.
    """

    path: Path
    fault: PortFault
    detail: str = ""


class BackupFault(StrEnum):
    """Why a backup cannot be restored."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    NOT_A_BACKUP = "not-a-backup"
    DAMAGED = "damaged"
    NEWER = "newer"
    IN_USE = "in-use"


@dataclass(eq=False)
class BackupUnusable(AssistantError):
    """A backup that was not restored; everything is as it was.

    Attributes:
        path: the file, as the person named it.
        fault: what is wrong with it; `IN_USE` means that it is the database itself.
        detail: the system's word on it, or what the check found, for a log.
    """

    path: Path
    fault: BackupFault
    detail: str = ""


@dataclass(eq=False)
class WindowOpen(AssistantError):
    """The terminal was asked for what would pull everything from under the open window."""


@dataclass(eq=False)
class ModelInUse(AssistantError):
    """A model file that is loaded must not be changed under the engine; `path` is the file."""

    path: Path


@dataclass(eq=False)
class NoSpace(AssistantError):
    """The disk holding `path` is full or would be."""

    path: Path
    needed_bytes: int = 0
    free_bytes: int = 0


@dataclass(eq=False)
class CannotWrite(AssistantError):
    """A file or folder of the app, or one the user named, cannot be written."""

    path: Path
    reason: str = ""


@dataclass(eq=False)
class CrashNoted(AssistantError):
    """A fault of the program was written down in the file `report`.

    Attributes:
        report: of `assistant.crash_reports`.
        was_fatal: it ended Alcove, the last time it ran.
    """

    report: Path
    was_fatal: bool = False


@dataclass(eq=False)
class NothingKept(AssistantError):
    """The window works with data that goes with it, since its own cannot be used.

    Attributes:
        cause: why: `CannotWrite`, `NewerData`, `NoSpace` or `DamagedData`.
        portable: the folder of the portable copy, where that is what cannot be written.
    """

    cause: AssistantError
    portable: Path | None = None


@dataclass(eq=False)
class NewerData(AssistantError):
    """The data folder was written by a newer version of the app."""

    path: Path
    found: int
    known: int


@dataclass(eq=False)
class DamagedData(AssistantError):
    """A file of ours could not be read; it was kept beside under `kept_as`."""

    path: Path
    kept_as: Path | None = field(default=None)
