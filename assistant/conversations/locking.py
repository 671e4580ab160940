"""The app lock: a password that the window asks for. It hides the window and encrypts nothing.

The password itself is never kept, only its scrypt sum (RFC 7914), so that whoever reads the
settings cannot read a password that the person may use elsewhere, too.
"""

import base64
import binascii
import hashlib
import hmac
import os
import unicodedata

# 32 MB and about 80 ms on a slow computer: what OWASP asks for at least where N is 2^15.
_LOG_N, _R, _P = 15, 8, 3
_MEMORY_BYTES = 256 * 1024 * 1024
_SALT_BYTES = 16
_SUM_BYTES = 32

# A file edited by hand must not cost minutes or all memory.
_MOST_LOG_N, _MOST_R, _MOST_P = 17, 16, 8

LONGEST = 256

# After so many wrong passwords each further try has to wait.
FREE_TRIES = 3
_LONGEST_WAIT_S = 60.0


def hashed(password: str) -> str:
    """Return what is kept of a password. Takes about a tenth of a second on purpose.

    Raises:
        ValueError: it is empty, or longer than `LONGEST`.
    """
    if not 0 < len(password) <= LONGEST:
        raise ValueError("an empty or endless password")
    salt = os.urandom(_SALT_BYTES)
    made = _sum(password, salt, _LOG_N, _R, _P)
    return "$".join(
        ("scrypt", f"{_LOG_N},{_R},{_P}", *(base64.b64encode(x).decode() for x in (salt, made)))
    )


def is_right(password: str, kept: str) -> bool:
    """Return whether `password` is the one that `kept` was made from.

    A `kept` that nobody can read (a settings file edited by hand) fits no password.
    """
    try:
        name, costs, salt, made = kept.split("$")
        log_n, r, p = (int(cost) for cost in costs.split(","))
        wanted = base64.b64decode(made, validate=True)
        is_bounded = 1 <= log_n <= _MOST_LOG_N and 1 <= r <= _MOST_R and 1 <= p <= _MOST_P
        if name != "scrypt" or not is_bounded or len(password) > LONGEST:
            return False
        found = _sum(password, base64.b64decode(salt, validate=True), log_n, r, p)
    except (ValueError, binascii.Error, MemoryError):
        return False
    return hmac.compare_digest(found, wanted)


def wait_s(wrong_tries: int) -> float:
    """Return how long the next try has to wait after so many wrong ones."""
    if wrong_tries < FREE_TRIES:
        return 0.0
    return min(_LONGEST_WAIT_S, 2.0 ** (wrong_tries - FREE_TRIES))


def _sum(password: str, salt: bytes, log_n: int, r: int, p: int) -> bytes:
    # The same letters may be typed as other code points on another keyboard (Unicode NFC).
    text = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(
        text, salt=salt, n=1 << log_n, r=r, p=p, maxmem=_MEMORY_BYTES, dklen=_SUM_BYTES
    )
