"""Conversations with a model: messages, and fitting a history into the context."""
