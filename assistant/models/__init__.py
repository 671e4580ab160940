"""Models: which are good, which are here, and how to get one. The only part that connects."""
