"""Encodings and special characters of RTF (specification 1.9.1)."""

# By the number of a font's character set; 0 and 1 take the document's own encoding.
ENCODINGS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
SYMBOLS = 2  # a font of signs: its bytes are no letters
DECLARED = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}

# Control words and symbols that stand for characters.
CHARACTERS = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "~": " ",
    "_": "-",
    "\\": "\\",
    "{": "{",
    "}": "}",
}
# Groups whose text is not the document's, apart from those that begin with "\*".
SKIPPED = frozenset(
    {"colortbl", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr",
     "footerf", "pict", "nonshppict", "fldinst", "xe", "rxe", "txe", "tc", "tcn", "template",
     "author", "operator", "subject", "keywords", "comment", "doccomm", "company", "manager",
     "category", "hlinkbase", "creatim", "revtim", "printim", "buptim", "nonesttables", "listname",
     "objclass", "objname", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
     "filetbl", "sp", "pnseclvl", "shprslt"}
)  # fmt: skip
# Groups that begin with "\*" and whose text is the document's all the same.
TAKEN = frozenset(
    {"shpinst", "shptxt", "footnote", "nesttableprops", "ud", "pntext", "flddirty", "shppict"}
)


def encoding_of(page: int) -> str:
    """Return Python's name of a code page, cp1252 if there is none."""
    name = {65001: "utf-8", 10000: "mac_roman", 936: "gbk", 950: "big5"}.get(page, f"cp{page}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name
