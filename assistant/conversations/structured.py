"""Replies in a form: JSON that follows a schema, or a table."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.engine.grammars import GrammarRefused, grammar_of_schema, parse
from assistant.errors import GrammarError
from assistant.storage.chat_settings import ChatSettings

# Any JSON object: for one without a schema of the person's.
_ANY_OBJECT = json.dumps({"type": "object"})
_COLUMNS = range(2, 7)
_MOST_ROWS = 100
_LONGEST_CELL = 200
_LONGEST_HEADING = 60


class Shown(StrEnum):
    """How a reply in a form is shown."""

    JSON = "json"
    TABLE = "table"  # its text is a Markdown table


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a reply follows; one of the two is empty.

    Attributes:
        json_schema: JSON schema, as JSON.
        grammar: GBNF.
        shown: how it is shown.
    """

    json_schema: str = ""
    grammar: str = ""
    shown: Shown = Shown.JSON


def form_of(settings: ChatSettings) -> Form | None:
    """Return the form that a conversation's replies follow; None for plain text.

    A table takes its columns from the properties of the schema's objects, or else the model
    chooses them.

    Raises:
        GrammarError: the schema is none, or asks for what cannot be promised.
    """
    try:
        if settings.form == Shown.TABLE:
            form = Form(grammar=_table(_columns_of(settings.schema)), shown=Shown.TABLE)
            parse(form.grammar)
            return form
        if settings.form == Shown.JSON:
            form = Form(json_schema=settings.schema.strip() or _ANY_OBJECT)
            parse(grammar_of_schema(form.json_schema))
            return form
    except GrammarRefused as error:
        raise GrammarError(str(error)) from error
    return None


def as_markdown(content: str, shown: Shown | None) -> str:
    """Return a reply's text as Markdown: JSON indented in a code block, tables as they are.

    JSON that is not complete, such as while it is written, stays as it is.
    """
    if shown is not Shown.JSON:
        return content
    try:
        text = json.dumps(json.loads(content), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = content
    return f"```json\n{text}\n```"


def _columns_of(schema: str) -> tuple[str, ...]:
    """Return the names of a schema's properties; () where it has none."""
    if not schema.strip():
        return ()
    try:
        value: Any = json.loads(schema)
    except (ValueError, RecursionError) as error:
        raise GrammarRefused("it is not JSON") from error
    while isinstance(value, dict) and isinstance(value.get("items"), dict):
        value = value["items"]
    properties = value.get("properties") if isinstance(value, dict) else None
    if not isinstance(properties, dict) or not properties:
        raise GrammarRefused("a table needs objects with properties: they are its columns")
    return tuple(" ".join(name.split()).replace("|", "/") for name in properties)


def _table(columns: tuple[str, ...]) -> str:
    """Return GBNF of a Markdown table with these columns, or with two to six of any name."""
    cell = f"cell ::= [^ |\\x00-\\x1f] [^|\\x00-\\x1f]{{0,{_LONGEST_CELL - 1}}}"
    if columns:
        heading = "| " + " | ".join(columns) + " |\n" + "| --- " * len(columns) + "|\n"
        rules = [f"root ::= {json.dumps(heading, ensure_ascii=False)} {_rows(len(columns))}"]
        return "\n".join([*rules, cell])
    roots = " | ".join(f"table{count}" for count in _COLUMNS)
    names = f"name ::= [^ |\\x00-\\x1f] [^|\\x00-\\x1f]{{0,{_LONGEST_HEADING - 1}}}"
    tables = [f"table{count} ::= {_heading(count)} {_rows(count)}" for count in _COLUMNS]
    return "\n".join([f"root ::= {roots}", *tables, names, cell])


def _heading(count: int) -> str:
    line = '"| --- ' + "| --- " * (count - 1) + '|\\n"'
    return '"|"' + ' " " name " |"' * count + f' "\\n" {line}'


def _rows(count: int) -> str:
    return '("|"' + ' " " cell " |"' * count + f' "\\n"){{1,{_MOST_ROWS}}}'
