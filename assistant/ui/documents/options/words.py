"""What the choices of a summary are called, and what they would cost."""

from PySide6.QtCore import QCoreApplication, QLocale

from assistant.summaries.kinds.kind import Kind
from assistant.summaries.summary import Length, Mode, ModePlan
from assistant.summaries.wishes.styles import Style

translate = QCoreApplication.translate

_ROUNDED_FROM = 10_000  # tokens; estimates of more are told in thousands


def mode_name(mode: Mode) -> str:
    """Return what a mode is called."""
    return {
        Mode.KEY_POINTS: translate("Options", "Key points"),
        Mode.QUICK: translate("Options", "Quick"),
        Mode.THOROUGH: translate("Options", "Thorough"),
    }[mode]


def mode_words(mode: Mode) -> str:
    """Say what a mode does."""
    return {
        Mode.KEY_POINTS: translate("Options", "Sentences of the document, word for word; no model"),
        Mode.QUICK: translate("Options", "The model reads the best sentences of every section"),
        Mode.THOROUGH: translate(
            "Options", "The model reads everything, part by part, and sums the parts up"
        ),
    }[mode]


def length_name(length: Length) -> str:
    """Return what a length is called."""
    return {
        Length.SHORT: translate("Options", "Short"),
        Length.MEDIUM: translate("Options", "Medium"),
        Length.LONG: translate("Options", "Long"),
    }[length]


def style_name(style: Style) -> str:
    """Return what a style is called."""
    return {
        Style.PARAGRAPHS: translate("Options", "Paragraphs"),
        Style.BULLETS: translate("Options", "Bullet points"),
        Style.BRIEF: translate("Options", "Executive brief"),
        Style.ACTIONS: translate("Options", "Actions and decisions"),
        Style.TIMELINE: translate("Options", "Timeline"),
        Style.PLAIN: translate("Options", "Plain language"),
        Style.FACTS: translate("Options", "Key facts"),
    }[style]


def kind_name(kind: str) -> str:
    """Return what a kind of document is called, within a sentence."""
    names = {
        Kind.CONTRACT: translate("Options", "contract"),
        Kind.INVOICE: translate("Options", "invoice or statement"),
        Kind.FINANCIAL_REPORT: translate("Options", "financial report"),
        Kind.PAPER: translate("Options", "scientific paper"),
        Kind.LETTER: translate("Options", "letter or mail"),
        Kind.MINUTES: translate("Options", "minutes"),
        Kind.MANUAL: translate("Options", "manual"),
    }
    found = next((name for value, name in names.items() if value.value == kind), "")
    return found or translate("Options", "no particular kind")


def language_name(code: str) -> str:
    """Return what a language is called, "" if it is not known.

    Not by its own name: a menu with every script makes Qt look through every font.
    """
    language = QLocale.codeToLanguage(code) if code else QLocale.Language.AnyLanguage
    if language in {QLocale.Language.AnyLanguage, QLocale.Language.C}:
        return ""
    return translate("Languages", QLocale.languageToString(language))


def plan_words(plan: ModePlan, *, is_made: bool = False) -> str:
    """Say in a few words what a mode would cost: "about 14 min · 61,000 tokens"."""
    if plan.mode is Mode.KEY_POINTS:
        return translate("Options", "at once, no model")
    if is_made:
        return translate("Options", "done")
    parts = [duration(plan.seconds) if plan.seconds is not None else ""]
    if 0 < plan.done < plan.passages:
        done = translate("Options", "{done} of {all} passages done")
        parts.append(done.format(done=plan.done, all=plan.passages))
    elif plan.prompt_tokens:
        parts.append(tokens(plan.prompt_tokens))
    return " · ".join(part for part in parts if part)


def plan_details(plan: ModePlan) -> str:
    """Say all of a plan, for a hint and for a screen reader."""
    words = [mode_words(plan.mode) + "."]
    if plan.mode is Mode.KEY_POINTS or not plan.calls:
        return " ".join(words)
    if plan.passages:
        words.append(
            translate(
                "Options",
                "{passages} passages; {tokens} to read in {calls} steps, {written} to write.",
            ).format(
                passages=plan.passages,
                tokens=tokens(plan.prompt_tokens),
                calls=plan.calls,
                written=tokens(plan.reply_tokens),
            )
        )
    else:
        words.append(
            translate("Options", "{tokens} to read, {written} to write.").format(
                tokens=tokens(plan.prompt_tokens), written=tokens(plan.reply_tokens)
            )
        )
    if plan.seconds is None:
        words.append(
            translate(
                "Options", "How long that takes is known when the model has worked here once."
            )
        )
    else:
        words.append(
            translate("Options", "It takes {time} by the speed measured on this computer.").format(
                time=duration(plan.seconds)
            )
        )
    return " ".join(words)


def duration(seconds: float) -> str:
    """Return a foretold time in words: "about 20 s", "about 14 min", "about 2.5 h"."""
    if seconds < 5:
        return translate("Options", "a few seconds")
    if seconds < 50:
        return translate("Options", "about {n} s").format(n=5 * round(seconds / 5))
    if seconds < 5400:
        return translate("Options", "about {n} min").format(n=max(1, round(seconds / 60)))
    hours = QLocale().toString(round(seconds / 1800) / 2, "f", 1).removesuffix(".0")
    return translate("Options", "about {n} h").format(n=hours)


def tokens(count: int) -> str:
    """Return how many tokens, rounded as an estimate is."""
    rounded = round(count, -3) if count >= _ROUNDED_FROM else round(count, -2) or count
    return translate("Options", "{n} tokens").format(n=QLocale().toString(rounded))
