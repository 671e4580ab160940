"""Measures the engine: one module for each row of the table, `__main__` prints them all."""
