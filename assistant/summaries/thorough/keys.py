"""The keys of a document's finished steps: what each answer depends on."""

import msgspec

from assistant.documents.document import Document
from assistant.summaries.prompts import PROMPT_VERSION, SAMPLING
from assistant.summaries.steps import Steps, step_key
from assistant.summaries.summary import SummaryOptions


def answer_key(
    kind: str, request: str, *, model: str, max_tokens: int, is_chat: bool, is_reproducible: bool
) -> bytes:
    """Return the key of what a model answers.

    Args:
        kind: "note", "merge" or "final".
        request: all that is asked, but for the instructions, whose version is part of the key.
        model: fingerprint of its file.
        max_tokens: at most so many are written.
        is_chat: it has a chat template.
        is_reproducible: the answer is the same each time.
    """
    parameters = {
        "max_tokens": str(max_tokens),
        "sampling": msgspec.json.encode(SAMPLING).decode(),
        "is_chat": str(is_chat),
        "is_reproducible": str(is_reproducible),
    }
    return step_key(kind, request, model, PROMPT_VERSION, parameters)


def list_key(document: Document, options: SummaryOptions, model: str) -> bytes:
    """Return the key of the list of a document's notes."""
    parameters = {
        "language": options.language or document.language,
        "is_reproducible": str(options.is_reproducible),
    }
    return step_key("notes", document.sha256, model, PROMPT_VERSION, parameters)


def keep_list(steps: Steps, key: bytes, notes: list[bytes]) -> None:
    """Store which notes there will be, so that it is known later how many are done."""
    steps.put(key, msgspec.json.encode(notes))


def notes_done(document: Document, options: SummaryOptions, steps: Steps, model: str) -> int:
    """Return how many of a document's notes are finished."""
    stored = steps.get(list_key(document, options, model))
    if stored is None:
        return 0
    try:
        return steps.has(msgspec.json.decode(stored, type=list[bytes]))
    except msgspec.MsgspecError:
        return 0
