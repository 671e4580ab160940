"""Questions about the whole, and questions that mean a document, are known by their words."""

import pytest

from assistant.conversations.asking.idioms import idiom_of, idioms, is_in_language
from assistant.conversations.asking.intents import WholeKind, is_about_whole, means_a_document

SUMMARIES = [
    "Summarise it",
    "Can you summarize this document, please?".replace(",", ""),
    "What is this contract about?",
    "tl;dr",
    "Give me a short summary",
    "main points?",
    "What are the main findings of the paper?",
    "What does it say?",
    "Fasse das Dokument zusammen",
    "Fass es bitte kurz zusammen",
    "Worum geht es?",
    "Résume ce document",
    "De quoi parle ce document ?",
    "¿De qué trata el documento?",
    "Riassumi il documento",
    "Resuma este documento",
    "Vat het document samen",
]
LISTS = {
    "List all deadlines": ("timeline", "deadlines"),
    "What are the deadlines?": ("timeline", "deadlines"),
    "show me all action items": ("actions", "action items"),
    "List all obligations of the tenant": ("bullets", "obligations of the tenant"),
    "What are all costs mentioned?": ("facts", "costs mentioned"),
    "Liste alle Fristen auf": ("timeline", "fristen"),
    "Nenne mir alle Pflichten des Mieters": ("bullets", "pflichten des mieters"),
    "Liste toutes les échéances": ("timeline", "échéances"),
    "Enumera todos los plazos": ("timeline", "plazos"),
    "Elenca tutte le scadenze": ("timeline", "scadenze"),
    "Liste todos os prazos": ("timeline", "prazos"),
    "Geef alle deadlines": ("timeline", "deadlines"),
    "Extract the names of the parties": ("facts", "names of the parties"),
    "List the tenant's obligations": ("bullets", "obligations"),
    "Please list risks": ("bullets", "risks"),
    "List the people involved": ("facts", "people"),
    "Extract dates and amounts": ("timeline", "dates and amounts"),
    "Extract every invoice number": ("bullets", "invoice number"),
    "Liste die Pflichten des Mieters auf": ("bullets", "pflichten"),
    "Liste die vereinbarten Zahlungstermine auf": ("bullets", "zahlungstermine"),
    "Enumera los plazos": ("timeline", "plazos"),
    "Lista riesgos": ("bullets", "riesgos"),
    "Elenca le scadenze": ("timeline", "scadenze"),
    "Elenca rischi": ("bullets", "rischi"),
    "Liste les échéances": ("timeline", "échéances"),
    "Lista os prazos": ("timeline", "prazos"),
}
PLACES = [
    "What is the notice period?",
    "Summarize section 3",
    "Explain clause 4",
    "How much is the rent?",
    "Wie hoch ist die Miete?",
    "What does it say about pets?",
    "Who signed it?",
    "Extract the invoice number",
    "List the price of the lamp",
    "List the landlord's address",
    "Extract the sales tax",
    "Can you list the business address of the landlord?",
    "Liste die Rechnungsnummer auf",
    "Liste den Preis der Lampe auf",
    "Liste die Adresse des Mieters auf",
    "Lista el precio de la lámpara",
    "Enumera la dirección",
    "Elenca il prezzo della lampada",
    "Elenca la data di scadenza",
    "Liste le prix de la lampe",
    "Liste o preço da lâmpada",
    "Noem de prijs van de lamp",
    "",
    "List " + "very " * 100 + "long wishes",
]
MEANT = [
    "What does this contract say about pets?",
    "Summarise the attached PDF",
    "Is my lease valid?",
    "What does the document say?",
    "Was steht in diesem Vertrag über Haustiere?",
    "Que dit ce contrat sur le préavis ?",
    "¿Qué dice este contrato?",
    "Cosa dice questo contratto?",
    "O que diz este contrato?",
    "Wat staat er in dit contract?",
    "This contract: how long is the notice?",
    "One question: what does this contract say?",
    "Does this contract begin at 10:30 in the morning?",
    "Summarise this letter:",
]
NOT_MEANT = [
    "Write a contract for a flat",
    "How do I write a letter?",
    "What is a document object model?",
    "Explain the theory of relativity",
    "Translate this text: hello",
    "Schreibe einen Vertrag",
    "Was kostet ein Auto?",
    "Rewrite this email politely: Send me the money now.",
    "Translate this letter into German: The rent is due.",
    "Translate this letter into German: “Where is the rent?”",
    "Übersetze diesen Brief: Die Miete ist fällig",
    "Shorten this contract:\n\nThe tenant shall pay.",
    "This contract " + "goes on and on " * 60,
]


@pytest.mark.parametrize("question", SUMMARIES)
def test_wishes_for_a_summary(question: str) -> None:
    wish = is_about_whole(question)
    assert wish is not None
    assert (wish.kind, wish.focus) == (WholeKind.SUMMARY, "")


@pytest.mark.parametrize(("question", "wanted"), LISTS.items())
def test_wishes_for_all_of_something(question: str, wanted: tuple[str, str]) -> None:
    wish = is_about_whole(question)
    assert wish is not None
    assert wish.kind is WholeKind.LIST
    style, focus = wanted
    assert wish.style == style
    assert focus in wish.focus


@pytest.mark.parametrize("question", PLACES)
def test_other_questions_are_about_a_place(question: str) -> None:
    assert is_about_whole(question) is None


def test_a_summary_may_have_a_focus() -> None:
    wish = is_about_whole("Summarise the contract with a focus on termination.")
    assert wish is not None
    assert wish.focus == "termination"


@pytest.mark.parametrize("question", MEANT)
def test_a_document_is_meant(question: str) -> None:
    assert means_a_document(question)


@pytest.mark.parametrize("question", NOT_MEANT)
def test_no_document_is_meant(question: str) -> None:
    assert not means_a_document(question)


def test_languages_are_known_by_their_small_words() -> None:
    assert [idiom.language for idiom in idioms()] == ["de", "en", "es", "fr", "it", "nl", "pt"]
    assert idiom_of("Wie hoch ist die Miete?").language == "de"
    assert idiom_of("Deposit?", "de").language == "de"
    assert idiom_of("押金多少?", "zh").language == "en"
    assert is_in_language("Wie hoch ist die Miete?", other_than="en")
    assert not is_in_language("Wie hoch ist die Miete?", other_than="de")
    assert not is_in_language("Wie hoch ist die Miete?", other_than="")
