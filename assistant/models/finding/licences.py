"""What a licence allows, in the few facts that matter to a person. Never legal advice.

The hub names licences by identifiers of its own (its documentation lists them); a repository with
a licence of its own says "other" and names it beside. What each one asks for was read in its text.
"""

import re
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


_NOTICE = (Duty.KEEP_NOTICE,)
_NOTICE_AND_CHANGES = (Duty.KEEP_NOTICE, Duty.SAY_CHANGES)
_CREDIT = (Duty.GIVE_CREDIT, Duty.SAY_CHANGES)
_RAIL = (Duty.FOLLOW_USE_POLICY, Duty.PASS_ON_TERMS)
_OPEN = (Duty.KEEP_NOTICE, Duty.OPEN_SOURCE)
_RESEARCH = (Duty.RESEARCH_ONLY,)

# Identifier: name, commercial use, duties, what else. Licences of publishers are those that a card
# names beside "other" (`license_name`).
_TERMS: dict[str, tuple[str, bool | None, tuple[Duty, ...], Limit]] = {
    "apache-2.0": ("Apache License 2.0", True, _NOTICE_AND_CHANGES, Limit.NONE),
    "mit": ("MIT License", True, _NOTICE, Limit.NONE),
    "bsd": ("BSD License", True, _NOTICE, Limit.NONE),
    "bsd-2-clause": ("BSD 2-Clause License", True, _NOTICE, Limit.NONE),
    "bsd-3-clause": ("BSD 3-Clause License", True, _NOTICE, Limit.NONE),
    "bsd-3-clause-clear": ("BSD 3-Clause Clear License", True, _NOTICE, Limit.NONE),
    "isc": ("ISC License", True, _NOTICE, Limit.NONE),
    "zlib": ("zlib License", True, _NOTICE_AND_CHANGES, Limit.NONE),
    "bsl-1.0": ("Boost Software License 1.0", True, _NOTICE, Limit.NONE),
    "afl-3.0": ("Academic Free License 3.0", True, _NOTICE_AND_CHANGES, Limit.NONE),
    "artistic-2.0": ("Artistic License 2.0", True, _NOTICE_AND_CHANGES, Limit.NONE),
    "ecl-2.0": ("Educational Community License 2.0", True, _NOTICE_AND_CHANGES, Limit.NONE),
    "ms-pl": ("Microsoft Public License", True, _NOTICE, Limit.NONE),
    "ncsa": ("NCSA License", True, _NOTICE, Limit.NONE),
    "postgresql": ("PostgreSQL License", True, _NOTICE, Limit.NONE),
    "openmdw-1.0": ("OpenMDW License 1.0", True, _NOTICE, Limit.NONE),
    "cdla-permissive-1.0": ("CDLA Permissive 1.0", True, _NOTICE, Limit.NONE),
    "cdla-permissive-2.0": ("CDLA Permissive 2.0", True, _NOTICE, Limit.NONE),
    "unlicense": ("The Unlicense (public domain)", True, (), Limit.NONE),
    "wtfpl": ("WTFPL", True, (), Limit.NONE),
    "cc0-1.0": ("CC0 1.0 (public domain)", True, (), Limit.NONE),
    "pddl": ("Public Domain Dedication and License", True, (), Limit.NONE),
    "odc-by": ("Open Data Commons Attribution", True, _CREDIT, Limit.NONE),
    "odbl": ("Open Database License", True, (Duty.GIVE_CREDIT, Duty.SHARE_ALIKE), Limit.NONE),
    "mpl-2.0": ("Mozilla Public License 2.0", True, _OPEN, Limit.NONE),
    "epl-1.0": ("Eclipse Public License 1.0", True, _OPEN, Limit.NONE),
    "epl-2.0": ("Eclipse Public License 2.0", True, _OPEN, Limit.NONE),
    "eupl-1.1": ("European Union Public Licence 1.1", True, _OPEN, Limit.NONE),
    "eupl-1.2": ("European Union Public Licence 1.2", True, _OPEN, Limit.NONE),
    "osl-3.0": ("Open Software License 3.0", True, _OPEN, Limit.NONE),
    "gpl": ("GNU GPL", True, _OPEN, Limit.NONE),
    "gpl-2.0": ("GNU GPL 2", True, _OPEN, Limit.NONE),
    "gpl-3.0": ("GNU GPL 3", True, _OPEN, Limit.NONE),
    "agpl-3.0": ("GNU AGPL 3", True, _OPEN, Limit.NONE),
    "lgpl": ("GNU LGPL", True, _OPEN, Limit.NONE),
    "lgpl-2.1": ("GNU LGPL 2.1", True, _OPEN, Limit.NONE),
    "lgpl-3.0": ("GNU LGPL 3", True, _OPEN, Limit.NONE),
    "cc": ("Creative Commons (which one is not said)", None, (), Limit.READ_ITS_TEXT),
    "openrail": ("OpenRAIL", True, _RAIL, Limit.NONE),
    "openrail++": ("OpenRAIL++", True, _RAIL, Limit.NONE),
    "bigscience-openrail-m": ("BigScience OpenRAIL-M", True, _RAIL, Limit.NONE),
    "bigscience-bloom-rail-1.0": ("BigScience BLOOM RAIL 1.0", True, _RAIL, Limit.NONE),
    "bigcode-openrail-m": ("BigCode OpenRAIL-M", True, _RAIL, Limit.NONE),
    "creativeml-openrail-m": ("CreativeML OpenRAIL-M", True, _RAIL, Limit.NONE),
    "llama2": ("Llama 2 Community License", True, _RAIL, Limit.MANY_USERS),
    "gemma": ("Gemma Terms of Use", True, (*_RAIL, Duty.SAY_CHANGES), Limit.TERMS_MAY_CHANGE),
    "qwen": ("Qwen License", True, (Duty.KEEP_NOTICE, Duty.SHOW_NAME), Limit.MANY_USERS),
    "qwen-research": ("Qwen Research License", False, _RESEARCH, Limit.NONE),
    "lfm1.0": ("LFM Open License 1.0", True, _NOTICE_AND_CHANGES, Limit.REVENUE),
    "stabilityai-ai-community": (
        "Stability AI Community License",
        True,
        (Duty.SHOW_NAME, *_RAIL),
        Limit.REVENUE,
    ),
    "deepseek": ("DeepSeek License", True, _RAIL, Limit.NONE),
    "deepseek-license": ("DeepSeek License", True, _RAIL, Limit.NONE),
    "nvidia-open-model-license": (
        "NVIDIA Open Model License",
        True,
        (Duty.KEEP_NOTICE, Duty.PASS_ON_TERMS),
        Limit.NONE,
    ),
    "falcon-llm-license": (
        "Falcon LLM License",
        True,
        (*_RAIL, Duty.GIVE_CREDIT),
        Limit.TERMS_MAY_CHANGE,
    ),
    "apple-ascl": ("Apple Sample Code License", True, _NOTICE, Limit.NONE),
    "apple-amlr": ("Apple Model Research License", False, _RESEARCH, Limit.NONE),
    "intel-research": ("Intel Research License", False, _RESEARCH, Limit.NONE),
    "exaone": ("EXAONE License (not commercial)", False, _RESEARCH, Limit.NONE),
    "mrl": ("Mistral Research License", False, _RESEARCH, Limit.NONE),
    "fair-noncommercial-research-license": (
        "FAIR Noncommercial Research License",
        False,
        _RESEARCH,
        Limit.NONE,
    ),
    "other": ("Other", None, (), Limit.READ_ITS_TEXT),
}
# The Creative Commons licences by their parts; a version may follow.
_PARTS = {
    "by": Duty.GIVE_CREDIT,
    "sa": Duty.SHARE_ALIKE,
    "nd": Duty.NOT_CHANGE,
    "nc": Duty.NOT_SELL,
}


