"""Measures one model on this computer."""
