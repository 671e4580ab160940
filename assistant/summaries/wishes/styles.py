"""The styles a summary can have, and how a model is asked for each."""

from enum import StrEnum


class Style(StrEnum):
    """The shape in which a summary is written."""

    PARAGRAPHS = "paragraphs"
    BULLETS = "bullets"
    BRIEF = "brief"  # for someone who has to decide
    ACTIONS = "actions"  # action items and decisions
    TIMELINE = "timeline"
    PLAIN = "plain"  # plain language
    FACTS = "facts"  # a table of key facts


_INSTRUCTIONS = {
    Style.PARAGRAPHS: "Write plain sentences in short paragraphs, without headings or lists.",
    Style.BULLETS: "Write a list. Begin each line with '- ' and one full sentence.",
    Style.BRIEF: (
        "Write a brief for someone who has to decide: first the conclusion in one sentence, then"
        " what it rests on, then what it costs, its risks and its deadlines. Plain sentences,"
        " without headings or lists."
    ),
    Style.ACTIONS: (
        "Write a list of what was decided and of what has to be done. Begin each line with '- '"
        " and one full sentence: who does what by when. Leave out what the passages do not say."
    ),
    Style.TIMELINE: (
        "Write a list of what happened or will happen, the earliest first. Begin each line with"
        " '- ' and its date as the passages write it, then one full sentence. Leave out what has"
        " no date."
    ),
    Style.PLAIN: (
        "Write for a reader who knows nothing of the matter: short sentences, everyday words, one"
        " thought each, every term explained or left out. No headings or lists."
    ),
    Style.FACTS: (
        "Write a list of the facts that can be looked up: who, what, how much, when, where. Begin"
        " each line with '- ', one fact in one short full sentence."
    ),
}


def instructions(style: Style) -> str:
    """Return what the model is told about the shape of its text, in one to three sentences."""
    return _INSTRUCTIONS[style]


def is_list(style: Style) -> bool:
    """Whether each sentence of a summary in `style` stands on a line of its own."""
    return style in {Style.BULLETS, Style.ACTIONS, Style.TIMELINE, Style.FACTS}
