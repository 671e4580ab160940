"""Markdown that nobody vouches for, shown safely: nothing is loaded, no link opens by itself."""

from assistant.ui.markdown.browser import SafeBrowser
from assistant.ui.markdown.view import MarkdownView

__all__ = ["MarkdownView", "SafeBrowser"]
