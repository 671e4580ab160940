"""A chat template against its base model's, as data."""

import threading
import time

import pytest

from assistant.errors import HubError
from assistant.models.files.record import ModelRecord, write_record
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.models.keeping.template_comparison import LineKind, compare_with_base, difference
from tests.models.tiny_gguf import tiny_gguf

OWN = "{% for m in messages %}\n{{ m.content }}\n{% endfor %}\n"
BASE = "{% for m in messages %}\n{{ m.role }}: {{ m.content }}\n{% endfor %}\n"


@pytest.fixture
def model(folder) -> InstalledModel:
    folder.mkdir()
    path = folder / "m.gguf"
    path.write_bytes(tiny_gguf(100, chat_template=OWN))
    write_record(path, ModelRecord(size_bytes=path.stat().st_size, sha256="", repo="o/n-GGUF"))
    return ModelFolder(folder).find("m")


def kinds(before: str, after: str) -> list[tuple[str, str]]:
    return [(str(line.kind), line.text) for line in difference(before, after)]


def test_what_differs_is_told_line_by_line() -> None:
    assert kinds(BASE, OWN) == [
        ("place", "@@ -1,3 +1,3 @@"),
        ("same", "{% for m in messages %}"),
        ("removed", "{{ m.role }}: {{ m.content }}"),
        ("added", "{{ m.content }}"),
        ("same", "{% endfor %}"),
    ]
    assert kinds(OWN, OWN) == kinds(OWN, OWN.replace("\n", "  \r\n")) == []


def test_a_template_in_one_line_is_cut_at_its_statements() -> None:
    long = "{% if a %}" + "{{ x }}" * 40 + "{% endif %}"
    lines = kinds(long, long.replace("endif", "endfor"))
    assert [text for kind, text in lines if kind == "added"] == ["{% endfor %}"]


def test_a_line_that_looks_like_a_diffs_head_is_kept() -> None:
    assert ("removed", "-- a") in kinds("-- a\nb", "b")
    assert ("added", "++ a") in kinds("b", "++ a\nb")


def test_hostile_templates_end_and_are_plain() -> None:
    begun = time.monotonic()
    difference(
        "\n".join("ab"[n % 2] for n in range(100_000)),
        "\n".join("ba"[n % 3 % 2] for n in range(100_000)),
    )
    difference("{{" * 100_000, "}}" * 100_000)
    assert time.monotonic() - begun < 20
    [_, line] = difference("", "a\u202eb\x1b[0m")[:3][-2:]
    assert (line.kind, line.text) == (LineKind.ADDED, "ab[0m")


def test_the_hub_tells_what_the_base_models_template_is(hub, hub_server, model) -> None:
    hub_server.add("o/n-GGUF", "m.gguf", b"GGUF")
    hub_server.describe("o/n-GGUF", base_models=["base/n"], relation="quantized")
    hub_server.add("base/n", "config.json", b"{}", is_lfs=False)
    hub_server.describe("base/n", config={"tokenizer_config": {"chat_template": BASE}})
    never = threading.Event()
    compared = compare_with_base(hub, model, OWN, cancel=never)
    assert compared is not None
    assert (compared.base_model, compared.base_template) == ("base/n", BASE)
    assert not compared.is_same
    assert compared.lines == difference(BASE, OWN)
    same = compare_with_base(hub, model, BASE + "\n", cancel=never)
    assert same is not None
    assert same.is_same


def test_a_model_that_nobody_knows(hub, hub_server, model, folder) -> None:
    never = threading.Event()
    (folder / "m.gguf.json").unlink()
    mine = ModelFolder(folder).find("m")
    compared = compare_with_base(hub, mine, OWN, cancel=never)
    assert compared is not None
    assert (compared.base_model, compared.base_template, compared.is_same) == ("", None, False)
    assert hub_server.asked == []
    with pytest.raises(HubError):
        compare_with_base(hub, model, OWN, cancel=never)
