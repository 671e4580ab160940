"""Reads RTF: a stack of groups, control words that set the look of text, and text.

Written after the specification 1.9.1. The numbers of lists stand in the file as they are shown, and
styles tell headings; readers that only strip the control words lose both.
"""

import itertools
import re
from collections import Counter
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.documents import left_out
from assistant.documents.draft import Draft, DraftPage
from assistant.documents.formats.rtf_blocks import Look, RtfBlocks, RtfStyle
from assistant.documents.formats.rtf_characters import (
    CHARACTERS,
    DECLARED,
    ENCODINGS,
    SKIPPED,
    SYMBOLS,
    TAKEN,
    encoding_of,
)
from assistant.documents.formats.text import read_bytes
from assistant.documents.headings_by_look import guess_headings
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<value>-?\d{1,10})?[ ]?"
    rb"|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n]+)"
    rb"|[\r\n]+|\\"
)
_NEXT_BRACE = re.compile(rb"\\[\\{}]|\\bin(?P<size>\d{1,10})[ ]?|(?P<brace>[{}])")
_HALF = re.compile("[\ud800-\udfff]")
_DEEPEST = 5_000
_MOST_PARAGRAPHS = 1_000_000  # ends of paragraphs and resets; a thick book has 50,000
_MOST_WORDS = 4_000_000  # control words and escapes: ten seconds; a thick book has 500,000
_ASIDE = frozenset({"footnote", "box"})  # what follows the paragraph in which it stands
# Of what is skipped, this may say something.
_TOLD = {"pict": left_out.PICTURES, "objdata": left_out.OBJECTS, "annotation": left_out.COMMENTS}
_ENDS = frozenset({"par", "sect", "page", "column", "softpage", "softcol"})


@dataclass(slots=True)
class _State:
    """What holds within a group, and ends with it."""

    destination: str = "body"
    look: Look = field(default_factory=Look)
    replacement: int = 1  # characters after a Unicode one for readers that do not know it
    encoding: str = ""
    is_bold: bool = False
    is_hidden: bool = False
    is_deleted: bool = False


def read_rtf(path: Path, limits: Limits) -> Draft:
    """Return the draft of an RTF file: one page, since its pages are made when it is shown.

    Raises:
        DocumentError: it is no RTF, too deep, or passes a limit.
    """
    data = read_bytes(path, limits)
    if data.count(b"\\par") > _MOST_PARAGRAPHS:
        limit = f"paragraphs {_MOST_PARAGRAPHS}"
        raise DocumentError(path, FileFault.TOO_LARGE, limit=limit)
    if data.count(b"\\") > _MOST_WORDS:
        raise DocumentError(path, FileFault.TOO_LARGE, limit=f"control words {_MOST_WORDS}")
    try:
        reader = _Reader(data)
        reader.read()
    except _TooDeepError as error:
        raise DocumentError(path, FileFault.DAMAGED) from error
    blocks = reader.made.blocks
    guess_headings(blocks, reader.made.bold)
    titles = (reader.title, *reader.made.titles)
    return Draft("rtf", [DraftPage(blocks)], titles, reader.notes)


class _TooDeepError(Exception):
    """Groups are nested deeper than any program writes them."""


