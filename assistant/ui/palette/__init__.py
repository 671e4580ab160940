"""The command palette: everything the window can do or open, found by a few letters."""
