"""The facts on a model's card, in words."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale

from assistant.models.finding.catalog import CatalogModel, catalog
from assistant.models.finding.sizes import parameters_in
from assistant.models.keeping.installed import InstalledModel
from assistant.ui.model_words import display_name, parameters_in_words, quantization_in_words
from assistant.wording import size

_WORDS_PER_TOKEN = 0.75
_FREE = {"apache-2.0": "Apache 2.0", "mit": "MIT"}


def name_of(model: InstalledModel) -> str:
    """Return the person's name for a model, else the catalog's, else that of its file."""
    return model.title or file_name_of(model)


def file_name_of(model: InstalledModel) -> str:
    """Return the catalog's name of a model that came from there, else that of its file."""
    known = _catalogued(model)
    return known.name if known else display_name(model.name)


def facts_of(model: InstalledModel) -> str:
    """Return size, parameters, quantization, context, licence and publisher of a model here."""
    known = _catalogued(model)
    publisher = known.publisher if known else model.repo.partition("/")[0]
    compression = quantization_in_words(model.quantization)
    if compression != model.quantization:
        compression = f"{compression} ({model.quantization})"
    return _joined(
        size(model.size_bytes),
        parameters_in_words(model.parameters),
        compression,
        context_in_words(model.context_tokens),
        licence_in_words(model.licence),
        _by(publisher),
        _from(model),
    )


def facts_of_offer(model: CatalogModel) -> str:
    """Return the same of a model of the catalog."""
    return _joined(
        size_of_offer(model),
        parameters_in_words(parameters_in(model.parameters)),
        context_in_words(model.context_tokens),
        licence_in_words(model.licence),
        _by(model.publisher),
    )


def size_of_offer(model: CatalogModel) -> str:
    """Return what is to be downloaded, as far as it is known."""
    if model.size_bytes is None:
        return QCoreApplication.translate("model", "size is told by the hub")
    return size(model.size_bytes)


def uses_in_words(good_for: tuple[str, ...]) -> str:
    """Return "good for chat and summaries"."""
    names = {
        "chat": QCoreApplication.translate("model", "chat"),
        "summaries": QCoreApplication.translate("model", "summaries"),
        "many languages": QCoreApplication.translate("model", "many languages"),
        "code": QCoreApplication.translate("model", "code"),
        "Arabic": QCoreApplication.translate("model", "Arabic"),
        "fast on CPU": QCoreApplication.translate("model", "quick answers"),
        "trying out": QCoreApplication.translate("model", "trying out"),
    }
    uses = [names.get(use, use) for use in good_for]
    if not uses:
        return ""
    text = QCoreApplication.translate("model", "good for {uses}")
    return text.format(uses=QLocale().createSeparatedList(uses))


def uses_of(model: InstalledModel) -> str:
    """Return what an installed model is good for, if the catalog knows."""
    if model.is_starter:
        return QCoreApplication.translate("model", "for trying out: it makes things up")
    if model.is_for_embeddings:
        return QCoreApplication.translate("model", "for comparing texts: it cannot converse")
    if not model.has_chat_template:
        return QCoreApplication.translate("model", "a base model: it cannot converse")
    known = _catalogued(model)
    return uses_in_words(known.good_for) if known else ""


def context_in_words(tokens: int) -> str:
    """Return how much text a context holds, in words."""
    if tokens <= 0:
        return ""
    words = tokens * _WORDS_PER_TOKEN
    step = 1000 if words >= 10_000 else 100
    count = QLocale().toString(round(words / step) * step)
    return QCoreApplication.translate("model", "reads up to {count} words").format(count=count)


def licence_in_words(licence: str) -> str:
    """Return a licence's name, and that it is free where it is."""
    if licence in _FREE:
        text = QCoreApplication.translate("model", "{licence}, free for any use")
        return text.format(licence=_FREE[licence])
    if not licence:
        return QCoreApplication.translate("model", "licence not known")
    return QCoreApplication.translate("model", "licence {licence}").format(licence=licence)


def _by(publisher: str) -> str:
    if not publisher:
        return ""
    return QCoreApplication.translate("model", "by {publisher}").format(publisher=publisher)


def _from(model: InstalledModel) -> str:
    if not model.origin:
        return ""
    owner = Path(model.origin).name if Path(model.origin).is_absolute() else model.origin
    text = QCoreApplication.translate("model", "used where {owner} keeps it")
    return text.format(owner=owner)


def _joined(*facts: str) -> str:
    return " · ".join(fact for fact in facts if fact)


def _catalogued(model: InstalledModel) -> CatalogModel | None:
    for known in catalog():
        if known.repo == model.repo and known.file.removesuffix(".gguf") == model.name:
            return known
    return None
