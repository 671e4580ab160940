"""One conversation as it travels: what an export holds and what an import is turned into.

These are also the schema of Alcove's JSON export (docs/chats.md): field names are the file's.
"""

from typing import Any

import msgspec

FORMAT = "alcove-chats"
# Counted up when an older Alcove would misread a file. Fields may be added without.
VERSION = 1

ROLES = ("system", "user", "assistant")


class PortableMessage(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A message of the tree.

    Attributes:
        id: a number of its own within its conversation.
        role: one of `ROLES`.
        content: its text.
        created_at: when it was begun, ISO 8601 in UTC, to the microsecond.
        parent: the message it answers or follows; None for one that begins the conversation.
            A parent always stands before its children.
        thinking: what the model thought before, or "".
        status: "complete", "stopped" or "failed".
        error: for "failed", what happened.
        model: the model that wrote it, or "".
        stats: figures such as tokens and seconds, and the settings it was written with.
        evidence: the answer with its passages and citations, as Alcove stores it; None for none.
    """

    id: int
    role: str
    content: str
    created_at: str
    parent: int | None = None
    thinking: str = ""
    status: str = "complete"
    error: str = ""
    model: str = ""
    stats: dict[str, Any] = {}
    evidence: dict[str, Any] | None = None


class PortableRecap(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What older turns came to, for a model whose context they no longer fit."""

    upto: int
    text: str
    created_at: str
    is_edited: bool = False
    is_off: bool = False


class PortableDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A document that was attached: its name and sum, never its text."""

    id: int
    title: str
    path: str
    sha256: str


class PortableChat(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A conversation with all its branches.

    Attributes:
        active: the message that the conversation goes on from; None for the newest.
        title_by: "text" (its first words), "model" or "person".
        settings: preset, system prompt, model, sampling and form, as Alcove stores them.
        draft: what was typed and not sent.
    """

    title: str
    created_at: str
    updated_at: str
    messages: list[PortableMessage]
    active: int | None = None
    title_by: str = "text"
    folder: str = ""
    is_pinned: bool = False
    is_archived: bool = False
    settings: dict[str, Any] = {}
    draft: str = ""
    documents: list[PortableDocument] = []
    recaps: list[PortableRecap] = []
