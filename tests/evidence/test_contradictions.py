"""What must, may and must not be is compared clause by clause."""

import pytest

from assistant.evidence.citation import Flag
from assistant.evidence.contradictions import contradictions

NEGATION = (Flag.NEGATION,)
OBLIGATION = (Flag.OBLIGATION,)


def compare(claim: str, source: str, language: str = "en") -> tuple[Flag, ...]:
    return contradictions(claim, [source], lambda term: 1.0, language)


@pytest.mark.parametrize(
    ("claim", "source", "flags"),
    [
        ("Tenant may terminate the lease.", "Tenant may not terminate the lease early.", NEGATION),
        ("Tenant may end the lease early.", "Tenant may not terminate the lease early.", NEGATION),
        ("Pets are allowed in the flat.", "Pets are not allowed in the flat.", NEGATION),
        ("Pets are allowed.", "Pets are prohibited.", NEGATION),
        ("The board approved the budget.", "The board did not approve the budget.", NEGATION),
        ("The board didn't approve the budget.", "The board approved the budget.", NEGATION),
        ("Enter without notice.", "Enter with notice.", NEGATION),
        ("Notice is never given.", "Notice is given.", NEGATION),
        ("The tenant need not paint.", "The tenant must paint.", NEGATION),
        ("The tenant must pay rent.", "The tenant may pay rent in cash.", OBLIGATION),
        ("The tenant may pay rent.", "The tenant must pay rent.", OBLIGATION),
        ("The tenant is required to pay.", "The tenant pays.", OBLIGATION),
        ("Payment is optional.", "Payment is mandatory.", OBLIGATION),
        ("The tenant must not paint.", "The tenant need not paint.", OBLIGATION),
        ("The landlord may enter.", "The landlord may enter only with notice.", OBLIGATION),
        ("Rent is due monthly.", "Rent is due monthly, unless the roof leaks.", OBLIGATION),
        ("Only members may vote.", "Members may vote.", OBLIGATION),
        # An "only" or a "without" beside it does not explain a "not" between the same words.
        ("Guests may not use it only for work.", "Guests may use it only for work.", NEGATION),
        ("It is not sold as is without warranty.", "It is sold as is without warranty.", NEGATION),
        ("No waiver will not be in force.", "No waiver will be in force.", NEGATION),
        ("He can use it only if it rains.", "He cannot use it only if it rains.", NEGATION),
        ("He will pay for it only once.", "He won't pay for it only once.", NEGATION),
    ],
)
def test_differences_are_found(claim: str, source: str, flags: tuple[Flag, ...]) -> None:
    assert compare(claim, source) == flags


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The tenant must pay monthly.", "The tenant shall pay each month."),
        ("The tenant cannot sublet.", "The tenant must not sublet."),
        ("Pets are prohibited.", "No pets are allowed."),
        ("The tenant need not paint.", "The tenant is not required to paint."),
        ("The landlord has to repair it.", "The landlord shall repair it."),
        ("The tenant pays rent.", "The tenant must pay rent."),
        ("It wins the race.", "It wins the race, but it does not use new tyres."),
        ("It not only helps but heals.", "It helps and heals."),
        ("Terminate only with notice.", "Do not terminate unless notice is given."),
        ("Pay no later than Monday.", "Pay by Monday."),
        ("It fell due to rain.", "It fell because of rain."),
        ("Rent is due monthly if it rains.", "Rent is due monthly unless it is dry."),
    ],
)
def test_the_same_in_other_words_is_no_difference(claim: str, source: str) -> None:
    assert compare(claim, source) == ()


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The queries are not executable.", "Many queries are incorrect or not executable."),
        ("Words alone are not sufficient.", "Words alone are insufficient here."),
        ("There is no general framework for it.", "There is a lack of a general framework."),
        ("It searches the tree without tuning it.", "It searches the tree. No tuning is needed."),
    ],
)
def test_a_paraphrase_may_say_not_in_another_way(claim: str, source: str) -> None:
    assert contradictions(claim, [source], lambda term: 1.0, "en", is_copy=False) == ()


def test_a_not_that_nothing_accounts_for_is_found() -> None:
    claim, source = "The heads do not agree.", "Agreement among all of them was reached quickly."
    assert contradictions(claim, [source], lambda term: 1.0, "en", is_copy=False) == NEGATION
    assert compare("The parser has required fields.", "The parser has fields.") == ()


@pytest.mark.parametrize(
    ("language", "claim", "source"),
    [
        (
            "de",
            "Der Mieter darf den Vertrag kündigen.",
            "Der Mieter darf den Vertrag nicht kündigen.",
        ),
        ("fr", "Le locataire peut résilier le bail.", "Le locataire ne peut pas résilier le bail."),
        ("es", "El inquilino puede subarrendar.", "El inquilino no puede subarrendar."),
        ("it", "Il conduttore può recedere.", "Il conduttore non può recedere."),
        ("pt", "O inquilino pode sublocar.", "O inquilino não pode sublocar."),
        ("nl", "De huurder mag opzeggen.", "De huurder mag niet opzeggen."),
    ],
)
def test_other_languages(language: str, claim: str, source: str) -> None:
    assert compare(claim, source, language) == NEGATION
    assert compare(source, source, language) == ()


def test_what_is_repeated_word_for_word_differs_in_nothing() -> None:
    sentence = (
        "These Warranty Disclaimers are considered to be included by reference in this License, but"
        " only as regards disclaiming warranties: any other implication that these Warranty"
        " Disclaimers may have is void and has no effect on the meaning of this License."
    )
    assert compare(sentence, sentence) == ()


def test_a_language_without_a_lexicon_is_not_judged() -> None:
    assert compare("Najemca może wypowiedzieć.", "Najemca nie może wypowiedzieć.", "pl") == ()
