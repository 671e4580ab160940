"""What the terminal says of models on the hub: risks, terms, files, reasons. English."""

from datetime import datetime

from assistant.models.finding.architectures import Runnable
from assistant.models.finding.catalog import Reason, Recommendation
from assistant.models.finding.licences import Duty, LicenceTerms, Limit
from assistant.models.finding.repository import RemoteModel
from assistant.models.finding.risks import Risk
from assistant.models.finding.risks import Warning as Risky
from assistant.quantizations import Grade

NO_ADVICE = "This is a short reading, not legal advice."

_RISKS = {
    Risk.LOOKALIKE: "Its name is close to {detail}, but it is from someone else.",
    Risk.HIDDEN_CHARACTERS: "Its {detail} has hidden characters, which can make text look "
    "different from what it is.",
    Risk.NO_LICENCE: "It names no licence: nobody says what you may do with it.",
    Risk.NO_CARD: "Nobody describes it: it has no model card.",
    Risk.OTHER_TEMPLATE: "Its chat template differs from that of {detail}: it may answer "
    "otherwise than the original.",
    Risk.NO_TEMPLATE: "It has no chat template: it continues texts and cannot converse.",
    Risk.UNKNOWN_PUBLISHER: "{detail} is not a publisher we know.",
    Risk.UNKNOWN_ORIGIN: "It does not say which model it was made from.",
    Risk.NO_DISCUSSION: "It is downloaded often, but nobody has ever discussed it.",
}
_PLACES = {"names": "list of files", "card": "model card", "template": "chat template"}
_DUTIES = {
    Duty.KEEP_NOTICE: "keep its notice",
    Duty.GIVE_CREDIT: "name who made it",
    Duty.SAY_CHANGES: "say what you changed",
    Duty.SHARE_ALIKE: "pass on changed versions under the same licence",
    Duty.OPEN_SOURCE: "give the source with what you pass on, under the same licence",
    Duty.NOT_CHANGE: "pass on no changed versions",
    Duty.NOT_SELL: "earn no money with it",
    Duty.RESEARCH_ONLY: "use it for research only",
    Duty.FOLLOW_USE_POLICY: "follow its rules of use",
    Duty.SHOW_NAME: "show its name in what you build",
    Duty.PASS_ON_TERMS: "pass on its terms with it",
}
_LIMITS = {
    Limit.NONE: "",
    Limit.MANY_USERS: "Services with very many users need a permission of their own.",
    Limit.REVENUE: "Free for paid work only up to a yearly revenue that its text names.",
    Limit.TERMS_MAY_CHANGE: "Its publisher may change these terms.",
    Limit.READ_ITS_TEXT: "What it allows stands in its own text: read it on the model's page.",
    Limit.NOT_SAID: "No licence is named: ask the publisher before you rely on it.",
}
_GRADES = {
    Grade.SMALLEST: "Smallest",
    Grade.SMALLER: "Smaller",
    Grade.BALANCED: "Balanced",
    Grade.BETTER: "Better quality",
    Grade.BEST: "Best quality",
}
_REASONS = {
    Reason.MADE_FOR_THIS_MEMORY: "chosen for computers with {memory:.0f} GB of memory and more",
    Reason.LARGEST_THAT_FITS: "the largest for this that fits into your memory",
    Reason.SMALLEST_THERE_IS: "the smallest there is; it may still be tight here",
    Reason.ONLY_ONE: "the one we know for this",
    Reason.FAST_ENOUGH: "the best that is fast enough here; larger ones would be slow",
    Reason.FEW_MADE_UP: "makes little up ({rate:.1f}% of summaries in a public test)",
    Reason.MANY_LANGUAGES: "knows many languages",
    Reason.PARTLY_USED: "fast for its size: {active} of its {parameters} work at a time",
    Reason.FREE_LICENCE: "free for paid work, too",
    Reason.SLOW_FORMAT: "its format is slow on this processor",
}


def risk(risky: Risky) -> str:
    """Return a reason to look twice, in a sentence."""
    detail = _PLACES.get(risky.detail, risky.detail)
    return _RISKS[risky.risk].format(detail=detail or "another")


def terms(told: LicenceTerms) -> list[str]:
    """Return what a licence allows and asks for, in sentences."""
    lines = []
    if told.allows_commercial is not None:
        allowed = (
            "Private and paid work are allowed." if told.allows_commercial else "No paid work."
        )
        lines.append(allowed)
    if told.must:
        lines.append(f"You must: {'; '.join(_DUTIES[duty] for duty in told.must)}.")
    if told.note:
        lines.append(_LIMITS[told.note])
    return lines


def grade(of: Grade) -> str:
    """Return how small and how good a file is."""
    return _GRADES[of]


def reasons(recommendation: Recommendation) -> str:
    """Return why a model is recommended, as a clause."""
    model = recommendation.model
    facts = {
        "memory": model.default_for_ram_gb or 0,
        "rate": model.hallucination_rate or 0.0,
        "active": model.active_parameters or "",
        "parameters": model.parameters,
    }
    return "; ".join(_REASONS[reason].format(**facts) for reason in recommendation.reasons)


def runs(model: RemoteModel) -> str:
    """Return why a model cannot run here; "" if it can."""
    if model.runs is Runnable.NO_GGUF:
        held = f" It holds {', '.join(model.formats)}." if model.formats else ""
        return f"It has no GGUF file, so llama.cpp cannot run it.{held}"
    if model.runs is Runnable.UNSUPPORTED_ARCHITECTURE:
        return f"This version of llama.cpp does not know its architecture, {model.architecture}."
    return ""


def parameters(number: int) -> str:
    """Return a number of parameters, "4.0B" or "135M"; "" if it is not known."""
    if not number:
        return ""
    return f"{number / 1e9:.1f}B" if number >= 1e9 else f"{number / 1e6:.0f}M"


def day(moment: datetime | None) -> str:
    """Return a moment's day; "" if it is not known."""
    return f"{moment:%Y-%m-%d}" if moment else ""
