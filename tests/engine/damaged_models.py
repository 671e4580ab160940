"""Damaged GGUF files, at random and at every place that a reader believes."""

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.gguf import read_header
from tests.engine.tiny_models import CHATML, tiny_llama

U32, U64, F32, TEXT, ARRAY, BOOL, I32 = 4, 10, 6, 8, 9, 7, 5
HUGE = (0, 1, 3, 1 << 16, (1 << 31) - 1, (1 << 32) - 1)
HUGE64 = (0, 1, 1 << 20, 1 << 31, 1 << 40, (1 << 63) - 1, (1 << 64) - 1)
BOMBS = (
    "{% for a in range(99999999) %}{% for b in range(99999999) %}{% endfor %}{% endfor %}",
    "{% set n = namespace(x='a') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "{{ 'a' * 10**12 }}",
    "{{ '%99999999999d' % 1 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ messages[0].content.center(10**11) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include 'x' %}",
    "{{ raise_exception('no') }}",
    "{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}",
    "{% if %}",
    "{{ messages[5].content }}",
    "\ufffd" * 100_000,
    "{{ 'x' }}" * 50_000,
)


def text(value: str | bytes) -> bytes:
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack("<Q", len(data)) + data


@dataclass(frozen=True)
class Tensor:
    name: bytes
    shape: tuple[int, ...]
    kind: int
    offset: int
    dimensions: int | None = None

    def encoded(self) -> bytes:
        count = len(self.shape) if self.dimensions is None else self.dimensions
        sizes = b"".join(struct.pack("<Q", size) for size in self.shape)
        return (
            text(self.name)
            + struct.pack("<I", count)
            + sizes
            + struct.pack("<IQ", self.kind, self.offset)
        )


@dataclass(frozen=True)
class Parts:
    """A GGUF file in pieces; what is changed is written as it is told."""

    pairs: tuple[tuple[bytes, int, bytes], ...]  # key, type, value
    tensors: tuple[Tensor, ...]
    data: bytes
    version: int = 3
    pair_count: int | None = None
    tensor_count: int | None = None
    places: dict[str, int] = field(default_factory=dict, compare=False)

    def encoded(self) -> bytes:
        tensors = len(self.tensors) if self.tensor_count is None else self.tensor_count
        pairs = len(self.pairs) if self.pair_count is None else self.pair_count
        written = b"GGUF" + struct.pack("<IQQ", self.version, tensors, pairs)
        for key, kind, value in self.pairs:
            written += text(key) + struct.pack("<I", kind) + value
        for tensor in self.tensors:
            written += tensor.encoded()
        self.places["header"] = len(written)
        return written + b"\0" * (-len(written) % 32) + self.data

    def with_pair(self, key: str, kind: int, value: bytes) -> "Parts":
        others = tuple(pair for pair in self.pairs if pair[0] != key.encode())
        return replace(self, pairs=(*others, (key.encode(), kind, value)))

    def without(self, key: bytes) -> "Parts":
        return replace(self, pairs=tuple(pair for pair in self.pairs if pair[0] != key))

    def with_tensor(self, number: int, **changes: object) -> "Parts":
        changed = replace(self.tensors[number], **changes)
        tensors = (*self.tensors[:number], changed, *self.tensors[number + 1 :])
        return replace(self, tensors=tensors)


def parts_of(path: Path) -> Parts:
    """Take a file of `tiny_models` to pieces."""
    raw = path.read_bytes()
    tensor_count, pair_count = struct.unpack_from("<QQ", raw, 8)
    at = 24

    def take(size: int) -> bytes:
        nonlocal at
        at += size
        return raw[at - size : at]

    def take_text() -> bytes:
        return take(struct.unpack("<Q", take(8))[0])

    def take_value(kind: int) -> bytes:
        start = at
        if kind == TEXT:
            take_text()
        elif kind == ARRAY:
            inner, count = struct.unpack("<IQ", take(12))
            for _ in range(count):
                take_value(inner)
        else:
            take({BOOL: 1, U64: 8}.get(kind, 4))
        return raw[start:at]

    pairs = []
    for _ in range(pair_count):
        key, kind = take_text(), struct.unpack("<I", take(4))[0]
        pairs.append((key, kind, take_value(kind)))
    tensors = []
    for _ in range(tensor_count):
        name = take_text()
        shape = struct.unpack(f"<{(n := struct.unpack('<I', take(4))[0])}Q", take(8 * n))
        tensors.append(Tensor(name, shape, *struct.unpack("<IQ", take(12))))
    return Parts(tuple(pairs), tuple(tensors), raw[read_header(path).header_bytes :])


