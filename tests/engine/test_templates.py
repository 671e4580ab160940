"""Chat templates are rendered as their authors mean, and cannot hang, grow or reach out."""

import sys
import time
from collections.abc import Callable

import pytest

from assistant.engine import templates
from assistant.engine.templates import ChatTemplate, TemplateFailed, TemplateRefused

MESSAGES = [{"role": "user", "content": "Hello"}]


def render(source: str, messages=MESSAGES, *, deadline_s: float = 5.0, **options: object) -> str:
    return ChatTemplate(source, "<s>", "</s>", deadline_s).render(messages, **options)


def test_gives_templates_what_transformers_gives_them() -> None:
    assert render("{{ bos_token }}{{ messages[0].content }}{{ eos_token }}") == "<s>Hello</s>"
    assert render("{% if add_generation_prompt %}go{% endif %}{{ tools is none }}") == "goTrue"
    assert render("{{ messages | tojson }}") == '[{"role": "user", "content": "Hello"}]'
    assert render("{{ {'a': '<é>'} | tojson(indent=1) }}") == '{\n "a": "<é>"\n}'
    assert render("{{ strftime_now('%Y') }}") == time.strftime("%Y")
    assert render("{% generation %}{{ messages[0].content }}{% endgeneration %}") == "Hello"
    assert render("{% for i in range(9) %}{% if i > 2 %}{% break %}{% endif %}{{ i }}{% endfor %}")
    assert render("  {% if true %}\n    x\n  {% endif %}\n") == "    x\n"


def test_switches_thinking_where_the_template_can() -> None:
    source = "{% if enable_thinking is defined %}{{ enable_thinking }}{% else %}own{% endif %}"
    assert ChatTemplate(source, "", "").can_switch_thinking
    assert [render(source, thinking=wish) for wish in (None, True, False)] == [
        "own",
        "True",
        "False",
    ]


def test_says_what_the_author_refuses_but_never_the_users_text() -> None:
    with pytest.raises(TemplateRefused, match=r"^No system here$"):
        render("{{ raise_exception('No system here') }}")
    with pytest.raises(TemplateRefused) as caught:
        render("{{ raise_exception('Not: ' + messages[0].content) }}")
    assert "Hello" not in str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        "{% if %}",
        "{{ messages.nothing.more }}",
        "{{ 1 / 0 }}",
        "{{ 'a' + 1 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ messages.append(1) }}",
        "{% include '/etc/passwd' %}",
        "{{ 'x' * 100000000000 }}",
        "{{ '%100000000000d' % 1 }}",
        "{{ 9 ** 99999999 }}",
        "{{ 'x'.center(100000000000) }}",
        "{% set n = namespace(x='x') %}{% for i in range(60) %}{% set n.x=n.x~n.x %}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}long enough{% endfor %}{% endfor %}",
    ],
)
def test_a_broken_or_hostile_template_is_an_error(source: str) -> None:
    with pytest.raises(TemplateFailed):
        render(source)


def test_what_python_refuses_to_compile_is_told_as_that() -> None:
    loops = 30
    source = "".join(f"{{% for a{i} in messages %}}" for i in range(loops)) + "{% endfor %}" * loops
    with pytest.raises(TemplateFailed, match="SyntaxError"):
        render(source)


def test_its_time_begins_when_all_is_loaded_that_it_needs(monkeypatch) -> None:
    """A cold disk may need seconds for that: the template would count as broken."""
    for name in ("jinja2.ext", "jinja2.sandbox"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    loaded = []

    def within(_: float, work: Callable[[], str]) -> str:
        loaded.extend({"jinja2.ext", "jinja2.sandbox"} & set(sys.modules))
        return work()

    monkeypatch.setattr(templates, "_within", within)
    assert render("{{ bos_token }}") == "<s>"
    assert sorted(loaded) == ["jinja2.ext", "jinja2.sandbox"]


def test_an_endless_template_ends_at_its_deadline() -> None:
    source = (
        "{% for i in range(99999) %}{% for j in range(99999) %}{% for k in range(99999) %}"
        "{% endfor %}{% endfor %}{% endfor %}"
    )
    begun = time.monotonic()
    with pytest.raises(TemplateFailed, match="took too long"):
        render(source, deadline_s=0.3)
    assert time.monotonic() - begun < 3
