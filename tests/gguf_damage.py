"""Damaged beginnings of GGUF files: what chance, a bad disk or a stranger may make of a header."""

import random
import struct
from collections.abc import Callable, Iterator

_COUNTS = (0, 1, 2, 0xFF, 0xFFFF, 1 << 20, 1 << 24, 1 << 31, 1 << 40, (1 << 63) - 1, (1 << 64) - 1)
_FIRST_BYTES = 4096  # where a mutation hits something that matters


def _flipped(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.randint(1, 16)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def _flipped_early(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(min(_FIRST_BYTES, len(data)))] = chance.randrange(256)
    return data


def _lying(data: bytearray, chance: random.Random) -> bytearray:
    """Another number, 4 or 8 bytes, where one may stand."""
    at = chance.randrange(4, min(_FIRST_BYTES, len(data) - 8))
    kind = chance.choice(("<Q", "<I"))
    value = chance.choice(_COUNTS) % (1 << (8 * struct.calcsize(kind)))
    struct.pack_into(kind, data, at, value)
    return data


def _counting(data: bytearray, chance: random.Random) -> bytearray:
    """Other counts of tensors and pairs."""
    struct.pack_into("<Q", data, chance.choice((8, 16)), chance.choice(_COUNTS))
    return data


def _cut(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(len(data))]


def _dropped(data: bytearray, chance: random.Random) -> bytearray:
    at = chance.randrange(min(_FIRST_BYTES, len(data)))
    del data[at : at + chance.randint(1, 64)]
    return data


def _repeated(data: bytearray, chance: random.Random) -> bytearray:
    at = chance.randrange(len(data))
    data[at:at] = data[at : at + chance.randint(1, 4096)]
    return data


def _random(data: bytearray, chance: random.Random) -> bytearray:
    at = chance.randrange(24, len(data))
    data[at:] = chance.randbytes(len(data) - at)
    return data


def _long_array(data: bytearray, chance: random.Random) -> bytearray:
    """A first pair whose array is as long, and as deep, as can be claimed."""
    element = chance.choice((0, 8, 9, 10))
    count = chance.choice((1 << 12, 1 << 16, 1 << 20, 1 << 24, 1 << 25))
    pair = struct.pack("<Q", 1) + b"a" + struct.pack("<IIQ", 9, element, count)
    filling = bytes(min(8 * count, 24 * 1024 * 1024)) if chance.random() < 0.5 else b""
    if element == 9:
        filling = struct.pack("<IQ", chance.choice((0, 9)), 4096) * 200
    return bytearray(data[:24] + pair + filling + data[24:])


def _many_pairs(data: bytearray, chance: random.Random) -> bytearray:
    count = chance.choice((60_000, 70_000))
    pair = struct.pack("<Q", 1) + b"k" + struct.pack("<II", 4, 7)
    return bytearray(data[:16] + struct.pack("<Q", count) + pair * count)


def _long_strings(data: bytearray, chance: random.Random) -> bytearray:
    """Strings of characters that take four bytes each in memory."""
    text = "\U0001f600".encode() * chance.choice((60_000, 250_000, 1_000_000))
    pair = struct.pack("<Q", 1) + b"s" + struct.pack("<IQ", 8, len(text)) + text
    return bytearray(data[:16] + struct.pack("<Q", 8) + pair * 8)


MUTATIONS: dict[str, Callable[[bytearray, random.Random], bytearray]] = {
    "bits": _flipped,
    "early bytes": _flipped_early,
    "numbers": _lying,
    "counts": _counting,
    "cut": _cut,
    "dropped": _dropped,
    "repeated": _repeated,
    "random rest": _random,
    "long arrays": _long_array,
    "many pairs": _many_pairs,
    "long strings": _long_strings,
}
_RARE = {"long arrays", "many pairs", "long strings"}  # megabytes each


def damaged_headers(whole: list[bytes], count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Yield `count` damaged files with the kind of damage, all kinds in turn.

    Args:
        whole: sound files, or their beginnings.
        count: how many.
        seed: others for each.
    """
    chance = random.Random(seed)
    kinds = [kind for kind in MUTATIONS for _ in range(1 if kind in _RARE else 4)]
    for number in range(count):
        kind = kinds[number % len(kinds)]
        data = bytearray(chance.choice(whole))
        yield kind, bytes(MUTATIONS[kind](data, chance))