Damage = tuple[str, str, bytes]  # kind, what exactly, the file


def damaged_files(folder: Path, count: int = 500, seed: int = 7) -> Iterator[Damage]:
    """Yield `count` damaged files: all structured ones, and random ones up to that."""
    whole = tiny_llama(folder / "whole.gguf")
    parts, raw = parts_of(whole), whole.read_bytes()
    assert parts.encoded() == raw
    choose = random.Random(seed)
    made = 0
    for kind, make in STRUCTURED.items():
        damages = list(make(parts))
        for what, data in choose.sample(damages, min(_MOST, len(damages))):
            made += 1
            yield kind, what, data
    header = parts.places["header"]
    for number in range(count - made):
        kind, make_random = list(RANDOM.items())[number % len(RANDOM)]
        yield kind, f"seed {number}", make_random(raw, header, random.Random(number))


_MOST = 40  # of one kind
Found = Iterator[tuple[str, bytes]]


def _truncated(parts: Parts) -> Found:
    raw = parts.encoded()
    header = parts.places["header"]
    ends = [0, 1, 3, 4, 7, 8, 15, 16, 23, 24, 31, 32, header - 1, header, header + 1]
    ends += list(range(40, header, header // 25)) + [len(raw) - n for n in (1, 31, 32, 33, 4096)]
    for end in ends:
        yield f"{end} of {len(raw)} bytes", raw[:end]


def _counts(parts: Parts) -> Found:
    for number in (0, 1, 5, 100, 1 << 16, 1 << 31, 1 << 63, (1 << 64) - 1):
        yield f"{number} pairs", replace(parts, pair_count=number).encoded()
        yield f"{number} tensors", replace(parts, tensor_count=number).encoded()
    for version in (0, 1, 2, 4, 0x03000000, (1 << 32) - 1):
        yield f"version {version}", replace(parts, version=version).encoded()


def _lengths(parts: Parts) -> Found:
    for key, kind, value in parts.pairs:
        offset = {TEXT: 0, ARRAY: 4}.get(kind)
        if offset is None:
            continue
        for length in HUGE64:
            changed = value[:offset] + struct.pack("<Q", length) + value[offset + 8 :]
            yield (
                f"{key.decode()}: length {length}",
                parts.with_pair(key.decode(), kind, changed).encoded(),
            )


def _types(parts: Parts) -> Found:
    for key, _, value in parts.pairs:
        for kind in (*range(14), 99, (1 << 32) - 1):
            yield (
                f"{key.decode()}: type {kind}",
                parts.with_pair(key.decode(), kind, value).encoded(),
            )
    for key, value in ((b"a", b"" + struct.pack("<IQ", 9, 3)), (b"b", struct.pack("<IQ", 99, 1))):
        nested = value + struct.pack("<IQ", 9, 1) * 500
        yield "nested arrays", parts.with_pair(key.decode(), ARRAY, nested).encoded()


def _missing(parts: Parts) -> Found:
    for key, _, _ in parts.pairs:
        yield key.decode(), parts.without(key).encoded()
    for number, tensor in enumerate(parts.tensors):
        rest = parts.tensors[:number] + parts.tensors[number + 1 :]
        yield tensor.name.decode(), replace(parts, tensors=rest).encoded()


def _twice(parts: Parts) -> Found:
    for number in (0, 3, len(parts.pairs) - 1):
        pairs = (*parts.pairs, parts.pairs[number])
        yield parts.pairs[number][0].decode(), replace(parts, pairs=pairs).encoded()
    for number in (0, 4, len(parts.tensors) - 1):
        tensors = (*parts.tensors, parts.tensors[number])
        yield parts.tensors[number].name.decode(), replace(parts, tensors=tensors).encoded()


def _numbers(parts: Parts) -> Found:
    for key, kind, _ in parts.pairs:
        if kind == U32:
            for number in HUGE:
                yield (
                    f"{key.decode()} = {number}",
                    parts.with_pair(key.decode(), U32, struct.pack("<I", number)).encoded(),
                )
        if kind == F32:
            for value in (0.0, -1.0, float("nan"), float("inf"), 1e-45):
                yield (
                    f"{key.decode()} = {value}",
                    parts.with_pair(key.decode(), F32, struct.pack("<f", value)).encoded(),
                )


def _more_numbers(parts: Parts) -> Found:
    """Keys that the model does not need, and that llama.cpp believes when they are there."""
    for name in (
        "attention.key_length", "attention.value_length", "rope.freq_base", "rope.scaling.factor",
        "expert_count", "expert_used_count", "attention.sliding_window", "vocab_size",
        "attention.causal", "pooling_type", "rope.scaling.original_context_length",
    ):  # fmt: skip
        is_float = name in {"rope.freq_base", "rope.scaling.factor"}
        for number in (0.0, -1.0, float("nan"), 1e38) if is_float else HUGE:
            value = struct.pack("<f" if is_float else "<I", number)
            kind = F32 if is_float else U32
            yield f"{name} = {number}", parts.with_pair(f"llama.{name}", kind, value).encoded()
    for number in (0, 3, 31, 48, 1 << 20, (1 << 32) - 1):
        yield (
            f"general.alignment = {number}",
            parts.with_pair("general.alignment", U32, struct.pack("<I", number)).encoded(),
        )
    for number in (0, 2, 65_535):
        yield (
            f"split.count = {number}",
            parts.with_pair("split.count", 2, struct.pack("<H", number)).encoded(),
        )


def _tensors(parts: Parts) -> Found:
    last = len(parts.tensors) - 1
    for number in (0, 1, 4, last):
        tensor = parts.tensors[number]
        name = tensor.name.decode()
        for offset in (1, 31, 32, len(parts.data), 1 << 40, 1 << 63, (1 << 64) - 32):
            yield f"{name} at {offset}", parts.with_tensor(number, offset=offset).encoded()
        for size in (0, 1, 31, 1 << 20, 1 << 32, 1 << 62, (1 << 64) - 1):
            shape = (size, *tensor.shape[1:])
            yield f"{name} has rows of {size}", parts.with_tensor(number, shape=shape).encoded()
        for shape in ((), tensor.shape[::-1], (*tensor.shape, 0), (1 << 16,) * 4, (2,) * 4):
            yield f"{name} is {shape}", parts.with_tensor(number, shape=shape).encoded()
        for dimensions in (0, 5, 1 << 31):
            yield (
                f"{name}: {dimensions} dimensions",
                parts.with_tensor(number, dimensions=dimensions).encoded(),
            )
        for long_name in (b"", b"x" * 63, b"x" * 64, b"x" * 70_000, b"\xff\xfe"):
            yield (
                f"{name} is called {len(long_name)} letters",
                parts.with_tensor(number, name=long_name).encoded(),
            )


def _tensor_types(parts: Parts) -> Found:
    for kind in (*range(45), 255, 1 << 31):
        yield f"a matrix of type {kind}", parts.with_tensor(2, kind=kind).encoded()
        if kind < 8:
            yield f"a norm of type {kind}", parts.with_tensor(1, kind=kind).encoded()


def _tokenizers(parts: Parts) -> Found:
    def strings(values: list[bytes]) -> bytes:
        return struct.pack("<IQ", TEXT, len(values)) + b"".join(text(value) for value in values)

    def ids(values: list[int], kind: int = I32) -> bytes:
        body = b"".join(struct.pack("<i", value) for value in values)
        return struct.pack("<IQ", kind, len(values)) + body

    count = len(parts.tensors) and parts.tensors[0].shape[1]
    name = "tokenizer.ggml."
    for tokens in (
        [], [b"a"], [b"a"] * count, [b""] * count, [b"\xff\xfe%d" % n for n in range(count)],
        [b"x" * 1_000_000] + [b"%d" % n for n in range(count - 1)],
        [b"\0%d" % n for n in range(count)], [b"%d" % n for n in range(count * 2)],
        [b"%d" % n for n in range(count - 1)],
    ):  # fmt: skip
        yield (
            f"{len(tokens)} tokens like {tokens[:1]!r:.20}",
            parts.with_pair(f"{name}tokens", ARRAY, strings(tokens)).encoded(),
        )
    for values in ([], [0], [99] * count, [-5] * count, [1] * count, [1] * (count * 2)):
        yield (
            f"{len(values)} token types of {values[:1]}",
            parts.with_pair(f"{name}token_type", ARRAY, ids(values)).encoded(),
        )
        yield (
            f"{len(values)} scores of {values[:1]}",
            parts.with_pair(f"{name}scores", ARRAY, ids(values, F32)).encoded(),
        )
    for model in (
        "gpt2",
        "bert",
        "t5",
        "rwkv",
        "plamo2",
        "none",
        "no_vocab",
        "",
        "x\xff",
        "hunyuan",
    ):
        changed = parts.with_pair(f"{name}model", TEXT, text(model))
        yield f"model {model}", changed.encoded()
        for merges in ([], [b"a"], [b"a b", b"  ", b" "], [b"\xff\xfe"]):
            yield (
                f"model {model}, merges {merges}",
                changed.with_pair(f"{name}merges", ARRAY, strings(merges)).encoded(),
            )
        yield (
            f"model {model}, unknown pre",
            changed.with_pair(f"{name}pre", TEXT, text("nonsense")).encoded(),
        )
    for key in ("unknown_token_id", "padding_token_id", "eot_token_id", "eos_token_id"):
        yield (
            f"{key} too large",
            parts.with_pair(name + key, U32, struct.pack("<I", 1 << 30)).encoded(),
        )
    for charsmap in (b"", b"\xff" * 7, b"\xff\xff\xff\x7f" + b"\0" * 60):
        body = struct.pack("<IQ", 0, len(charsmap)) + charsmap
        bad = parts.with_pair(f"{name}precompiled_charsmap", ARRAY, body)
        yield (
            f"a map of {len(charsmap)} bytes",
            bad.with_pair(f"{name}model", TEXT, text("t5")).encoded(),
        )


def _templates(parts: Parts) -> Found:
    for bomb in (*BOMBS, CHATML[:40], ""):
        yield bomb[:60], parts.with_pair("tokenizer.chat_template", TEXT, text(bomb)).encoded()
    for raw in (b"\xff\xfe\x80", b"\0" * 1000):
        yield repr(raw[:5]), parts.with_pair("tokenizer.chat_template", TEXT, text(raw)).encoded()


def _names(parts: Parts) -> Found:
    for name in ("", "hal9000", "x" * 100_000, "llama\0", "LLAMA", "clip", "gptj", "\u202e"):
        yield (
            f"architecture {name[:20]!r}",
            parts.with_pair("general.architecture", TEXT, text(name)).encoded(),
        )
    for name in (b"\xff\xfe", b"x" * 1_000_000, "\u202e{path}%s".encode()):
        yield f"name {name[:10]!r}", parts.with_pair("general.name", TEXT, text(name)).encoded()
    for key in (b"", b"\xff", b"k" * 70_000, b"llama"):
        pairs = (*parts.pairs, (key, U32, struct.pack("<I", 1)))
        yield f"key {key[:10]!r}", replace(parts, pairs=pairs).encoded()


STRUCTURED: dict[str, Callable[[Parts], Found]] = {
    "cut off": _truncated,
    "counts": _counts,
    "lengths": _lengths,
    "types": _types,
    "missing": _missing,
    "twice": _twice,
    "numbers": _numbers,
    "more numbers": _more_numbers,
    "tensors": _tensors,
    "tensor types": _tensor_types,
    "tokenizer": _tokenizers,
    "template": _templates,
    "names": _names,
}


def _flipped(raw: bytes, header: int, choose: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(choose.choice((1, 3, 30))):
        changed[choose.randrange(4, header)] ^= 1 << choose.randrange(8)
    return bytes(changed)


def _noise(raw: bytes, header: int, choose: random.Random) -> bytes:
    at, size = choose.randrange(4, header), choose.choice((1, 4, 8, 64))
    return raw[:at] + choose.randbytes(size) + raw[at + size :]


def _shifted(raw: bytes, header: int, choose: random.Random) -> bytes:
    at, size = choose.randrange(4, header), choose.choice((1, 4, 8, 32))
    return raw[:at] + (raw[at + size :] if choose.random() < 0.5 else bytes(size) + raw[at:])


def _weights(raw: bytes, header: int, choose: random.Random) -> bytes:
    at = choose.randrange(header, len(raw) - 5_000)
    return raw[:at] + choose.choice((b"\xff", b"\0", b"\x7f")) * 4_096 + raw[at + 4_096 :]


RANDOM: dict[str, Callable[[bytes, int, random.Random], bytes]] = {
    "bits flipped": _flipped,
    "noise": _noise,
    "bytes lost or added": _shifted,
    "damaged weights": _weights,
}
