"""Check-ups in the window, and the comparison of what was measured."""
