"""The app lock's password: only a sum of it is kept, and a wrong one opens nothing."""

import pytest

from assistant.conversations import locking


def test_only_the_right_password_fits() -> None:
    kept = locking.hashed("grüße 🔑")
    assert "grüße" not in kept
    assert locking.is_right("gru\u0308ße 🔑", kept)  # the same letters from another keyboard
    assert not locking.is_right("grüße", kept)
    assert not locking.is_right("", kept)
    assert not locking.is_right("x" * 1000, kept)
    assert locking.hashed("grüße 🔑") != kept  # salted
    for password in ("", "x" * 1000):
        with pytest.raises(ValueError, match="password"):
            locking.hashed(password)


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "scrypt",
        "scrypt$15,8,3$!$!",
        "md5$15,8,3$AAAA$AAAA",
        "scrypt$40,8,3$AAAA$AAAA",  # a terabyte
        "scrypt$15,8,1000000$AAAA$AAAA",  # hours
        "scrypt$x,8,3$AAAA$AAAA",
        "scrypt$-1,8,3$AAAA$AAAA",
    ],
)
def test_a_sum_edited_by_hand_fits_nothing_and_costs_nothing(kept: str) -> None:
    assert not locking.is_right("x", kept)


def test_wrong_passwords_wait() -> None:
    waits = [locking.wait_s(tries) for tries in range(13)]
    assert waits[:4] == [0, 0, 0, 1]
    assert waits == sorted(waits)
    assert waits[-1] == 60
