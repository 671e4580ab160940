"""What counts as right, on answers written by hand as models write them."""

import pytest

from assistant.checkups import scoring

MISSING = ("not in the text", "not mentioned")


@pytest.mark.parametrize(
    ("reply", "is_right"),
    [
        ("garden", True),
        ("Garden.", True),
        ('"garden"', True),
        ("**Garden**", True),
        ("The word is garden", False),
        ("gardens", False),
        ("garden garden", False),
    ],
)
def test_one_word(reply: str, is_right: bool) -> None:
    assert scoring.is_word(reply, "garden") is is_right


def test_capital_letters() -> None:
    assert scoring.is_upper("BRÜCKE GARTEN.", "brücke garten")
    assert scoring.is_upper('"RIVER"', "river")
    assert not scoring.is_upper("River", "river")
    assert not scoring.is_upper("RIVER BRIDGE", "river")
    assert not scoring.is_upper("", "river")


@pytest.mark.parametrize(
    ("reply", "is_right"),
    [
        ("- apple\n- pear\n- plum", True),
        ("* apple\n\n* pear\n* plum\n", True),
        ("• apple\n• pear\n• plum", True),
        ("- apple\n- pear", False),
        ("- apple\n- apple\n- plum", False),
        ("Fruits:\n- apple\n- pear\n- plum", False),
        ("1. apple\n2. pear\n3. plum", False),
        ("- apple, pear, plum", False),
        ("-apple\n-pear\n-plum", False),
    ],
)
def test_bullets(reply: str, is_right: bool) -> None:
    assert scoring.has_bullets(reply, 3) is is_right


def test_commas() -> None:
    assert scoring.has_commas("apple, pear, plum.", 3)
    assert scoring.has_commas("苹果、梨、李子", 3)
    assert scoring.has_commas("تفاح، إجاص، خوخ", 3)
    assert not scoring.has_commas("apple, pear", 3)
    assert not scoring.has_commas("apple, pear, apple", 3)
    assert not scoring.has_commas("apple,\npear,\nplum", 3)
    assert not scoring.has_commas("Well, here are some of the fruits I like, apple", 3)
    assert not scoring.has_commas("apple,, plum", 3)


def test_length_in_words_or_chinese_characters() -> None:
    text = (
        "On a warm day the gardener opened the iron gate and walked down to the harbour, "
        "where an old friend was painting a wooden boat and singing to himself about rain."
    )
    assert scoring.has_length(text, 30, "en")
    assert scoring.has_length(text, 28, "en")
    assert not scoring.has_length(text, 24, "en")
    assert not scoring.has_length(text, 60, "en")
    assert not scoring.has_length("word " * 30, 30, "en")
    assert scoring.has_length(
        "今天早晨园丁打开了铁门，走到港口去看他的老朋友画一艘木船。", 30, "zh"
    )


def test_sentences_of_all_scripts() -> None:
    assert scoring.has_sentences("One cat. Two dogs! Three birds?", 3)
    assert scoring.has_sentences("今天下雨。我们在家。", 2)
    assert scoring.has_sentences("यह घर है। वह पेड़ है।", 2)
    assert scoring.has_sentences("It costs 3.50 euros. That is cheap.", 2)
    assert not scoring.has_sentences("One cat. One cat.", 2)
    assert not scoring.has_sentences("One cat", 2)


def test_first_word() -> None:
    assert scoring.begins_with("Today, the market opens early.", "Today", "en")
    assert scoring.begins_with("今天，市场开得很早。", "今天", "zh")
    assert not scoring.begins_with("Today", "Today", "en")
    assert not scoring.begins_with("The market opens today.", "Today", "en")


def test_repeated_word() -> None:
    assert scoring.repeats("river river river", "river", 3)
    assert scoring.repeats("River, river, river.", "river", 3)
    assert not scoring.repeats("river river river river", "river", 3)
    assert not scoring.repeats("river river bridge", "river", 3)


@pytest.mark.parametrize(
    ("reply", "is_right"),
    [
        ("161", True),
        ("= 161.", True),
        ("36 + 125 = 161", True),
        ("The answer is 161", True),
        ("١٦١", True),
        ("१६१", True),
        ("1610", False),
        ("16.1", False),
        ("161 or 162", False),
        ("150 155 159 160 161", False),
        ("one hundred sixty-one", False),
        ("", False),
    ],
)
def test_sums(reply: str, is_right: bool) -> None:
    assert scoring.is_number(reply, 161) is is_right


def test_thousands_are_read_in_any_custom() -> None:
    arabic = "\u0661\u066c\u0662\u0665\u0660"
    for reply in ("1,250", "1.250", "1 250", "1\u202f250", "1'250", "1250", arabic):
        assert scoring.is_number(reply, 1250), reply


