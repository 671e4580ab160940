"""Tells the one-byte encodings of Latin letters apart, by whose letters come out of the bytes.

Statistics need hundreds of such letters; a table or a letter home has five. But all of them must
belong to one language: what is Icelandic and French at once was Turkish.
"""

from collections import Counter

# The more usual first: it wins where two give the same letters.
_ENCODINGS = (
    "cp1252",
    "cp1250",
    "cp1254",
    "iso8859_2",
    "cp1257",
    "iso8859_15",
    "mac_roman",
    "cp850",
)
_ALPHABETS = (
    "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúüçàèòïªº¿¡", "àèéìíòóùú", "ãõâêôáéíóúàçü", "åäöéæøáü",
    "áéíóúýðþæö", "àâéèêëïîôöóüçáí", "ąćęłńóśźż", "áčďéěíňóřšťúůýžäĺľŕô", "áéíóöőúüű", "ăâîșțşţ",
    "čćđšž", "çğıöşüâî", "āčēģīķļņšūž", "ąčęėįšųūž", "õäöüšž",
)  # fmt: skip
# Raised numbers and fractions are left out: in the wrong encoding they are Polish letters.
_MARKS = frozenset("“”„’\u201a‘–—…€£§°«»‹›©®™·• \u00a0")
_LETTERS = tuple(frozenset(letters + letters.upper() + "İ") | _MARKS for letters in _ALPHABETS)
_MOST_SHARE = 0.5  # of bytes beyond ASCII; other scripts have more
_LEAST_SHARE = 0.9  # of them that are one language's letters


def latin_encoding(data: bytes) -> str:
    """Return the name of the encoding, "" if the bytes are not Latin letters."""
    beyond = Counter(byte for byte in data if byte > 127)
    count = sum(beyond.values())
    if not count or count > _MOST_SHARE * len(data):
        return ""
    best, best_share = "", _LEAST_SHARE
    for name in _ENCODINGS:
        letters = {bytes([byte]).decode(name, "replace"): times for byte, times in beyond.items()}
        share = max(
            sum(times for letter, times in letters.items() if letter in known) / count
            for known in _LETTERS
        )
        if share > best_share:
            best, best_share = name, share
    return best
