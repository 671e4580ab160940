"""GBNF of what every JSON has: strings, numbers, dates, and values of any kind."""

from assistant.engine.grammars.bounds import MAX_DIGITS
from assistant.engine.grammars.patterns import PLAIN

_HEX = "[0-9a-fA-F]"
# Every month has these days.
_DATE = '[1-9] [0-9]{3} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | "1" [0-9] | "2" [0-8])'
_TIME = (
    '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,6})? '
    '("Z" | [+-] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])'
)
FORMATS = {
    "date": _DATE,
    "time": _TIME,
    "date-time": f'{_DATE} "T" {_TIME}',
    "uuid": f'{_HEX}{{8}} "-" {_HEX}{{4}} "-" {_HEX}{{4}} "-" {_HEX}{{4}} "-" {_HEX}{{12}}',
}
# A surrogate alone is no character: none is written as an escape.
_CHARACTER = (
    rf'{PLAIN} | "\\" ["\\/bfnrt] | "\\u" ([0-9a-cefA-CEF] {_HEX} | [dD] [0-7]) {_HEX}{{2}}'
)
COMMA, COLON = '"," " "?', '":" " "?'
BUILT_IN = {
    "character": _CHARACTER,
    "string": r'"\"" character* "\""',
    "number": f'"-"? ("0" | [1-9] [0-9]{{0,{MAX_DIGITS - 3}}}) ("." [0-9]{{1,15}})? '
    "([eE] [-+]? [0-9]{1,2})?",
    "integer": f'"-"? ("0" | [1-9] [0-9]{{0,{MAX_DIGITS - 3}}})',
    "boolean": '"true" | "false"',
    "null": '"null"',
    "array": f'"[" (value ({COMMA} value)*)? "]"',
    "member": f"string {COLON} value",
    "object": f'"{{" (member ({COMMA} member)*)? "}}"',
    "value": "object | array | string | number | boolean | null",
}
USED_BY = {
    "string": ("character",),
    "array": ("value",),
    "member": ("string", "value"),
    "object": ("member",),
    "value": ("object", "array", "string", "number", "boolean", "null"),
}
