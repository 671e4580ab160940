"""What the settings of llama.cpp's samplers are called, and what they do, in plain words."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication


@dataclass(frozen=True, slots=True)
class Words:
    """A setting's name, and what it does; `technical` is what llama.cpp calls it."""

    name: str
    hint: str
    technical: str


def group_names() -> dict[str, str]:
    """Return the headings of the groups by their key, in the order in which they are shown."""
    tr = _tr
    return {
        "chance": tr("Chance"),
        "choice": tr("Which words come into question"),
        "repetition": tr("Against repetition"),
        "mirostat": tr("Mirostat: an even surprise"),
        "length": tr("Length and repeatability"),
    }


GROUPS: dict[str, tuple[str, ...]] = {
    "chance": (
        "temperature",
        "dynatemp_range",
        "dynatemp_exponent",
        "xtc_probability",
        "xtc_threshold",
    ),
    "choice": ("top_k", "top_p", "min_p", "typical_p", "top_n_sigma"),
    "repetition": (
        "repeat_penalty",
        "repeat_last_n",
        "presence_penalty",
        "frequency_penalty",
        "dry_multiplier",
        "dry_base",
        "dry_allowed_length",
        "dry_penalty_last_n",
    ),
    "mirostat": ("mirostat", "mirostat_tau", "mirostat_eta"),
    "length": ("max_tokens", "seed"),
}


def words_of(name: str) -> Words:
    """Return how a setting is called; one that is not known here by its technical name."""
    told = (_chance() | _choice() | _repetition() | _others()).get(name)
    return Words(*told, name) if told is not None else Words(name, "", name)


def _chance() -> dict[str, tuple[str, str]]:
    tr = _tr
    return {
        "temperature": (
            tr("Temperature"),
            tr("Low keeps to the likeliest words, high is livelier and errs more. 0: no chance."),
        ),
        "dynatemp_range": (
            tr("Temperature may vary by"),
            tr("Lower where the model is sure, higher where it is not. 0: it does not vary."),
        ),
        "dynatemp_exponent": (
            tr("How it varies"),
            tr("Above 1 it stays low until the model is quite unsure."),
        ),
        "xtc_probability": (
            tr("Skip the obvious"),
            tr("How often the likeliest words are left out, for surprising prose. 0: never."),
        ),
        "xtc_threshold": (
            tr("Obvious is above"),
            tr("How likely words must be to be left out by the setting above."),
        ),
    }


def _choice() -> dict[str, tuple[str, str]]:
    tr = _tr
    return {
        "top_k": (
            tr("At most so many words"),
            tr("Only the likeliest ones come into question. 0: all of them."),
        ),
        "top_p": (
            tr("Words up to this share"),
            tr("The likeliest words that have so much of the probability together. 1: all."),
        ),
        "min_p": (
            tr("At least this likely"),
            tr("Compared with the likeliest word: 0.05 is a twentieth of it. 0: all."),
        ),
        "typical_p": (
            tr("Typical words"),
            tr("Keeps words about as surprising as is usual at this place. 1: all."),
        ),
        "top_n_sigma": (
            tr("Close to the best"),
            tr("Keeps words within so many standard deviations of the best. -1: all."),
        ),
    }


def _repetition() -> dict[str, tuple[str, str]]:
    tr = _tr
    return {
        "repeat_penalty": (
            tr("Avoid repetition"),
            tr("Makes words less likely that were just written. 1: off; much above 1.2 hurts."),
        ),
        "repeat_last_n": (
            tr("… looking back"),
            tr("How many tokens back the settings against repetition look. 0: off."),
        ),
        "presence_penalty": (
            tr("New subjects"),
            tr("Makes every word less likely that was written at all. 0: off."),
        ),
        "frequency_penalty": (
            tr("New words"),
            tr("The same, the more the oftener it was written. 0: off."),
        ),
        "dry_multiplier": (
            tr("No repeated phrases"),
            tr("Makes it unlikely that whole phrases come again (DRY). 0: off; 0.8 is usual."),
        ),
        "dry_base": (
            tr("… how strongly"),
            tr("How fast that grows with the length of the phrase."),
        ),
        "dry_allowed_length": (
            tr("… phrases from"),
            tr("Phrases of up to so many tokens may come again."),
        ),
        "dry_penalty_last_n": (
            tr("… looking back (phrases)"),
            tr("How many tokens back phrases are looked for. 0: off."),
        ),
    }


def _others() -> dict[str, tuple[str, str]]:
    tr = _tr
    return {
        "mirostat": (
            tr("Mirostat"),
            tr("Steers how surprising the text is, in place of the settings above. 0: off."),
        ),
        "mirostat_tau": (
            tr("Surprise aimed at"),
            tr("Low is predictable, high is varied. 5 is usual."),
        ),
        "mirostat_eta": (
            tr("How fast it steers"),
            tr("How quickly it corrects itself. 0.1 is usual."),
        ),
        "max_tokens": (
            tr("Longest reply"),
            tr("In tokens, about three quarters of a word each. 0: the usual length."),
        ),
        "seed": (
            tr("Seed"),
            tr("The same number gives the same chances again. 0: a new one for each reply."),
        ),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("sampling", text)
