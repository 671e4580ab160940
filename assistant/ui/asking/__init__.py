"""Documents in a chat: attaching them, asking them, and the pages behind an answer."""
