"""All that is known of one installed model, and all that can be done with it."""
