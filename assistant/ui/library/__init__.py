"""The library: all documents ever opened, found by their words, with their summaries and chats."""
