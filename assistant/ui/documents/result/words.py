"""What a result says of its sentences: why they were chosen, and what was not found."""

from PySide6.QtCore import QCoreApplication

from assistant.evidence.citation import Flag
from assistant.summaries.summary import KeyPoint

translate = QCoreApplication.translate

_CUE_WORDS_SHOWN = 6


def why_words(point: KeyPoint) -> str:
    """Say why a sentence was chosen."""
    why = point.why
    section = " ".join(point.section.split())
    reasons = [
        translate("ResultWords", "Central to the document: {share} of 100").format(
            share=round(100 * why.centrality)
        ),
        QCoreApplication.translate(
            "ResultWords", "in “{section}”, a section of weight {share}"
        ).format(section=section, share=round(100 * why.section))
        if section
        else QCoreApplication.translate(
            "ResultWords", "in a part without a heading, of weight {share}"
        ).format(share=round(100 * why.section)),
    ]
    if why.cue_words:
        words = ", ".join(f"“{word}”" for word in why.cue_words[:_CUE_WORDS_SHOWN])
        reasons.append(translate("ResultWords", "telling words: {words}").format(words=words))
    if why.focus:
        reasons.append(
            translate("ResultWords", "fits your focus: {share} of 100").format(
                share=round(100 * why.focus)
            )
        )
    return " · ".join(reasons)


def flag_words(flag: Flag) -> str:
    """Say what the cited passages do not bear out."""
    return {
        Flag.UNSUPPORTED: translate("ResultWords", "not found in the document"),
        Flag.NUMBER: QCoreApplication.translate(
            "ResultWords", "a number is not in the cited passage"
        ),
        Flag.NAME: translate("ResultWords", "a name is not in the cited passage"),
        Flag.NEGATION: QCoreApplication.translate(
            "ResultWords", "yes and no differ from the cited passage"
        ),
        Flag.OBLIGATION: QCoreApplication.translate(
            "ResultWords", "must, may or only differ from the cited passage"
        ),
        Flag.ROLES: QCoreApplication.translate(
            "ResultWords", "who does what to whom differs from the cited passage"
        ),
        Flag.DENIED: QCoreApplication.translate(
            "ResultWords", "the model, asked again, does not find it in the cited passage"
        ),
    }[flag]
