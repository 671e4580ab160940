"""Getting a model, whole and as the hub names it; verifying it again; newer revisions."""
