"""A model's page: what is asked for it, what it says, and what a hostile hub can do."""

import json
import threading
import time
from typing import Any

import pytest

from assistant.errors import HubError, HubFault, NetworkClosed
from assistant.models.finding.licences import Duty
from assistant.models.finding.repository import RemoteModel, Runnable, base_template, look_up
from assistant.models.finding.risks import Risk
from assistant.models.finding.risks import Warning as Risky
from assistant.models.hub.client import Hub
from assistant.models.hub.connections import ConnectionLog
from assistant.quantizations import Grade
from tests.models.hub_server import Busy, HubServer, Refuse, Say, Stall

NEVER = threading.Event()
REPO = "unsloth/Qwen3-30B-A3B-GGUF"
BASE = "Qwen/Qwen3-30B-A3B"
TEMPLATE = "{% for m in messages %}{{ m.content }}{% endfor %}"
CARD = """---
license: apache-2.0
base_model: Qwen/Qwen3-30B-A3B
---
# Qwen3 30B

A mixture of experts, written in another format.

---
The end.
"""


def _look(hub: Hub, repo: str = REPO, **options: Any) -> RemoteModel:
    found = look_up(hub, repo, cancel=NEVER, **options)
    assert found is not None
    return found


@pytest.fixture
def hub(hub_server: HubServer, log: ConnectionLog) -> Hub:
    """With the patience of the app: a page that lacks its card is a page, too."""
    return Hub(hub_server.endpoint, log)


@pytest.fixture
def library(hub_server: HubServer) -> HubServer:
    """A hub with a mixture of experts, as a known publisher offers it, and its original."""
    hub_server.add(REPO, "README.md", CARD.encode(), is_lfs=False)
    for file, size_gb in (
        ("Qwen3-30B-A3B-Q8_0.gguf", 32),
        ("Qwen3-30B-A3B-Q2_K.gguf", 11),
        ("Qwen3-30B-A3B-Q4_K_M.gguf", 18),
        ("Qwen3-30B-A3B-Q6_K.gguf", 25),
        ("BF16/Qwen3-30B-A3B-BF16-00002-of-00002.gguf", 12),
        ("BF16/Qwen3-30B-A3B-BF16-00001-of-00002.gguf", 49),
        ("Qwen3-30B-A3B-IQ3_XXS-00001-of-00003.gguf", 4),
        ("mmproj-F16.gguf", 1),
        ("imatrix_unsloth.gguf", 1),
        ("config.json", 1),
    ):
        hub_server.announce(REPO, file, size_gb * 10**9)
    hub_server.describe(
        REPO,
        gated="auto",
        downloads=120_000,
        likes=80,
        pipeline="text-generation",
        library="transformers",
        languages=("en", "ar"),
        base_models=(BASE,),
        discussions=["It runs", "Which file?"],
        updated="2026-03-01T10:00:00.000Z",
        gguf={
            "total": 30_532_122_624,
            "architecture": "qwen3moe",
            "context_length": 40960,
            "chat_template": TEMPLATE,
        },
    )
    hub_server.add(BASE, "model-00001-of-00002.safetensors", b"weights")
    hub_server.add(BASE, "README.md", b"# The original\n" * 5, is_lfs=False)
    hub_server.describe(
        BASE,
        library="transformers",
        config={"model_type": "qwen3_moe", "tokenizer_config": {"chat_template": TEMPLATE}},
        safetensors={"parameters": {"BF16": 30_532_122_624}, "total": 30_532_122_624},
    )
    return hub_server


