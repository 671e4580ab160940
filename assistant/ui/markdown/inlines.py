"""The text of one paragraph: Markdown's inline tokens as runs of one style each.

HTML stays text, pictures become their alternative text, and only http and https addresses are
links. No Qt here.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.ui.markdown.formulas import formula_runs
from assistant.ui.markdown.leaf import Run, Runs

if TYPE_CHECKING:
    from markdown_it.token import Token

# Addresses that the text shows as such; punctuation at their end belongs to the sentence.
_ADDRESS = re.compile(r"https?://[^\s<>\"'`]*[^\s<>\"'`.,;:!?)\]}*_]", re.IGNORECASE)
_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_LINE_BREAK = "\u2028"


def runs_of(inline: "Token") -> Runs:
    """Return the text of an inline token."""
    style = Run("")
    runs: list[Run] = []
    for token in inline.children or ():
        match token.type:
            case "text" | "html_inline":
                runs += _with_addresses(replace(style, text=token.content))
            case "code_inline":
                runs.append(replace(style, text=token.content, is_code=True))
            case "math_inline":
                runs += formula_runs(token.content)
            case "note_ref":
                runs.append(Run(token.content, script=1, note=token.content))
            case "softbreak" | "hardbreak":  # models write verses and addresses line by line
                runs.append(replace(style, text=_LINE_BREAK))
            case "image":
                runs.append(replace(style, text=_alternative(token), is_italic=True))
            case _:
                style = _styled(style, token)
    return tuple(run for run in runs if run.text)


def _styled(style: Run, token: "Token") -> Run:
    """Return `style` as it is behind a token that opens or closes one."""
    match token.type:
        case "link_open":
            address = str(token.attrGet("href") or "")
            return replace(style, link=address if _WEB.match(address) else "")
        case "link_close":
            return replace(style, link="")
        case "strong_open" | "strong_close":
            return replace(style, is_bold=token.nesting > 0)
        case "em_open" | "em_close":
            return replace(style, is_italic=token.nesting > 0)
        case "s_open" | "s_close":
            return replace(style, is_struck=token.nesting > 0)
    return style


def _alternative(image: "Token") -> str:
    words = "".join(child.content for child in image.children or ())
    return f"[{words}]" if words else ""


def _with_addresses(run: Run) -> Iterator[Run]:
    """Yield `run` with the addresses in its text as links, unless it is one already."""
    if run.link or "://" not in run.text:
        yield run
        return
    at = 0
    for match in _ADDRESS.finditer(run.text):
        yield replace(run, text=run.text[at : match.start()])
        yield replace(run, text=match[0], link=match[0])
        at = match.end()
    yield replace(run, text=run.text[at:])
