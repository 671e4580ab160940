"""What JSON schemas combine: parts that all hold, and alternatives of which one does."""

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

from assistant.engine.grammars.grammar import GrammarRefused

_MAX_PARTS = 64
Target = Callable[[Any], Any]  # where a "$ref" leads


def with_all_of(schema: Mapping[str, Any], target: Target, depth: int = 0) -> Mapping[str, Any]:
    """Return `schema` without "allOf": its parts become one.

    Raises:
        GrammarRefused: two parts say different things of the same.
    """
    if "allOf" not in schema:
        return schema
    parts = schema["allOf"]
    if not isinstance(parts, list) or len(parts) > _MAX_PARTS or depth > _MAX_PARTS:
        raise GrammarRefused('"allOf" has no parts, or too many')
    merged: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
    for part in parts:
        one = target(part["$ref"]) if isinstance(part, dict) and set(part) == {"$ref"} else part
        if not isinstance(one, dict):
            raise GrammarRefused('a part of "allOf" is not an object')
        _merge(merged, with_all_of(one, target, depth + 1))
    return merged


def _merge(merged: dict[str, Any], part: Mapping[str, Any]) -> None:
    closed = [one.get("properties") for one in (merged, part) if "additionalProperties" in one]
    if closed and merged.get("properties", part.get("properties")) != part.get("properties"):
        raise GrammarRefused('"additionalProperties" in "allOf" cannot be promised')
    for key, value in part.items():
        if key in {"title", "description", "default", "examples", "$defs", "definitions"}:
            continue
        if key not in merged:
            merged[key] = value
        elif key == "required" and isinstance(value, list) and isinstance(merged[key], list):
            merged[key] = [*merged[key], *value]
        elif key == "properties" and isinstance(value, dict) and isinstance(merged[key], dict):
            if any(merged[key].get(name, one) != one for name, one in value.items()):
                raise GrammarRefused('parts of "allOf" differ in a property')
            merged[key] = {**merged[key], **value}
        elif merged[key] != value:
            raise GrammarRefused(f'parts of "allOf" differ in "{key}"')


def exclude_each_other(schemas: list[Any], target: Target) -> bool:
    """Whether no value satisfies two of `schemas`, as far as can be seen from outside."""
    if len(schemas) > _MAX_PARTS:
        return False
    resolved = [_resolved(schema, target) for schema in schemas]
    return all(_exclude(one, other, target) for one, other in combinations(resolved, 2))


def _resolved(schema: Any, target: Target) -> Mapping[str, Any]:
    for _ in range(_MAX_PARTS):
        if not isinstance(schema, dict) or "$ref" not in schema:
            break
        schema = target(schema["$ref"])
    return schema if isinstance(schema, dict) else {}


def _exclude(one: Mapping[str, Any], other: Mapping[str, Any], target: Target) -> bool:
    values, others = _values(one), _values(other)
    if values is not None and others is not None:
        return not any(value == another for value in values for another in others)
    types, other_types = _types(one), _types(other)
    if types and other_types and not types & other_types:
        return True
    if types != {"object"} or other_types != {"object"}:
        return False
    shared = set(one.get("required", ())) & set(other.get("required", ()))
    pairs = [
        (_property(one, name, target), _property(other, name, target))
        for name in shared
        if isinstance(name, str)
    ]
    return any(
        first is not None and second is not None and not any(value in second for value in first)
        for first, second in pairs
    )


def _property(schema: Mapping[str, Any], name: str, target: Target) -> list[Any] | None:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return None
    return _values(_resolved(properties.get(name), target))


def _values(schema: Mapping[str, Any]) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    values = schema.get("enum")
    return values if isinstance(values, list) else None


def _types(schema: Mapping[str, Any]) -> set[str]:
    """Return the types a schema names; a whole number is a number too."""
    told = schema.get("type")
    if told is None and (values := _values(schema)) is not None:
        names = {bool: "boolean", str: "string", dict: "object", list: "array", int: "number"}
        return {
            names.get(type(value), "number" if value is not None else "null") for value in values
        }
    types = {kind for kind in (told if isinstance(told, list) else [told]) if isinstance(kind, str)}
    return {"number" if kind == "integer" else kind for kind in types}
