"""A score card in words, for the terminal."""

from collections.abc import Sequence

from assistant.checkups.advising import Advice, Finding, Reason
from assistant.checkups.card import Ability, EnergySource, ScoreCard, Share
from assistant.checkups.progress import CheckStage
from assistant.models.keeping.defaults import Task
from assistant.wording import size

STAGES = {
    CheckStage.LOADING: "Loading the model",
    CheckStage.SPEED: "Reading and writing",
    CheckStage.BUSY: "Beside a busy program",
    CheckStage.QUESTIONS: "Questions",
}
ABILITIES = {
    Ability.FORMAT: "follows format and length",
    Ability.FACTS: "finds facts in a text",
    Ability.SUMMARY: "keeps names and numbers in a summary",
    Ability.MISSING: "says what is not in the text",
    Ability.LANGUAGE: "stays in the language asked",
    Ability.JSON: "writes valid JSON",
    Ability.NO_LOOPS: "does not go in circles",
    Ability.ARITHMETIC: "simple sums",
    Ability.JSON_FORM: "fills a form (not counted)",
}
_LANGUAGES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "ar": "Arabic",
    "zh": "Chinese", "hi": "Hindi",
}  # fmt: skip
_BASE = (
    "It is a base model without a chat template: it continues text, and cannot be asked to follow. "
    "Where a text to continue can tell, that was measured; the rest was not."
)
_TASKS = {Task.CHAT: "For chat", Task.SUMMARIES: "For summaries"}


def card_in_words(card: ScoreCard, advice: Sequence[Advice]) -> str:
    """Return a card as lines of text."""
    million, length = f"{card.parameters / 1e6:,.0f} million parameters", size(card.size_bytes)
    lines = [
        f"{card.model} on this computer",
        f"{million}, {card.quantization}, {length}",
        f"Checked in {_minutes(card.took_s)}, size {card.size}, seed {card.seed}",
        "",
        *_speed(card),
        "",
        *_scores(card),
    ]
    if card.depths:
        found = ", ".join(f"{x.depth_percent}%: {x.right} of {x.of}" for x in card.depths)
        lines.append(
            f"Facts found by their depth, in texts of up to {card.text_tokens:,} tokens: {found}"
        )
    if card.is_base:
        lines += ["", _BASE]
    elif card.not_asked:
        asked = ", ".join(ABILITIES[ability] for ability in card.not_asked)
        lines.append(f"Not asked, for want of time or context: {asked}.")
    if card.was_busy:
        lines.append("Other programs were busy meanwhile: speeds are rough.")
    lines += ["", *(advice_in_words(one) for one in advice)]
    return "\n".join(lines).rstrip() + "\n"


def table_in_words(cards: Sequence[ScoreCard]) -> str:
    """Return a line for each card, and a heading."""
    rows = [("Model", "Right", "95%", "Reads", "Writes", "Busy", "Memory", "Size", "Checked")]
    for card in cards:
        share, busy = card.overall, card.busy
        rows.append(
            (
                card.model,
                percent(share.value) if share else ("base" if card.is_base else "–"),
                _interval(share),
                f"{card.prompt_tokens_per_s:.0f}",
                f"{card.tokens_per_s:.0f}",
                f"{busy.tokens_per_s:.0f}" if busy else "–",
                size(card.peak_bytes) if card.peak_bytes else "–",
                size(card.size_bytes),
                card.at.date().isoformat(),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def advice_in_words(advice: Advice) -> str:
    """Return one line: whether a model is good for a task, and why."""
    verdict = "good" if advice.is_advised else "not advised"
    reasons = "; ".join(_reason(one, advice.task) for one in advice.reasons)
    return f"{_TASKS[advice.task]}: {verdict}" + (f" ({reasons})" if reasons else "")


def percent(share: float) -> str:
    """Return a share as a whole number of percent."""
    return f"{100 * share:.0f}%"


def _speed(card: ScoreCard) -> list[str]:
    speed = card.speed
    memory = f", {size(card.peak_bytes)} of memory at most" if card.peak_bytes else ""
    lines = [
        f"Ready after {speed.load_s:.1f} s, context of {speed.context_tokens:,} tokens{memory}",
        f"Reads {card.prompt_tokens_per_s:.0f} and writes {card.tokens_per_s:.0f} tokens/s",
    ]
    if card.busy:
        busy = card.busy
        programs = "a busy program" if busy.processes == 1 else f"{busy.processes} busy programs"
        lines.append(
            f"Beside {programs} it reads {busy.prompt_tokens_per_s:.0f} and writes "
            f"{busy.tokens_per_s:.0f} tokens/s"
        )
    joules = card.energy.joules_per_1000_tokens
    told = {
        EnergySource.NOT_TOLD: "The system does not tell the energy",
        EnergySource.PROCESSOR: f"{joules:,.0f} J for 1,000 tokens, by the processor's meter",
        EnergySource.BATTERY: f"{joules:,.0f} J for 1,000 tokens, of the battery, screen and all",
    }
    return [*lines, told[card.energy.source]]


def _scores(card: ScoreCard) -> list[str]:
    lines = ["Right answers, with their 95% interval"]
    for one in card.by_ability():
        share = Share(value=one.share, low=one.low, high=one.high)
        counts = f"{one.right} of {one.of}"
        lines.append(
            f"  {ABILITIES[one.ability]:<38} {counts:>10}  {percent(one.share):>4}  "
            f"{_interval(share):>9}"
        )
    if overall := card.overall:
        lines.append(
            f"  {'all together, each the same':<38} {'':>10}  {percent(overall.value):>4}  "
            f"{_interval(overall):>9}"
        )
    languages = ", ".join(
        f"{_LANGUAGES.get(language, language)} {percent(card.in_language(language).value)}"
        for language in card.languages
    )
    return [*lines, f"By language: {languages}"] if languages else lines


def _interval(share: Share | None) -> str:
    return f"{100 * share.low:.0f}–{100 * share.high:.0f}%" if share else "–"


def _reason(reason: Reason, task: Task) -> str:
    value, ability = reason.value, reason.ability
    about = ABILITIES[ability] if ability else ""
    wait = f"a Quick summary takes about {value / 60:.0f} minutes"
    return {
        Finding.BASE: "it is a base model",
        Finding.OTHER_QUESTIONS: "it was checked with other questions, or not to the end",
        Finding.GOOD: f"{about}: {percent(value)}",
        Finding.POOR: f"{about}: only {percent(value)}",
        Finding.QUICK: f"{value:.0f} tokens/s",
        Finding.SLOW: f"slow: {value:.1f} tokens/s",
        Finding.LONG_WAIT: wait if task is Task.SUMMARIES else "",
    }[reason.finding]


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
