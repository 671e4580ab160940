"""A score card in words: what a model does well here, what it does not, and how fast it is."""

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from assistant.checkups.card import COUNTED, Ability, AbilityScore, EnergySource, ScoreCard, Share
from assistant.checkups.progress import CheckProgress, CheckStage
from assistant.ui.models.details.fact_grid import Fact
from assistant.wording import size

_WORDS_PER_TOKEN = 0.75
# Told only where the interval, not just the share, is on one side.
_GOOD, _WEAK = 0.6, 0.5
# Qt names the country, too: "American English", "español de España".
_LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "français",
    "es": "español",
    "ar": "العربية",
    "zh": "中文",
    "hi": "हिन्दी",
}
_READING_WORDS_PER_S = 4.0  # of a person: 240 a minute (Brysbaert 2019)


def ability_in_words(ability: Ability) -> str:
    """Return what an ability is, as the end of "Good at …"."""
    names = {
        Ability.FORMAT: QCoreApplication.translate("checkup", "keeping to a form and a length"),
        Ability.FACTS: QCoreApplication.translate("checkup", "finding facts in a long text"),
        Ability.SUMMARY: QCoreApplication.translate("checkup", "numbers and names in a summary"),
        Ability.MISSING: QCoreApplication.translate(
            "checkup", "saying that something is not in the text"
        ),
        Ability.LANGUAGE: QCoreApplication.translate("checkup", "staying in the language asked"),
        Ability.JSON: QCoreApplication.translate("checkup", "writing valid JSON"),
        Ability.NO_LOOPS: QCoreApplication.translate("checkup", "not repeating itself"),
        Ability.ARITHMETIC: QCoreApplication.translate("checkup", "simple sums"),
        Ability.JSON_FORM: QCoreApplication.translate("checkup", "filling a form, with help"),
    }
    return names[ability]


def language_in_words(code: str) -> str:
    """Return a language's own name: "español"."""
    return _LANGUAGES.get(code) or QLocale(code).nativeLanguageName() or code


def stage_in_words(progress: CheckProgress) -> str:
    """Return what is under way."""
    if progress.stage is CheckStage.LOADING:
        return QCoreApplication.translate("checkup", "Loading the model…")
    if progress.stage is CheckStage.SPEED:
        return QCoreApplication.translate("checkup", "Measuring how fast it reads and writes…")
    if progress.stage is CheckStage.BUSY:
        return QCoreApplication.translate("checkup", "Measuring it beside a busy program…")
    if progress.ability is None:
        return QCoreApplication.translate("checkup", "Asking what it knows to do…")
    text = QCoreApplication.translate("checkup", "Asking about {ability}, in {language}…")
    return text.format(
        ability=ability_in_words(progress.ability), language=language_in_words(progress.language)
    )


def percent(share: float) -> str:
    """Return "62%" as the language writes it."""
    text = QCoreApplication.translate("checkup", "{count}%")
    return text.format(count=QLocale().toString(round(100 * share)))


def interval_in_words(low: float, high: float) -> str:
    """Return "55–69%"."""
    text = QCoreApplication.translate("checkup", "{low}–{high}%")
    number = QLocale().toString
    return text.format(low=number(round(100 * low)), high=number(round(100 * high)))


def share_in_words(share: Share | None) -> str:
    """Return "62% (55–69%)"; a dash for none."""
    if share is None:
        return "–"
    return f"{percent(share.value)} ({interval_in_words(share.low, share.high)})"


def words_per_s(tokens_per_s: float) -> str:
    """Return how many words a second that is about: "18" or "0.6"; empty if not measured."""
    words = tokens_per_s * _WORDS_PER_TOKEN
    if words <= 0:
        return ""
    return QLocale().toString(words, "f", 0 if words >= 10 else 1)


def in_short(card: ScoreCard) -> str:
    """Return the one line that stands on a model's card."""
    parts = []
    if card.overall is not None:
        parts.append(
            QCoreApplication.translate("checkup", "right in {share}").format(
                share=share_in_words(card.overall)
            )
        )
    if card.tokens_per_s:
        text = QCoreApplication.translate("checkup", "writes {count} words a second here")
        parts.append(text.format(count=words_per_s(card.tokens_per_s)))
    if not parts:
        return ""
    text = QCoreApplication.translate("checkup", "Checked: {facts}")
    return text.format(facts=" · ".join(parts))


def in_plain_words(card: ScoreCard) -> list[str]:
    """Return what the card says to someone who wants no figures, a sentence each."""
    sentences = [_headline(card), _abilities(card), _speed(card)]
    if card.was_busy:
        sentences.append(
            QCoreApplication.translate(
                "checkup",
                "Other programs needed the processor meanwhile: the speeds are rough.",
            )
        )
    if not card.is_complete:
        sentences.append(
            QCoreApplication.translate(
                "checkup", "It was stopped before its end: parts are missing."
            )
        )
    return [sentence for sentence in sentences if sentence]


def _headline(card: ScoreCard) -> str:
    if card.is_base:
        return QCoreApplication.translate(
            "checkup", "A base model: it only continues text, so only its speed was measured."
        )
    share = card.overall
    if share is None:
        return ""
    if share.low >= 0.75:
        text = QCoreApplication.translate(
            "checkup", "Does nearly all that was asked: right in {share} of the questions."
        )
    elif share.low >= 0.5:
        text = QCoreApplication.translate(
            "checkup", "Does most of what was asked: right in {share} of the questions."
        )
    elif share.high >= 0.35:
        text = QCoreApplication.translate(
            "checkup", "Does some of what was asked: right in {share} of the questions."
        )
    else:
        text = QCoreApplication.translate(
            "checkup", "Does little of what was asked: right in {share} of the questions."
        )
    return text.format(share=share_in_words(share))


