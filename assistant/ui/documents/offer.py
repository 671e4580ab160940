"""The offer of a better model: what it is, and what it would do on this computer."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from assistant import wording
from assistant.forecast import Forecast
from assistant.models.finding.catalog import CatalogModel, catalog, recommended
from assistant.models.finding.licences import terms_of
from assistant.ui.models.finding.foresight import Foresight, quickest_choice

_NOT_OFFERED = "trying out"


@dataclass(frozen=True, slots=True)
class Offer:
    """A model to offer, and what to expect of it here."""

    model: CatalogModel
    seen: Forecast


def best_offer(foresight: Foresight) -> Offer:
    """Return the model that the Models page recommends, too: it fits, and is fast enough here.

    Looks at this computer, which takes a moment: not for the window's thread.
    """
    machine = foresight.machine()
    wanted = dict.fromkeys([recommended(machine.total_bytes), *catalog()])
    models = [model for model in wanted if _NOT_OFFERED not in model.good_for]
    forecasts = foresight.of_offers(models)
    chosen = quickest_choice(models, forecasts)
    return Offer(chosen, forecasts[chosen.id])


def offer_text(offer: Offer) -> str:
    """Return the offer in a few words."""
    seconds = offer.seen.quick_s
    if seconds < 90:
        time = QCoreApplication.translate("Offer", "about a minute")
    else:
        time = QCoreApplication.translate("Offer", "about {minutes} minutes").format(
            minutes=round(seconds / 60)
        )
    return QCoreApplication.translate(
        "Offer",
        "A better model for this computer: {name}, {size}, licence {licence}. Key points still "
        "come at once; a quick summary of 20 pages would take {time} here, by a rough estimate. "
        "The download tells the hub your address and the model's name, nothing else.",
    ).format(
        name=offer.model.name,
        size=wording.size(offer.model.size_bytes or 0),
        licence=terms_of(offer.model.licence).name,
        time=time,
    )
