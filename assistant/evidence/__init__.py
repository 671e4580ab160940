"""Which source sentences carry a claim, and what a claim has that they do not."""
