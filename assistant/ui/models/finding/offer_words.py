"""Why a model of the catalog is recommended, in words."""

from PySide6.QtCore import QCoreApplication, QLocale

from assistant.models.finding.catalog import CatalogModel, Reason, Recommendation


def reasons_in_words(recommendation: Recommendation) -> str:
    """Return why a model is recommended, a sentence for each reason."""
    model = recommendation.model
    return " ".join(_sentence(reason, model) for reason in recommendation.reasons)


def faster_reason() -> str:
    """Return why a smaller model is recommended than the memory would hold."""
    return QCoreApplication.translate(
        "offer", "The largest of our selection that is quick enough on this computer."
    )


def _sentence(reason: Reason, model: CatalogModel) -> str:
    text = {
        Reason.MADE_FOR_THIS_MEMORY: QCoreApplication.translate(
            "offer", "Chosen for computers with {memory} GB of memory and more."
        ),
        Reason.LARGEST_THAT_FITS: QCoreApplication.translate(
            "offer", "The largest for this that fits into your memory."
        ),
        Reason.SMALLEST_THERE_IS: QCoreApplication.translate(
            "offer", "The smallest there is; it may still be tight here."
        ),
        Reason.ONLY_ONE: QCoreApplication.translate("offer", "The one we know for this."),
        Reason.FEW_MADE_UP: QCoreApplication.translate(
            "offer", "It makes little up ({rate}% of summaries in a public test)."
        ),
        Reason.MANY_LANGUAGES: QCoreApplication.translate("offer", "It knows many languages."),
        Reason.PARTLY_USED: QCoreApplication.translate(
            "offer", "Fast for its size: {active} of its {parameters} work at a time."
        ),
        Reason.FREE_LICENCE: QCoreApplication.translate("offer", "Free for paid work, too."),
        Reason.SLOW_FORMAT: QCoreApplication.translate(
            "offer", "Its format is slow on this processor."
        ),
    }[reason]
    return text.format(
        memory=QLocale().toString(round(model.default_for_ram_gb or 0)),
        rate=QLocale().toString(model.hallucination_rate or 0.0, "f", 1),
        active=model.active_parameters or "",
        parameters=model.parameters,
    )