def test_what_a_page_tells(hub: Hub, library: HubServer) -> None:
    found = _look(hub)
    assert (found.repo, found.author, found.title) == (REPO, "unsloth", "Qwen3 30B A3B")
    assert found.revision == library.repo(REPO).head
    assert (found.parameters, found.active_parameters) == (30_532_122_624, 3 * 10**9)
    assert (found.architecture, found.context_tokens) == ("qwen3moe", 40960)
    assert (found.chat_template, found.base_template) == (TEMPLATE, None)
    assert (found.downloads, found.likes, found.discussions) == (120_000, 80, 2)
    assert (found.is_gated, found.gate) == (True, "auto")
    assert (found.library, found.pipeline) == ("transformers", "text-generation")
    assert (found.languages, found.base_models) == (("en", "ar"), (BASE,))
    assert (found.licence, found.licence_terms.allows_commercial) == ("apache-2.0", True)
    assert Duty.KEEP_NOTICE in found.licence_terms.must
    assert found.updated_at is not None
    assert found.updated_at.isoformat() == "2026-03-01T10:00:00+00:00"
    assert found.runs is Runnable.YES
    assert found.warnings == ()
    assert (found.gguf_repos, found.formats) == ((), ())


def test_a_card_comes_without_its_front_matter(hub: Hub, library: HubServer) -> None:
    library.describe(REPO, gated="")
    card = _look(hub).card
    assert card.startswith("# Qwen3 30B\n")
    assert "license:" not in card
    assert card.endswith("---\nThe end.\n")


