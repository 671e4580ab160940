"""Cuts the text of a message into what it says and what it quotes from others."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind
from assistant.documents.draft import DraftBlock
from assistant.documents.formats import html
from assistant.documents.formats import text as plain_text
from assistant.documents.formats.mail_parts import Body

_QUOTE = re.compile(r"(?:[ \t]?>)+[ \t]?")
_SIGNATURE = re.compile(r"--[ ]?")
_ATTRIBUTION = re.compile(
    r"\b(?:wrote|writes|said|schrieb(?:en)?|a écrit|écrit|escribió|escreveu|ha scritto|scrisse|"
    r"skrev|schreef|napisał\w*|napsal\w*|пишет|писал\w*|wrote on)\b.{0,120}[:：]\s*$|写道[:：]\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\s*[-_=]{2,}\s*(?:original|forwarded|ursprüngliche|weitergeleitete|message d'origine|"
    r"mensaje original|messaggio originale|begin forwarded)\b.{0,60}",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(
    r"\*?(?:from|von|de|da|van|fra|från|od|sent|gesendet|envoyé|enviado|inviato|date|datum|fecha|"
    r"data|to|an|à|para|a|aan|til|cc|kopie|subject|betreff|objet|asunto|oggetto|onderwerp|emne)\*?"
    r"\s*[:：]\*?\s",
    re.IGNORECASE,
)
_LEAST_HEADERS = 3
_LONGEST_ATTRIBUTION = 300


def body_blocks(body: Body) -> list[DraftBlock]:
    """Return the blocks of a message's text; headings begin at the second level."""
    if body.is_html:
        blocks = html.blocks_of(body.text.encode("utf-8", "replace"))
        return [_deeper(block, 1) for block in blocks]
    return list(_plain(body.text.replace("\r\n", "\n").replace("\r", "\n")))


def _deeper(block: DraftBlock, by: int) -> DraftBlock:
    is_heading = block.kind is BlockKind.HEADING
    return replace(block, level=block.level + by) if is_heading else block


def _plain(text: str) -> Iterator[DraftBlock]:
    """Yield the blocks of plain text, what is quoted under the line that says whose it is."""
    before: list[str] = []
    for depth, lines in _by_depth(text):
        if not depth:
            for part in _forwarded(lines):
                yield from _said(before)
                before = part
            continue
        attribution, before = _attribution(before)
        yield from _said(before)
        before = []
        yield from _quoted(lines, depth, attribution)
    yield from _said(before)


def _by_depth(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield runs of lines of one depth of quoting, without its marks."""
    run: list[str] = []
    depth = 0
    for line in text.split("\n"):
        match = _QUOTE.match(line)
        marks = match.group().count(">") if match else 0
        if marks != depth and line.strip():
            if any(one.strip() for one in run):
                yield depth, run
            run, depth = [], marks
        run.append(line[match.end() :] if match else line)
    if any(one.strip() for one in run):
        yield depth, run


def _attribution(lines: list[str]) -> tuple[str, list[str]]:
    """Return the line before a quote that says whose it is, and the lines before that."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    for count in (1, 2, 3):
        said = fold(clean(" ".join(lines[max(0, end - count) : end])))
        if len(said) <= _LONGEST_ATTRIBUTION and _ATTRIBUTION.search(said):
            begins = said.lower().startswith(
                ("on ", "am ", "le ", "el ", "il ", "den ", "op ", "w ")
            )
            if begins or count == 1 or end - count == 0:
                if count == 1 and not begins and end > 1 and _opens(lines[end - 2]):
                    continue
                return said, lines[: end - count]
    return "", lines


def _opens(line: str) -> bool:
    """Return whether an attribution begins on this line and goes on."""
    return line.lower().startswith(("on ", "am ", "le ", "el ", "il ", "den ", "op ", "w dniu "))


def _quoted(lines: Sequence[str], depth: int, attribution: str) -> Iterator[DraftBlock]:
    if attribution:
        yield DraftBlock(BlockKind.HEADING, attribution, min(6, depth + 1))
    for block in plain_text.blocks("\n".join(lines)):
        yield _deeper(block, depth + 1)


def _forwarded(lines: list[str]) -> Iterator[list[str]]:
    """Yield the parts of a text between the headers of messages that were quoted whole."""
    start = 0
    for index, line in enumerate(lines):
        if index > start and (_FORWARDED.match(line) or _begins_headers(lines, index)):
            if start and not any(one.strip() for one in lines[start + 1 : index]):
                continue  # the headers that a line of dashes announced
            yield lines[start:index]
            start = index
    yield lines[start:]


def _begins_headers(lines: Sequence[str], index: int) -> bool:
    """Return whether the header of a quoted message begins here: From, Sent, To, Subject."""
    if index and _HEADER_LINE.match(lines[index - 1]):
        return False
    count = 0
    for line in lines[index : index + 8]:
        if not _HEADER_LINE.match(line):
            break
        count += 1
    return count >= _LEAST_HEADERS


def _said(lines: Sequence[str]) -> Iterator[DraftBlock]:
    """Yield what the writer says, the header of a forwarded message and the signature."""
    rest = list(lines)
    while rest and not rest[0].strip():
        rest.pop(0)
    if rest and _FORWARDED.match(rest[0]):
        yield DraftBlock(BlockKind.HEADING, fold(clean(rest.pop(0).strip(" -_="))), 2)
        while rest and not rest[0].strip():
            rest.pop(0)
    heads = 0
    while heads < len(rest) and _HEADER_LINE.match(rest[heads]):
        heads += 1
    if heads >= _LEAST_HEADERS:
        rows = (clean(line).replace("*", "").partition(":") for line in rest[:heads])
        table = "\n".join(f"{fold(name)}:\t{fold(value)}" for name, _, value in rows)
        yield DraftBlock(BlockKind.TABLE, table)
        rest = rest[heads:]
    end = next((at for at, line in enumerate(rest) if _SIGNATURE.fullmatch(line)), len(rest))
    for block in plain_text.blocks("\n".join(rest[:end])):
        yield _deeper(block, 1)
    signature = fold(clean(" · ".join(line for line in rest[end + 1 :] if line.strip())))
    if signature:
        yield DraftBlock(BlockKind.FOOTNOTE, signature)
