"""Summaries of a whole document: key points without a model, Quick with one."""
