"""How large a model is, as its name says, and about how much there is to download."""

import re

# "30B" in "Qwen3-30B-A3B", not the "3" of "Qwen3", the "v3" or the "8x7B" of a mixture, whose
# experts share layers, so that no product is right.
_TOTAL = re.compile(r"(?<![A-Za-z0-9.])(\d{1,4}(?:\.\d{1,3})?)([BM])(?![A-Za-z0-9])", re.IGNORECASE)
_ACTIVE = re.compile(r"(?<![A-Za-z0-9])A(\d{1,3}(?:\.\d{1,3})?)B(?![A-Za-z0-9])", re.IGNORECASE)
_FACTORS = {"b": 10**9, "m": 10**6}
_MOST = 5 * 10**12
# Of the catalog's nine files in Q4_K_M with more than a billion parameters: 0.61 to 0.63.
_USUAL_BYTES_PER_PARAMETER = 0.62


def parameters_in(name: str) -> int:
    """Return how many parameters a model's name tells of, 30e9 for "Qwen3-30B-A3B"; 0 for none."""
    found = _TOTAL.search(name)
    if not found:
        return 0
    total = round(float(found[1]) * _FACTORS[found[2].lower()])
    return total if 0 < total <= _MOST else 0


def active_parameters_in(name: str) -> int:
    """Return how many parameters are used for a token, 3e9 for "Qwen3-30B-A3B"; 0 if not told."""
    found = _ACTIVE.search(name)
    active = round(float(found[1]) * _FACTORS["b"]) if found else 0
    return active if active < (parameters_in(name) or _MOST) else 0


def usual_size(parameters: int) -> int:
    """Return about how many bytes a file in the usual format (Q4_K_M) has."""
    return round(parameters * _USUAL_BYTES_PER_PARAMETER)
