"""What readers of each kind of document want to know, in their language."""

from assistant.summaries.kinds.cues import cues, languages
from assistant.summaries.kinds.key_fact import Question
from assistant.summaries.kinds.kind import Kind


def questions(kind: Kind, language: str = "en") -> tuple[Question, ...]:
    """Return the questions of a kind in `language` (ISO 639-1), in English if it is not known."""
    return tuple(known.question for known in cues(language)[kind].questions)


def known_languages() -> tuple[str, ...]:
    """Return the languages whose documents and questions are known, as ISO 639-1 codes."""
    return languages()
