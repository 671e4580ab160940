"""Score cards side by side: a table, the points of a plot, and both as files."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.checkups.card import VERSION, Ability, ScoreCard, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotPoint:
    """A model in the plot of speed against quality.

    Attributes:
        model: its name.
        fingerprint: of its file.
        tokens_per_s: how fast it writes: across.
        quality: the overall share and its interval, from 0 to 1: up.
        size_bytes: of its file: the point's area.
    """

    model: str
    fingerprint: str
    tokens_per_s: float
    quality: Share
    size_bytes: int


def ranked(cards: Iterable[ScoreCard]) -> tuple[ScoreCard, ...]:
    """Return the cards best first: those of other questions, and base models, come last."""

    def worth(card: ScoreCard) -> tuple[bool, float, float]:
        share = card.overall
        value = share.value if share else -1.0
        return (card.version == VERSION and share is not None, value, card.tokens_per_s)

    return tuple(sorted(cards, key=worth, reverse=True))


def plot_points(cards: Iterable[ScoreCard]) -> tuple[PlotPoint, ...]:
    """Return the points of the models that can be compared; others have none."""
    return tuple(
        PlotPoint(
            model=card.model,
            fingerprint=card.fingerprint,
            tokens_per_s=card.tokens_per_s,
            quality=share,
            size_bytes=card.size_bytes,
        )
        for card in cards
        if card.version == VERSION and card.tokens_per_s > 0 and (share := card.overall)
    )


def facts(card: ScoreCard) -> dict[str, Any]:
    """Return a card as its JSON says it: docs/checkup.schema.json."""
    overall, speed = card.overall, card.speed
    return {
        "model": card.model,
        "fingerprint": card.fingerprint,
        "sha256": card.sha256,
        "parameters": card.parameters,
        "quantization": card.quantization,
        "size_bytes": card.size_bytes,
        "gpu_layers": card.gpu_layers,
        "is_base": card.is_base,
        "at": card.at.isoformat(timespec="seconds"),
        "version": card.version,
        "size": str(card.size),
        "language": card.language,
        "seed": card.seed,
        "took_s": round(card.took_s, 1),
        "was_busy": card.was_busy,
        "is_complete": card.is_complete,
        "overall": _share(overall) if overall else None,
        "abilities": [
            {
                "ability": str(one.ability),
                "language": one.language,
                "right": one.right,
                "of": one.of,
                "low": round(one.low, 4),
                "high": round(one.high, 4),
            }
            for one in (*card.by_ability(), *card.abilities)
        ],
        "languages": {language: _share(card.in_language(language)) for language in card.languages},
        "depths": [
            {"depth_percent": one.depth_percent, "right": one.right, "of": one.of}
            for one in card.depths
        ],
        "text_tokens": card.text_tokens,
        "not_asked": [str(ability) for ability in card.not_asked],
        "speed": {
            "load_s": round(speed.load_s, 3),
            "context_tokens": speed.context_tokens,
            "prompt_tokens_per_s": round(card.prompt_tokens_per_s, 2),
            "tokens_per_s": round(card.tokens_per_s, 2),
            "peak_bytes": card.peak_bytes,
            "estimate_bytes": speed.memory.estimate_bytes if speed.memory else 0,
            "prompts": [
                {
                    "tokens": one.tokens,
                    "tokens_per_s": round(one.tokens_per_s, 2),
                    "first_token_s": round(one.first_token_s, 3),
                }
                for one in speed.prompts
            ],
            "generation": [
                {
                    "context_tokens": one.context_tokens,
                    "tokens_per_s": round(one.tokens_per_s, 2),
                }
                for one in speed.generation
            ],
        },
        "busy": {
            "processes": card.busy.processes,
            "prompt_tokens_per_s": round(card.busy.prompt_tokens_per_s, 2),
            "tokens_per_s": round(card.busy.tokens_per_s, 2),
        }
        if card.busy
        else None,
        "energy": {
            "source": str(card.energy.source),
            "joules_per_1000_tokens": round(card.energy.joules_per_1000_tokens, 1),
        },
    }


def to_json(cards: Sequence[ScoreCard]) -> str:
    """Return the cards as a JSON array."""
    return json.dumps([facts(card) for card in cards], ensure_ascii=False, indent=1) + "\n"


def to_csv(cards: Sequence[ScoreCard]) -> str:
    """Return the cards as a table, a line for each; shares are from 0 to 1, unknown ones empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS, *(f"{ability}_share" for ability in Ability)])
    for card in cards:
        writer.writerow([*_cells(card), *(_ability_cell(card, ability) for ability in Ability)])
    return out.getvalue()


_COLUMNS = (
    *("model", "fingerprint", "parameters", "quantization", "size_bytes", "is_base"),
    *(
        "at",
        "version",
        "size",
        "language",
        "seed",
        "is_complete",
        "overall",
        "overall_low",
        "overall_high",
    ),
    *("load_s", "context_tokens", "prompt_tokens_per_s", "tokens_per_s"),
    *("busy_prompt_tokens_per_s", "busy_tokens_per_s", "peak_bytes"),
    *("energy_source", "joules_per_1000_tokens", "was_busy"),
)


def _cells(card: ScoreCard) -> list[object]:
    share, busy = card.overall, card.busy
    return [
        *(_safe(card.model), card.fingerprint, card.parameters, card.quantization),
        *(card.size_bytes, int(card.is_base)),
        *(card.at.isoformat(timespec="seconds"), card.version, card.size, card.language, card.seed),
        int(card.is_complete),
        *((f"{x:.4f}" for x in (share.value, share.low, share.high)) if share else ("", "", "")),
        *(f"{card.speed.load_s:.3f}", card.speed.context_tokens),
        *(f"{card.prompt_tokens_per_s:.2f}", f"{card.tokens_per_s:.2f}"),
        *((f"{busy.prompt_tokens_per_s:.2f}", f"{busy.tokens_per_s:.2f}") if busy else ("", "")),
        *(card.peak_bytes or "", card.energy.source),
        *(
            f"{card.energy.joules_per_1000_tokens:.1f}"
            if card.energy.joules_per_1000_tokens
            else "",
        ),
        int(card.was_busy),
    ]


def _ability_cell(card: ScoreCard, ability: Ability) -> str:
    score = card.of(ability)
    return f"{score.share:.4f}" if score else ""


def _safe(name: str) -> str:
    """Return a name that no spreadsheet takes for a formula."""
    return f"'{name}" if name[:1] in {"=", "+", "-", "@", "\t"} else name


def _share(share: Share) -> dict[str, float]:
    return {
        "value": round(share.value, 4),
        "low": round(share.low, 4),
        "high": round(share.high, 4),
    }