def terms_of(licence: str) -> LicenceTerms:
    """Return what is known of a licence.

    Args:
        licence: the hub's identifier, or the name that a card gives beside "other".
    """
    id_ = licence.strip().lower()
    if id_ in {"", "unknown", "none"}:
        return LicenceTerms(id="", name="", allows_commercial=None, note=Limit.NOT_SAID)
    if id_ in _TERMS:
        name, allows, must, note = _TERMS[id_]
        return LicenceTerms(id=id_, name=name, allows_commercial=allows, must=must, note=note)
    return _of_family(id_) or LicenceTerms(
        id=id_, name=licence.strip(), allows_commercial=None, note=Limit.READ_ITS_TEXT
    )


def _of_family(id_: str) -> LicenceTerms | None:
    """Return the terms of a Creative Commons licence, or of one of Llama's since 3."""
    llama = re.fullmatch(r"llama-?([3-9](?:\.\d)?)(?:-community(?:-license)?)?", id_)
    if llama:
        return LicenceTerms(
            id=id_,
            name=f"Llama {llama[1]} Community License",
            allows_commercial=True,
            must=(Duty.SHOW_NAME, *_RAIL),
            note=Limit.MANY_USERS,
        )
    words = id_.split("-")
    parts = [word for word in words[1:] if not word[0:1].isdigit()]
    if words[0] != "cc" or not parts or not set(parts) <= set(_PARTS):
        return None
    version = next((word for word in words[1:] if word[0:1].isdigit()), "")
    duties = [_PARTS[part] for part in parts]
    if Duty.NOT_CHANGE not in duties:
        duties.append(Duty.SAY_CHANGES)
    return LicenceTerms(
        id=id_,
        name=f"Creative Commons {'-'.join(parts).upper()} {version}".strip(),
        allows_commercial="nc" not in parts,
        must=tuple(duties),
    )