class _Reader:
    """Follows the groups of one file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._state = _State()
        self._stack: list[_State] = []
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0  # that the font table tells of
        self._style = (0, RtfStyle())  # that the style sheet tells of
        self._bytes = bytearray()
        self._skip = 0  # characters that stand for a Unicode one
        self._is_optional = False  # "\*" was read
        self._sinks: list[list[str]] = [[]]
        self._bold: list[bool] = []  # of each run of the paragraph
        self._mark: list[str] = []
        self._name: list[str] = []
        self._notes: list[str] = []
        self._boxes: list[str] = []
        self.made = RtfBlocks()
        self.title = ""
        self._unread: Counter[str] = Counter()  # groups, by their word

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not read, as a draft's notes."""
        found = (left_out.counted(code, self._unread[word]) for word, code in _TOLD.items())
        return tuple(itertools.chain.from_iterable(found))

    def read(self) -> None:
        """Take the whole file, as far as it goes."""
        position = 0
        while match := _TOKEN.match(self._data, position):
            position = match.end()
            word = match["word"]
            if word is not None:
                position = self._word(word.decode(), match["value"], position)
            elif match["brace"]:
                self._skip = 0
                self._brace(match["brace"])
            elif match["byte"]:
                self._byte(int(match["byte"], 16))
            elif match["symbol"]:
                position = self._symbol(match["symbol"].decode("latin-1"), position)
            elif match["text"]:
                self._text_bytes(match["text"])
        self._end_paragraph()
        self.made.end_tables()

    def _brace(self, brace: bytes) -> None:
        self._decode()
        self._is_optional = False
        if brace == b"{":
            if len(self._stack) >= _DEEPEST:
                raise _TooDeepError
            self._stack.append(self._state)
            self._state = replace(self._state, look=copy(self._state.look))
        elif self._stack:
            ended, self._state = self._state, self._stack.pop()
            self._end_group(ended.destination)

    def _end_group(self, ended: str) -> None:
        """Take what a group has gathered when its destination ends with it."""
        if ended == "style":
            number, style = self._style
            style.name = "".join(self._name).strip().rstrip(";")
            self.made.styles[number] = style
            self._name.clear()
        elif ended == self._state.destination:
            return
        elif ended in _ASIDE and len(self._sinks) > 1:
            target = self._notes if ended == "footnote" else self._boxes
            target.append("".join(self._sinks.pop()))
        elif ended == "title":
            self.title = "".join(self._name)
            self._name.clear()

    def _word(self, word: str, value: bytes | None, position: int) -> int:
        """Take a control word; return where to go on."""
        if self._skip and word != "bin":
            self._skip -= 1
            return position
        number = int(value) if value else None
        if word == "bin":
            return position + max(0, number or 0)
        if word == "u":
            self._unicode(number or 0)
            return position
        self._decode()
        is_optional, self._is_optional = self._is_optional, False
        if word in SKIPPED or (is_optional and word not in TAKEN):
            self._unread[word] += 1
            return self._after_group(position)
        if word in CHARACTERS:
            self._write(CHARACTERS[word])
        elif word in _WORDS:
            _WORDS[word](self, 1 if number is None else number)
        elif word in _ENDS:
            self._paragraph_ends()
        elif word in DECLARED:
            self._encoding = DECLARED[word]
        return position

    def _symbol(self, symbol: str, position: int) -> int:
        if self._skip:
            self._skip -= 1
            return position
        if symbol == "*":
            self._decode()
            self._is_optional = True
        elif symbol in {"\r", "\n"}:
            self._decode()
            self._paragraph_ends()
        elif symbol in CHARACTERS:
            self._decode()
            self._write(CHARACTERS[symbol])
        return position

    def _after_group(self, position: int) -> int:
        """Return where the brace stands that ends the group which is being read."""
        depth = 0
        while match := _NEXT_BRACE.search(self._data, position):
            position = match.end()
            if match["size"]:
                position += int(match["size"])
            elif match["brace"] == b"{":
                depth += 1
            elif match["brace"]:
                if not depth:
                    return match.start()
                depth -= 1
        return len(self._data)

    def _byte(self, byte: int) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._bytes.append(byte)

    def _text_bytes(self, text: bytes) -> None:
        skipped = min(self._skip, len(text))
        self._skip -= skipped
        self._bytes += text[skipped:]

    def _decode(self) -> None:
        """Write the bytes gathered so far: several may make one character."""
        if not self._bytes:
            return
        encoding = self._state.encoding or self._encoding
        if encoding == "signs":
            text = "".join(chr(byte) for byte in self._bytes if byte < 0x80)
        else:
            text = self._bytes.decode(encoding, "replace")
        self._bytes.clear()
        self._write(text)

    def _unicode(self, number: int) -> None:
        self._decode()
        code = number % 0x10000 if -0x8000 <= number < 0x10000 else number
        if 0xD800 <= code < 0xE000:
            self._write(chr(code))
        elif 0xF000 <= code < 0xF100:  # a sign of a font of signs
            self._write("")
        else:
            self._write(chr(code) if 0 < code < 0x110000 else "")
        self._skip = self._state.replacement

    def _write(self, text: str) -> None:
        state = self._state
        if not text or state.is_hidden or state.is_deleted:
            return
        match state.destination:
            case "body" | "footnote" | "box":
                self._sinks[-1].append(text)
                if text.strip() and state.destination == "body":
                    self._bold.append(state.is_bold)
            case "mark":
                self._mark.append(text)
            case "style" | "title":
                self._name.append(text)

    def _paragraph_ends(self) -> None:
        if self._state.destination in _ASIDE:
            self._sinks[-1].append("\n")
        elif self._state.destination == "body":
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        """Hand over the paragraph, then the notes in it."""
        raw = _whole_characters("".join(self._sinks[0]))
        self._sinks[0].clear()
        is_bold = bool(self._bold) and all(self._bold)
        mark = "".join(self._mark)
        self.made.paragraph(raw, mark, self._state.look, is_bold=is_bold)
        self._bold.clear()
        self._mark.clear()
        for box in self._boxes:
            for line in _whole_characters(box).split("\n"):
                self.made.paragraph(line, "", Look(), is_bold=False)
        for note in self._notes:
            self.made.note(_whole_characters(note))
        self._boxes.clear()
        self._notes.clear()

    def _cell_ends(self, depth: int) -> None:
        if self._state.destination == "body":
            self._state.look.table = max(depth, 1)
            self._end_paragraph()
            self.made.cell(depth)

    def _open(self, destination: str) -> None:
        if destination in _ASIDE:
            if self._state.destination in _ASIDE:
                return
            self._sinks.append([])
        if destination in {"mark", "title"}:
            (self._mark if destination == "mark" else self._name).clear()
        self._state.destination = destination

    def _destination_around(self, destination: str) -> str:
        """Return where text goes outside the groups of `destination`."""
        outer = (state.destination for state in reversed(self._stack))
        return next((name for name in outer if name != destination), "body")

    def _plain(self) -> None:
        self._state.is_bold = self._state.is_hidden = False

    def _plain_paragraph(self) -> None:
        self._state.look = Look()

    def _set_style(self, number: int) -> None:
        if self._state.destination in {"stylesheet", "style"}:
            self._style = (number, RtfStyle())
            self._state.destination = "style"
        else:
            self._state.look.style = number

    def _set_outline(self, level: int) -> None:
        if self._state.destination == "style":
            self._style[1].outline = level
        else:
            self._state.look.outline = level

    def _set_font(self, number: int) -> None:
        if self._state.destination == "fonttbl":
            self._font = number
        else:
            self._state.encoding = self._fonts.get(number, "")

    def _set_charset(self, number: int) -> None:
        if self._state.destination == "fonttbl":
            self._fonts[self._font] = "signs" if number == SYMBOLS else ENCODINGS.get(number, "")

    def _set_look(self, name: str, value: object) -> None:
        setattr(self._state.look, name, value)

    def _set(self, name: str, value: object) -> None:
        setattr(self._state, name, value)

    def _code_page(self, number: int) -> None:
        self._encoding = encoding_of(number)


