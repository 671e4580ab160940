"""Forms of replies: what they allow, and how they are shown."""

import pytest

from assistant.conversations.structured import Shown, as_markdown, form_of
from assistant.engine.grammars import Matcher, grammar_of_schema, parse
from assistant.errors import GrammarError
from assistant.storage.chat_settings import ChatSettings

TASKS = '{"type": "array", "items": {"properties": {"Who": {}, "By | when": {}}}}'


def allows(grammar: str, text: str) -> bool:
    matcher = Matcher(parse(grammar))
    return matcher.accept(text.encode()) and matcher.may_end


def test_text_has_no_form() -> None:
    assert form_of(ChatSettings()) is None
    assert form_of(ChatSettings(schema="{}")) is None


def test_json_is_any_object_or_follows_the_schema() -> None:
    form = form_of(ChatSettings(form="json"))
    assert form is not None
    assert allows(grammar_of_schema(form.json_schema), '{"a":[1,{"b":null}]}')
    assert not allows(grammar_of_schema(form.json_schema), "[1]")
    form = form_of(ChatSettings(form="json", schema='{"const": "yes"}'))
    assert form is not None
    assert (form.json_schema, form.grammar, form.shown) == ('{"const": "yes"}', "", Shown.JSON)


def test_each_row_of_a_table_has_as_many_cells_as_its_heading() -> None:
    form = form_of(ChatSettings(form="table"))
    assert form is not None
    assert form.shown is Shown.TABLE
    assert allows(form.grammar, "| A | B |\n| --- | --- |\n| 1 | zwei |\n| 3 | 四 |\n")
    assert not allows(form.grammar, "| A | B |\n| --- | --- |\n| 1 | 2 | 3 |\n")
    assert not allows(form.grammar, "| A | B |\n| --- | --- |\n")
    assert not allows(form.grammar, "A table:\n| A | B |\n| --- | --- |\n| 1 | 2 |\n")


def test_the_columns_of_a_table_may_be_given() -> None:
    form = form_of(ChatSettings(form="table", schema=TASKS))
    assert form is not None
    assert allows(form.grammar, "| Who | By / when |\n| --- | --- |\n| Ann | May |\n")
    assert not allows(form.grammar, "| Who | When |\n| --- | --- |\n| Ann | May |\n")


@pytest.mark.parametrize("form", ["json", "table"])
@pytest.mark.parametrize("schema", ["{", '{"not": {}}', "[" * 100_000, '"text"'])
def test_what_cannot_be_followed_is_refused(form: str, schema: str) -> None:
    with pytest.raises(GrammarError):
        form_of(ChatSettings(form=form, schema=schema))


def test_json_is_shown_indented() -> None:
    assert as_markdown('{"ä":[1]}', Shown.JSON) == '```json\n{\n  "ä": [\n    1\n  ]\n}\n```'
    assert as_markdown('{"ä', Shown.JSON) == '```json\n{"ä\n```'
    assert as_markdown("| a |", Shown.TABLE) == as_markdown("| a |", None) == "| a |"
