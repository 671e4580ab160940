"""JSON schemas as grammars: all that a grammar allows satisfies its schema."""

import contextlib
import json
import random
import time

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.engine.grammars import GrammarRefused, Matcher, grammar_of_schema, parse

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 10},
        "age": {"type": "integer", "minimum": 0, "maximum": 130},
        'e-mail/"x"': {"type": ["string", "null"]},
        "tags": {"type": "array", "items": {"enum": ["ä", "b\\", 1, None]}, "maxItems": 3},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}  # fmt: skip
TREE = {
    "$defs": {
        "a/b": {
            "type": "object",
            "properties": {
                "value": {"type": "number", "minimum": -3, "exclusiveMaximum": 12},
                "kids": {"type": "array", "items": {"$ref": "#/$defs/a~1b"}, "maxItems": 2},
            },
            "required": ["value"],
        }
    },
    "$ref": "#/$defs/a~1b",
}
KINDS = {
    "oneOf": [
        {"properties": {"kind": {"const": "dot"}, "at": {"type": "integer"}}, "required": ["kind"]},
        {"properties": {"kind": {"const": "line"}, "to": {"$ref": "#"}}, "required": ["kind"]},
    ]
}
for one in KINDS["oneOf"]:
    one["type"] = "object"
SCHEMAS = [
    PERSON,
    TREE,
    KINDS,
    True,
    {},
    {"type": "object"},
    {"type": "array", "minItems": 1},
    {"type": ["integer", "string", "null"], "minimum": 5},
    {"const": {"a": [1, 2.5, "é\n\u0001", True]}},
    {"type": "integer", "enum": [1, "a", 2]},
    {"anyOf": [{"type": "boolean"}, {"minItems": 2, "maxItems": 3, "items": {"type": "null"}}]},
    {"prefixItems": [{"type": "integer"}, {"type": "null"}], "items": False, "minItems": 1},
    {"type": "array", "prefixItems": [{"const": 1}], "items": {"const": 2}, "maxItems": 4},
    {"type": "object", "additionalProperties": {"type": "boolean"}, "maxProperties": 3},
    {"type": "object", "additionalProperties": {"const": 1}, "minProperties": 1},
    {"required": ["x"], "additionalProperties": {"type": "integer"}},
    {"properties": {f"p{n}": {"const": n} for n in range(300)}, "type": "object"},
    {"allOf": [{"$ref": "#/definitions/x"}, {"properties": {"b": {}}, "required": ["b"]}],
     "definitions": {"x": {"properties": {"a": {"const": 1}}, "required": ["a"]}}},
    {"type": "number", "multipleOf": 1, "exclusiveMinimum": 2.5, "maximum": 3.5},
    {"type": "number", "minimum": 0, "maximum": 0},
    {"type": "number", "exclusiveMinimum": -1, "exclusiveMaximum": 0},
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "uuid"},
    {"type": "string", "format": "date"},
    {"properties": {"default": {"type": "null"}, "$ref": {"const": 3}}, "required": ["$ref"]},
]  # fmt: skip
PATTERNS = [
    "^[A-Z]{2}-\\d{3,4}$", "^(a|b\\|)+?$", '^"\\\\/["\\\\]\\.$', "^[^a-z\\d]{2,3}$", "^.{3}$",
    "^\\w+\\s\\W\\D\\S$", "^a?b$", "^(?:\\x41|\\u00e9|\\t)+$", "^[\\]\\-a^-]$",
    "^$", "^a{0}b{2,}?$", "^\\$\\^$", "^[+-]$",
]  # fmt: skip


def text_of(grammar: str, seed: int, limit: int = 2_000) -> str | None:
    """Return a random text that follows `grammar`, byte by byte; None for one too long."""
    choose = random.Random(seed)
    matcher, written = Matcher(parse(grammar)), bytearray()
    while not (matcher.must_end or (matcher.may_end and choose.random() < 0.2)):
        allowed = [byte for byte in matcher.first_bytes if matcher.allows(bytes([byte]))]
        closing = [byte for byte in allowed if byte in b'"}]']
        byte = choose.choice(closing if closing and choose.random() < 0.5 else allowed)
        assert matcher.accept(bytes([byte]))
        written.append(byte)
        if len(written) > limit:
            return None
    return written.decode()


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: json.dumps(schema)[:60])
def test_all_that_is_allowed_satisfies_the_schema(schema) -> None:
    grammar = grammar_of_schema(json.dumps(schema))
    texts = [text for seed in range(20) if (text := text_of(grammar, seed))]
    assert len(texts) > 10
    for text in texts:
        jsonschema.Draft202012Validator(schema).validate(json.loads(text))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_kept(pattern) -> None:
    schema = {"type": "string", "pattern": pattern}
    grammar = grammar_of_schema(json.dumps(schema))
    texts = [text for seed in range(60) if (text := text_of(grammar, seed, 200))]
    assert texts
    for text in texts:
        jsonschema.validate(json.loads(text), schema)


