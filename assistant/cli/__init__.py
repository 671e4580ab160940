"""The terminal: `alcove summarize`, `chat`, `models` and `doctor`."""
