"""Reads a whole document with a model: notes of passages, merged up the tree of its headings."""
