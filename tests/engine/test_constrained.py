"""Replies that follow a grammar or a JSON schema, by the real model."""

import contextlib
import ctypes
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import llama_cpp
import numpy as np
import pytest

from assistant.engine.grammars import Matcher, grammar_of_schema, parse
from assistant.engine.llama import Context, Model, Rows, Sampler, start
from assistant.engine.protocol import (
    GREEDY,
    FinishReason,
    LoadSettings,
    Message,
    Role,
    Sampling,
    TextPart,
)
from assistant.errors import GrammarError
from assistant.wording import explain
from tests.engine.grammars.test_gbnf import ARITHMETIC
from tests.engine.tiny_models import CHATML, tiny_llama

PROMPT = "<|im_start|>user\nDescribe a person.<|im_end|>\n<|im_start|>assistant\n"
PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 24},
        "age": {"type": "integer", "minimum": 0, "maximum": 130},
        "languages": {"type": "array", "items": {"enum": ["de", "fr", "it"]}, "maxItems": 3},
    },
    "required": ["name", "age", "languages"],
}
SCHEMAS = [
    PERSON,
    {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 1}, "maxItems": 4},
    {"anyOf": [{"const": "yes"}, {"const": "no"}, {"type": "null"}]},
    {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"},
    {"type": "string", "format": "date-time"},
]


@pytest.fixture(scope="module")
def log():
    return start()


@pytest.fixture(scope="module")
def context(log, starter_model: Path) -> Iterator[Context]:
    model = Model(starter_model, lambda _: True, log)
    context = Context(model, LoadSettings(context_tokens=1024, threads=1), log)
    yield context
    context.close()
    model.close()


def reply(context: Context, grammar: str, sampling: Sampling, tokens: int = 200) -> str | None:
    """Return the reply to `PROMPT`; None if it did not end."""
    context.clear()
    rows = context.model.tokenize(PROMPT, parse_special=True)
    position, text = 0, b""
    form = parse(grammar) if grammar else None
    with contextlib.closing(Sampler(context.model, sampling, form)) as sampler:
        for _ in range(tokens):
            context.evaluate([Rows(0, position, rows, outputs=1)])
            position += len(rows)
            token = context.sample(sampler, -1)
            if context.model.ends_reply(token):
                return text.decode()
            text += context.model.piece(token)
            rows = [token]
    return None


@pytest.mark.parametrize("temperature", [0.0, 0.8, 2.0])
@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: str(schema)[:40])
def test_every_reply_satisfies_its_schema(context, schema, temperature) -> None:
    grammar = grammar_of_schema(json.dumps(schema))
    text = reply(context, grammar, Sampling(temperature=temperature, seed=5))
    assert text is not None
    jsonschema.validate(json.loads(text), schema)


def test_a_grammar_changes_nothing_that_it_allows(context) -> None:
    for temperature in (0.0, 0.8):
        sampling = Sampling(temperature=temperature, seed=11)
        free = reply(context, "", sampling, 40)
        assert reply(context, "root ::= .*", sampling, 40) == free


def test_random_weights_follow_a_schema_too(log, tmp_path) -> None:
    """Nothing the model wants is allowed: every token is looked for in the whole vocabulary."""
    model = Model(tiny_llama(tmp_path / "model.gguf"), lambda _: True, log)
    context = Context(model, LoadSettings(context_tokens=512, threads=1), log)
    grammar = grammar_of_schema(json.dumps(PERSON))
    for seed in range(5):
        text = reply(context, grammar, Sampling(temperature=1.5, seed=seed))
        assert text is not None
        jsonschema.validate(json.loads(text), PERSON)
    context.close()
    model.close()


