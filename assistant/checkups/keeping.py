"""Keeps what a check-up found where the rest of the app looks for it."""

from pathlib import Path

from assistant.checkups.card import ScoreCard
from assistant.checkups.cards import CardFile
from assistant.checkups.speeds import keep_speeds
from assistant.forecast import SpeedRecords


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
    keep_speeds(speeds, model, card.speed, is_gpu=bool(card.gpu_layers))
