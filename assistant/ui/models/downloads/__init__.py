"""The downloads of the window."""
