"""Reading GBNF, and following it: what is allowed, what is refused, what it may cost."""

import contextlib
import time

import pytest

from assistant.engine.grammars import GrammarRefused, Matcher, parse

ARITHMETIC = r"""
root  ::= (expr "=" ws term "\n")+
expr  ::= term ([-+*/] term)*
term  ::= ident | num | "(" ws expr ")" ws   # llama.cpp's own example
ident ::= [a-z] [a-z0-9_]* ws
num   ::= [0-9]+ ws
ws    ::= [ \t\n]*
"""


def follows(grammar: str, text: str | bytes) -> bool:
    """Whether the whole of `text` follows `grammar`, taken in byte by byte."""
    matcher = Matcher(parse(grammar))
    data = text.encode() if isinstance(text, str) else text
    for byte in data:
        assert (byte in matcher.first_bytes) >= matcher.allows(bytes([byte]))
        if not matcher.accept(bytes([byte])):
            return False
    whole = Matcher(parse(grammar))
    assert whole.accept(data)
    assert whole.may_end == matcher.may_end
    return matcher.may_end


@pytest.mark.parametrize(
    ("grammar", "good", "bad"),
    [
        ('root ::= "a" | "bc"', ["a", "bc"], ["", "b", "ab", "bcc"]),
        ('root ::= ("ab"){2,3}', ["abab", "ababab"], ["ab", "abababab", "aba"]),
        ('root ::= "ab"{2}', ["abab"], ["abb", "ab"]),
        ('root ::= "a"{,2} "b"', ["b", "aab"], ["aaab"]),
        ('root ::= "a"{2,} "b"', ["aab", "aaaaaab"], ["ab"]),
        ('root ::= "a"{0,1000000} "b"', ["b", "a" * 99 + "b"], ["c"]),
        ("root ::= [^a-c\\]]+", ["xyé", "é😀"], ["a", "]", ""]),
        ("root ::= [a-c-]+", ["a-b"], ["d"]),
        ('root ::= "\\x41\\u00e9\\U0001F600\\n\\""', ['Aé😀\n"'], ["A"]),
        ("root ::= . .", ["éa", "\n\n"], ["a", "aaa"]),
        ('root ::= x*\nx ::= "(" x* ")"', ["", "(()())()"], ["(", ")"]),
        ('root ::= "a"? "b"? ""', ["", "a", "b", "ab"], ["ba"]),
        ('root ::= ("a"?){3}', ["", "a", "aaa"], ["aaaa"]),
        ('root ::= (("a" | "")*){2,5} "."', [".", "aaaa."], ["a"]),
        ('root ::= (\n "a"\n | # comment\n "b"\n) "c"', ["ac", "bc"], ["c"]),
        ('root ::= "a" |\n "b"', ["a", "b"], []),
        ("root ::=\n number\nnumber ::= [0-9]+", ["12"], ["x"]),
        (ARITHMETIC, ["x +(1*y) = 3\n", "1=1\n"], ["x = \n", "x=1"]),
    ],
)
def test_a_grammar_says_what_follows(grammar, good, bad) -> None:
    assert [text for text in good if not follows(grammar, text)] == []
    assert [text for text in bad if follows(grammar, text)] == []


def test_a_piece_may_end_within_a_character() -> None:
    matcher = Matcher(parse("root ::= [é-ü]+ [😀]"))
    assert matcher.accept(b"\xc3")
    assert not matcher.may_end
    assert not matcher.allows(b"a")
    assert not matcher.allows(b"\xa1")  # á
    assert matcher.accept(b"\xa9\xf0\x9f")
    assert not matcher.allows(b"\x99\x80")
    assert matcher.accept(b"\x98\x80")
    assert matcher.must_end
    for damaged in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\x80"):
        assert not Matcher(parse("root ::= .*")).allows(damaged)


@pytest.mark.parametrize(
    ("grammar", "words"),
    [
        ("", "no rule named root"),
        ('start ::= "a"', "no rule named root"),
        ("root ::= a b", "the rule a is used and not defined"),
        ('root ::= "a"\nroot ::= "b"', "line 2: the rule root is defined twice"),
        ('root ::= root "a" | "b"', "the rule root begins with itself"),
        ('root ::= a\na ::= "x"? b "y"\nb ::= a | "z"', "begins with itself"),
        ('root ::= ("a"* root)* "b"', "begins with itself"),
        ('root ::= "a" root', "it never ends"),
        ("root ::= []", "it never ends"),
        ('root ::= "a', "line 1: a closing quote or bracket is missing"),
        ("root ::= [a", "a closing quote or bracket is missing"),
        ('root ::= ("a"', "a closing parenthesis is missing"),
        ('root ::= "a")', "an end of the line is missing"),
        ('root ::= "\\q"', "an unknown escape"),
        ('root ::= "\\UFFFFFFFF"', "a character that does not exist"),
        ("root ::= [z-a]", "a range is the wrong way round"),
        ('root ::= "a"{0,999999999}', "more than 1,000,000 times"),
        ('root ::= "a"{99999999999999999999}', "more than 1,000,000 times"),
        ('root ::= "a"{3,2}', "the wrong way round"),
        ('root ::= "a"{x}', "not a number"),
        ("root ::= <[5]>", "marks of whole tokens"),
        ("root = 5", "::= is missing"),
        ("* ::= 5", "the name of a rule is missing"),
        ("root ::= " + "(" * 5_000 + '"a"' + ")" * 5_000, "nested too deeply"),
        ("root ::= " + '"a"' * 90_000, "longer than 256 kB"),
        ("root ::= " + "a " * 120_000 + '\na ::= "b"', "more than 100,000 parts"),
    ],
)
def test_a_bad_grammar_is_refused_in_words(grammar, words) -> None:
    with pytest.raises(GrammarRefused) as caught:
        parse(grammar)
    assert words in caught.value.detail


HOSTILE = [
    # Stacks double with every letter: llama.cpp would follow each of them.
    'root ::= "a" root "b" | "a" root "c" | "a"',
    "root ::= " + "(" * 30 + '"a"' + "{0,1000000})" * 30 + '{0,1000000} "b"',
    'root ::= ((("a"?){0,1000000}){0,1000000}){0,1000000} "b"',
    'root ::= x{0,1000000} "b"\nx ::= "a"? "a"? "a"? "a"? "a"? "a"? "a"?',
    "root ::= " + " ".join(["x"] * 20_000) + '\nx ::= "a"?',
    "root ::= " + " | ".join(f"r{n}" for n in range(9_000)) + '\nx ::= "a"\n'
    + "\n".join(f"r{n} ::= x" for n in range(9_000)),
]  # fmt: skip


@pytest.mark.parametrize("grammar", HOSTILE)
def test_a_hostile_grammar_costs_seconds_at_most(grammar) -> None:
    begun = time.monotonic()
    with contextlib.suppress(GrammarRefused):
        matcher = Matcher(parse(grammar))
        for _ in range(20):
            if not matcher.accept(b"aaaaaaaa"):
                break
    assert time.monotonic() - begun < 20  # a tenth of it on an idle machine


def test_a_long_reply_takes_no_more_memory() -> None:
    matcher = Matcher(parse(r'root ::= "[" ([0-9]{1,5} ","){1,1000000} "]"'))
    matcher.accept(b"[")
    for number in range(30_000):
        assert matcher.accept(b"%d," % number)
    assert len(matcher._frames) + len(matcher._states) < 100_000
    assert matcher.accept(b"]")
    assert matcher.must_end
