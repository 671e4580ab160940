"""A repository's files as choices: one for each format, its parts together, nothing else.

Beside its models a repository holds GGUF files that are none: projectors for pictures, importance
matrices of the quantization, drafts, adapters.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from assistant.models.files.names import is_safe
from assistant.models.hub.client import RemoteFile
from assistant.quantizations import Grade, grade_of, is_slow

_PART = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<parts>\d{5})\.gguf", re.IGNORECASE)
_NO_MODEL = re.compile(
    r"""(?:.*[-_.])?mmproj(?:[-_.].*)?      # a projector for pictures or sound
    | (?:imatrix|lora|vocab|mtp|draft|ggml-vocab)[-_.].*
    | .*[-_.](?:imatrix|lora|adapter|projector)
    | imatrix | adapter""",
    re.IGNORECASE | re.VERBOSE,
)
_QUANTIZATION = re.compile(
    r"""(?<![A-Za-z0-9])(
      (?:UD-)?I?Q[1-8]_(?:K_(?:XXL|XL|L|M|S|P)|K|XXS|XS|NL_XL|NL|S|M|L|0|1)
    | TQ[12]_0 | (?:BF|FP|F)(?:16|32) | MXFP4(?:_MOE)? | NVFP4
    )(?![A-Za-z0-9])""",
    re.IGNORECASE | re.VERBOSE,
)
# Repacked for one processor, as llama.cpp did until December 2024: it refuses them since.
_REFUSED = re.compile(r"Q4_0[-_](?:4_4|4_8|8_8)", re.IGNORECASE)
_LIKED = (
    *("Q4_K_M", "UD-Q4_K_XL", "Q4_K_L", "Q4_K_S", "Q4_K", "IQ4_NL", "IQ4_XS", "Q4_0", "MXFP4"),
    *("MXFP4_MOE", "Q5_K_M", "UD-Q5_K_XL", "Q5_K_S", "Q5_0", "Q6_K", "Q8_0", "Q3_K_L", "Q3_K_M"),
    *("Q3_K_S", "Q2_K", "Q4_1", "Q5_1", "BF16", "F16", "F32"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGroup:
    """One choice among a repository's files: a file, or the parts of one.

    Attributes:
        file: the only or the first one; a download asks for it.
        files: all, in order.
        quantization: "Q4_K_M" …, as the name says; "" if it does not.
        size_bytes: of all files together.
        grade: how small, how good.
        is_recommended: the one to take on this computer, if there is no other wish.
    """

    file: str
    files: tuple[RemoteFile, ...]
    quantization: str
    size_bytes: int
    grade: Grade
    is_recommended: bool = False


def quantization_in(name: str) -> str:
    """Return the format that a file's name tells, "Q4_K_M" …; "" if it tells none."""
    found = _QUANTIZATION.findall(PurePosixPath(name).name) or _QUANTIZATION.findall(name)
    return found[-1].upper().replace("FP16", "F16").replace("FP32", "F32") if found else ""


def groups_of(
    files: Iterable[RemoteFile],
    parameters: int = 0,
    known: frozenset[str] | None = None,
) -> tuple[FileGroup, ...]:
    """Return the choices among a repository's files, the recommended one first, then by size.

    Split files that lack a part are left out, as are files that are no models.

    Args:
        files: all files of a repository.
        parameters: of the model; 0 if not known. They grade files whose names tell nothing.
        known: the processor's features; this one's if not given.
    """
    parts: dict[str, dict[int, RemoteFile]] = {}
    wanted: dict[str, int] = {}
    for one in files:
        if not _is_model(one.file):
            continue
        split = _PART.fullmatch(one.file)
        key = f"{split['stem']}/{split['parts']}" if split else one.file
        wanted[key] = int(split["parts"]) if split else 1
        parts.setdefault(key, {})[int(split["number"]) if split else 1] = one
    groups = [
        _group([found[number] for number in sorted(found)], parameters)
        for key, found in parts.items()
        if sorted(found) == list(range(1, wanted[key] + 1))
    ]
    groups.sort(key=lambda group: (group.size_bytes, group.file))
    best = _recommended(groups, known)
    if best is None:
        return ()
    rest = (group for group in groups if group is not best)
    return (replace(best, is_recommended=True), *rest)


def _is_model(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        is_safe(path.name)
        and str(path) == name  # no "//" and "./"
        and not path.is_absolute()
        and ".." not in path.parts
        and not _NO_MODEL.fullmatch(path.stem)
        and path.parent.name.lower() not in {"mtp", "mmproj", "lora"}
        and not _REFUSED.search(path.stem)
    )


def _group(files: list[RemoteFile], parameters: int) -> FileGroup:
    quantization = quantization_in(files[0].file)
    size_bytes = sum(one.size_bytes for one in files)
    told = quantization
    if not told and parameters:
        told = f"Q{max(1, min(16, round(8 * size_bytes / parameters - 0.5)))}"
    return FileGroup(
        file=files[0].file,
        files=tuple(files),
        quantization=quantization,
        size_bytes=size_bytes,
        grade=grade_of(told),
    )


def _recommended(groups: list[FileGroup], known: frozenset[str] | None) -> FileGroup | None:
    """Return the usual format, but for one that is slow on this processor if there is another."""
    fast = [group for group in groups if not is_slow(group.quantization, known)] or groups
    ranked = {name: place for place, name in enumerate(_LIKED)}
    return min(fast, key=lambda group: ranked.get(group.quantization, len(_LIKED)), default=None)
