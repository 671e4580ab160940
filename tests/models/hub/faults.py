"""How a hub of ours misbehaves on request."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """Close the connection after some bytes of the answer."""

    after_bytes: int = 0


@dataclass(frozen=True)
class Stall:
    """Send some bytes, then nothing for a while (or until the server stops), then close."""

    after_bytes: int = 0
    seconds: float = 60.0


@dataclass(frozen=True)
class Busy:
    """Answer with 429 or 503."""

    status: int = 503
    retry_after: str = ""
    rate_limit: str = ""


@dataclass(frozen=True)
class Refuse:
    """Answer with a status, and an error code as the hub's."""

    status: int
    error_code: str = ""
    message: str = ""


@dataclass(frozen=True)
class IgnoreRange:
    """Answer a request for a range with 200 and everything."""


@dataclass(frozen=True)
class WrongBytes:
    """Send bytes of the right length, one of them changed."""

    at: int = 100


@dataclass(frozen=True)
class WrongLength:
    """Send, and announce, some bytes more (or fewer) than there are."""

    extra_bytes: int = 10


@dataclass(frozen=True)
class WrongRange:
    """Send a range that begins elsewhere than asked."""

    shift_bytes: int = -1


@dataclass(frozen=True)
class NoLength:
    """Do not say how long the answer is, and end it after some bytes."""

    after_bytes: int


@dataclass(frozen=True)
class Redirect:
    """Send the client elsewhere: `{path}` stands for the path it asked for."""

    to: str


@dataclass(frozen=True)
class Say:
    """Answer with these bytes, whatever was asked."""

    content: bytes
    content_type: str = "text/html"
    encoding: str = ""
    link: str = ""


Fault = (
    Cut
    | Stall
    | Busy
    | Refuse
    | IgnoreRange
    | WrongBytes
    | WrongLength
    | WrongRange
    | NoLength
    | Redirect
    | Say
)
