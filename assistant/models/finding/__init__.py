"""Which models there are: the catalog, a search, a page for each, what is risky about it."""
