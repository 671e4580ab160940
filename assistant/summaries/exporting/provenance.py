"""How a result came about: with which settings, when, and by which version of the app."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from assistant import __version__
from assistant.summaries.summary import ModelUsed, SummaryOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What has to be known to make a result again.

    Attributes:
        options: what was asked for; None if nobody noted it.
        made_at: when, with its time zone; None if nobody noted it.
        version: of the app.
    """

    options: SummaryOptions | None = None
    made_at: datetime | None = None
    version: str = __version__

    def lines(self, model: ModelUsed | None, sha256: str) -> Iterator[str]:
        """Yield in sentences what `model` and the file with the sum `sha256` became this way."""
        when = f" on {self.made_at:%Y-%m-%d at %H:%M %Z}".rstrip() if self.made_at else ""
        yield f"Made with Alcove {self.version}{when}."
        if self.options is not None:
            yield f"Settings: {', '.join(self._settings(self.options))}."
        if model is not None and model.sha256:
            yield f"SHA-256 of the model's file: {model.sha256}"
        if sha256.strip("0"):
            yield f"SHA-256 of the document: {sha256}"

    @staticmethod
    def _settings(options: SummaryOptions) -> Iterator[str]:
        yield f"mode {options.mode}"
        yield f"about {options.words} words"
        yield f"style {options.style}"
        if options.language:
            yield f"language {options.language}"
        if options.kind:
            yield f"kind {options.kind}"
        if options.focus:
            yield f"focus “{options.focus}”"
        if options.is_reproducible:
            yield "reproducible"
