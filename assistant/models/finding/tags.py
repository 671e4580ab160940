"""What the hub's tags and names of repositories say."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from assistant.models.hub.answers import text

# ISO 639-1: which of the hub's tags are languages.
_LANGUAGES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz
    ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln
    lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi
    pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti
    tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905 - read more easily as text
)


def name_of(row: dict[str, Any]) -> str:
    """Return the repository's name in an answer; "" for one that looks like another than it is."""
    name = row.get("id")
    return name if isinstance(name, str) and name == text(name) else ""


def title_of(name: str, base_models: Sequence[str] = ()) -> str:
    """Return a repository's name as a title: "Qwen_Qwen3.5-2B-GGUF" is "Qwen3.5 2B".

    Args:
        name: the part after the owner.
        base_models: what it was made from: some publishers put the original's owner in front.
    """
    title = name
    for base in base_models:
        owner = base.partition("/")[0]
        title = title.removeprefix(f"{owner}_") if owner else title
    words = [word for word in re.split(r"[-_\s]+", title) if word.lower() not in {"gguf", "i1"}]
    return " ".join(words) or name


def base_models_in(tags: Iterable[str]) -> tuple[str, ...]:
    """Return what a model was made from, as the hub's tags say."""
    found = (tag.rpartition(":")[2] for tag in tags if tag.startswith("base_model:") and "/" in tag)
    return tuple(dict.fromkeys(found))


def licence_in(tags: Iterable[str]) -> str:
    """Return the licence that the hub's tags name; "" for none."""
    return next((tag.removeprefix("license:") for tag in tags if tag.startswith("license:")), "")


def languages_in(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the languages among the hub's tags."""
    return tuple(tag for tag in tags if tag in _LANGUAGES)


def is_for_chat(task: str, tags: Iterable[str], architecture: str = "") -> bool:
    """Return whether a model answers in text, by the hub's task; where none is named it may.

    Args:
        task: the hub's.
        tags: the hub's.
        architecture: llama.cpp's name: those for embeddings tell it.
    """
    if "bert" in architecture or architecture.endswith(("embed", "embedding", "encoder")):
        return False
    return task in {"", "text-generation", "image-text-to-text", "any-to-any"} and not {
        "feature-extraction",
        "sentence-similarity",
        "sentence-transformers",
    } & set(tags)
