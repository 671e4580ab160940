"""What makes a model of the hub cryptic or risky. Reasons to look twice, never accusations."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.models.finding.publishers import (
    claims_family,
    is_known,
    looks_like,
    looks_like_family,
    owners_of,
)
from assistant.models.hub.answers import deceives, has_hidden


class Risk(StrEnum):
    """A reason to look twice."""

    LOOKALIKE = "lookalike"
    HIDDEN_CHARACTERS = "hidden-characters"
    NO_LICENCE = "no-licence"
    NO_CARD = "no-card"
    OTHER_TEMPLATE = "other-template"
    NO_TEMPLATE = "no-template"
    UNKNOWN_PUBLISHER = "unknown-publisher"
    UNKNOWN_ORIGIN = "unknown-origin"
    NO_DISCUSSION = "no-discussion"


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - nothing here warns in Python's sense
    """A reason to look twice at one model.

    Attributes:
        risk: which.
        detail: the famous name it is close to, the publisher, the base model, or where hidden
            characters stand ("card", "template" or "names"); may be "".
    """

    risk: Risk
    detail: str = ""


_MANY_DOWNLOADS = 10_000  # in 30 days; models with so many have readers who ask and complain
_SHORTEST_CARD = 40  # letters; less says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a model when its risks are looked for. None: it was not looked at.

    Attributes:
        author, name: the two parts of the repository's name.
        licence: the hub's identifier; "" for none.
        base_models: what it says it was made from.
        chat_template: of its header; None if that was not read.
        card: the model card.
        base_template: that of the model it was made from; "" if that has none.
        discussions: how many; -1 if not known.
        downloads: in 30 days.
        shown: further texts that a person will be shown, such as file names.
        is_for_chat: it answers in text, so that it needs a chat template.
    """

    author: str
    name: str
    licence: str
    base_models: tuple[str, ...] = ()
    chat_template: str | None = None
    card: str | None = None
    base_template: str | None = None
    discussions: int = -1
    downloads: int = 0
    shown: tuple[str, ...] = ()
    is_for_chat: bool = True


def risks_of(seen: Seen) -> tuple[Warning, ...]:
    """Return the reasons to look twice at a model, the most serious ones first."""
    found = [*_of_name(seen), *_of_texts(seen), *_of_template(seen)]
    if not seen.licence:
        found.append(Warning(Risk.NO_LICENCE))
    if not is_known(seen.author):
        found.append(Warning(Risk.UNKNOWN_PUBLISHER, seen.author))
        if not seen.base_models and not any(one.risk is Risk.LOOKALIKE for one in found):
            found.append(Warning(Risk.UNKNOWN_ORIGIN))
    if seen.discussions == 0 and seen.downloads >= _MANY_DOWNLOADS:
        found.append(Warning(Risk.NO_DISCUSSION))
    order = list(Risk)
    return tuple(sorted(found, key=lambda one: order.index(one.risk)))


def _of_name(seen: Seen) -> Iterator[Warning]:
    """Tell of a publisher's or a model's name that only looks like a famous one."""
    if known := looks_like(seen.author):
        yield Warning(Risk.LOOKALIKE, known)
    elif not seen.base_models and not is_known(seen.author):
        family = looks_like_family(seen.name) or claims_family(seen.name)
        if family:
            yield Warning(Risk.LOOKALIKE, f"{owners_of(family)[0]}/{family}")


def _of_texts(seen: Seen) -> Iterator[Warning]:
    """Tell of a missing card, and of characters that nobody sees."""
    if seen.card is not None and len(seen.card.strip()) < _SHORTEST_CARD:
        yield Warning(Risk.NO_CARD)
    if has_hidden(" ".join(seen.shown)):
        yield Warning(Risk.HIDDEN_CHARACTERS, "names")
    # Writers paste characters of no width; what turns the order or hides letters is no accident.
    for place, told in (("card", seen.card), ("template", seen.chat_template)):
        if told and deceives(told):
            yield Warning(Risk.HIDDEN_CHARACTERS, place)


def _of_template(seen: Seen) -> Iterator[Warning]:
    """Tell of a chat template that is missing, or not the original's."""
    if seen.chat_template == "" and seen.is_for_chat:
        yield Warning(Risk.NO_TEMPLATE)
    # Blanks differ by how a file was written; Jinja's own whitespace control hides many.
    ours, theirs = (
        "".join((one or "").split()) for one in (seen.chat_template, seen.base_template)
    )
    if ours and theirs and ours != theirs:
        yield Warning(Risk.OTHER_TEMPLATE, seen.base_models[0] if seen.base_models else "")
