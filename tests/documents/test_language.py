"""The language of a text, by frequent words where they are clear, else by the model."""

import subprocess
import sys

import pytest

from assistant.documents import language
from assistant.documents.language import detect, release

TEXTS = {
    "en": "The tenant shall pay the rent on the first day of each month and may not sublet it.",
    "de": "Der Mieter zahlt die Miete am ersten Tag des Monats und darf die Wohnung nicht teilen.",
    "fr": "Le locataire paie le loyer le premier jour du mois et ne peut pas sous-louer.",
    "es": "El inquilino paga la renta el primer día del mes y no puede subarrendar la vivienda.",
    "it": "Il conduttore paga il canone il primo giorno del mese e non può subaffittare la casa.",
    "pt": "O inquilino paga a renda no primeiro dia do mês e não pode subarrendar a casa.",
    "nl": "De huurder betaalt de huur op de eerste dag van de maand en mag niet onderverhuren.",
    "ru": "Наниматель платит за жильё в первый день месяца и не может сдавать его другим.",  # noqa: RUF001
    "zh": "承租人应当在每月第一天支付租金,不得转租该房屋给其他任何人。",
    "pl": "Najemca płaci czynsz pierwszego dnia miesiąca i nie może podnajmować mieszkania.",
}


@pytest.mark.parametrize("code", TEXTS)
@pytest.mark.parametrize("times", [1, 20])
def test_detects(code: str, times: int) -> None:
    assert detect(" ".join([TEXTS[code]] * times)) == code


@pytest.mark.parametrize("text", ["", "ok", "1234 5678 " * 50, "x = y(z) " * 5])
def test_says_nothing_of_what_has_no_language(text: str) -> None:
    assert detect(text) in {"", "en"} if "x" in text else detect(text) == ""


def test_the_model_is_not_loaded_for_plain_english() -> None:
    code = (
        "import sys; from assistant.documents.language import detect;"
        f"assert detect({TEXTS['en'] * 3!r}) == 'en'; assert 'py3langid' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_model_can_be_freed_and_comes_back() -> None:
    text = "Baker bread oven flour village morning shop customers early."
    before = detect(text)
    release()
    assert language._identifier.cache_info().currsize == 0
    assert detect(text) == before
