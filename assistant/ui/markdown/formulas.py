r"""Formulas in LaTeX as text that can be read: `\frac{a}{b} \le x^{2n}` becomes a/b ≤ x²ⁿ.

It is no typesetter: fractions are written in one line and matrices row by row. What it does not
know stays as it is written, so that nothing is lost.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from assistant.ui.markdown import formula_signs as signs
from assistant.ui.markdown.leaf import Run, Runs

_LONGEST = 4000  # characters
_DEEPEST = 24  # brackets within brackets
_PIECE = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|[{}^_&]|\d+(?:[.,]\d+)*|.", re.DOTALL)
_LINE_BREAK = "\u2028"
_SPACES = {"\\,", "\\;", "\\:", "\\ ", "\\>", "\\quad", "\\qquad", "~"}
_NOTHING = {
    "\\!", "\\left", "\\right", "\\middle", "\\big", "\\Big", "\\bigg", "\\Bigg", "\\bigl",
    "\\bigr", "\\Bigl", "\\Bigr", "\\displaystyle", "\\textstyle", "\\limits", "\\nolimits",
    "\\nonumber", "\\notag", "\\hline",
}  # fmt: skip
_UPRIGHT = {
    "\\text", "\\mathrm", "\\operatorname", "\\operatorname*", "\\textrm", "\\mathsf",
    "\\mathtt", "\\mbox", "\\textit", "\\mathit", "\\mathcal", "\\mathfrak", "\\mathscr",
    "\\textsf", "\\texttt",
}  # fmt: skip
_BOLD = {"\\mathbf", "\\boldsymbol", "\\textbf", "\\bm"}
_BRACKETS = {
    "matrix": "", "pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||",
    "Vmatrix": "‖‖", "smallmatrix": "", "cases": "{",
}  # fmt: skip
_BINARY = frozenset("+-*=<>") | frozenset(signs.OPERATORS.values())
_OPENING = frozenset("([{|⟨⌊⌈,;:")
_MINUS = "\u2212"
_THIN = "\u2009"
_STOPS = {",", ";", ":"}
_LARGE = frozenset("∑∏∐∫∬∭∮⋃⋂⨁⨂⋁⋀")  # noqa: RUF001 - a union is no U
_ONE = re.compile(r"\w?\([^()]*\)|[√∛∜]\w|\w\u20d7|\d+[.,]\d+")
_ROOTS = {"2": "√", "3": "∛", "4": "∜"}


class _TooDeepError(Exception):
    """Brackets stand within brackets more often than anyone writes."""


def formula_runs(source: str) -> Runs:
    """Return a formula as text with raised and lowered letters; as it is, if it is too much."""
    source = source.strip()
    if len(source) <= _LONGEST:
        try:
            return _joined(_Reader(_PIECE.findall(source)).row())
        except _TooDeepError:
            pass
    return (Run(source, is_code=True),)


@dataclass(slots=True)
class _Reader:
    """Reads pieces of LaTeX from left to right."""

    pieces: list[str]
    at: int = 0
    depth: int = 0
    is_script: bool = False
    _known: dict[str, Callable[[], list[Run]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known = {
            "\\frac": self._fraction,
            "\\dfrac": self._fraction,
            "\\tfrac": self._fraction,
            "\\binom": self._binomial,
            "\\sqrt": self._root,
            "\\begin": self._environment,
            "\\mathbb": self._double_struck,
            "\\pmod": self._modulus,
            "\\tag": lambda: [Run("  ("), *self._argument(), Run(")")],
        }

    def row(self, until: str = "") -> list[Run]:
        """Read up to the piece `until`, which is taken, or to the end."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _TooDeepError
        runs: list[Run] = []
        while self.at < len(self.pieces):
            piece = self._take()
            if piece == until:
                break
            if piece in "^_" and piece:
                runs += self._script(1 if piece == "^" else -1)
            else:
                self._add(runs, self._piece(piece))
        self.depth -= 1
        return runs

    def _take(self) -> str:
        self.at += 1
        return self.pieces[self.at - 1]

    def _skip_space(self) -> None:
        while self.at < len(self.pieces) and self.pieces[self.at].isspace():
            self.at += 1

    def _argument(self) -> list[Run]:
        """Read what a command takes: the next group in braces, or the next piece."""
        self._skip_space()
        if self.at >= len(self.pieces):
            return []
        piece = self._take()
        return self.row("}") if piece == "{" else self._piece(piece)

    def _raw(self) -> str:
        """Read the next group as it is written, spaces included."""
        self._skip_space()
        if self.at >= len(self.pieces) or self.pieces[self.at] != "{":
            return self._take() if self.at < len(self.pieces) else ""
        depth, begin = 0, self.at
        while self.at < len(self.pieces):
            piece = self._take()
            depth += (piece == "{") - (piece == "}")
            if not depth:
                return "".join(self.pieces[begin + 1 : self.at - 1])
        return "".join(self.pieces[begin + 1 :])

    def _piece(self, piece: str) -> list[Run]:
        if piece in self._known:
            return self._known[piece]()
        if piece in _NOTHING or piece in {"{", "}"} or piece.isspace():
            self._drop_dot(piece)
            return self.row("}") if piece == "{" else []
        if piece in _SPACES or piece == "&":
            return [Run(" ")]
        if piece in _UPRIGHT:
            return [Run(self._raw().replace("\\ ", " "))]
        if piece in _BOLD:
            return [replace(run, is_bold=True) for run in self._argument()]
        return self._sign(piece)

    def _drop_dot(self, piece: str) -> None:
        """Skip the dot that stands for no bracket, as in `left .`."""
        if piece in {"\\left", "\\right"} and self.pieces[self.at : self.at + 1] == ["."]:
            self.at += 1

    def _sign(self, piece: str) -> list[Run]:
        name = piece[1:]
        if piece == "\\\\":
            return [Run(_LINE_BREAK)]
        if not piece.startswith("\\") or not name:
            return [Run(_MINUS if piece == "-" else piece, is_italic=piece.isalpha())]
        known = signs.SIGNS.get(name) or signs.OPERATORS.get(name)
        if known:
            return [Run(known)]
        if name in signs.FUNCTIONS:
            return [Run(name), *self._room()]
        if name in signs.ACCENTS:
            return self._accent(signs.ACCENTS[name])
        return self._unknown(piece)

    def _unknown(self, piece: str) -> list[Run]:
        """Return an escaped sign, or a command that nobody knows as it is written."""
        if len(piece) == 2 and not piece[1].isalpha():
            return [Run(piece[1])]
        is_with_group = self.pieces[self.at : self.at + 1] == ["{"]
        return [Run(f"{piece}{{{self._raw()}}}" if is_with_group else piece)]

    def _room(self) -> list[Run]:
        """Return a space between a function's name and a letter or number behind it."""
        following = self.pieces[self.at : self.at + 2]
        if following and following[0].isspace():
            following = following[1:]
        is_close = not following or following[0] in {"(", "^", "_", "}", "{", "[", "\\left"}
        return [] if is_close else [Run(_THIN)]

    def _accent(self, mark: str) -> list[Run]:
        return [
            replace(run, text="".join(letter + mark for letter in run.text))
            for run in self._argument()
        ]

    def _script(self, level: int) -> list[Run]:
        was_script, self.is_script = self.is_script, True
        inside = self._argument()
        self.is_script = was_script
        if not was_script:
            return [run if run.script else replace(run, script=level) for run in inside]
        text = "".join(run.text for run in inside)
        table = signs.RAISED if level > 0 else signs.LOWERED
        if all(ord(letter) in table for letter in text):
            return [Run(text.translate(table))]
        return [Run(("^" if level > 0 else "_") + (text if len(text) == 1 else f"({text})"))]

    def _fraction(self) -> list[Run]:
        self._skip_space()
        if self.pieces[self.at : self.at + 1] and self.pieces[self.at].isdecimal():
            self.pieces[self.at : self.at + 1] = list(self.pieces[self.at])  # a half is \frac12
        above, below = self._argument(), self._argument()
        return [*_held(above), Run("/"), *_held(below)] if below else above

    def _binomial(self) -> list[Run]:
        above, below = self._argument(), self._argument()
        return [Run("C("), *above, Run(", "), *below, Run(")")]

    def _root(self) -> list[Run]:
        self._skip_space()
        sign = [Run("√")]
        if self.pieces[self.at : self.at + 1] == ["["]:
            self.at += 1
            degree = self.row("]")
            text = "".join(run.text for run in degree)
            known = _ROOTS.get(text)
            sign = [Run(known)] if known else [Run(text, script=1), Run("√")]
        return [*sign, *_held(self._argument())]

    def _modulus(self) -> list[Run]:
        return [Run(" (mod "), *self._argument(), Run(")")]

    def _double_struck(self) -> list[Run]:
        return [Run("".join(signs.DOUBLE_STRUCK.get(letter, letter) for letter in self._raw()))]

    def _environment(self) -> list[Run]:
        """Read rows between `begin` and `end`; a matrix has its brackets around each row."""
        name = self._raw().rstrip("*")
        if name == "array":
            self._raw()  # how its columns are aligned
        begin, depth = self.at, 1
        while self.at < len(self.pieces) and depth:
            piece = self._take()
            depth += (piece == "\\begin") - (piece == "\\end")
        inner = self.pieces[begin : self.at - 1 if not depth else self.at]
        if not depth:
            self._raw()
        rows = [_Reader(row, depth=self.depth).row() for row in _rows_of(inner)]
        brackets = _BRACKETS.get(name, "")
        runs: list[Run] = []
        for i, row in enumerate(row for row in rows if row):
            runs += [Run(_LINE_BREAK)] if i else []
            runs += [Run(brackets[0] + " ")] if brackets else []
            runs += row
            runs += [Run(" " + brackets[1])] if len(brackets) > 1 else []
        return runs

    def _add(self, runs: list[Run], found: list[Run]) -> None:
        """Append `found`, with spaces around what stands between two things."""
        text = found[0].text if found else ""
        before = runs[-1].text.strip()[-1:] if runs else ""
        is_alone = not before or before in _OPENING or before.replace(_MINUS, "-") in _BINARY
        is_sign = len(found) == 1 and text.replace(_MINUS, "-") in _BINARY
        is_gap = bool(runs) and runs[-1].text.endswith((" ", _LINE_BREAK))
        if self.is_script or not text:
            runs += found
        elif is_sign and not (is_alone and text in f"+{_MINUS}"):
            runs.append(Run(f"{'' if is_gap or not runs else ' '}{text} "))
        elif text in _STOPS:
            runs.append(Run(f"{text} "))
        elif text != " " or not is_gap:
            runs += [Run(_THIN), *found] if _needs_room(runs, text) else found


