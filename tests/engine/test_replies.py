"""Replies are cut into parts where characters, stop strings and marks span tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine.replies import Reasoning, ReplyReader, reasoning_of

THINK = Reasoning("<think>", "</think>")


def read(reader: ReplyReader, pieces: list[bytes]) -> tuple[str, str, list[str]]:
    """Return the reply, the reasoning, and the reply as it stood after each piece."""
    parts, shown = [], []
    for piece in pieces:
        parts += reader.read(piece)
        shown.append("".join(text for text, is_thinking in parts if not is_thinking))
    parts += reader.finish()
    reply = "".join(text for text, is_thinking in parts if not is_thinking)
    return reply, "".join(text for text, is_thinking in parts if is_thinking), shown


def test_joins_characters_that_span_tokens() -> None:
    pieces = [b"caf", b"\xc3", b"\xa9 ", b"\xf0\x9f", b"\x99\x82"]
    reply, _, shown = read(ReplyReader(), pieces)
    assert reply == "café 🙂"
    assert shown == ["caf", "caf", "café ", "café ", "café 🙂"]


def test_marks_bytes_that_are_no_character() -> None:
    assert read(ReplyReader(), [b"a\xff", b"\xc3"])[0] == "a��"


def test_stops_before_a_string_that_spans_tokens_and_shows_none_of_it() -> None:
    reader = ReplyReader(("\nUser:", "###"))
    reply, _, shown = read(reader, [b"Yes.", b"\nUs", b"age\n", b"User", b": more"])
    assert reply == "Yes.\nUsage"
    assert shown[1] == "Yes."
    assert reader.has_ended


def test_gives_back_what_only_began_like_a_stop_string() -> None:
    reader = ReplyReader(("###",))
    assert read(reader, [b"a #", b"# b"])[0] == "a ## b"
    assert read(ReplyReader(("###",)), [b"a ##"])[0] == "a ##"


@pytest.mark.parametrize(
    ("pieces", "reply", "thinking"),
    [
        ([b"<think>\nhm", b"m</th", b"ink>\n\nHi"], "Hi", "\nhmm"),
        ([b"\n<th", b"ink>a</think>b"], "b", "a"),
        ([b"<think></think>b"], "b", ""),
        ([b"<that is all"], "<that is all", ""),
        ([b"no <think>x</think>"], "no <think>x</think>", ""),
        ([b"<think>never closed"], "", "never closed"),
        ([b"<thi"], "<thi", ""),
    ],
)
def test_separates_reasoning(pieces, reply, thinking) -> None:
    assert read(ReplyReader((), THINK), pieces)[:2] == (reply, thinking)


def test_begins_inside_reasoning_that_the_prompt_opened() -> None:
    reader = ReplyReader((), THINK, is_thinking=True, is_chat=True)
    assert reader.is_thinking
    assert read(reader, [b"hmm</think>", b"\n\n Hi"])[:2] == ("Hi", "hmm")
    assert not reader.is_thinking


def test_stop_strings_do_not_end_reasoning() -> None:
    reader = ReplyReader(("stop",), THINK)
    assert read(reader, [b"<think>stop?</think>go stop"])[:2] == ("go ", "stop?")


def test_a_chat_reply_begins_without_white_space() -> None:
    assert read(ReplyReader(is_chat=True), [b" ", b"\n Hi", b" you"])[0] == "Hi you"
    assert read(ReplyReader(), [b" Hi"])[0] == " Hi"


def test_finds_how_a_template_marks_reasoning() -> None:
    assert reasoning_of("{{ content.split('</think>')[-1] }}") == THINK
    assert reasoning_of("{% if enable_thinking %}") == THINK
    assert reasoning_of("[THINK]") == Reasoning("[THINK]", "[/THINK]")
    assert reasoning_of("{{ messages }}") is None


@given(st.text(), st.lists(st.integers(1, 5), max_size=50), st.text(min_size=1, max_size=4))
def test_pieces_never_matter(text: str, sizes: list[int], stop: str) -> None:
    encoded = text.encode("utf-8", "replace")
    pieces, at = [], 0
    for size in sizes:
        pieces.append(encoded[at : at + size])
        at += size
    pieces.append(encoded[at:])
    whole = encoded.decode()
    assert read(ReplyReader((stop,)), pieces)[0] == whole.split(stop)[0]
