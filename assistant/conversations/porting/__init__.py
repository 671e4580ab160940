"""Conversations on their way in and out: Alcove's own JSON, Markdown, and other apps' exports."""
