"""What kind of document this is, and what a reader of that kind wants to know first."""
