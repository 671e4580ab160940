"""Reading documents faithfully: pages, blocks, sentences, and where each stands."""
