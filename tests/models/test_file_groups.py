"""A repository's files as choices."""

import pytest

from assistant.models.finding.file_groups import FileGroup, groups_of, quantization_in
from assistant.models.hub.client import RemoteFile
from assistant.quantizations import Grade, grade_of

FAST = frozenset({"avx2"})


def _file(name: str, size_bytes: int = 1000) -> RemoteFile:
    return RemoteFile(
        repo="owner/name",
        file=name,
        revision="c" * 40,
        size_bytes=size_bytes,
        sha256="",
        etag="",
        licence="",
        endpoint="",
    )


def _groups(*names: str, parameters: int = 0) -> tuple[FileGroup, ...]:
    files = [_file(name, 1000 + place) for place, name in enumerate(names)]
    return groups_of(files, parameters, FAST)


def _names(*names: str) -> list[str]:
    return [group.file for group in _groups(*names)]


@pytest.mark.parametrize(
    ("name", "quantization"),
    [
        ("Qwen3-8B-Q4_K_M.gguf", "Q4_K_M"),
        ("qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", "Q4_K_M"),
        ("gemma-4-E2B_q4_0-it.gguf", "Q4_0"),
        ("Qwen3.8-27B-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"),
        ("model.IQ3_XXS.gguf", "IQ3_XXS"),
        ("model-i1-IQ4_NL.gguf", "IQ4_NL"),
        ("model.Q6_K.gguf", "Q6_K"),
        ("model-TQ1_0.gguf", "TQ1_0"),
        ("gpt-oss-20b-mxfp4.gguf", "MXFP4"),
        ("model-fp16.gguf", "F16"),
        ("BF16/model-00001-of-00002.gguf", "BF16"),
        ("IQ-Test-7B.gguf", ""),
        ("Q-Model-Q8_0-Q4_K_S.gguf", "Q4_K_S"),
        ("model.gguf", ""),
    ],
)
def test_the_format_stands_in_the_name(name: str, quantization: str) -> None:
    assert quantization_in(name) == quantization


@pytest.mark.parametrize(
    "name",
    [
        *("mmproj-F16.gguf", "model-mmproj-f16.gguf", "MMPROJ.gguf", "mmproj_q8_0.gguf"),
        *("imatrix.gguf", "imatrix_unsloth.gguf", "Qwen_Qwen3.5-2B-imatrix.gguf"),
        *("MTP/x-Q4_0.gguf", "mtp-Qwen3-Q4_0.gguf", "ggml-vocab-llama.gguf", "lora-x.gguf"),
        *("my-lora.gguf", "x-adapter.gguf", "draft-Q4_0.gguf", "model-Q4_0_4_4.gguf"),
        *(
            ".hidden.gguf",
            "con.gguf",
            "-x.gguf",
            "a/../b.gguf",
            "../b.gguf",
            "/b.gguf",
            "a//b.gguf",
        ),
    ],
)
def test_files_that_are_no_models(name: str) -> None:
    assert _names(name) == []


@pytest.mark.parametrize(
    "name",
    ["Qwen3.6-35B-A3B-MTP-UD-Q4_K_M.gguf", "Foo-Q4_K_M-imat.gguf", "Adapterless-7B-Q4_0.gguf"],
)
def test_files_that_only_sound_like_it(name: str) -> None:
    assert _names(name) == [name]


def test_parts_are_one_choice_and_lacking_ones_none() -> None:
    groups = _groups(
        "a-Q8_0-00002-of-00002.gguf",
        "a-Q8_0-00001-of-00002.gguf",
        "a-Q6_K-00001-of-00003.gguf",
        "a-Q6_K-00003-of-00003.gguf",
        "a-Q5_K_M-00000-of-00001.gguf",
    )
    assert [group.file for group in groups] == ["a-Q8_0-00001-of-00002.gguf"]
    assert groups[0].size_bytes == 2001
    assert [one.size_bytes for one in groups[0].files] == [1001, 1000]


def test_parts_of_two_splits_are_not_mixed() -> None:
    assert _names("a-00001-of-00002.gguf", "a-00002-of-00003.gguf", "a-00002-of-00002.gguf") == [
        "a-00001-of-00002.gguf"
    ]


def test_the_usual_format_comes_first_then_by_size() -> None:
    assert _names("a-Q8_0.gguf", "a-Q2_K.gguf", "a-Q4_K_M.gguf", "a-F16.gguf") == [
        "a-Q4_K_M.gguf",
        "a-Q8_0.gguf",
        "a-Q2_K.gguf",
        "a-F16.gguf",
    ]
    assert _names("a-Q8_0.gguf", "a-Q3_K_S.gguf", "a-Q5_K_M.gguf")[0] == "a-Q5_K_M.gguf"
    assert [group.is_recommended for group in _groups("a-Q8_0.gguf", "a-F16.gguf")] == [True, False]


def test_a_format_that_is_slow_here_is_recommended_only_alone() -> None:
    assert _names("a-Q4_1.gguf", "a-Q8_0.gguf")[0] == "a-Q8_0.gguf"
    assert _names("a-F16.gguf", "a-Q2_K.gguf")[0] == "a-Q2_K.gguf"
    assert _names("a-Q4_1.gguf") == ["a-Q4_1.gguf"]


@pytest.mark.parametrize(
    ("quantization", "grade"),
    [
        ("TQ1_0", Grade.SMALLEST),
        ("IQ2_XXS", Grade.SMALLEST),
        ("Q2_K", Grade.SMALLEST),
        ("Q3_K_M", Grade.SMALLER),
        ("Q4_K_M", Grade.BALANCED),
        ("UD-Q4_K_XL", Grade.BALANCED),
        ("MXFP4", Grade.BALANCED),
        ("Q5_K_M", Grade.BETTER),
        ("Q6_K", Grade.BETTER),
        ("Q8_0", Grade.BEST),
        ("BF16", Grade.BEST),
        ("", Grade.BEST),
    ],
)
def test_grades(quantization: str, grade: Grade) -> None:
    assert grade_of(quantization) is grade


def test_a_name_that_tells_nothing_is_graded_by_its_size() -> None:
    for bits, grade in ((2.6, Grade.SMALLEST), (4.85, Grade.BALANCED), (8.5, Grade.BEST)):
        (group,) = groups_of([_file("model.gguf", round(bits * 10**9 / 8))], 10**9, FAST)
        assert (group.quantization, group.grade) == ("", grade)
