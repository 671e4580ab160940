"""Compares two documents or two versions of one: what was added, removed, changed and moved."""
