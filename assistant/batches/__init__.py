"""Many documents at once: folders, the queue that works through them, and watched folders."""
