"""Makes a prompt's tokens of a conversation, such that no message can pass for the template.

A message that contains `<|im_end|>` must not end the message. Such texts are taken out of the
messages before the template runs, and put back as ordinary characters among the tokens. A
conversation without any is tokenized whole, exactly as the model was trained.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.engine.llama import Model
from assistant.engine.protocol import Message, Role
from assistant.engine.replies import Reasoning, reasoning_of
from assistant.engine.templates import ChatTemplate, TemplateRefused

# Noncharacters: Unicode keeps them for a program's inner use, no text may contain them.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_PLACE = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_NONCHARACTERS = {ord(_OPEN): None, ord(_CLOSE): None}


@dataclass(frozen=True, slots=True)
class Prompt:
    """Tokens to evaluate, and whether they end inside the model's reasoning."""

    tokens: list[int]
    is_thinking: bool = False


class PromptWriter:
    """Writes prompts for one loaded model.

    Args:
        model: whose tokens are written.
        template: its chat template.
    """

    def __init__(self, model: Model, template: ChatTemplate) -> None:
        self._model = model
        self._template = template
        self.reasoning: Reasoning | None = reasoning_of(template.source)
        self._marks = _pattern(_structural_texts(model, template, self.reasoning))
        self._literals: dict[str, list[int]] = {}
        if self.reasoning:
            model.show(self.reasoning.opening)
            model.show(self.reasoning.closing)

    @property
    def can_switch_thinking(self) -> bool:
        """Whether the template goes with and without reasoning."""
        return self.reasoning is not None and self._template.can_switch_thinking

    def write(
        self,
        messages: Sequence[Message],
        thinking: bool | None,
        reply_start: str = "",
        *,
        must_reply: bool = False,
    ) -> Prompt:
        """Return the prompt of `messages`, and after it how the reply begins.

        A prompt that ends inside the model's reasoning takes no `reply_start`.

        Args:
            messages: the conversation.
            thinking: whether to reason first, where the template knows how; None leaves it to it.
            reply_start: how the reply begins.
            must_reply: what comes next is the reply: no reasoning is asked for, and one that the
                template opens all the same is closed, as templates do that can leave it out.

        Raises:
            TemplateFailed: the template cannot be rendered.
        """
        literals: list[str] = []
        marked = [
            {"role": message.role.value, "content": self._take_out(message.content, literals)}
            for message in messages
        ]
        rendered = self._render(marked, False if must_reply else thinking)
        is_thinking = bool(self.reasoning and rendered.rstrip().endswith(self.reasoning.opening))
        if is_thinking and must_reply and self.reasoning:
            rendered = f"{rendered.rstrip()}\n\n{self.reasoning.closing}\n\n"
            is_thinking = False
        tokens: list[int] = []
        for index, part in enumerate(_PLACE.split(rendered)):
            if index % 2:
                tokens += self._tokens_of_literal(literals[int(part)])
            elif part:
                text = part.translate(_NONCHARACTERS)
                tokens += self._model.tokenize(text, parse_special=True)
        begin = self._model.begin_token
        if begin is not None and tokens[:1] != [begin]:
            tokens.insert(0, begin)
        if reply_start and not is_thinking:
            tokens += self._model.tokenize(reply_start, parse_special=False)
        return Prompt(tokens, is_thinking)

    def _render(self, messages: list[dict[str, str]], thinking: bool | None) -> str:
        """Render; where the template knows no system message, begin the user's first with it."""
        has_system = len(messages) > 1 and messages[0]["role"] == Role.SYSTEM
        if not has_system:
            return self._template.render(messages, thinking)
        try:
            rendered = self._template.render(messages, thinking)
            if messages[0]["content"].strip() in rendered:
                return rendered
        except TemplateRefused:
            pass
        system, first, *others = messages
        joined = {"role": first["role"], "content": f"{system['content']}\n\n{first['content']}"}
        return self._template.render([joined, *others], thinking)

    def _take_out(self, content: str, literals: list[str]) -> str:
        def place(found: re.Match[str]) -> str:
            literals.append(found.group())
            return f"{_OPEN}{len(literals) - 1}{_CLOSE}"

        cleaned = content.translate(_NONCHARACTERS)
        return self._marks.sub(place, cleaned) if self._marks else cleaned

    def _tokens_of_literal(self, text: str) -> list[int]:
        """Return tokens that read as `text`, none of which is the one that it is the name of.

        They are kept: a text may hold a mark ten thousand times.
        """
        if text not in self._literals:
            parts = (text[:1], text[1:])
            tokens = [self._model.tokenize(part, parse_special=False) for part in parts if part]
            self._literals[text] = list(itertools.chain(*tokens))
        return self._literals[text]


def _structural_texts(
    model: Model, template: ChatTemplate, reasoning: Reasoning | None
) -> list[str]:
    """Return what only the template may write: control tokens, and other tokens that it uses."""
    control, defined = model.marked_tokens()
    used = [
        text
        for text in defined
        if len(text.strip()) > 2 and not text.isalnum() and text in template.source
    ]
    marks = [reasoning.opening, reasoning.closing] if reasoning else []
    return [*control, *used, *marks]


def _pattern(texts: Sequence[str]) -> re.Pattern[str] | None:
    longest_first = sorted({text for text in texts if text.strip()}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