def is_whole(piece: bytes) -> bool:
    try:
        return bool(piece.decode().strip("\0"))
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize(
    ("grammar", "text"),
    [
        (ARITHMETIC, "x1 *(y+2) = 3"),
        (grammar_of_schema(json.dumps(PERSON)), '{"name": "Zoé 😀", "age": 12, "languages": ["de"'),
        ('root ::= ("ab"{2,3} | [^a-y] "é")* "."', "ababzéababab"),
    ],
)
def test_it_allows_what_llama_cpp_allows(context, grammar, text) -> None:
    """At every place of a text, llama.cpp's own grammars allow the same of 49,152 tokens."""
    model = context.model
    matcher = Matcher(parse(grammar))
    theirs = llama_cpp.llama_sampler_init_grammar(model.vocabulary, grammar.encode(), b"root")
    assert theirs
    kind = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])
    size = model.vocabulary_size
    for token in model.tokenize(text, parse_special=False):
        candidates = np.zeros(size, kind)
        candidates["id"] = np.arange(size)
        array = llama_cpp.llama_token_data_array(
            data=candidates.ctypes.data_as(llama_cpp.llama_token_data_p), size=size, selected=-1
        )
        llama_cpp.llama_sampler_apply(theirs, ctypes.byref(array))
        allowed = {int(one["id"]) for one in candidates if one["logit"] > -np.inf}
        # It reads control tokens as their names, which are no part of a reply's text, and
        # refuses the first bytes of a character if not all characters with them are allowed.
        pieces = {n: model.piece(n) for n in range(size) if is_whole(model.piece(n))}
        ours = {n for n, piece in pieces.items() if matcher.allows(piece)}
        assert {n: pieces[n] for n in ours ^ (allowed & set(pieces))} == {}
        assert matcher.may_end == bool(allowed & set(model.end_tokens()))
        assert matcher.accept(model.piece(token))
        llama_cpp.llama_sampler_accept(theirs, token)
    llama_cpp.llama_sampler_free(theirs)


def test_the_engine_replies_with_json(engine, ask) -> None:
    messages = [Message(Role.USER, "Describe a person.")]
    for temperature in (0.0, 0.8):
        sampling = Sampling(temperature=temperature, seed=4)
        reply = ask(messages, sampling=sampling, json_schema=json.dumps(PERSON))
        jsonschema.validate(json.loads(reply.text), PERSON)
        assert reply.finished.reason is FinishReason.END
    assert ask(messages, sampling=GREEDY, grammar='root ::= "yes" | "no"').text in {"yes", "no"}


def test_a_reply_that_was_stopped_goes_on_in_its_form(ask) -> None:
    """Wherever it was cut: the form does not begin anew behind what there is."""
    messages = [Message(Role.USER, "Describe a person.")]
    form = {"sampling": GREEDY, "json_schema": json.dumps(PERSON)}
    for length in (1, 9, 22):
        cut = ask(messages, max_tokens=length, **form).text
        rest = ask(messages, reply_start=cut, is_continued=True, **form).text
        jsonschema.validate(json.loads(cut + rest), PERSON)
    assert ask(messages, reply_start="reply 0042", grammar='root ::= "reply 0042"').text == ""
    with pytest.raises(GrammarError, match="does not follow"):
        ask(messages, reply_start="Once", **form)


def test_a_complete_reply_ends_at_once(ask) -> None:
    """The step that could bring nothing but the end is not computed: no token is missing."""
    whole = ask(prompt="Say:", grammar='root ::= "reply 0042"')
    assert whole.text == "reply 0042"
    count = whole.finished.generated_tokens
    again = ask(prompt="Say:", grammar='root ::= "reply 0042"', max_tokens=count)
    assert again.text == "reply 0042"
    assert again.finished.reason is FinishReason.END


def test_no_reasoning_comes_before_a_form(new_engine, never, tmp_path) -> None:
    """Neither what the template opens by itself nor what was asked for."""
    thinks = CHATML + "{{ '<think>\n' }}{# enable_thinking #}"
    new_engine.choose(tiny_llama(tmp_path / "model.gguf", chat_template=thinks))
    for thinking in (None, True):
        events = new_engine.generate(
            [Message(Role.USER, "a")],
            thinking=thinking,
            grammar='root ::= " yes"',
            cancel=never,
        )
        parts = [event for event in events if isinstance(event, TextPart)]
        assert [part.is_thinking for part in parts] == [False] * len(parts)
        assert "".join(part.text for part in parts) == " yes"


@pytest.mark.parametrize(
    "form",
    [
        {"grammar": "root ::= root"},
        {"grammar": 'root ::= "a'},
        {"json_schema": "{"},
        {"json_schema": '{"not": {}}'},
    ],
)
def test_a_bad_form_is_refused_in_words_and_harms_nothing(engine, ask, never, form) -> None:
    with pytest.raises(GrammarError) as caught:
        list(engine.generate(prompt="a", cancel=never, **form))
    assert len(str(explain(caught.value))) > 20
    assert ask(prompt="a", max_tokens=2).finished.generated_tokens


def test_a_constrained_reply_stops_in_the_middle(engine, ask) -> None:
    cancel = threading.Event()
    running = engine.generate(
        prompt="a", json_schema='{"type": "array", "minItems": 500}', max_tokens=0, cancel=cancel
    )
    next(event for event in running if isinstance(event, TextPart))
    cancel.set()
    assert list(running)[-1].reason is FinishReason.STOPPED
    assert ask(prompt="a", max_tokens=2).finished.generated_tokens
