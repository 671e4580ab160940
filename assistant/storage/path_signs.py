"""What stands for the path of a file that has to be known again, but not told."""

import hashlib

_BYTES = 16


def path_sign(text: str) -> str:
    """Return a sum of a path (as `paths.as_text` writes it): no word of it can be read there."""
    return hashlib.blake2b(text.encode(), digest_size=_BYTES).hexdigest()
