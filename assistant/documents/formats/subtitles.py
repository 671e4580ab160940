"""Reads subtitles (SubRip and WebVTT): cues joined to prose, a page a minute named by its time."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind, PageStatus, PageUnit
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.formats.text import read_text
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

_TIMES = re.compile(
    r"^[ \t]*(?P<start>(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})[ \t]*-->[ \t]*"
    r"(?P<end>(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})[^\n]*$",
    re.MULTILINE,
)
_TAG = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?\s+(?P<name>[^<>]{1,80})>")
_NUMBER = re.compile(r"\n[ \t]*\d+[ \t]*\n*$|^\s*\d+\s*$")
_WEBVTT_TITLE = re.compile(r"\AWEBVTT[ \t]*-?[ \t]*(?P<title>[^\n]*)")
_SOUND = re.compile(r"[\[(♪♫].*[\])♪♫]|[♪♫\s]+")
_DASH = re.compile(r"^\s*[-–—]\s*(?=\S)")
_PAGE_S = 60.0
_PAUSE_S = 3.0  # silence that ends a paragraph
_ENDS = (".", "!", "?", "…", "。", "！", "？", '"', "”")


@dataclass(frozen=True, slots=True)
class _Cue:
    start_s: float
    end_s: float
    lines: tuple[str, ...]
    speaker: str = ""


def read(path: Path, limits: Limits) -> Draft:
    """Return the draft of a file of subtitles.

    Raises:
        DocumentError: it is damaged or passes a limit.
    """
    text = read_text(path, limits)
    match = _WEBVTT_TITLE.match(text)
    pages = _pages(_without_repeats(_cues(text)))
    if not pages:
        raise DocumentError(path, FileFault.DAMAGED)
    if len(pages) > limits.pages:
        raise DocumentError(path, FileFault.TOO_LARGE, limit=f"pages {limits.pages}")
    titles = (match["title"].strip(),) if match else ()
    return Draft("subtitles", pages, titles, unit=PageUnit.PART)


def _cues(text: str) -> Iterator[_Cue]:
    """Yield the cues: what stands below a line of times, up to a blank line and the next one."""
    found = list(_TIMES.finditer(text))
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        body = text[match.end() : end]
        if index + 1 < len(found):
            body = _NUMBER.sub("", body.rstrip(" \t\n") + "\n") if body.strip() else ""
        # Notes and styles between cues are no speech; they stand behind a blank line.
        body = re.split(r"\n[ \t]*\n\s*(?=NOTE\b|STYLE\b|REGION\b)", body)[0]
        voice = _VOICE.search(body)
        lines = tuple(
            line
            for raw in body.split("\n")
            if (line := fold(clean(html.unescape(_TAG.sub("", raw)))))
        )
        yield _Cue(
            _seconds(match["start"]),
            _seconds(match["end"]),
            lines,
            fold(clean(voice["name"])) if voice else "",
        )


def _seconds(time: str) -> float:
    whole, _, fraction = time.replace(",", ".").partition(".")
    seconds = 0.0
    for part in whole.split(":"):
        seconds = 60 * seconds + int(part)
    return seconds + float(f"0.{fraction}")


def _without_repeats(cues: Iterator[_Cue]) -> Iterator[_Cue]:
    """Drop lines that stood in the cue before: live captions roll up line by line."""
    before: tuple[str, ...] = ()
    for cue in cues:
        new = tuple(line for line in cue.lines if line not in before)
        before = cue.lines or before
        if new:
            yield _Cue(cue.start_s, cue.end_s, new, cue.speaker)


def _pages(cues: Iterator[_Cue]) -> list[DraftPage]:
    """Return a page for every minute in which somebody speaks."""
    pages: list[DraftPage] = []
    until = begun = ended = -1.0
    speaker = ""
    for cue in cues:
        is_new_page = cue.start_s >= until
        if is_new_page:
            until = (cue.start_s // _PAGE_S + 1) * _PAGE_S
            begun = cue.start_s
            pages.append(DraftPage())
        page = pages[-1]
        text = _words(cue)
        is_new = is_new_page or _is_new_paragraph(page, cue, ended, speaker)
        if is_new:
            words = f"{cue.speaker}: {text}" if cue.speaker else text
            goes_on = is_new_page and _goes_on(pages, cue, ended, speaker)
            page.blocks.append(DraftBlock(BlockKind.PARAGRAPH, words, continues=goes_on))
        else:
            page.blocks[-1].text += f" {text}"
        ended, speaker = cue.end_s, cue.speaker or speaker
        page.label = f"{_clock(begun)}–{_clock(ended)}"
        page.status = PageStatus.READ
    return pages


def _words(cue: _Cue) -> str:
    return " ".join(_DASH.sub("– ", line) if len(cue.lines) > 1 else line for line in cue.lines)


def _is_new_paragraph(page: DraftPage, cue: _Cue, ended: float, speaker: str) -> bool:
    """Return whether a pause, another speaker or a sound parts this cue from the one before."""
    if not page.blocks:
        return True
    has_ended = page.blocks[-1].text.endswith(_ENDS)
    is_turn = bool(cue.speaker) and cue.speaker != speaker
    is_sound = bool(_SOUND.fullmatch(cue.lines[0])) or bool(_SOUND.fullmatch(page.blocks[-1].text))
    return is_turn or is_sound or (has_ended and cue.start_s - ended > _PAUSE_S)


def _goes_on(pages: list[DraftPage], cue: _Cue, ended: float, speaker: str) -> bool:
    """Return whether the sentence of the page before goes on in this cue."""
    if len(pages) < 2 or not pages[-2].blocks or cue.start_s - ended > _PAUSE_S:
        return False
    is_turn = bool(cue.speaker) and cue.speaker != speaker
    return not is_turn and not pages[-2].blocks[-1].text.endswith(_ENDS)


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
