"""What a licence allows, in the few facts that matter to a person. Never legal advice.

The hub names licences by identifiers of its own (its documentation lists them); a repository with
a licence of its own says "other" and names it beside. What each one asks for was read in its text.
"""

from dataclasses import dataclass
from enum import StrEnum


class Duty(StrEnum):
    """What a licence asks of somebody who uses or passes on a model."""

    KEEP_NOTICE = "keep-notice"
    GIVE_CREDIT = "give-credit"
    SAY_CHANGES = "say-changes"
    SHARE_ALIKE = "share-alike"
    OPEN_SOURCE = "open-source"
    NOT_CHANGE = "not-change"
    NOT_SELL = "not-sell"
    RESEARCH_ONLY = "research-only"
    FOLLOW_USE_POLICY = "follow-use-policy"
    SHOW_NAME = "show-name"
    PASS_ON_TERMS = "pass-on-terms"  # noqa: S105 - a duty's name


class Limit(StrEnum):
    """What else is to be known of a licence."""

    NONE = ""
    MANY_USERS = "many-users"
    REVENUE = "revenue"
    TERMS_MAY_CHANGE = "terms-may-change"
    READ_ITS_TEXT = "read-its-text"
    NOT_SAID = "not-said"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceTerms:
    """A licence in short.

    Attributes:
        id: as the hub writes it, "apache-2.0" …; "" where none is named.
        name: for people.
        allows_commercial: whether paid work may be done with it; None if its own text must be
            read, or nothing is said.
        must: what it asks for.
        note: what else is to be known.
    """

    id: str
    name: str
    allows_commercial: bool | None
    must: tuple[Duty, ...] = ()
    note: Limit = Limit.NONE
