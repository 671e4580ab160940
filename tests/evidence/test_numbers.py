"""Numbers in one form, whatever way they are written."""

import pytest

from assistant.evidence.numbers import missing, quantities


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("1,000 euros", "1000 euros"),
        ("EUR 1.000,50", "€1,000.50"),
        ("five days", "5 days"),
        ("thirty percent", "30%"),
        ("30 per cent", "30 percent"),
        ("2.5 million dollars", "$2,500,000"),
        ("$2.5m", "2.5 million dollars"),
        ("twenty-one weeks", "21 weeks"),
        ("3 March 2021", "2021-03-03"),
        ("March 3, 2021", "on 3 March 2021"),
        ("zwölf Monate", "12 Monate"),
        ("half of it", "0.5 of it"),
        ("within 5", "within 5 days"),
        ("5 hours", "Time: 5 hrs"),
        ("the 1990s", "the 1990s"),
        ("one of them", "some of them"),
        ("one year", "1 year"),
        ("one hundred", "100"),
        ("COVID-19 and F1", "the pandemic"),
        ("you may go", "you can go"),
        ("thirty days", "thirty (30) days"),
        ("24.5 mln dlrs", "24.5 million dollars"),
        ("2 pct", "two percent"),
    ],
)
def test_the_same_number_is_found(claim: str, source: str) -> None:
    assert missing(quantities(claim), quantities(source)) == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("1,200 euros", "1,000 euros"),
        ("5 months", "5 days"),
        ("30 percent", "30 euros"),
        ("$500", "€500"),
        ("3 May 2021", "3 March 2021"),
        ("1.5 million", "1.5 billion"),
        ("one year", "two years"),
        ("seven people", "six people"),
        ("in 2020", "in 2021"),
        ("0.5", "5"),
        ("thirty months", "thirty (30) days"),
        ("in June", "in January"),
        ("5 March", "5 weeks in March"),
        ("40 bits", "40 octets"),
    ],
)
def test_another_number_is_missing(claim: str, source: str) -> None:
    assert missing(quantities(claim), quantities(source))
