"""By which names apps export chats."""

import re
from pathlib import Path

_NAMES = re.compile(
    r"(?:conversations(?:-\d+)?\.json|.*\.conversation\.json|.*\.chat|alcove-chats.*\.json)\Z"
)


def is_export(path: Path) -> bool:
    """Return whether a file's name says that it holds chats; it is not opened."""
    return bool(_NAMES.match(path.name))
