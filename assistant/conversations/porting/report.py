"""What came of an import or an export, for words in the window and the terminal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class App(StrEnum):
    """Whose format a file has."""

    ALCOVE = "alcove"
    CHATGPT = "chatgpt"
    LM_STUDIO = "lm-studio"
    GPT4ALL = "gpt4all"
    CLAUDE = "claude"
    MESSAGES = "messages"  # a list of roles and contents, as many tools write it


class SkipReason(StrEnum):
    """Why a conversation was not imported."""

    ALREADY_HERE = "already-here"
    EMPTY = "empty"
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"


class LeftOut(StrEnum):
    """What an imported conversation had and Alcove cannot hold."""

    PICTURES = "pictures"
    FILES = "files"
    SOUND = "sound"
    TOOLS = "tools"  # calls of tools, and what they answered
    HIDDEN = "hidden"  # messages that the app itself did not show
    UNKNOWN = "unknown"
    DOCUMENTS = "documents"  # attached ones that are not in the library here


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A conversation that was not imported.

    Attributes:
        title: its title, or "".
        number: which of its file it is, from 1.
        file: the file, or the archive's member.
        reason: why not.
    """

    title: str
    number: int
    file: str
    reason: SkipReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What was imported, and what was not. Each conversation is here whole or not at all.

    Attributes:
        path: the file that was chosen.
        app: whose format it has.
        conversations: the new conversations' ids, in the file's order.
        messages: how many messages they have together.
        skipped: those that are not imported, at most `LISTED_SKIPPED` of them.
        skips: how many were not imported, for each reason.
        left_out: how much of the imported ones was left out, for each kind.
        is_cut: the file ends in the middle; what stood before that is imported.
        was_stopped: the person stopped it.
    """

    path: Path
    app: App
    conversations: tuple[int, ...] = ()
    messages: int = 0
    skipped: tuple[Skipped, ...] = ()
    skips: Mapping[SkipReason, int] = field(default_factory=dict)
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)
    is_cut: bool = False
    was_stopped: bool = False


LISTED_SKIPPED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What was written.

    Attributes:
        path: the file.
        conversations: how many.
        messages: how many they have together.
        size_bytes: the file's size.
    """

    path: Path
    conversations: int
    messages: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PortProgress:
    """How far an import or export is.

    Attributes:
        done: bytes read, or conversations written.
        total: of so many.
        conversations: how many are through.
    """

    done: int
    total: int
    conversations: int
