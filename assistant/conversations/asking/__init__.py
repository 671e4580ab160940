"""Questions about documents: which passages tell, and an answer that shows its pages."""
