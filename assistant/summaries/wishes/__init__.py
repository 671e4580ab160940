"""What a person may wish of a summary beside its mode: style, length, language and focus."""