@pytest.mark.parametrize(
    ("reply", "is_right"),
    [
        ("4821", True),
        ("The code is 4,821.", True),
        ("48210", False),
        ("The code is 4821 or 3377", False),
        ("4821, but it is not in the text", False),
        ("Not in the text", False),
        ("Brandt", False),
    ],
)
def test_a_number_in_a_text(reply: str, is_right: bool) -> None:
    assert scoring.has_fact(reply, "4821", ["3377", "Brandt"], MISSING) is is_right


def test_a_name_in_a_text() -> None:
    assert scoring.has_fact("It is kept by Brandt.", "Brandt", ["4821"], MISSING)
    assert not scoring.has_fact("Brandt or Cortez", "Brandt", ["Cortez"], MISSING)


def test_what_is_missing() -> None:
    assert scoring.says_missing("Not in the text.", MISSING, ["4821"])
    assert scoring.says_missing("That is not mentioned.", MISSING, ["4821"])
    assert not scoring.says_missing("Not in the text: 4821", MISSING, ["4821"])
    assert not scoring.says_missing("I don't know", MISSING, ["4821"])


def test_languages_by_words_and_by_script() -> None:
    english = "The baker gets up early in the morning and makes the bread for the whole village."
    german = "Der Bäcker steht früh am Morgen auf und macht das Brot für das ganze Dorf."
    assert scoring.is_in(english, "en")
    assert scoring.is_in(german, "de")
    assert not scoring.is_in(german, "en")
    assert not scoring.is_in("Ja.", "de")
    assert scoring.is_in("面包师早上很早起床，给全村做面包。", "zh")
    assert not scoring.is_in("パン屋さんは朝早く起きて、村のみんなのパンを作ります。", "zh")
    assert not scoring.is_in("baker baker baker baker baker baker baker " * 3, "en")
    assert not scoring.is_in(english, "en", asked=f"Say in English: {english}")


SOURCE = (
    "The council of Farholm met on Monday evening. Halvorsen told the members that the roof must "
    "be repaired before the winter. The work will cost 51200 euros and take 14 weeks. Brandt asked "
    "whether the library could stay open. The decision was taken with 77 votes."
)
KEPT = ("Farholm", "Halvorsen", "51200", "14")


@pytest.mark.parametrize(
    ("reply", "is_right"),
    [
        ("In Farholm, Halvorsen says that the roof costs 51,200 euros and takes 14 weeks.", True),
        ("Halvorsen told the council of Farholm that repairs cost 51200 euros.", True),
        ("The council met about a roof.", False),
        ("In Farholm, Halvorsen says that the roof costs 52,200 euros and takes 14 weeks.", False),
        ("In Farholm, Halvorsen and Miller say that it costs 51200 euros in 14 weeks.", False),
        ("Halvorsen Farholm 51200 14 " * 4, False),
        (SOURCE, False),
        ("", False),
    ],
)
def test_summaries(reply: str, is_right: bool) -> None:
    assert scoring.keeps(reply, SOURCE, KEPT, "en") is is_right


@pytest.mark.parametrize(
    ("reply", "is_right"),
    [
        ('{"name": "Brandt", "age": 41, "city": "Farholm"}', True),
        ('```json\n{"name": "Brandt", "age": 41, "city": "Farholm"}\n```', True),
        ('{"city": "Farholm", "age": "41", "name": "brandt"}', True),
        ('{"name": "Brandt", "age": 41, "city": "Farholm"', False),
        ('{"name": "Brandt", "age": true, "city": "Farholm"}', False),
        ('{"name": "Brandt", "age": 41, "city": {"name": "Farholm"}}', False),
        ('Here: {"name": "Brandt", "age": 41, "city": "Farholm"}', False),
        ("[" * 100_000, False),
        ("NaN", False),
    ],
)
def test_json(reply: str, is_right: bool) -> None:
    wanted = {"name": "Brandt", "age": 41, "city": "Farholm"}
    assert scoring.is_json(reply, wanted) is is_right


@pytest.mark.parametrize(
    "text",
    [
        "the same the same the same the same the same the same",
        "1. It is good. 2. It is good. 3. It is good. 4. It is good. 5. It is good.",
        "The dog barks loudly at night. " * 3,
        "好的好的好的好的好的好的好的好的",
        "आपका आपका आपका आपका आपका आपका आपका आपका आपका आपका आपका आपका",
        "Week 1: we work.\nWeek 2: we work.\nWeek 3: we work.\nWeek 4: we work.\nWeek 5: we work.",
    ],
)
def test_circles(text: str) -> None:
    assert not scoring.is_not_looping(text)


@pytest.mark.parametrize(
    "text",
    [
        "A baker gets up early. Then the baker makes dough. The dough rests. The baker bakes it.",
        "Yes.",
        "- apple\n- pear\n- plum\n- cherry",
        "面包师早上很早起床。他先和面，再烤面包。中午他卖面包，晚上打扫店铺。",
        "The tower has 400 steps, the mill has 40 and the bridge has 4.",
        "He said that that was that, and that she knew it.",
    ],
)
def test_prose_is_no_circle(text: str) -> None:
    assert scoring.is_not_looping(text)
