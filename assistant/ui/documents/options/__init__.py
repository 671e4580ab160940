"""How a document is summarised: what a person can choose, and what each choice would cost."""
