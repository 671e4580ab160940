"""Which models deserve a second look, and which do not."""

from dataclasses import replace

import pytest

from assistant.models.finding.publishers import claims_family, is_known, looks_like
from assistant.models.finding.publishers import looks_like_family as family
from assistant.models.finding.risks import Risk, Seen, risks_of
from assistant.models.finding.risks import Warning as Risky


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("meta-Ilama", "meta-llama"),  # a capital i for an l
        ("metallama", "meta-llama"),
        ("meta_llama", "meta-llama"),
        ("g00gle", "google"),
        ("micros0ft", "microsoft"),
        ("mistra1ai", "mistralai"),
        ("Mistral-AI", "mistralai"),
        ("rnicrosoft", "microsoft"),
        ("TheBIoke", "TheBloke"),
        ("bartowskii", "bartowski"),
        ("bartwoski", "bartowski"),
        ("unslooth", "unsloth"),
        ("nvdia", "nvidia"),
        ("Qvven", "Qwen"),
    ],
)
def test_publishers_that_only_look_known(name: str, known: str) -> None:
    assert looks_like(name) == known
    assert not is_known(name)


@pytest.mark.parametrize(
    "name",
    [
        *("meta-llama", "META-LLAMA", "qwen", "bartowski", "unsloth"),
        *("somebody", "huihui-ai", "TheDrummer", "mmnga", "LoneStriker", "Sao10K", "a", "x1", ""),
        *("Maple", "Jane", "Janus", "openbim", "Ampere", "upstate1", "cohere", "deepseek", "Zyph"),
        *("google-deepmind", "microsoft-research", "user-2024", "HauhauCS", "Triangle104"),
    ],
)
def test_publishers_that_are_themselves(name: str) -> None:
    assert looks_like(name) == ""


@pytest.mark.parametrize(
    ("name", "famous"),
    [
        ("Lama-3.1-8B-Instruct", "llama"),
        ("Llarna-3-8B", "llama"),
        ("1lama-3", "llama"),
        ("Meta-Lama-3.1", "llama"),
        ("gemna-3-4b", "gemma"),
        ("rnistral-7b", "mistral"),
        ("Mistrai-7B", "mistral"),
        ("deepseak-r1", "deepseek"),
        ("Qvven3-8B", "qwen"),
        ("Quen3-8B", "qwen"),
    ],
)
def test_names_that_only_look_famous(name: str, famous: str) -> None:
    assert family(name) == famous
    assert claims_family(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Qwen3-8B",
            "Qwen2.5-Coder",
            "Llama-3.1",
            "Meta-Llama-3",
            "gemma-3",
            "gpt-oss-20b",
            "Phi-4",
        ),
        *("MythoMax-13B", "Tiger-Gemma-9B", "ollama-tuned", "llava-1.6", "Owen", "Nexus-7B", ""),
        *("Luma-7B", "Rama-2", "Gem-3", "Hera-1", "Gamma-3", "Kimo", "Falco-7B-x", "Zephyrus-1"),
        *("Hermes-4", "Solaris", "Mixtral-8x7B", "Ministral-3", "Magistral", "123", "...", "-"),
    ],
)
def test_names_that_are_themselves(name: str) -> None:
    assert family(name) == ""


def test_who_writes_files_is_known_like_who_makes_models() -> None:
    assert is_known("bartowski")


FINE = Seen(
    author="bartowski",
    name="Qwen3-8B-GGUF",
    licence="apache-2.0",
    base_models=("Qwen/Qwen3-8B",),
    chat_template="{{ messages }}",
    card="A description that is long enough to say something.",
    discussions=3,
    downloads=10**6,
)


def _with(**changes: object) -> list[Risk]:
    return [one.risk for one in risks_of(replace(FINE, **changes))]  # type: ignore[arg-type]


def test_one_reason_at_a_time() -> None:
    assert _with() == []
    assert _with(licence="") == [Risk.NO_LICENCE]
    assert _with(card="") == [Risk.NO_CARD]
    assert _with(card=" TODO \n") == [Risk.NO_CARD]
    assert _with(card=None) == []
    assert _with(chat_template="") == [Risk.NO_TEMPLATE]
    assert _with(chat_template=None) == []
    assert _with(chat_template="", is_for_chat=False) == []
    assert _with(author="somebody") == [Risk.UNKNOWN_PUBLISHER]
    assert _with(discussions=0) == [Risk.NO_DISCUSSION]
    assert _with(discussions=0, downloads=9_999) == []
    assert _with(discussions=-1) == []
    assert _with(base_template="{{ other }}") == [Risk.OTHER_TEMPLATE]
    assert _with(base_template=" {{messages}}\n") == []
    assert _with(base_template="") == []
    assert _with(base_models=()) == []  # a known publisher need not say it


def test_a_famous_name_of_somebody_else() -> None:
    claims = Seen(author="somebody", name="Llama-3.1-8B", licence="mit")
    assert risks_of(claims) == (
        Risky(Risk.LOOKALIKE, "meta-llama/llama"),
        Risky(Risk.UNKNOWN_PUBLISHER, "somebody"),
    )
    says_so = Seen(
        author="somebody", name="Llama-3.1-8B", licence="mit", base_models=("meta-llama/Llama",)
    )
    assert risks_of(says_so) == (Risky(Risk.UNKNOWN_PUBLISHER, "somebody"),)


@pytest.mark.parametrize(
    ("text", "is_hidden"),
    [
        ("plain text", False),
        ("\u200fעברית\u200e and \u200cفارسی", False),  # noqa: RUF001 - marks people write with
        ("👩\u200d💻 and 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", False),
        ("zero\u200bwidth", False),  # pasted by accident, in long text
        ("\u202egnirts", True),
        ("\u202dtext", True),
        ("tag \U000e0061\U000e0062", True),
    ],
)
def test_characters_nobody_sees_in_long_text(text: str, is_hidden: bool) -> None:
    card = "A description that is long enough. " + text
    assert _with(card=card) == ([Risk.HIDDEN_CHARACTERS] if is_hidden else [])
    assert _with(chat_template=text) == ([Risk.HIDDEN_CHARACTERS] if is_hidden else [])


def test_names_may_have_none_at_all() -> None:
    assert _with(shown=("model-Q4_K_M.gguf", "read\u200bme.md")) == [Risk.HIDDEN_CHARACTERS]
    assert _with(shown=("מודל.gguf",)) == []


def test_the_gravest_comes_first() -> None:
    grave = risks_of(
        Seen(
            author="meta-Ilama", name="x", licence="", card="\u202e", discussions=0, downloads=10**6
        )
    )
    assert [one.risk for one in grave] == [
        Risk.LOOKALIKE,
        Risk.HIDDEN_CHARACTERS,
        Risk.NO_LICENCE,
        Risk.NO_CARD,
        Risk.UNKNOWN_PUBLISHER,
        Risk.NO_DISCUSSION,
    ]