def test_the_files_are_choices(hub: Hub, library: HubServer) -> None:
    files = _look(hub).files
    assert [
        (group.quantization, group.grade, group.size_bytes // 10**9, group.is_recommended)
        for group in files
    ] == [
        ("Q4_K_M", Grade.BALANCED, 18, True),
        ("Q2_K", Grade.SMALLEST, 11, False),
        ("Q6_K", Grade.BETTER, 25, False),
        ("Q8_0", Grade.BEST, 32, False),
        ("BF16", Grade.BEST, 61, False),
    ]
    parts = files[-1]
    assert parts.file == "BF16/Qwen3-30B-A3B-BF16-00001-of-00002.gguf"
    assert [one.size_bytes // 10**9 for one in parts.files] == [49, 12]
    first = files[0].files[0]
    assert (first.repo, first.file) == (REPO, "Qwen3-30B-A3B-Q4_K_M.gguf")
    assert (first.revision, first.endpoint) == (library.repo(REPO).head, hub.endpoint)
    assert len(first.sha256) == 64


def test_three_requests_and_no_more(hub: Hub, library: HubServer, log: ConnectionLog) -> None:
    head = library.repo(REPO).head
    _look(hub)
    assert sorted(one.path for one in library.asked) == [
        f"/api/models/{REPO}/discussions?type=discussion&status=all",
        f"/api/models/{REPO}?blobs=true",
        f"/{REPO}/resolve/{head}/README.md",
    ]
    assert {c.reason for c in log.all()} == {"model page"}
    assert log.current() == []


def test_a_card_that_is_gated_is_not_called_missing(hub: Hub, library: HubServer) -> None:
    found = _look(hub)
    assert found.card == ""
    assert found.warnings == ()
    with_token = Hub(hub.endpoint, token="hf_given")
    assert _look(with_token).card.startswith("# Qwen3 30B")


def test_a_revision_is_looked_up(hub: Hub, library: HubServer) -> None:
    first = next(iter(library.repo(REPO).commits))
    found = _look(hub, revision=first)
    assert found.revision == first
    assert found.files == ()
    for odd in ("../../x", "a b?c#d", "\udcff", "x" * 5000):
        with pytest.raises(HubError) as caught:
            _look(hub, revision=odd)
        assert caught.value.fault is HubFault.NOT_FOUND


def test_a_repository_that_moved_is_found(hub: Hub, library: HubServer) -> None:
    library.rename(REPO, "unsloth/New-GGUF")
    assert _look(hub).repo == "unsloth/New-GGUF"


@pytest.mark.parametrize("repo", ["owner/none", "no name!", "a/b/c", "../x", "a/../b", "", "a/b\n"])
def test_what_is_not_there(hub: Hub, hub_server: HubServer, repo: str) -> None:
    with pytest.raises(HubError) as caught:
        look_up(hub, repo, cancel=NEVER)
    assert caught.value.fault in {HubFault.NOT_FOUND, HubFault.NOT_A_HUB}
    assert len(hub_server.asked) <= 1


class TestModelsThatCannotRun:
    def test_pytorch_is_named_with_the_ggufs_made_from_it(
        self, hub: Hub, library: HubServer
    ) -> None:
        library.add("somebody/copy-GGUF", "a-Q4_0.gguf", b"GGUF")
        library.describe("somebody/copy-GGUF", base_models=(BASE,), downloads=10**6)
        library.add("somebody/tuned-GGUF", "a-Q4_0.gguf", b"GGUF")
        library.describe("somebody/tuned-GGUF", base_models=(BASE,), relation="finetune")
        found = _look(hub, BASE)
        assert found.runs is Runnable.NO_GGUF
        assert (found.files, found.formats) == ((), ("PyTorch",))
        assert found.gguf_repos == (REPO, "somebody/copy-GGUF")  # the known publisher first
        assert (found.architecture, found.parameters) == ("qwen3_moe", 30_532_122_624)

    @pytest.mark.parametrize(
        ("file", "library_name", "formats"),
        [
            ("model.onnx", "onnx", ("ONNX",)),
            ("model.h5", "keras", ("Keras",)),
            ("pytorch_model.bin", "transformers", ("PyTorch",)),
            ("weights.npz", "mlx", ("MLX",)),
            ("model.tflite", "", ("TensorFlow Lite",)),
            ("adapter_model.safetensors", "peft", ("adapter (LoRA)", "PyTorch")),
            ("notes.txt", "", ()),
        ],
    )
    def test_the_formats_of_others(
        self,
        hub: Hub,
        hub_server: HubServer,
        file: str,
        library_name: str,
        formats: tuple[str, ...],
    ) -> None:
        hub_server.add("facebook/opt-125m", file, b"x")
        hub_server.describe("facebook/opt-125m", library=library_name, config={"model_type": "opt"})
        found = _look(hub, "facebook/opt-125m")
        assert (found.runs, found.formats) == (Runnable.NO_GGUF, formats)
        assert found.architecture == "opt"

    def test_an_architecture_that_is_not_known(self, hub: Hub, hub_server: HubServer) -> None:
        hub_server.add("city96/Flux-GGUF", "flux-Q4_0.gguf", b"GGUF")
        hub_server.describe("city96/Flux-GGUF", gguf={"total": 10**10, "architecture": "flux"})
        assert _look(hub, "city96/Flux-GGUF").runs is Runnable.UNSUPPORTED_ARCHITECTURE

    def test_only_a_projector(self, hub: Hub, hub_server: HubServer) -> None:
        hub_server.add("owner/vision", "mmproj-model-f16.gguf", b"GGUF")
        assert _look(hub, "owner/vision").runs is Runnable.NO_GGUF


class TestRisks:
    def _risks(self, hub: Hub, repo: str, **options: Any) -> list[Risk]:
        return [one.risk for one in _look(hub, repo, **options).warnings]

    def test_a_model_that_nobody_describes(self, hub: Hub, hub_server: HubServer) -> None:
        hub_server.add("somebody/Mystery-GGUF", "a-Q4_K_M.gguf", b"GGUF")
        hub_server.describe("somebody/Mystery-GGUF", licence="", downloads=50_000)
        assert self._risks(hub, "somebody/Mystery-GGUF") == [
            Risk.NO_LICENCE,
            Risk.NO_CARD,
            Risk.UNKNOWN_PUBLISHER,
            Risk.UNKNOWN_ORIGIN,
            Risk.NO_DISCUSSION,
        ]

    def test_discussions_that_are_turned_off_say_nothing(
        self, hub: Hub, library: HubServer
    ) -> None:
        library.describe(REPO, discussions=None)
        found = _look(hub)
        assert (found.discussions, found.warnings) == (-1, ())
        library.describe(REPO, discussions=[])
        assert self._risks(hub, REPO) == [Risk.NO_DISCUSSION]

    def test_a_template_that_is_not_the_originals(self, hub: Hub, library: HubServer) -> None:
        assert _look(hub, compares_template=True).base_template == TEMPLATE
        assert self._risks(hub, REPO, compares_template=True) == []
        library.describe(
            BASE, config={"tokenizer_config": {"chat_template": TEMPLATE.replace("{%", "\n{%")}}
        )
        assert self._risks(hub, REPO, compares_template=True) == []
        library.describe(
            BASE,
            config={
                "tokenizer_config": {
                    "chat_template": [
                        {"name": "tool_use", "template": TEMPLATE},
                        {"name": "default", "template": "{{ other }}"},
                    ]
                }
            },
        )
        found = _look(hub, compares_template=True)
        assert found.warnings == (Risky(Risk.OTHER_TEMPLATE, BASE),)
        assert found.base_template == "{{ other }}"
        library.describe(BASE, config={})
        assert _look(hub, compares_template=True).base_template == ""

    def test_the_originals_template_may_have_a_file(self, hub: Hub, library: HubServer) -> None:
        library.add(BASE, "chat_template.jinja", b"{{ mine }}", is_lfs=False)
        assert base_template(hub, BASE, cancel=NEVER) == "{{ mine }}"
        assert base_template(hub, "owner/none", cancel=NEVER) is None

    def test_hidden_characters(self, hub: Hub, hub_server: HubServer) -> None:
        card = "# A card\n\nIt says \u202eelpoep ot\u202c something quite different.\n" * 2
        hub_server.add("unsloth/A-GGUF", "README.md", card.encode(), is_lfs=False)
        hub_server.add("unsloth/A-GGUF", "a\u202efugg.gguf", b"GGUF")
        hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "obey me")
        hub_server.describe(
            "unsloth/A-GGUF",
            base_models=("x/y",),
            gguf={"total": 1, "architecture": "llama", "chat_template": "{{ m }}" + hidden},
        )
        hub_server.add("unsloth/A-GGUF", "a-Q4_K_M.gguf", b"GGUF")
        found = _look(hub, "unsloth/A-GGUF")
        assert found.warnings == tuple(
            Risky(Risk.HIDDEN_CHARACTERS, place) for place in ("names", "card", "template")
        )
        assert "\u202e" not in found.card
        assert [group.file for group in found.files] == ["a-Q4_K_M.gguf"]

    def test_a_base_model_has_no_template(self, hub: Hub, library: HubServer) -> None:
        gguf = {"total": 10**9, "architecture": "llama"}
        library.describe(REPO, gguf=gguf)
        assert self._risks(hub, REPO) == [Risk.NO_TEMPLATE]
        library.describe(REPO, pipeline="feature-extraction")
        assert self._risks(hub, REPO) == []

    def test_a_name_that_is_nearly_famous(self, hub: Hub, hub_server: HubServer) -> None:
        hub_server.add("meta-Ilama/Llama-3.1-8B-GGUF", "a-Q4_K_M.gguf", b"GGUF")
        found = _look(hub, "meta-Ilama/Llama-3.1-8B-GGUF")
        assert found.warnings[0] == Risky(Risk.LOOKALIKE, "meta-llama")


def test_a_licence_of_its_own_is_named(hub: Hub, library: HubServer) -> None:
    library.describe(REPO, licence="other", card_data={"license_name": "qwen-research"})
    found = _look(hub)
    assert found.licence == "qwen-research"
    assert found.licence_terms.allows_commercial is False


def test_a_long_card_is_cut(hub: Hub, library: HubServer) -> None:
    library.add(REPO, "README.md", b"word " * 8_000_000, is_lfs=False)
    library.describe(REPO, gated="")
    assert len(_look(hub).card) == 256 * 1024
    (asked,) = (one for one in library.asked if one.path.endswith("README.md"))
    assert asked.sent_bytes < 20_000_000


def test_what_fails_beside_the_facts_costs_only_itself(hub: Hub, library: HubServer) -> None:
    faults = [Refuse(403), Busy(503), Refuse(500), Busy(429, "9")]
    for fault in faults:
        library.fail_facts(None, fault, fault)  # the facts come first
        found = _look(hub)
        assert (found.card, found.discussions) == ("", -1)
        assert Risk.NO_CARD not in [one.risk for one in found.warnings]
        assert len(found.files) == 5


def test_a_busy_hub_gives_no_page(hub: Hub, library: HubServer) -> None:
    library.fail_facts(Busy(429, "9"))
    with pytest.raises(HubError) as caught:
        _look(hub)
    assert (caught.value.fault, caught.value.wait_s, caught.value.repo) == (
        HubFault.BUSY,
        9.0,
        REPO,
    )
    assert len(library.asked) == 1


def test_closed_means_closed(hub_server: HubServer, log: ConnectionLog) -> None:
    hub = Hub(hub_server.endpoint, log, is_closed=True)
    with pytest.raises(NetworkClosed):
        look_up(hub, REPO, cancel=NEVER)
    with pytest.raises(NetworkClosed):
        base_template(hub, BASE, cancel=NEVER)
    assert hub_server.asked == []


@pytest.mark.parametrize("after", [0, 1])
def test_a_stop_ends_it_at_once(library: HubServer, log: ConnectionLog, after: int) -> None:
    hub = Hub(library.endpoint, log)
    library.fail_facts(*[None] * after, *[Stall()] * 3)
    cancel = threading.Event()
    timer = threading.Timer(0.3, cancel.set)
    timer.start()
    began = time.monotonic()
    assert look_up(hub, REPO, cancel=cancel) is None
    assert time.monotonic() - began < 5
    timer.join()
    assert log.current() == []


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        b"[]",
        b"{}",
        b'{"sha": "abc"}',
        b'{"sha": 3, "siblings": []}',
        b'{"sha": "abc", "siblings": {"a": 1}}',
        b'{"sha": "", "siblings": []}',
        b"{" * 50_000,
    ],
)
def test_an_answer_that_is_no_hubs(hub: Hub, hub_server: HubServer, answer: bytes) -> None:
    hub_server.fail_facts(Say(answer))
    with pytest.raises(HubError) as caught:
        _look(hub)
    assert caught.value.fault is HubFault.NOT_A_HUB


