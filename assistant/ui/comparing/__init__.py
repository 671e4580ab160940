"""Two documents or versions beside each other: what differs, with the pages of both."""
