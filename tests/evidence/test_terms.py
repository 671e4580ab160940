"""Words become terms in any script."""

from assistant.evidence.terms import TermTable, count_words, stem, terms, words


def test_words_are_folded_and_keep_numbers_whole() -> None:
    assert words("The Tenant's rent: 1,000.50 €, ﬁnal.") == [
        "the",
        "tenant's",
        "rent",
        "1,000.50",
        "final",
    ]


def test_forms_of_a_word_meet() -> None:
    assert stem("terminate") == stem("terminated") == stem("termination")
    assert stem("tenants") == stem("tenant") == stem("tenant's")
    assert stem("glass") == "glass"


def test_unspaced_scripts_are_cut_into_pairs() -> None:
    assert terms("契約書") == ["契約", "約書"]
    assert count_words("契約書です") == 3
    assert count_words("The rent is due.") == 4


def test_a_table_counts_each_sentence() -> None:
    table = TermTable.of(words(text) for text in ("rent rent due", "", "due now"))
    assert list(table.lengths) == [3, 0, 2]
    assert dict(zip(table.row(0), table.counts[:2], strict=True)) == {
        table.vocabulary["rent"]: 2,
        table.vocabulary["due"]: 1,
    }
    assert table.weight("rent") > table.weight("due")
    assert table.weight("absent") == table.unseen_weight > table.weight("rent")


def test_no_sentences_make_an_empty_table() -> None:
    table = TermTable.of([])
    assert len(table.lengths) == 0
    assert table.vocabulary == {}
