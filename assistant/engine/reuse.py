"""Continues what was evaluated: a reply is never tokenized again.

A model may spell a word with other tokens than the tokenizer would: sampled " light", "house",
tokenized " lighthouse". The next prompt of the conversation then differs from what was evaluated
from that word on, though not a byte of its text does. So the tokens that were evaluated stay, as
far as they read the same.
"""

from collections.abc import Callable, Sequence


def join(
    known: Sequence[int],
    fresh: Sequence[int],
    piece: Callable[[int], bytes],
    is_control: Callable[[int], bool],
) -> list[int]:
    """Return the prompt `fresh`, begun with as much of `known` as reads byte for byte like it.

    Time grows with the tokens of the shorter list. What the template changed in a reply, such as
    white space at its end or its reasoning, ends the common part; the rest is taken from `fresh`.

    Args:
        known: tokens that were evaluated: a prompt and the reply that was sampled.
        fresh: tokens of a prompt that was rendered anew, with that reply in it.
        piece: a token's bytes.
        is_control: whether a token structures the conversation. It is like itself alone, never
            like the text of its name.
    """
    used, replaced = _common(known, fresh, piece, is_control)
    return [*known[:used], *fresh[replaced:]]


def _common(
    known: Sequence[int],
    fresh: Sequence[int],
    piece: Callable[[int], bytes],
    is_control: Callable[[int], bool],
) -> tuple[int, int]:
    """Return how many tokens of `known` read like how many of `fresh`, both from the start.

    The texts are compared a token at a time; where one list is ahead of the other, the other goes
    on, until both are at the end of a token again.
    """

    def text(tokens: Sequence[int], index: int) -> bytes:
        is_text = index < len(tokens) and not is_control(tokens[index])
        return piece(tokens[index]) if is_text else b""

    used = replaced = place = other = 0  # borders that agree; where each list is being read
    ahead = behind = b""  # what is read of `known` and not of `fresh`, and the reverse
    while True:
        if not ahead and not behind:
            used, replaced = place, other
            if place == len(known) or other == len(fresh):
                break
            if known[place] == fresh[other]:
                place += 1
                other += 1
                continue
        if not ahead:
            ahead = text(known, place)
            place += 1
        if not behind:
            behind = text(fresh, other)
            other += 1
        size = min(len(ahead), len(behind))
        if not size or ahead[:size] != behind[:size]:
            break
        ahead, behind = ahead[size:], behind[size:]
    return used, replaced