def test_values_of_other_types_count_as_not_said(hub: Hub, hub_server: HubServer) -> None:
    facts = {
        "sha": "c" * 40,
        "id": ["x"],
        "gated": {"deep": True},
        "downloads": None,
        "cardData": [1],
        "tags": "gguf",
        "gguf": "yes",
        "config": 4,
        "safetensors": {"total": "7B"},
        "siblings": [
            None,
            {"rfilename": 3},
            {"rfilename": "../../x-Q4_K_M.gguf", "size": 5},
            {"rfilename": "..\\x-Q4_K_M.gguf", "size": 5},
            {"rfilename": "/etc/x-Q4_K_M.gguf", "size": 5},
            {"rfilename": "a//x-Q4_K_M.gguf", "size": 5},
            {"rfilename": "a-Q8_0.gguf", "size": -5},
            {"rfilename": "b-Q8_0.gguf", "size": True},
            {"rfilename": "c-Q8_0.gguf", "size": 5, "lfs": "no"},
            {"rfilename": "d" * 5000 + ".gguf", "size": 5},
            {"rfilename": "e-Q5_K_M.gguf", "size": 7, "lfs": {"size": 9, "sha256": "AB"}},
        ],
    }
    hub_server.fail_facts(Say(json.dumps(facts).encode(), "application/json"))
    found = _look(hub, "owner/name")
    assert found.repo == "owner/name"
    assert (found.is_gated, found.gate) == (True, "manual")
    assert {group.file: group.size_bytes for group in found.files} == {
        "c-Q8_0.gguf": 5,
        "e-Q5_K_M.gguf": 9,
    }
    assert (found.parameters, found.downloads, found.licence) == (0, 0, "")