def _whole_characters(text: str) -> str:
    """Return `text` with the halves of characters beyond the first plane joined."""
    if _HALF.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


_WORDS: dict[str, Callable[[_Reader, int], None]] = {
    "ansicpg": lambda reader, page: reader._code_page(page),
    "uc": lambda reader, count: reader._set("replacement", min(max(0, count), 20)),
    "f": lambda reader, number: reader._set_font(number),
    "fcharset": lambda reader, number: reader._set_charset(number),
    "b": lambda reader, on: reader._set("is_bold", bool(on)),
    "v": lambda reader, on: reader._set("is_hidden", bool(on)),
    "deleted": lambda reader, on: reader._set("is_deleted", bool(on)),
    "plain": lambda reader, _: reader._plain(),
    "pard": lambda reader, _: reader._plain_paragraph(),
    "s": lambda reader, number: reader._set_style(number),
    "outlinelevel": lambda reader, level: reader._set_outline(level),
    "ls": lambda reader, number: reader._set_look("is_listed", number > 0),
    "intbl": lambda reader, _: reader._set_look("table", max(1, reader._state.look.table)),
    "itap": lambda reader, depth: reader._set_look("table", max(0, depth)),
    "cell": lambda reader, _: reader._cell_ends(1),
    "nestcell": lambda reader, _: reader._cell_ends(max(2, reader._state.look.table)),
    "row": lambda reader, _: reader.made.row(1),
    "nestrow": lambda reader, _: reader.made.row(max(2, reader._state.look.table)),
    "fonttbl": lambda reader, _: reader._open("fonttbl"),
    "stylesheet": lambda reader, _: reader._open("stylesheet"),
    "info": lambda reader, _: reader._open("info"),
    "title": lambda reader, _: reader._open("title"),
    "footnote": lambda reader, _: reader._open("footnote"),
    "listtext": lambda reader, _: reader._open("mark"),
    "pntext": lambda reader, _: reader._open("mark"),
    "upr": lambda reader, _: reader._open("twice"),
    "ud": lambda reader, _: reader._open(reader._destination_around("twice")),
    "shptxt": lambda reader, _: reader._open("box"),
}
