"""Writes a result as one HTML page without scripts, links or anything fetched."""

from collections.abc import Iterable, Iterator
from html import escape

from assistant.summaries.exporting.parts import Heading, Line, Part, Rule, Run, Runs, Table, spaced
from assistant.summaries.exporting.plain_text import visible, visible_run

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.6em; } h2 { font-size: 1.25em; margin-top: 1.6em; } h3 { font-size: 1.05em; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; }
th, td { border: 1px solid #9996; padding: .3em .6em; text-align: start; vertical-align: top; }
.place { color: #0a5fb4; font-size: .9em; } .muted { opacity: .75; }
.mark { background: #f5c54255; } .strong { font-weight: 600; }
del { background: #e0505033; } ins { background: #3fa65a33; text-decoration: none; }
p.muted { margin: .2em 0; }
@media (prefers-color-scheme: dark) { .place { color: #7db8f5; } }
@media print { body { margin: 0; max-width: none; } }
"""
# Nothing may be fetched or run, whatever stands in the text.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_html(parts: Iterable[Part], *, title: str, language: str = "en") -> str:
    """Return `parts` as a page.

    Args:
        parts: what it says.
        title: the page's own title.
        language: ISO 639-1 code of most of the text.
    """
    shown = escape(visible(title))
    lines = [
        "<!doctype html>",
        f'<html lang="{escape(language or "en")}" dir="auto"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{shown}</title><style>{_STYLE}</style></head><body>",
        *_body(parts),
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def _body(parts: Iterable[Part]) -> Iterator[str]:
    in_list = False
    for part in parts:
        is_item = isinstance(part, Line) and part.is_item
        if is_item is not in_list:
            yield "<ul>" if is_item else "</ul>"
            in_list = is_item
        yield from _part(part)
    if in_list:
        yield "</ul>"


def _part(part: Part) -> Iterator[str]:
    if isinstance(part, Heading):
        yield f'<h{part.level} dir="auto">{escape(visible(part.text))}</h{part.level}>'
    elif isinstance(part, Line):
        tag = "li" if part.is_item else "p"
        yield f'<{tag} dir="auto">{_joined(part.runs)}</{tag}>'
    elif isinstance(part, Table):
        heads = "".join(f"<th>{escape(visible(heading))}</th>" for heading in part.headings)
        yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
        for row in part.rows:
            cells = "".join(f'<td dir="auto">{_joined(cell)}</td>' for cell in row)
            yield f"<tr>{cells}</tr>"
        yield "</tbody></table>"
    elif isinstance(part, Rule):
        yield "<hr>"


def _joined(runs: Runs) -> str:
    return "".join(gap + _run(run) for gap, run in spaced(runs))


def _run(run: Run) -> str:
    text = escape(visible_run(run.text))
    match run.tone:
        case "plain":
            return text
        case "removed":
            return f"<del>{text}</del>"
        case "added":
            return f"<ins>{text}</ins>"
        case tone:
            return f'<span class="{tone}">{text}</span>'
