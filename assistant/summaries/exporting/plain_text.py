"""Text of documents and models on one line, without what steers a terminal or a viewer."""

import re

_BLANKS = re.compile(" {2,}")


def visible(text: str) -> str:
    """Return `text` on one line without characters that nobody sees or that steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def visible_run(text: str) -> str:
    """Return the same, with the blanks at its ends: it stands within a line."""
    return _BLANKS.sub(" ", "".join(c if c.isprintable() else " " for c in text))
