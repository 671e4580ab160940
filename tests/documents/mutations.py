"""Damages real documents: bytes changed, cut, doubled and mixed, inside containers, too.

XML and JSON are also changed so that they stay well-formed and say what nobody expects.

The same seed gives the same files.
"""

import copy
import io
import json
import random
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_FILES = Path(__file__).resolve().parents[1] / "files"
_ROOT = Path(__file__).resolve().parents[2]
_LONGEST = 250_000
# What parsers stumble over: ends, sizes, signs, nothing at all.
_TELLING = (
    b"\x00", b"\xff", b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"-1", b"0",
    b"4294967296", b"999999999999", b"\n", b"\r\n\r\n", b"<", b">", b"</", b"]]>", b"<!--", b"&#0;",
    b"\xed\xa0\x80", b"\xc3", b"\xe2\x80\xae", b"{", b"}", b"[", b'"', b"\\", b"endobj", b"stream",
    b"/Length 0", b"PK\x03\x04", b"From x 10:00 2026\n", b"-->", b"--", b"%PDF-1.4", b"=?utf-8?b?",
)  # fmt: skip

# Formats of which no file is committed, in a few lines each.
_SRT = b"""1
00:00:01,000 --> 00:00:03,500
Good evening.

2
00:00:03,600 --> 00:01:06,000
<i>It was built in 1902</i> and sold.
"""
_VTT = b"""WEBVTT - Talk

NOTE not said

00:01.000 --> 00:04.000 align:start
<v Ann>We are &amp; there.

00:04.000 --> 00:06.000
<v Ben>Yes.
"""
_NOTEBOOK = b"""{"nbformat": 4, "metadata": {"title": "Loans"}, "cells": [
 {"cell_type": "markdown", "source": ["# Loans\\n", "All."]},
 {"cell_type": "code", "execution_count": 3, "source": "print(x)", "outputs": [
  {"output_type": "stream", "text": ["1204\\n"]},
  {"data": {"text/html": "<table><tr><td>a</td></tr></table>", "image/png": "AAAA"}}]}]}
"""
_TABLE = b"Item\tEuros\tBy\nRent\t900\tAnn\nHeat\t(1,100.50)\tBen\nTotal\t2000\t\n"
_WRITTEN: Mapping[str, bytes] = {
    "talk.srt": _SRT,
    "talk.vtt": _VTT,
    "book.ipynb": _NOTEBOOK,
    "table.tsv": _TABLE,
}
_NO_DOCUMENTS = frozenset({".sh", ".tex", ".py"})


@dataclass(frozen=True, slots=True)
class Mutation:
    """A damaged file: of which document, how, and its bytes."""

    name: str
    kind: str
    data: bytes


def sources() -> dict[str, bytes]:
    """Return the documents to damage: one of every format at least."""
    found = {
        path.name: path.read_bytes()
        for path in sorted(_FILES.rglob("*.*"))
        if path.suffix not in _NO_DOCUMENTS and path.is_file() and path.stat().st_size <= _LONGEST
    }
    found |= _WRITTEN
    found["sniffing.py"] = (_ROOT / "assistant" / "documents" / "sniffing.py").read_bytes()
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("letters.mbox", "report.docx", "report.md", "costs.csv"):
            archive.writestr(name, found[name])
    return found | {"papers.zip": bundle.getvalue()}


