"""The commands of the terminal, in the order of `alcove --help`: those of `assistant.cli.NAMES`."""

from assistant.cli import ask, bench, chat, chats, compare, doctor, models, ocr, quick, summarize

COMMANDS = (summarize, ask, compare, ocr, chat, chats, quick, models, bench, doctor)