def _abilities(card: ScoreCard) -> str:
    counted = [one for one in card.by_ability() if one.ability in COUNTED]
    good = [one for one in counted if one.low >= _GOOD]
    weak = [one for one in counted if one.high <= _WEAK]
    sentences = []
    if good:
        text = QCoreApplication.translate("checkup", "Good at {things}.")
        sentences.append(text.format(things=_listed(good)))
    if weak:
        text = QCoreApplication.translate("checkup", "Not good at {things}.")
        sentences.append(text.format(things=_listed(weak)))
    return " ".join(sentences)


def _listed(scores: list[AbilityScore]) -> str:
    names = [ability_in_words(one.ability) for one in scores]
    return QLocale().createSeparatedList(names)


def _speed(card: ScoreCard) -> str:
    words = card.tokens_per_s * _WORDS_PER_TOKEN
    if words <= 0:
        return ""
    if words >= 2 * _READING_WORDS_PER_S:
        text = QCoreApplication.translate(
            "checkup", "Writes about {count} words a second here, faster than one reads."
        )
    elif words >= _READING_WORDS_PER_S:
        text = QCoreApplication.translate(
            "checkup", "Writes about {count} words a second here, about as fast as one reads."
        )
    else:
        text = QCoreApplication.translate(
            "checkup", "Writes about {count} words a second here, slower than one reads."
        )
    return text.format(count=words_per_s(card.tokens_per_s))


def figures(card: ScoreCard) -> list[Fact]:
    """Return speeds, memory and energy with their names."""
    speed = card.speed
    facts = [
        (QCoreApplication.translate("checkup", "Writes"), _rate(card.tokens_per_s)),
        (QCoreApplication.translate("checkup", "Reads"), _rate(card.prompt_tokens_per_s)),
        (QCoreApplication.translate("checkup", "First word after"), _first_word(card)),
        (
            QCoreApplication.translate("checkup", "Beside a busy program"),
            _rate(card.busy.tokens_per_s) if card.busy else "",
        ),
        (
            QCoreApplication.translate("checkup", "Loads in"),
            _seconds(speed.load_s) if speed.load_s else "",
        ),
        (QCoreApplication.translate("checkup", "Memory at its peak"), _memory(card)),
        (QCoreApplication.translate("checkup", "Energy"), _energy(card)),
        (QCoreApplication.translate("checkup", "Facts found by depth"), _depths(card)),
        (QCoreApplication.translate("checkup", "Checked"), _when(card)),
    ]
    return [fact for fact in facts if fact[1]]


def _rate(tokens_per_s: float) -> str:
    if tokens_per_s <= 0:
        return ""
    text = QCoreApplication.translate("checkup", "{words} words a second ({tokens} tokens)")
    number = QLocale().toString(tokens_per_s, "f", 0 if tokens_per_s >= 10 else 1)
    return text.format(words=words_per_s(tokens_per_s), tokens=number)


def _first_word(card: ScoreCard) -> str:
    prompts = card.speed.prompts
    if not prompts:
        return ""
    text = QCoreApplication.translate("checkup", "{seconds}, after a text of {count} words")
    words = round(prompts[-1].tokens * _WORDS_PER_TOKEN / 10) * 10
    return text.format(seconds=_seconds(prompts[-1].first_token_s), count=QLocale().toString(words))


def _seconds(seconds: float) -> str:
    text = QCoreApplication.translate("checkup", "{count} s")
    return text.format(count=QLocale().toString(seconds, "f", 1))


def _memory(card: ScoreCard) -> str:
    memory = card.speed.memory
    if not memory or not memory.peak_bytes:
        return ""
    text = QCoreApplication.translate("checkup", "{peak} (foreseen: {estimate})")
    return text.format(peak=size(memory.peak_bytes), estimate=size(memory.estimate_bytes))


def _energy(card: ScoreCard) -> str:
    if card.energy.source is EnergySource.NOT_TOLD:
        return QCoreApplication.translate("checkup", "this system does not tell")
    texts = {
        EnergySource.PROCESSOR: QCoreApplication.translate(
            "checkup", "{count} J for 1,000 tokens, by the processor's meter"
        ),
        EnergySource.BATTERY: QCoreApplication.translate(
            "checkup", "{count} J for 1,000 tokens, by the battery: the screen and all"
        ),
    }
    count = QLocale().toString(round(card.energy.joules_per_1000_tokens))
    return texts[card.energy.source].format(count=count)


def _depths(card: ScoreCard) -> str:
    text = QCoreApplication.translate("checkup", "{depth}% in: {right} of {of}")
    parts = [
        text.format(depth=one.depth_percent, right=one.right, of=one.of) for one in card.depths
    ]
    return " · ".join(parts)


def _when(card: ScoreCard) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(card.at.timestamp()))
    when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
    text = QCoreApplication.translate("checkup", "{when}, in {minutes} min")
    minutes = QLocale().toString(card.took_s / 60, "f", 1)
    return text.format(when=when, minutes=minutes) if card.took_s else when