def mutations(count: int, seed: int = 5) -> Iterator[Mutation]:
    """Yield `count` damaged files, in turns over all documents and kinds of damage."""
    documents = sources()
    names = sorted(documents)
    chance = random.Random(seed)  # the same files each time
    kinds = list(_KINDS)
    for number in range(count):
        name = names[number % len(names)]
        data = documents[name]
        if zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.6:
            kind = f"inside: {chance.choice(kinds)}"
            damaged = _inside(data, _KINDS[kind.removeprefix("inside: ")], chance)
        else:
            kind = kinds[(number // len(names)) % len(kinds)]
            other = documents[chance.choice(names)]
            damaged = _KINDS[kind](data, chance, other)
        yield Mutation(name, kind, damaged)


_Change = Callable[[bytes, random.Random, bytes], bytes]


def _flips(data: bytes, chance: random.Random, _: bytes) -> bytes:
    changed = bytearray(data)
    for _time in range(chance.choice((1, 3, 10, 100))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _bits(data: bytes, chance: random.Random, _: bytes) -> bytes:
    changed = bytearray(data)
    for _time in range(chance.choice((1, 4, 16))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _telling(data: bytes, chance: random.Random, _: bytes) -> bytes:
    changed = bytearray(data)
    for _time in range(chance.choice((1, 3, 8))):
        at = chance.randint(0, len(changed))
        word = chance.choice(_TELLING)
        end = at + (len(word) if chance.random() < 0.5 else 0)
        changed[at:end] = word
    return bytes(changed)


def _cut(data: bytes, chance: random.Random, _: bytes) -> bytes:
    return data[: chance.randint(0, len(data))]


def _gap(data: bytes, chance: random.Random, _: bytes) -> bytes:
    start = chance.randint(0, len(data))
    return data[:start] + data[start + chance.choice((1, 16, 512, 4_096)) :]


def _doubled(data: bytes, chance: random.Random, _: bytes) -> bytes:
    start = chance.randint(0, len(data))
    piece = data[start : start + chance.choice((1, 32, 2_048))]
    return data[:start] + piece * chance.choice((2, 50)) + data[start + len(piece) :]


def _zeros(data: bytes, chance: random.Random, _: bytes) -> bytes:
    start = chance.randint(0, len(data))
    size = min(len(data) - start, chance.choice((4, 64, 4_096)))
    return data[:start] + bytes(size) + data[start + size :]


def _moved(data: bytes, chance: random.Random, _: bytes) -> bytes:
    first, second = sorted(chance.randint(0, len(data)) for _time in range(2))
    return data[:first] + data[second:] + data[first:second]


def _spliced(data: bytes, chance: random.Random, other: bytes) -> bytes:
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def _digits(data: bytes, chance: random.Random, _: bytes) -> bytes:
    changed = bytearray(data)
    places = [at for at, byte in enumerate(changed) if 48 <= byte <= 57]
    for at in chance.sample(places, min(len(places), chance.choice((1, 10, 60)))):
        changed[at] = 48 + chance.randrange(10)
    return bytes(changed)


_STRANGE = (
    "",
    "-1",
    "0",
    "1",
    "65536",
    "999999999999",
    "x",
    "none",
    "1e309",
    "\u202e",
    "../a",
    "#",
)


def _structure(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """Change elements or values and leave the file well-formed; bytes where it is neither."""
    try:
        root = ET.fromstring(data)
    except (ET.ParseError, ValueError, LookupError):
        try:
            value = json.loads(data)
        except ValueError:
            return _flips(data, chance, other)
        for _time in range(chance.choice((1, 3, 10))):
            value = _other_value(value, chance)
        return json.dumps(value).encode()
    for _time in range(chance.choice((1, 3, 10, 40))):
        _change_element(root, chance)
    return ET.tostring(root, "utf-8", xml_declaration=True)


def _change_element(root: ET.Element, chance: random.Random) -> None:
    parents = [element for element in root.iter() if len(element)]
    if not parents:
        return
    parent = chance.choice(parents)
    child = chance.choice(list(parent))
    match chance.randrange(7):
        case 0:
            parent.remove(child)
        case 1:
            parent.insert(chance.randrange(len(parent) + 1), copy.deepcopy(child))
        case 2:  # under another one, perhaps one where nobody looks for it
            parent.remove(child)
            chance.choice(list(root.iter())).append(child)
        case 3:
            child.text = chance.choice(_STRANGE)
        case 4:
            child.tag = chance.choice(parents).tag
        case 5 if child.attrib:
            child.attrib[chance.choice(list(child.attrib))] = chance.choice(_STRANGE)
        case 6 if child.attrib:
            del child.attrib[chance.choice(list(child.attrib))]


def _other_value(value: object, chance: random.Random) -> object:
    """Return JSON with one of its values another one."""
    if chance.random() < 0.2 or not isinstance(value, list | dict) or not value:
        return chance.choice([None, True, -1, 1e300, "", [], {}, [[]], {"x": {}}, "x" * 999])
    key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
    if isinstance(value, dict):
        return value | {key: _other_value(value[key], chance)}
    return [*value[:key], _other_value(value[key], chance), *value[key + 1 :]]


_KINDS: Mapping[str, _Change] = {
    "bytes changed": _flips,
    "bits flipped": _bits,
    "telling words": _telling,
    "cut off": _cut,
    "a gap": _gap,
    "a piece doubled": _doubled,
    "zeros": _zeros,
    "pieces moved": _moved,
    "mixed with another": _spliced,
    "other digits": _digits,
    "other structure": _structure,
}


def _inside(data: bytes, change: _Change, chance: random.Random) -> bytes:
    """Return a container of which one member, usually the largest, is damaged."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        infos = source.infolist()
        chosen = _chosen(infos, chance)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for info in infos:
                content = source.read(info)
                if info.filename == chosen:
                    content = change(content, chance, content[::-1])
                archive.writestr(info.filename, content)
    return target.getvalue()


def _chosen(infos: Sequence[zipfile.ZipInfo], chance: random.Random) -> str:
    if chance.random() < 0.5:
        return max(infos, key=lambda info: info.file_size).filename
    return chance.choice(infos).filename
