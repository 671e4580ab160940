"""Conversations: what the model is given of one, its reply as events, and how both are kept."""
