"""What a person may choose for one chat: preset, instructions, model, form of replies, sampling."""
