"""How list items, headings, captions and footnotes begin, in PDF and plain text alike."""

import re

BULLET = re.compile(r"[•‣◦▪▫■□●○◆➢➤✓·∙⁃◾*–—\uf0a7\uf0b7\uf0d8-](?:\s+|$)")  # noqa: RUF001
ENUMERATOR = re.compile(
    r"(?:\(?\d{1,3}[.)]|\(\d{1,3}\)|\(?[a-z][.)]|\([A-Z]\)|\(?[ivx]{1,5}[.)])\s+(?=\S)"
)
SECTION_NUMBER = re.compile(r"(?P<number>(?:\d{1,3}|[A-Z])(?:\.\d{1,3})*)\.?(?:\s+|$)")
NAMED_SECTION = re.compile(
    r"(?:chapter|article|section|part|appendix|annex|schedule|title|amendment|preamble|kapitel|"
    r"artikel|abschnitt|teil|anhang|anlage|chapitre|annexe|partie|capítulo|artículo|§)"
    r"(?:\s*(?:\d+(?:\.\d+)*|[ivxlcdm]+|[a-z]|one|two|three|four|five|six|seven|eight|nine|ten))?"
    r"\b[.:]?",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"(?:figure|fig\.|table|listing|plate|chart|abbildung|abb\.|tabelle|tableau|figura|tabla)"
    r"\s*\d+(?:[.-]\d+)*\s*[.:–—|]",
    re.IGNORECASE,
)
FOOTNOTE = re.compile(r"(?:\d{1,3}|[*†‡§¹²³⁴-⁹]{1,3})\s*(?=[^\W\d_“\"(])")
LEADERS = re.compile(r"\s*(?:\.\s?){4,}\s*|\s*…{2,}\s*|\s*_{4,}\s*(?=\d)")
_ENDS = (".", "!", "?", ";", ",")


def has_leaders(text: str) -> bool:
    """Return whether dots lead to a page number, as in a table of contents."""
    if ".." in text or ". ." in text or "…" in text or "__" in text:
        return bool(LEADERS.search(text))
    return False


def is_item(text: str) -> bool:
    """Return whether `text` begins with a bullet or a number of a list."""
    return bool(BULLET.match(text) or ENUMERATOR.match(text))


def is_capitals(text: str) -> bool:
    """Return whether `text` is written in capital letters, four at least."""
    return text.isupper() and sum(character.isalpha() for character in text) >= 4


def depth(text: str) -> int:
    """Return how deep the number before a heading is: 2 for "3.1 Scope", 0 without one."""
    match = SECTION_NUMBER.match(text)
    if not match or match.end() == len(text):
        return 0
    number = match["number"]
    if number.isalpha() and not text[match.end("number") :].startswith("."):
        return 0
    return number.count(".") + 1


def names_section(text: str) -> bool:
    """Return whether a short line such as "Article I" or "Section 2: Scope" names a section."""
    match = NAMED_SECTION.match(text)
    if not match or len(text) > 80 or text.endswith(_ENDS[1:]):
        return False
    return match.end() == len(text) or text[match.end() :].lstrip()[:1].isupper()


def may_head(text: str) -> bool:
    """Return whether `text` could be a heading by its words alone."""
    if not 1 < len(text) <= 200 or not any(character.isalpha() for character in text):
        return False
    return not (text.endswith(_ENDS) and len(text.split()) > 12)
