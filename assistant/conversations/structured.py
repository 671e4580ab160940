"""Replies in a form: JSON that follows a schema, or a table."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.storage.chat_settings import ChatSettings


class Shown(StrEnum):
    """How a reply in a form is shown."""

    JSON = "json"
    TABLE = "table"  # its text is a Markdown table


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a reply follows; one of the two is empty.

    Attributes:
        json_schema: JSON schema, as JSON.
        grammar: GBNF.
        shown: how it is shown.
    """

    json_schema: str = ""
    grammar: str = ""
    shown: Shown = Shown.JSON


def form_of(settings: ChatSettings) -> Form | None:
    """Return the form that a conversation's replies follow; None for plain text.

    Raises:
        GrammarError: the schema is none, or asks for what cannot be promised.
    """
    return None


def as_markdown(content: str, shown: Shown | None) -> str:
    """Return a reply's text as Markdown: JSON indented in a code block, tables as they are."""
    return content