def allows(schema, text: str) -> bool:
    matcher = Matcher(parse(grammar_of_schema(json.dumps(schema))))
    return matcher.accept(text.encode()) and matcher.may_end


@settings(max_examples=150, deadline=None)
@given(st.integers(-12_000, 12_000), st.integers(-12_000, 12_000), st.integers(-13_000, 13_000))
def test_whole_numbers_keep_their_bounds(one, other, number) -> None:
    low, high = min(one, other), max(one, other)
    inclusive = {"type": "integer", "minimum": low, "maximum": high}
    assert allows(inclusive, str(number)) == (low <= number <= high)
    assert allows({"type": "integer", "minimum": low}, str(number)) == (low <= number)
    assert allows({"type": "integer", "maximum": high}, str(number)) == (number <= high)
    decimals = {"type": "number", "exclusiveMinimum": low, "maximum": high + 1}
    for text in (f"{number}.5", f"{number}", f"{number}.25"):
        assert allows(decimals, text) == (low < float(text) <= high + 1)


def test_what_is_usual_is_allowed() -> None:
    assert allows(PERSON, '{"name":"Zoé","age":41}')
    assert allows(PERSON, '{"name": "A", "age": 130, "e-mail/\\"x\\"": null, "tags": ["ä", 1]}')
    assert not allows(PERSON, '{"age":41,"name":"Zoé"}')
    assert not allows(PERSON, '{"name":"","age":41}')
    assert not allows(PERSON, '{"name":"Zoé","age":131}')
    assert not allows(PERSON, '{"name":"Zoé","age":1,"x":2}')
    assert allows({"type": "object", "properties": {"a": {}, "b": {}}}, '{"b":2}')
    assert allows({"type": "object", "properties": {"a": {}, "b": {}}}, "{}")
    assert allows({}, '[{"a": 1e9}, "\\u00e9", null, -0.5]')
    assert allows({"type": "string"}, '"an \\"emoji\\" 😀"')
    assert not allows({"type": "string"}, '"a\nline"')
    assert not allows({"type": "string"}, '"\\ud800"')
    assert allows({"type": "string", "format": "date"}, '"2026-11-20"')
    assert allows({"type": "string", "pattern": "b+c"}, '"xabbcy"')
    assert not allows({"type": "string", "pattern": "b+c"}, '"xabby"')
    assert not allows({"type": "string", "pattern": "^b+c"}, '"abc"')
    assert allows({"type": "string", "format": "email"}, '"anything"')


