"""What licences allow, as far as their identifiers tell."""

import pytest

from assistant.models.finding.catalog import catalog
from assistant.models.finding.licences import Duty, Limit, terms_of


@pytest.mark.parametrize(
    ("licence", "allows", "duty", "note"),
    [
        ("apache-2.0", True, Duty.SAY_CHANGES, Limit.NONE),
        ("Apache-2.0", True, Duty.KEEP_NOTICE, Limit.NONE),
        ("mit", True, Duty.KEEP_NOTICE, Limit.NONE),
        ("gpl-3.0", True, Duty.OPEN_SOURCE, Limit.NONE),
        ("openrail", True, Duty.FOLLOW_USE_POLICY, Limit.NONE),
        ("gemma", True, Duty.PASS_ON_TERMS, Limit.TERMS_MAY_CHANGE),
        ("llama2", True, Duty.FOLLOW_USE_POLICY, Limit.MANY_USERS),
        ("llama3", True, Duty.SHOW_NAME, Limit.MANY_USERS),
        ("llama3.3", True, Duty.SHOW_NAME, Limit.MANY_USERS),
        ("llama4", True, Duty.SHOW_NAME, Limit.MANY_USERS),
        ("lfm1.0", True, Duty.KEEP_NOTICE, Limit.REVENUE),
        ("qwen-research", False, Duty.RESEARCH_ONLY, Limit.NONE),
        ("cc-by-4.0", True, Duty.GIVE_CREDIT, Limit.NONE),
        ("cc-by-sa-4.0", True, Duty.SHARE_ALIKE, Limit.NONE),
        ("cc-by-nc-4.0", False, Duty.NOT_SELL, Limit.NONE),
        ("cc-by-nc-sa-2.0", False, Duty.SHARE_ALIKE, Limit.NONE),
        ("cc-by-nc-nd-4.0", False, Duty.NOT_CHANGE, Limit.NONE),
        ("cc-by-nd-4.0", True, Duty.NOT_CHANGE, Limit.NONE),
    ],
)
def test_known_licences(licence: str, allows: bool, duty: Duty, note: Limit) -> None:
    terms = terms_of(licence)
    assert (terms.allows_commercial, terms.note) == (allows, note)
    assert duty in terms.must
    assert terms.name
    assert terms.id == licence.lower()


def test_changing_is_not_credited_where_it_is_forbidden() -> None:
    assert Duty.SAY_CHANGES not in terms_of("cc-by-nd-4.0").must
    assert Duty.SAY_CHANGES in terms_of("cc-by-4.0").must


def test_the_public_domain_asks_for_nothing() -> None:
    assert terms_of("cc0-1.0").must == ()
    assert terms_of("cc0-1.0").allows_commercial is True


@pytest.mark.parametrize("licence", ["", "  ", "unknown", "none"])
def test_no_licence_allows_nothing_that_is_known(licence: str) -> None:
    terms = terms_of(licence)
    assert (terms.id, terms.allows_commercial, terms.note) == ("", None, Limit.NOT_SAID)


@pytest.mark.parametrize("licence", ["other", "my-own-licence", "cc", "cc-xy-1.0", "llama9000"])
def test_others_are_to_be_read(licence: str) -> None:
    terms = terms_of(licence)
    assert (terms.allows_commercial, terms.note) == (None, Limit.READ_ITS_TEXT)
    assert terms.must == ()


def test_every_licence_of_the_catalog_is_known() -> None:
    for model in catalog():
        assert terms_of(model.licence).allows_commercial is not None, model.id
