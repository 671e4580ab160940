"""Refuses grammars that cannot be followed: rules that begin with themselves, or never end."""

from collections.abc import Callable
from typing import TypeGuard

from assistant.engine.grammars.grammar import (
    CharSet,
    Element,
    Grammar,
    GrammarRefused,
    Repeat,
    Rule,
)


def check(grammar: Grammar, names: list[str]) -> None:
    """Refuse a rule that begins with itself: following it would never come to a character.

    And one that never ends, such as `list ::= "x" list`.

    Args:
        grammar: what is checked.
        names: of its rules, by number.

    Raises:
        GrammarRefused: it has such a rule.
    """
    can_end = _rules_with(grammar, lambda element: bool(element.ranges))
    if grammar.root not in can_end:
        raise GrammarRefused("it never ends")
    can_be_empty = _rules_with(grammar, lambda _: False)
    beginnings = [_beginnings(rule, can_be_empty) for rule in grammar.rules]
    left = _on_a_circle(beginnings)
    if left is not None:
        raise GrammarRefused(f"the rule {names[left]} begins with itself")


def _rules_with(grammar: Grammar, is_fine: Callable[[CharSet], bool]) -> set[int]:
    """Return the rules that have an alternative made of fine characters and such rules only."""
    fine: set[int] = set()
    missing: list[int] = []  # of each alternative, how many of its rules are not known to be fine
    owners: list[int] = []
    users: dict[int, list[int]] = {}
    waiting = []
    for number, rule in enumerate(grammar.rules):
        for sequence in rule:
            if not all(is_fine(part) for part in sequence if isinstance(part, CharSet)):
                continue
            needed = [_rule_of(part) for part in sequence if _is_needed(part)]
            for needed_rule in needed:
                users.setdefault(needed_rule, []).append(len(missing))
            if not needed:
                waiting.append(number)
            missing.append(len(needed))
            owners.append(number)
    while waiting:
        number = waiting.pop()
        if number in fine:
            continue
        fine.add(number)
        for sequence_number in users.get(number, []):
            missing[sequence_number] -= 1
            if missing[sequence_number] == 0:
                waiting.append(owners[sequence_number])
    return fine


def _is_needed(element: Element) -> TypeGuard[Repeat | int]:
    if isinstance(element, Repeat):
        return element.least > 0
    return not isinstance(element, CharSet)


def _rule_of(element: Repeat | int) -> int:
    return element.rule if isinstance(element, Repeat) else element


def _beginnings(rule: Rule, can_be_empty: set[int]) -> list[int]:
    """Return the rules that `rule` may begin with."""
    found = []
    for sequence in rule:
        for element in sequence:
            if isinstance(element, CharSet):
                break
            found.append(_rule_of(element))
            if _is_needed(element) and _rule_of(element) not in can_be_empty:
                break
    return found


def _on_a_circle(edges: list[list[int]]) -> int | None:
    """Return a node from which the edges lead back to it, or None."""
    incoming = [0] * len(edges)
    for target in (target for targets in edges for target in targets):
        incoming[target] += 1
    free = [node for node, count in enumerate(incoming) if count == 0]
    while free:
        for target in edges[free.pop()]:
            incoming[target] -= 1
            if incoming[target] == 0:
                free.append(target)
    return next((node for node, count in enumerate(incoming) if count > 0), None)