def _rows_of(pieces: list[str]) -> list[list[str]]:
    """Cut pieces at the line breaks that stand in no inner environment."""
    rows: list[list[str]] = [[]]
    depth = 0
    for piece in pieces:
        depth += (piece == "\\begin") - (piece == "\\end")
        if piece == "\\\\" and not depth:
            rows.append([])
        else:
            rows[-1].append("\\quad" if piece == "&" and not depth else piece)
    return rows


def _needs_room(runs: list[Run], text: str) -> bool:
    """Whether a name such as `log` stands against a letter, or a sum's bounds against its body."""
    if not runs or not text[0].isalnum():
        return False
    if text in signs.FUNCTIONS:
        return runs[-1].text[-1].isalnum()
    base = next((run.text.strip() for run in reversed(runs) if not run.script), "")
    return bool(runs[-1].script) and (base in signs.FUNCTIONS or base[-1:] in _LARGE)


def _held(runs: list[Run]) -> list[Run]:
    """Put brackets around what is more than one number, name or bracket."""
    text = "".join(run.text for run in runs if not run.script)
    is_one = len(text) == 1 or text.isdecimal() or bool(_ONE.fullmatch(text))
    is_word = text.isalpha() and not any(run.is_italic for run in runs)
    return runs if is_one or is_word else [Run("("), *runs, Run(")")]


def _joined(runs: list[Run]) -> Runs:
    """Put neighbours of one style together."""
    joined: list[Run] = []
    for run in runs:
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    return tuple(joined)
