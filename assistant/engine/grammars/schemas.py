"""Turns a JSON schema into a GBNF grammar of compact JSON that satisfies it.

Drafts 4 to 2020-12 in what they share. Every text the grammar allows satisfies the schema, and
not every text that satisfies it is allowed: properties come in the schema's order, properties
that it does not name do not come, and there is next to no white space, which a small model would
repeat until its reply is full. What cannot be promised is refused by name.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from assistant.engine.grammars.alternatives import exclude_each_other, with_all_of
from assistant.engine.grammars.bounds import integers, numbers
from assistant.engine.grammars.built_in import BUILT_IN, COLON, COMMA, FORMATS, USED_BY
from assistant.engine.grammars.gbnf import MAX_BYTES, MAX_NESTING
from assistant.engine.grammars.grammar import GrammarRefused
from assistant.engine.grammars.keywords import (
    bound_of,
    constraints,
    count_of,
    is_of,
    types_of,
    whole_above,
    with_type,
)
from assistant.engine.grammars.patterns import string_of_pattern

_REFUSED = (
    "not", "if", "then", "else", "patternProperties", "propertyNames", "dependentRequired",
    "dependentSchemas", "dependencies", "unevaluatedProperties", "unevaluatedItems", "contains",
    "$dynamicRef", "$recursiveRef",
)  # fmt: skip


def grammar_of_schema(text: str) -> str:
    """Return GBNF of the JSON that satisfies the schema `text`, itself JSON.

    Raises:
        GrammarRefused: it is too large or deep, no schema, or asks for what cannot be promised.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise GrammarRefused(f"it is longer than {MAX_BYTES // 1024} kB")
    try:
        schema = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GrammarRefused("it is not JSON") from error
    return _Writer(schema).write()


