"""What the hub says of a model, in words for a person."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from assistant.models.finding.licences import Duty, LicenceTerms, Limit, terms_of
from assistant.models.finding.risks import Risk
from assistant.models.finding.risks import Warning as Risky
from assistant.models.finding.search import FoundModel
from assistant.quantizations import Grade
from assistant.ui.labels import counted
from assistant.ui.model_words import parameters_in_words

_MANY_LANGUAGES = 6
_MILLION = 10**6


def risk_in_words(risky: Risky) -> str:
    """Return a reason to look twice, in a sentence."""
    text = {
        Risk.LOOKALIKE: QCoreApplication.translate(
            "remote", "Its name is close to {detail}, but it is from someone else."
        ),
        Risk.HIDDEN_CHARACTERS: QCoreApplication.translate(
            "remote", "Its name or card has hidden characters, which can make it look like another."
        ),
        Risk.NO_LICENCE: QCoreApplication.translate(
            "remote", "It names no licence: nobody says what you may do with it."
        ),
        Risk.NO_CARD: QCoreApplication.translate(
            "remote", "Nobody describes it: it has no model card."
        ),
        Risk.OTHER_TEMPLATE: QCoreApplication.translate(
            "remote", "Its chat template differs from that of {detail}: it may answer badly."
        ),
        Risk.NO_TEMPLATE: QCoreApplication.translate(
            "remote", "It has no chat template: it continues texts and cannot converse."
        ),
        Risk.UNKNOWN_PUBLISHER: QCoreApplication.translate(
            "remote", "{detail} is not a publisher we know."
        ),
        Risk.UNKNOWN_ORIGIN: QCoreApplication.translate(
            "remote", "It does not say which model it was made from."
        ),
        Risk.NO_DISCUSSION: QCoreApplication.translate(
            "remote", "Downloaded often, but nobody has ever discussed it."
        ),
    }[risky.risk]
    unnamed = {
        Risk.LOOKALIKE: QCoreApplication.translate(
            "remote", "Its name is close to a well-known one, but it is from someone else."
        ),
        Risk.OTHER_TEMPLATE: QCoreApplication.translate(
            "remote", "Its chat template differs from that of its base model: it may answer badly."
        ),
        Risk.UNKNOWN_PUBLISHER: QCoreApplication.translate(
            "remote", "Its publisher is not one we know."
        ),
    }
    if not risky.detail:
        text = unnamed.get(risky.risk, text)
    return text.replace("{detail}", risky.detail)


def grade_in_words(grade: Grade) -> str:
    """Return how small and how good a file is among those of its model."""
    return {
        Grade.SMALLEST: QCoreApplication.translate("remote", "Smallest"),
        Grade.SMALLER: QCoreApplication.translate("remote", "Smaller"),
        Grade.BALANCED: QCoreApplication.translate("remote", "Balanced"),
        Grade.BETTER: QCoreApplication.translate("remote", "Better quality"),
        Grade.BEST: QCoreApplication.translate("remote", "Best quality"),
    }[grade]


def permission_in_words(terms: LicenceTerms) -> str:
    """Return whether paid work may be done with a model, in a sentence."""
    if terms.allows_commercial is None:
        if terms.note is Limit.NOT_SAID:
            return QCoreApplication.translate(
                "remote", "No licence is named: ask the publisher before you rely on it."
            )
        return QCoreApplication.translate(
            "remote", "What it allows stands in its own text, which you should read."
        )
    if terms.allows_commercial:
        return QCoreApplication.translate("remote", "Private and paid work are allowed.")
    return QCoreApplication.translate("remote", "Only private use and research: no paid work.")


def terms_in_words(terms: LicenceTerms) -> list[str]:
    """Return what a licence asks for and what else is to be known, a sentence each."""
    duties = {
        Duty.KEEP_NOTICE: QCoreApplication.translate(
            "remote", "If you pass the model on, keep its licence text with it."
        ),
        Duty.GIVE_CREDIT: QCoreApplication.translate("remote", "Name who made it."),
        Duty.SAY_CHANGES: QCoreApplication.translate("remote", "Say what you changed."),
        Duty.SHARE_ALIKE: QCoreApplication.translate(
            "remote", "Pass on what you make from it under the same terms."
        ),
        Duty.OPEN_SOURCE: QCoreApplication.translate(
            "remote", "Software that contains it must be open source."
        ),
        Duty.NOT_CHANGE: QCoreApplication.translate("remote", "Do not pass on changed versions."),
        Duty.NOT_SELL: QCoreApplication.translate("remote", "Do not earn money with it."),
        Duty.RESEARCH_ONLY: QCoreApplication.translate("remote", "Use it for research only."),
        Duty.FOLLOW_USE_POLICY: QCoreApplication.translate(
            "remote", "Its list of forbidden uses applies."
        ),
        Duty.SHOW_NAME: QCoreApplication.translate(
            "remote", "Show its name in what you build with it."
        ),
        Duty.PASS_ON_TERMS: QCoreApplication.translate(
            "remote", "Pass its terms on to those who get it from you."
        ),
    }
    notes = {
        Limit.MANY_USERS: QCoreApplication.translate(
            "remote", "Very large companies need another licence."
        ),
        Limit.REVENUE: QCoreApplication.translate(
            "remote", "Companies above a yearly revenue need another licence."
        ),
        Limit.TERMS_MAY_CHANGE: QCoreApplication.translate(
            "remote", "The publisher may change these terms later."
        ),
    }
    words = [duties[duty] for duty in terms.must]
    return [*words, notes[terms.note]] if terms.note in notes else words


def licence_on_card(licence: str) -> str:
    """Return a licence's name and the one thing that matters most, for a result's facts."""
    terms = terms_of(licence)
    if not licence:
        return QCoreApplication.translate("remote", "no licence named")
    if terms.allows_commercial:
        text = QCoreApplication.translate("remote", "{licence}, paid work allowed")
    elif terms.allows_commercial is False:
        text = QCoreApplication.translate("remote", "{licence}, no paid work")
    else:
        text = QCoreApplication.translate("remote", "licence {licence}")
    return text.format(licence=terms.name)


def languages_in_words(codes: Sequence[str]) -> str:
    """Return the names of languages, the first few of many."""
    names = [_language(code) for code in codes]
    if len(names) <= _MANY_LANGUAGES:
        return QLocale().createSeparatedList(names)
    text = QCoreApplication.translate("remote", "{languages} and {count} more")
    shown = ", ".join(names[: _MANY_LANGUAGES - 1])
    return text.format(languages=shown, count=len(names) - _MANY_LANGUAGES + 1)


def downloads_in_words(count: int) -> str:
    """Return "12,000 downloads in 30 days", "1.2 million downloads in 30 days"."""
    if count >= _MILLION:
        text = QCoreApplication.translate("remote", "{count} million downloads in 30 days")
        return text.format(count=QLocale().toString(count / _MILLION, "f", 1))
    text = QCoreApplication.translate("remote", "{count} download(s) in 30 days")
    return counted(text, count).format(count=QLocale().toString(_rounded(count)))


def date_in_words(at: datetime | None) -> str:
    """Return "March 2026"; empty for none."""
    if at is None:
        return ""
    return QLocale().toString(QDate(at.year, at.month, 1), "MMMM yyyy")


def facts_of_result(found: FoundModel) -> str:
    """Return size, licence, publisher, downloads and date of a model that was found."""
    updated = date_in_words(found.updated_at)
    facts = [
        parameters_in_words(found.parameters),
        licence_on_card(found.licence),
        QCoreApplication.translate("remote", "by {author}").format(author=found.author),
        languages_in_words(found.languages),
        downloads_in_words(found.downloads),
        QCoreApplication.translate("remote", "changed in {month}").format(month=updated)
        if updated
        else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def breakable(name: str) -> str:
    """Let a name without spaces break into lines."""
    for mark in "/_.":
        name = name.replace(mark, f"{mark}\u200b")
    return name


def _language(code: str) -> str:
    language = QLocale.codeToLanguage(code)
    return QLocale.languageToString(language) if language is not QLocale.Language.C else code


def _rounded(count: int) -> int:
    """Keep two digits of a large count: more would say nothing."""
    step: int = 10 ** max(0, len(str(count)) - 2)
    return round(count / step) * step if count >= 1000 else count
