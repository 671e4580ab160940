"""Run the app."""
