"""What a model is, in words for a person who has never heard of quantization."""

import re

from PySide6.QtCore import QCoreApplication

from assistant.models.keeping.installed import InstalledModel

_QUANTIZATION = re.compile(r"[-._](?:I?Q\d(?:_[0-9A-Z]+)*|B?F16|F32)(?=[-._]|$)", re.IGNORECASE)
# Some publishers write whose model it is before its name: "Qwen_Qwen3.5-2B".
_OWNER = re.compile(r"^[A-Za-z0-9.-]+_(?=[A-Za-z])")


def called(model: InstalledModel) -> str:
    """Return the name that the person gave a model, else the one that its file has."""
    return model.title or display_name(model.name)


def display_name(name: str) -> str:
    """Return a model file's name as a person says it: "SmolLM2 135M Instruct"."""
    plain = _OWNER.sub("", _QUANTIZATION.sub("", name.removesuffix(".gguf")))
    return " ".join(re.split(r"[-_\s]+", plain)).strip() or name


def parameters_in_words(parameters: int) -> str:
    """Return "135 million parameters" or "2.1 billion parameters"; empty for none."""
    if parameters <= 0:
        return ""
    if parameters < 995_000_000:
        text = QCoreApplication.translate("model", "{count} million parameters")
        return text.format(count=round(parameters / 1e6))
    text = QCoreApplication.translate("model", "{count} billion parameters")
    return text.format(count=f"{parameters / 1e9:.1f}".removesuffix(".0"))


def quantization_in_words(quantization: str) -> str:
    """Return how much a quantization such as "Q4_K_M" takes away from a model, in words."""
    name = quantization.upper()
    bits = next((int(c) for c in name if c.isdigit()), 0)
    if name.startswith(("F16", "F32", "BF16")):
        return QCoreApplication.translate("model", "not compressed")
    if not name.startswith(("Q", "IQ", "TQ", "MXFP")) or not bits:
        return quantization
    if bits >= 8:
        return QCoreApplication.translate("model", "hardly compressed, nothing lost")
    if bits >= 5:
        return QCoreApplication.translate("model", "lightly compressed, almost nothing lost")
    if bits == 4:
        return QCoreApplication.translate("model", "well compressed, little lost")
    return QCoreApplication.translate("model", "strongly compressed, much lost")
