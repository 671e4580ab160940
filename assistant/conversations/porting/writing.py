"""How the writing of an export ends early."""


class WritingStoppedError(Exception):
    """The person stopped it; nothing was written."""
