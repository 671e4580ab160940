"""What a person can do in a conversation in the terminal besides asking: lines as `/edit 3`."""

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.cli.reply_output import figures_words, harmless
from assistant.cli.talking import Talk
from assistant.cli.terminal import say, write_result
from assistant.conversations.figures import MadeWith, ReplyFigures
from assistant.conversations.recaps import on_path
from assistant.engine.protocol import Role
from assistant.storage.conversations import MessageRecord
from assistant.storage.recaps import Recap

# A path ("/etc/hosts: what is it?") is no command.
_LINE = re.compile(r"/(?P<name>[a-z]+)(?:\s+(?P<rest>\S.*))?\s*", re.DOTALL)
_OPENING_CHARACTERS = 100

HELP = """\
/again             reply to the last question once more; both replies are kept
/continue          go on with a reply that was stopped or cut
/history           what was said so far, numbered, with its variants
/show [N]          message N whole, or the last one, with its reasoning
/edit [N]          ask question N, or the last one, in other words; both are kept
/variant [N] K     show variant K of message N, or of the last that has some
/branch [N]        go on in a new conversation with what was said up to message N
/recap             what the model is given in place of messages that no longer fit
/recap edit|off|on change that, or say whether it is used
/figures           what the last reply took, and how it was made
/help              these lines
Ctrl+C stops a reply, Ctrl+D ends the conversation."""


