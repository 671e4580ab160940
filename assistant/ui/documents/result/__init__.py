"""What came of a document, as text to read: summary, key facts, its parts, key points."""
