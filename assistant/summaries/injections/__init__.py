"""Text in a document that gives orders to whoever summarises it: found, and pointed out."""
