"""A passage that gives orders to a reader's assistant: where it stands and what it tries."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.documents.document import Span


class InjectionKind(StrEnum):
    """What a passage tries."""

    OVERRIDE = "override"  # "ignore all previous instructions"
    ROLE = "role"  # gives the assistant another part to play
    MARKUP = "markup"  # role markers, a template's tokens, an end of the document
    DICTATION = "dictation"  # says what the summary or the answer has to say
    DISCLOSURE = "disclosure"  # asks for instructions, keys or other documents
    ERRAND = "errand"  # has a link visited, a mail sent, a command run
    HIDDEN = "hidden"  # letters that no reader sees
    ENCODED = "encoded"  # orders written in base64 and the like


@dataclass(frozen=True, slots=True)
class Injection:
    """A passage that gives orders to a reader's assistant.

    Attributes:
        span: where it stands.
        quote: its text; of hidden or encoded orders, what they say.
        kind: what it tries.
    """

    span: Span
    quote: str
    kind: InjectionKind