class Unclear(Exception):  # noqa: N818 - named for what happened
    """A command cannot be done as it was typed; the words say what is."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """A command as it was typed: its words after the name, and what stops a reply."""

    rest: str
    cancel: threading.Event


class TalkCommands:
    """Does what the lines that begin with a slash ask for.

    Args:
        talk: the conversation under way.
        ask: shows a prompt and returns the line that the person types; None for none.
    """

    def __init__(self, talk: Talk, ask: Callable[[str], str | None]) -> None:
        self._talk = talk
        self._ask = ask
        self._known: dict[str, Callable[[_Typed], None]] = {
            "again": lambda typed: self._plain(typed, talk.again),
            "continue": lambda typed: self._plain(typed, talk.go_on),
            "history": self._history,
            "show": self._show,
            "edit": self._edit,
            "variant": self._variant,
            "branch": self._branch,
            "recap": self._recap,
            "figures": self._figures,
            "help": lambda _: say(HELP),
        }

    def do(self, line: str, cancel: threading.Event) -> bool:
        """Do what a line asks for; return False if it is no command but a question.

        Raises:
            AssistantError: there is no reply, or nothing can be read or written.
        """
        match = _LINE.fullmatch(line.strip())
        if match is None:
            return False
        command = self._known.get(match["name"])
        if command is None:
            say(f"alcove: there is no command /{match['name']}; /help lists them.")
            return True
        try:
            command(_Typed(match["rest"] or "", cancel))
        except Unclear as reason:
            say(f"alcove: {reason}")
        return True

    def _plain(self, typed: _Typed, reply: Callable[[threading.Event], None]) -> None:
        if typed.rest:
            raise Unclear("this command takes nothing after it.")
        reply(typed.cancel)

    def _history(self, _: _Typed) -> None:
        path, variants = self._talk.path(), self._talk.variants()
        recaps = {recap.upto_message_id: recap for recap in self._recaps(path)}
        lines = []
        for number, message in enumerate(path, 1):
            who = "you" if message.role == Role.USER else message.model_name or message.role
            ids = variants.get(message.id, ())
            which = f" ‹{ids.index(message.id) + 1}/{len(ids)}›" if ids else ""
            lines.append(f"{number:>4}  {who}{which}: {_opening(message)}")
            if recap := recaps.get(message.id):
                state = "a summary, switched off" if recap.is_off else "a summary in their place"
                lines.append(f"      ── of the messages above: {state} (/recap) ──")
        write_result(harmless("\n".join(lines) + "\n") if lines else "", None)
        if not lines:
            say("alcove: nothing was said yet.")

    def _show(self, typed: _Typed) -> None:
        message = self._message(typed.rest)
        if message.thinking:
            write_result(harmless(f"(reasoning) {message.thinking.strip()}\n\n"), None)
        write_result(harmless(message.content.rstrip()) + "\n", None)

    def _edit(self, typed: _Typed) -> None:
        questions = [one for one in self._talk.path() if one.role == Role.USER]
        if not questions:
            raise Unclear("nothing was asked yet.")
        question = self._message(typed.rest) if typed.rest else questions[-1]
        if question.role != Role.USER:
            raise Unclear(f"message {typed.rest} is none of yours; /history numbers them.")
        say(harmless(question.content))
        text = self._ask("In other words (an empty line leaves it): ")
        if text and text.strip():
            self._talk.ask_changed(question, text, typed.cancel)

    def _variant(self, typed: _Typed) -> None:
        numbers = typed.rest.split()
        variants = self._talk.variants()
        if not variants:
            raise Unclear("no message has variants yet; /again and /edit make some.")
        if not 1 <= len(numbers) <= 2:
            raise Unclear("say which: /variant K, or /variant N K for message N.")
        path = self._talk.path()
        last = next(one for one in reversed(path) if one.id in variants)
        message = self._message(numbers[0]) if len(numbers) == 2 else last
        ids = variants.get(message.id, ())
        if not ids:
            raise Unclear(f"message {numbers[0]} has no variants.")
        number = _number(numbers[-1])
        if not 1 <= number <= len(ids):
            raise Unclear(f"there are the variants 1 to {len(ids)}.")
        self._talk.choose(ids[number - 1])
        self._show(_Typed(str(path.index(message) + 1), typed.cancel))

    def _branch(self, typed: _Typed) -> None:
        message = self._message(typed.rest)
        kept = self._talk.branch(message)
        which = f", number {kept}" if kept is not None else ""
        say(f"(this goes on in a new conversation{which}; the one before stays as it was)")

    def _recap(self, typed: _Typed) -> None:
        recaps = self._recaps(self._talk.path())
        if not recaps:
            raise Unclear("there is no summary of earlier messages: all of them fit so far.")
        last = recaps[-1]
        store = self._talk.stores.recaps
        match typed.rest:
            case "":
                for recap in recaps:
                    state = "switched off" if recap.is_off else "in use"
                    state += ", in your words" if recap.is_edited else ""
                    write_result(harmless(f"({state}) {recap.text.strip()}\n"), None)
            case "edit":
                say(harmless(last.text.strip()))
                text = self._ask("In your words (an empty line leaves it): ")
                if text and text.strip():
                    store.edit(last.id, text.strip())
            case "off" | "on":
                store.switch(last.id, typed.rest == "off")
                say(f"(the summary is {'not ' if typed.rest == 'off' else ''}used from now on)")
            case _:
                raise Unclear("/recap shows it; /recap edit, /recap off and /recap on change it.")

    def _figures(self, _: _Typed) -> None:
        replies = [one for one in self._talk.path() if one.role == Role.ASSISTANT]
        if not replies:
            raise Unclear("there is no reply yet.")
        reply = replies[-1]
        figures = ReplyFigures.kept(reply.stats)
        parts = [reply.model_name, f"{reply.created_at.astimezone():%Y-%m-%d %H:%M}"]
        made_with = MadeWith.kept(reply.stats)
        parts += [made_with.preset and f"preset {made_with.preset}", made_with.settings()]
        parts += [figures_words(figures)] if figures else []
        write_result(harmless(" · ".join(part for part in parts if part)) + "\n", None)

    def _recaps(self, path: Sequence[MessageRecord]) -> list[Recap]:
        return on_path(path, self._talk.stores.recaps.of(self._talk.conversation_id))

    def _message(self, number: str) -> MessageRecord:
        """Return the message of the path with a number; the last one for ""."""
        path = self._talk.path()
        if not path:
            raise Unclear("nothing was said yet.")
        if not number:
            return path[-1]
        at = _number(number)
        if not 1 <= at <= len(path):
            raise Unclear(f"there are the messages 1 to {len(path)}; /history shows them.")
        return path[at - 1]


def _opening(message: MessageRecord) -> str:
    """Return how a message begins, in one line."""
    words = " ".join(message.content.split())
    if len(words) > _OPENING_CHARACTERS:
        return words[:_OPENING_CHARACTERS].rstrip() + "…"
    return words or f"({message.status})"


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Unclear(f"not a number: {text}")
    return int(text)
