"""SQLite: documents, summaries and conversations that are there after any restart."""
