"""What is shown of a reply's text: JSON is laid out, all else is Markdown already."""

from assistant.conversations.structured import Shown, as_markdown


def shown_text(content: str, form: str) -> str:
    """Return a reply as Markdown.

    Args:
        content: as the model wrote it.
        form: the form that it follows, a value of `Shown`; anything else is none.
    """
    return as_markdown(content, Shown(form)) if form in set(Shown) else content