class _Writer:
    """Collects the rules of one schema."""

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._rules: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self._references: dict[str, str] = {}
        self._size = 0
        self._count = 0

    def write(self) -> str:
        root = self._visit(self._schema, 0)
        self._rules["root"] = root
        return "\n".join(f"{name} ::= {body}" for name, body in self._rules.items()) + "\n"

    def _visit(self, schema: Any, depth: int) -> str:
        """Return the name of the rule for `schema`."""
        if depth > MAX_NESTING:
            raise GrammarRefused("it is nested too deeply")
        if schema is True:
            return self._built_in("value")
        if schema is False:
            raise GrammarRefused("it allows no value (false)")
        if not isinstance(schema, dict):
            raise GrammarRefused("a schema in it is not an object")
        schema = with_all_of(schema, self._target)
        for keyword in _REFUSED:
            if keyword in schema:
                raise GrammarRefused(f'"{keyword}" cannot be promised')
        if "$ref" in schema:
            return self._reference(schema, depth)
        if "const" in schema or "enum" in schema:
            return self._literals(schema)
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return self._union(schema, keyword, depth)
        types = types_of(schema)
        return self._choice([self._of_type(kind, schema, depth) for kind in types])

    def _of_type(self, kind: str, schema: Mapping[str, Any], depth: int) -> str:
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, depth)
            case "string":
                return self._string(schema)
            case "integer" | "number":
                return self._number(kind, schema)
            case _:
                return self._built_in(kind)

    # What stands for other schemas

    def _reference(self, schema: Mapping[str, Any], depth: int) -> str:
        reference = schema["$ref"]
        others = constraints(schema, besides="$ref")
        if others:
            raise GrammarRefused(f'"$ref" beside "{others[0]}" cannot be promised')
        target = self._target(reference)
        if reference not in self._references:
            # Named before it is written: it may refer to itself.
            name = self._references[reference] = f"ref{len(self._references)}"
            self._add(name, self._visit(target, depth + 1))
        return self._references[reference]

    def _target(self, reference: Any) -> Any:
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise GrammarRefused('a "$ref" does not lead to a place in the schema')
        place = self._schema
        for part in unquote(reference[1:]).split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if isinstance(place, list) and key.isdecimal() and int(key) < len(place):
                place = place[int(key)]
            elif isinstance(place, dict) and key in place:
                place = place[key]
            else:
                raise GrammarRefused('a "$ref" leads nowhere')
        if reference != "#" and not reference.startswith("#/"):
            raise GrammarRefused('a "$ref" does not lead to a place in the schema')
        return place

    def _union(self, schema: Mapping[str, Any], keyword: str, depth: int) -> str:
        others = [name for name in constraints(schema, besides=keyword) if name != "type"]
        if others:
            raise GrammarRefused(f'"{keyword}" beside "{others[0]}" cannot be promised')
        alternatives = schema[keyword]
        if not isinstance(alternatives, list) or not alternatives:
            raise GrammarRefused(f'"{keyword}" has no alternatives')
        if "type" in schema:
            alternatives = [with_type(one, schema["type"]) for one in alternatives]
        if keyword == "oneOf" and not exclude_each_other(alternatives, self._target):
            raise GrammarRefused('the alternatives of "oneOf" do not exclude each other')
        possible = [one for one in alternatives if one is not False]
        return self._choice([self._visit(one, depth + 1) for one in possible])

    def _literals(self, schema: Mapping[str, Any]) -> str:
        keyword = "const" if "const" in schema else "enum"
        others = [name for name in constraints(schema, besides=keyword) if name != "type"]
        if others:
            raise GrammarRefused(f'"{keyword}" beside "{others[0]}" cannot be promised')
        values = [schema["const"]] if keyword == "const" else schema["enum"]
        if not isinstance(values, list):
            raise GrammarRefused('"enum" is not a list')
        if "type" in schema:
            types = types_of(schema)
            values = [value for value in values if any(is_of(value, kind) for kind in types)]
        return self._choice([_literal(_json(value)) for value in values])

    def _choice(self, names: list[str]) -> str:
        if not names:
            raise GrammarRefused("it allows no value")
        return names[0] if len(names) == 1 else self._rule(" | ".join(names))

    # Values

    def _object(self, schema: Mapping[str, Any], depth: int) -> str:
        properties = schema.get("properties", {})
        required = schema.get("required", [])
        rest = schema.get("additionalProperties", True)
        if not isinstance(properties, dict) or not isinstance(required, list):
            raise GrammarRefused('"properties" or "required" is of a wrong kind')
        least, most = count_of(schema, "minProperties", 0), count_of(schema, "maxProperties", None)
        properties = dict(properties)
        for name in dict.fromkeys(str(name) for name in required):
            properties.setdefault(name, rest)
        if not properties:
            return self._map(rest, least or 0, most, depth)
        wanted = {name for name in properties if name in required}
        possible = {
            name: part for name, part in properties.items() if name in wanted or part is not False
        }
        if (least or 0) > len(wanted) or (most is not None and most < len(possible)):
            raise GrammarRefused("the number of its properties cannot be promised")
        members = [
            (f"{_literal(_json(name))} {COLON} {self._visit(part, depth + 1)}", name in wanted)
            for name, part in possible.items()
        ]
        return self._rule(rf'"{{" {self._members(members)} "}}"')

    def _members(self, members: list[tuple[str, bool]]) -> str:
        """Return GBNF of members in their order, those that are not required left out at will."""
        after = '""'  # what may follow when there is a member before
        first: str | None = '""'  # and when there is none
        for member, is_required in reversed(members):
            name = self._rule(member)
            begun = f"{name} {after}"
            first = begun if is_required or first is None else self._rule(f"{begun} | {first}")
            optional = "" if is_required else "?"
            after = self._rule(f"({COMMA} {name}){optional} {after}")
        return f"({first})"

    def _map(self, values: Any, least: int, most: int | None, depth: int) -> str:
        if least > 1:  # the same name may come twice
            raise GrammarRefused("the number of its properties cannot be promised")
        if values is False or most == 0:
            if least:
                raise GrammarRefused("it allows no value")
            return self._rule('"{" "}"')
        if values is True and not least and most is None:
            return self._built_in("object")
        value = self._visit(values, depth + 1)
        member = self._rule(f"{self._built_in('string')} {COLON} {value}")
        return self._rule(f'"{{" {_repeated(member, least, most)} "}}"')

    def _array(self, schema: Mapping[str, Any], depth: int) -> str:
        items, first = schema.get("items", True), schema.get("prefixItems", [])
        if isinstance(items, list):  # before 2020-12
            first, items = items, schema.get("additionalItems", True)
        if not isinstance(first, list):
            raise GrammarRefused('"prefixItems" is not a list')
        least, most = count_of(schema, "minItems", 0) or 0, count_of(schema, "maxItems", None)
        if schema.get("uniqueItems") and (most is None or most > 1):
            raise GrammarRefused('"uniqueItems" cannot be promised')
        if items is False:
            most = len(first) if most is None else min(most, len(first))
        if most is not None and least > most:
            raise GrammarRefused("it allows no value")
        if not first:
            if items is True and not least and most is None:
                return self._built_in("array")
            if most == 0:
                return self._rule('"[" "]"')
            return self._rule(f'"[" {_repeated(self._visit(items, depth + 1), least, most)} "]"')
        return self._rule(f'"[" {self._tuple(first, items, least, most, depth)} "]"')

    def _tuple(self, first: list[Any], items: Any, least: int, most: int | None, depth: int) -> str:
        """Return GBNF of an array's items, the first of which have schemas of their own."""
        first = first if most is None else first[:most]
        after = '""'
        if most is None or most > len(first):
            item = self._visit(items, depth + 1)
            limit = "" if most is None else most - len(first)
            after = self._rule(f"({COMMA} {item}){{{max(least - len(first), 0)},{limit}}}")
        for index in range(len(first) - 1, 0, -1):
            item = self._visit(first[index], depth + 1)
            optional = "" if index < least else "?"
            after = self._rule(f"({COMMA} {item} {after}){optional}")
        if not first:
            return '""'
        return f"({self._visit(first[0], depth + 1)} {after}){'' if least else '?'}"

    def _string(self, schema: Mapping[str, Any]) -> str:
        least, most = count_of(schema, "minLength", 0) or 0, count_of(schema, "maxLength", None)
        has_length = least > 0 or most is not None
        if most is not None and least > most:
            raise GrammarRefused("it allows no value")
        pattern, format_ = schema.get("pattern"), schema.get("format")
        if pattern is not None:
            if has_length:
                raise GrammarRefused('"pattern" with a length cannot be promised')
            return self._rule(string_of_pattern(str(pattern)))
        if has_length:
            limit = "" if most is None else most
            character = self._built_in("character")
            return self._rule(rf'"\"" {character}{{{least},{limit}}} "\""')
        if isinstance(format_, str) and format_ in FORMATS:
            return self._rule(rf'"\"" {FORMATS[format_]} "\""')
        return self._built_in("string")

    def _number(self, kind: str, schema: Mapping[str, Any]) -> str:
        if "multipleOf" in schema:
            if schema["multipleOf"] != 1:
                raise GrammarRefused('"multipleOf" cannot be promised')
            kind = "integer"
        low, has_low = bound_of(schema, "minimum", "exclusiveMinimum", max)
        high, has_high = bound_of(schema, "maximum", "exclusiveMaximum", min)
        if low is None and high is None:
            return self._built_in(kind)
        if kind == "integer":
            least = None if low is None else whole_above(low, has_low)
            most = None if high is None else -whole_above(-high, has_high)
            return self._rule(integers(least, most))
        for bound in (low, high):
            if bound is not None and bound != int(bound):
                raise GrammarRefused("a bound of a number that is not whole cannot be promised")
        return self._rule(
            numbers(
                None if low is None else int(low),
                None if high is None else int(high),
                has_low=has_low,
                has_high=has_high,
            )
        )

    # Rules

    def _built_in(self, name: str) -> str:
        if name not in self._rules:
            self._add(name, BUILT_IN[name])
            for used in USED_BY.get(name, ()):
                self._built_in(used)
        return name

    def _rule(self, body: str) -> str:
        """Return the name of the rule that is `body`; the same one for the same body."""
        if body not in self._known:
            self._count += 1
            self._known[body] = f"part{self._count}"
            self._add(self._known[body], body)
        return self._known[body]

    def _add(self, name: str, body: str) -> None:
        self._size += len(body)
        if self._size > MAX_BYTES // 2:
            raise GrammarRefused("it has too many parts")
        self._rules[name] = body


def _repeated(item: str, least: int, most: int | None) -> str:
    """Return GBNF of so many items with commas between them."""
    limit = "" if most is None else most - 1
    items = f"{item} ({COMMA} {item}){{{max(least - 1, 0)},{limit}}}"
    return items if least else f"({items})?"


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError as error:
        raise GrammarRefused("a value in it is not JSON") from error


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
