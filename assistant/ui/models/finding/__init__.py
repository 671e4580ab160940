"""Finding models: offers, a search, a page for each."""
