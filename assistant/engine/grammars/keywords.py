"""What single keywords of a JSON schema say."""

from collections.abc import Mapping
from typing import Any

from assistant.engine.grammars.bounds import MAX_DIGITS
from assistant.engine.grammars.grammar import GrammarRefused

_TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
_IMPLIED = {  # by keywords that are there without a type
    "object": ("properties", "required", "additionalProperties", "minProperties", "maxProperties"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems"),
    "string": ("pattern", "minLength", "maxLength"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
_CONSTRAINTS = {
    "type", "const", "enum", "anyOf", "oneOf", "allOf", "$ref", "additionalItems",
    *(keyword for keywords in _IMPLIED.values() for keyword in keywords),
}  # fmt: skip


def constraints(schema: Mapping[str, Any], *, besides: str) -> list[str]:
    """Return the keywords of `schema` that say what a value must be, but for `besides`."""
    return [name for name in schema if name in _CONSTRAINTS and name != besides]


def types_of(schema: Mapping[str, Any]) -> list[str]:
    """Return the types that `schema` allows; all where it tells none.

    Raises:
        GrammarRefused: one is unknown.
    """
    told = schema.get("type")
    types = told if isinstance(told, list) else [told] if told is not None else []
    for kind in types:
        if kind not in _TYPES:
            raise GrammarRefused('"type" is unknown')
    if not types:
        types = [kind for kind, words in _IMPLIED.items() if any(word in schema for word in words)]
    if "number" in types and "integer" in types:
        types = [kind for kind in types if kind != "integer"]
    return list(dict.fromkeys(types)) or ["object", "array", "string", "number", "boolean", "null"]


def with_type(schema: Any, types: Any) -> Any:
    """Return an alternative with the types that stand beside all of them.

    Raises:
        GrammarRefused: it tells others itself.
    """
    if not isinstance(schema, dict) or "$ref" in schema or schema.get("type", types) != types:
        raise GrammarRefused('"type" beside alternatives cannot be promised')
    return {**schema, "type": types}


def is_of(value: Any, kind: str) -> bool:
    """Whether `value` is of a type, by its name in schemas."""
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "null":
            return value is None
        case "string":
            return isinstance(value, str)
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case _:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            is_whole = isinstance(value, int) or (is_number and value.is_integer())
            return is_number and (kind == "number" or is_whole)


def count_of(schema: Mapping[str, Any], keyword: str, default: int | None) -> int | None:
    """Return the count that a keyword tells; `default` if it is not there.

    Raises:
        GrammarRefused: it is none.
    """
    value = schema.get(keyword, default)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1e18:
        raise GrammarRefused(f'"{keyword}" is not a count')
    return int(value)


def bound_of(
    schema: Mapping[str, Any], inclusive: str, exclusive: str, narrower: Any
) -> tuple[float | None, bool]:
    """Return a number's bound, and whether it is itself allowed.

    Args:
        schema: of the number.
        inclusive: the keyword that tells it as allowed itself.
        exclusive: the keyword that tells it as not allowed.
        narrower: which of two bounds holds if both are told: `min` or `max`.

    Raises:
        GrammarRefused: it is no number, or too large.
    """
    bound, strict = schema.get(inclusive), schema.get(exclusive)
    if isinstance(strict, bool):  # draft 4
        return (bound, not strict) if bound is None or _is_finite(bound) else _refuse_bound()
    for value in (bound, strict):
        if value is not None and not _is_finite(value):
            return _refuse_bound()
    if strict is None or (
        bound is not None and bound != strict and narrower(bound, strict) == bound
    ):
        return bound, True
    return strict, False


def _is_finite(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) <= 10**MAX_DIGITS


def _refuse_bound() -> tuple[float | None, bool]:
    raise GrammarRefused("a bound of a number is none, or too large")


def whole_above(bound: float, has_bound: bool) -> int:
    """Return the smallest whole number that is not below `bound`."""
    whole = int(bound)
    if whole < bound or (whole == bound and not has_bound):
        whole += 1
    return whole
