r"""What chat models write beside CommonMark: formulas and footnotes, as rules for markdown-it.

Formulas stand between `$` and `$`, `$$` and `$$`, `\(` and `\)`, `\[` and `\]`. A dollar sign opens
one only as in Pandoc (text follows at once, and no digit follows the closing sign), and only where
what stands between looks like a formula: prices are commoner than formulas.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

_LONGEST = 4000  # characters; more is no formula
_NOTE_REF = re.compile(r"\[\^([^\]\s\[]{1,32})\]")
_NOTE = re.compile(r"\[\^([^\]\s\[]{1,32})\]:[ \t]*")
_CLOSING = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}
_WORD = re.compile(r"(?<![\\A-Za-z])[^\W\d_]{3,}")


def add_rules(parser: "MarkdownIt") -> None:
    """Teach `parser` formulas and footnotes."""
    chain: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "math_block", _math_block, chain)
    parser.block.ruler.before("reference", "note", _note, chain)
    parser.inline.ruler.before("escape", "math_inline", _math_inline)
    parser.inline.ruler.before("link", "note_ref", _note_ref)


def looks_like_formula(text: str) -> bool:
    """Whether `text` between dollar signs or brackets is a formula rather than words."""
    if not text.strip() or len(text) > _LONGEST:
        return False
    if any(sign in text for sign in "\\^_={}"):
        return True
    return not _WORD.search(text)


def _math_inline(state: "StateInline", silent: bool) -> bool:
    source, at = state.src, state.pos
    if source[at] not in "$\\":
        return False
    opening = source[at : at + 2]
    if opening in _CLOSING:
        begin, end = at + 2, source.find(_CLOSING[opening], at + 2)
        behind = end + 2
    elif source[at] == "$":
        begin, end = at + 1, _closing_dollar(source, at + 1)
        behind = end + 1
    else:
        return False
    if end < 0 or not looks_like_formula(source[begin:end]):
        return False
    if not silent:
        token = state.push("math_inline", "", 0)
        token.content = source[begin:end]
    state.pos = behind
    return True


def _closing_dollar(source: str, begin: int) -> int:
    """Return where the sign is that closes a formula begun at `begin`; -1 if there is none."""
    if begin >= len(source) or source[begin].isspace():
        return -1
    end = begin
    while (end := source.find("$", end + 1)) >= 0:
        if source[end - 1] == "\\":
            continue
        is_price = source[end + 1 : end + 2].isdigit()
        return -1 if source[end - 1].isspace() or is_price else end
    return -1


def _note_ref(state: "StateInline", silent: bool) -> bool:
    match = _NOTE_REF.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("note_ref", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _math_block(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """A formula that begins a line; one that is not closed yet goes on to the end, as code does."""
    if state.is_code_block(start):
        return False
    first = _line(state, start).strip()
    opening = first[:2]
    if opening not in {"$$", "\\["}:
        return False
    closing = _CLOSING[opening]
    lines = [first[2:]]
    line = start
    while closing not in lines[-1] and line + 1 < end and state.sCount[line + 1] >= state.blkIndent:
        line += 1
        lines.append(_line(state, line))
    formula, is_closed, rest = "\n".join(lines).partition(closing)
    if rest.strip() or not (looks_like_formula(formula) or not (formula.strip() or is_closed)):
        return False
    if not is_closed and first[2:].strip() and "\\" not in first[2:]:
        return False  # "$$$ is a lot" is no formula
    if not silent:
        token = state.push("math_block", "", 0)
        token.content, token.map, token.block = formula, [start, line + 1], True
        state.line = line + 1
    return True


def _note(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """A footnote: its line, and those that follow it without a blank line between."""
    if state.is_code_block(start):
        return False
    match = _NOTE.match(_line(state, start).lstrip())
    if match is None:
        return False
    if silent:
        return True
    lines = [_line(state, start).lstrip()[match.end() :]]
    line = start
    while line + 1 < end and not state.isEmpty(line + 1):
        following = _line(state, line + 1).strip()
        if _NOTE.match(following):
            break
        lines.append(following)
        line += 1
    state.push("note_open", "", 1).content = match[1]
    token = state.push("inline", "", 0)
    token.content, token.children = "\n".join(lines).strip(), []
    token.map = [start, line + 1]
    state.push("note_close", "", -1)
    state.line = line + 1
    return True


def _line(state: "StateBlock", line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