def nested(depth: int, schema: object = True) -> object:
    for _ in range(depth):
        schema = {"type": "array", "items": schema}
    return schema


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (False, "it allows no value"),
        (5, "a schema in it is not an object"),
        ({"type": "text"}, '"type" is unknown'),
        ({"not": {}}, '"not" cannot be promised'),
        ({"if": {}}, '"if" cannot be promised'),
        ({"patternProperties": {}}, '"patternProperties" cannot be promised'),
        ({"type": "array", "uniqueItems": True}, '"uniqueItems" cannot be promised'),
        ({"type": "number", "multipleOf": 0.1}, '"multipleOf" cannot be promised'),
        ({"type": "number", "multipleOf": [1]}, '"multipleOf" cannot be promised'),
        ({"type": "number", "minimum": 0.5}, "not whole"),
        ({"type": "integer", "minimum": 3, "maximum": 2}, "no number lies between"),
        ({"type": "number", "exclusiveMinimum": 2, "maximum": 2}, "no number lies between"),
        ({"type": "integer", "minimum": 1e300}, "too large"),
        ({"type": "integer", "minimum": "3"}, "a bound of a number is none"),
        ({"type": "string", "minLength": 3, "maxLength": 2}, "it allows no value"),
        ({"type": "string", "maxLength": -1}, '"maxLength" is not a count'),
        ({"type": "string", "maxLength": 999_999_999}, "a repetition of more than"),
        ({"type": "array", "maxItems": 10**15}, "a repetition of more than"),
        ({"type": "string", "pattern": "^a", "maxLength": 5}, '"pattern" with a length'),
        ({"type": "string", "pattern": "(?=a)b"}, "looking ahead"),
        ({"type": "string", "pattern": "(a)\\1"}, "\\1"),
        ({"type": "string", "pattern": "a\\b"}, "\\b"),
        ({"type": "string", "pattern": "^a|b$"}, "put them in a group"),
        ({"type": "string", "pattern": "a**"}, "a repetition of a repetition"),
        ({"type": "string", "pattern": "(a"}, "parenthesis is missing"),
        ({"type": "string", "pattern": "a)"}, "closed that was not opened"),
        ({"type": "string", "pattern": "[a"}, "closing bracket"),
        ({"type": "string", "pattern": "(" * 200 + "a" + ")" * 200}, "nested too deeply"),
        ({"type": "string", "pattern": "(a{9999}){9999}" * 500}, "too long"),
        ({"$ref": "https://example.org/schema"}, "does not lead to a place"),
        ({"$ref": "#/$defs/nowhere"}, "leads nowhere"),
        ({"$ref": "#"}, "it never ends"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}, "it never ends"),
        ({"type": "array", "items": {"$ref": "#"}, "minItems": 1}, "it never ends"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {}}, "minimum": 3}, '"$ref" beside "minimum"'),
        ({"anyOf": [{"minimum": 3}], "maximum": 5}, '"anyOf" beside "maximum"'),
        ({"anyOf": []}, "no alternatives"),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, "do not exclude each other"),
        ({"oneOf": [{"enum": [1, 2]}, {"enum": [2, 3]}]}, "do not exclude each other"),
        ({"allOf": [{"type": "string"}, {"type": "number"}]}, 'differ in "type"'),
        ({"enum": []}, "it allows no value"),
        ({"enum": ["a"], "type": "integer"}, "it allows no value"),
        ({"const": "a", "minLength": 3}, '"const" beside "minLength"'),
        ({"required": ["a"], "additionalProperties": False}, "it allows no value"),
        ({"type": "object", "minProperties": 2}, "the number of its properties"),
        (nested(80), "nested too deeply"),
        ({"enum": ["x" * 1000] * 10 + ["y" * 140_000]}, "too many parts"),
        ({"title": "x" * 300_000}, "longer than 256 kB"),
    ],
)  # fmt: skip
def test_what_cannot_be_promised_is_refused_in_words(schema, words) -> None:
    with pytest.raises(GrammarRefused) as caught:
        parse(grammar_of_schema(json.dumps(schema)))
    assert words in caught.value.detail


_HUGE = '{"type": "integer", "enum": [1e999]}'  # Python reads it as infinite


@pytest.mark.parametrize(
    "text", ["", "{", "nonsense", "[" * 200_000, '{"a":' * 30_000, "\ud800", _HUGE]
)
def test_what_is_not_json_is_refused(text) -> None:
    with pytest.raises(GrammarRefused):
        grammar_of_schema(text)


def test_a_hostile_schema_costs_seconds_at_most() -> None:
    doubling = {f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(60)}
    doubling["d60"] = {"type": "object", "properties": {"a": {"$ref": "#/$defs/d0"}}}
    same = {"properties": {"a": {"$ref": "#"}, "b": {}}, "required": ["a"], "type": "object"}
    hostile = [
        {"$ref": "#/$defs/d0", "$defs": doubling},
        {"anyOf": [{"type": "null"}, *[dict(same, title=str(n)) for n in range(60)]]},
        {"allOf": [{"allOf": [{"allOf": [{"properties": {"a": {}}}] * 60}] * 60}] * 60},
        {"type": "string", "pattern": "^" + "(.*.*)*" * 300 + "$"},
        {"enum": list(range(20_000))},
    ]
    begun = time.monotonic()
    for schema in hostile:
        with contextlib.suppress(GrammarRefused):
            matcher = Matcher(parse(grammar_of_schema(json.dumps(schema))))
            matcher.accept(b'{"a":' * 30)
    assert time.monotonic() - begun < 20  # a tenth of it on an idle machine
