"""The files of models: their names, their records, and files that are still arriving."""
