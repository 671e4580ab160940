"""Prompts of real prose, each with a beginning of its own, so that nothing is reused unasked."""

import functools
import itertools
import threading

from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.engine.protocol import Message, Role
from assistant.paths import resource

INSTRUCTION = (
    "You are given one passage of a long document. Write a note of at most three sentences on "
    "what it says, for a reader in a hurry. Keep numbers, names, dates, conditions and "
    "exceptions as they are. Add nothing that the passage does not say."
)
SENTENCE = "The tenant pays the rent to the landlord on the first working day of every month. "
_numbers = itertools.count(1)


@functools.cache
def _words() -> list[str]:
    """Return the words of the sample document."""
    reader = Reader(log=None)
    try:
        for event in reader.read(resource("samples/sample.pdf"), cancel=threading.Event()):
            if isinstance(event, Document):
                return " ".join(page.text for page in event.pages).split()
    finally:
        reader.close()
    raise RuntimeError("the sample could not be read")


def prose(words: int) -> str:
    """Return so many words of real text, each time from another place."""
    text = _words()
    start = next(_numbers) * 997 % (len(text) - words)
    return " ".join(text[start : start + words])


def passage(words: int = 275) -> str:
    """Return a prompt of about 400 tokens; all of them begin with the same instruction.

    It breaks off within a sentence: a model goes on with that, where after "Note:" it may end
    before it has written what is to be measured.
    """
    return f"{INSTRUCTION}\n\nPassage {next(_numbers)}:\n{prose(words)}"


def contract(sentences: int = 58) -> str:
    """Return about 1,000 tokens that begin like no other prompt."""
    return f"{next(_numbers)} is the number of this contract. " + SENTENCE * sentences


def turn(words: int = 70) -> list[Message]:
    """Return a chat's first turn of about 100 tokens."""
    question = f"Question {next(_numbers)}. Explain in your own words: {prose(words)}"
    return [Message(Role.USER, question)]
