"""Many documents at once in the window: the queue, watched folders, and the digest of a batch."""
