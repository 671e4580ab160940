"""Keeps what a check-up found where the rest of the app looks for it."""

from pathlib import Path

from assistant.checkups.card import ScoreCard
from assistant.checkups.cards import CardFile
from assistant.forecast import SpeedRecords, shape_of
from assistant.gguf import read_header


def keep(card: ScoreCard, model: Path, cards: CardFile, speeds: SpeedRecords) -> None:
    """Keep a card, and its speeds for the forecasts of this model and of others.

    Args:
        card: of `model`.
        model: the file.
        cards: the score cards.
        speeds: what was measured here; speeds measured beside busy programs are left out.

    Raises:
        CannotWrite, NoSpace: the card cannot be kept.
        ModelError: the file is gone.
    """
    cards.keep(card)
    if card.was_busy:
        return
    speeds.keep(
        card.model,
        shape_of(read_header(model)),
        prompts=[(one.tokens, one.tokens_per_s) for one in card.speed.prompts],
        replies=[(one.context_tokens, one.tokens_per_s) for one in card.speed.generation],
        is_gpu=bool(card.gpu_layers),
    )
