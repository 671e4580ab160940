"""What a person chose for the summary of one document, and how the choice is kept."""

from dataclasses import dataclass, replace

import msgspec

from assistant.settings import Settings
from assistant.storage.summaries import SummaryRecord
from assistant.summaries.keeping import Extras
from assistant.summaries.summary import Length, Mode, SummaryOptions
from assistant.summaries.wishes.styles import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How a document is to be summarised.

    Attributes:
        mode: key points, Quick or Thorough; None for what suits the model.
        length: how long.
        style: the form of what the model writes.
        focus: what it is to be about, "" for everything.
        language: ISO 639-1 code to write in, "" for the document's own.
        kind: a `kinds.Kind`'s value, "" for the one that is recognised.
        is_reproducible: one sequence at a time, so that the same text comes again.
        asks_model: the model is asked about its own sentences, too.
    """

    mode: Mode | None = None
    length: Length = Length.MEDIUM
    style: Style = Style.PARAGRAPHS
    focus: str = ""
    language: str = ""
    kind: str = ""
    is_reproducible: bool = False
    asks_model: bool = False

    def options(self, mode: Mode) -> SummaryOptions:
        """Return what the summary is asked for, in the `mode` that is possible now.

        Key points are found without a model: what only a model heeds makes no others of them.
        """
        if mode is Mode.KEY_POINTS:
            return SummaryOptions(
                mode=mode,
                words=self.length.words,
                focus=self.focus,
                style=self.style,
                kind=self.kind,
            )
        return SummaryOptions(
            mode=mode,
            words=self.length.words,
            focus=self.focus,
            style=self.style,
            language=self.language,
            kind=self.kind,
            is_reproducible=self.is_reproducible,
            asks_model=self.asks_model,
        )


def from_record(record: SummaryRecord, usual: Choices) -> Choices:
    """Return the choices a stored summary was made with.

    What a version of tomorrow wrote, or a length of the terminal's, is as usual here.
    """
    try:
        found = msgspec.json.decode(record.options or "{}", type=Extras)
    except msgspec.MsgspecError:
        found = Extras()
    made = replace(
        usual,
        mode=Mode(record.mode) if record.mode in set(Mode) else None,
        length=next((x for x in Length if x.words == record.words), usual.length),
        focus=record.focus,
        style=Style(found.style) if found.style in set(Style) else Style.PARAGRAPHS,
        kind=found.kind,
    )
    if made.mode is Mode.KEY_POINTS:
        return made
    return replace(
        made,
        language=found.language,
        is_reproducible=found.is_reproducible,
        asks_model=found.asks_model,
    )


def from_settings(settings: Settings) -> Choices:
    """Return the last choices, without what belongs to one document alone."""
    style = settings.summary_style
    length = settings.summary_length
    return Choices(
        length=Length(length) if length in set(Length) else Length.MEDIUM,
        style=Style(style) if style in set(Style) else Style.PARAGRAPHS,
        language=settings.summary_language,
        is_reproducible=settings.summary_is_reproducible,
        asks_model=settings.summary_asks_model,
    )


def to_settings(choices: Choices) -> dict[str, object]:
    """Return what changes in the settings, so that the next document begins with the same."""
    mode = {"summary_mode": choices.mode.value} if choices.mode else {}
    return mode | {
        "summary_length": choices.length.value,
        "summary_style": choices.style.value,
        "summary_language": choices.language,
        "summary_is_reproducible": choices.is_reproducible,
        "summary_asks_model": choices.asks_model,
    }


def as_before(choices: Choices, **changes: object) -> Choices:
    """Return `choices` with one of them changed."""
    return replace(choices, **changes)  # type: ignore[arg-type]
