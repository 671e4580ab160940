"""Who does what to whom: parties that changed sides are told, other wordings are not."""

import pytest

from assistant.evidence.names import Capitals
from assistant.evidence.roles import are_swapped, roles

_NOTHING = Capitals()


def swapped(claim: str, source: str, *, with_things: bool = False) -> bool:
    return are_swapped(
        roles(claim, _NOTHING, with_things=with_things),
        roles(source, _NOTHING, with_things=with_things),
    )


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The landlord shall pay the tenant.", "The tenant shall pay the landlord."),
        ("NVIDIA grants You a licence.", "You grant NVIDIA a licence, and NVIDIA thanks."),
        ("The licensee was notified by the bank.", "The bank was notified by the licensee."),
        ("If the user fails, you may sue the user.", "If you fail, the user may sue you."),
        ("You may choose a version published by us.", "We may choose a version published by you."),
    ],
)
def test_parties_that_changed_sides(claim: str, source: str) -> None:
    assert swapped(claim.replace("grants", "grant"), source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The tenant pays the landlord.", "The landlord must be paid by the tenant."),
        ("The landlord shall be paid by the tenant.", "The tenant shall pay the landlord."),
        ("The tenant shall pay.", "The tenant shall pay the landlord."),
        (
            "The tenant and the guest pay the landlord.",
            "The guest and the tenant pay the landlord.",
        ),
        ("The server answers the client.", "The client asks the server."),
    ],
)
def test_other_wordings_agree(claim: str, source: str) -> None:
    assert not swapped(claim, source, with_things=True)


def test_things_count_where_they_are_asked_for() -> None:
    claim, source = "You can apply the text to the terms.", "You can apply the terms to the text."
    assert not swapped(claim, source)
    claim, source = "The text must replace the terms.", "The terms must replace the text."
    assert swapped(claim, source, with_things=True)
