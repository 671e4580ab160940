"""Renders the chat template of a model file, which is a program by a stranger.

Templates are Jinja2 with the names that Hugging Face's transformers give them (its
`chat_template_utils.py`). They run in a sandbox, in a thread with a deadline, with bounds on what
they may build.
"""

import contextlib
import ctypes
import json
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

MAX_RENDERED = 16 * 1024 * 1024
MAX_REPEATED = 1_000_000
_MEMORY_BYTES = 512 * 1024 * 1024
_WIDE_FORMAT = re.compile(r"%[-#0 +]*\d{5}|%[^a-zA-Z]*\*")


class TemplateFailed(Exception):  # noqa: N818 - named for what happened
    """The template could not be rendered; the message never holds the user's text."""


class TemplateRefused(TemplateFailed):
    """The template itself raised an error, as many do for a system message."""


class TemplateStuck(TemplateFailed):
    """The template did not stop at its deadline and cannot be interrupted: end the process."""


class _DeadlinePassed(BaseException):
    """Raised inside the template's thread."""


class ChatTemplate:
    """One model's chat template.

    Args:
        source: the Jinja source, as the file has it.
        begin, end: the texts of the beginning- and end-of-sequence tokens.
        deadline_s: how long compiling and rendering together may take.
    """

    def __init__(self, source: str, begin: str, end: str, deadline_s: float = 5.0) -> None:
        self.source = source
        self._begin = begin
        self._end = end
        self._deadline_s = deadline_s
        self._compiled: Any = None

    @property
    def can_switch_thinking(self) -> bool:
        """Whether it knows the variable that switches reasoning on and off."""
        return "enable_thinking" in self.source

    def render(self, messages: Sequence[Mapping[str, str]], thinking: bool | None = None) -> str:
        """Return the prompt of a conversation, up to where the reply begins.

        Raises:
            TemplateFailed: it has an error, took too long or too much memory.
            TemplateStuck: it goes on and on; this process should end.
        """
        # Before the deadline runs: from a cold disk this may take seconds, and is not its fault.
        import jinja2.ext  # noqa: PLC0415 - loaded in the engine's process only
        import jinja2.sandbox  # noqa: F401, PLC0415

        variables: dict[str, Any] = {
            "messages": [dict(message) for message in messages],
            "add_generation_prompt": True,
            "bos_token": self._begin,
            "eos_token": self._end,
            "tools": None,
            "documents": None,
        }
        if thinking is not None and self.can_switch_thinking:
            variables["enable_thinking"] = thinking
        return _within(self._deadline_s, lambda: self._render(variables))

    def _render(self, variables: Mapping[str, Any]) -> str:
        from jinja2 import TemplateError  # noqa: PLC0415 - loaded in the engine's process only

        try:
            with _bounded_memory():
                if self._compiled is None:
                    self._compiled = _environment().from_string(self.source)
                rendered, size = [], 0
                for part in self._compiled.generate(**variables):
                    rendered.append(part)
                    size += len(part)
                    if size > MAX_RENDERED:
                        raise TemplateFailed("too long")
                return "".join(rendered)
        except _Raised as error:
            # Only words of the template's author: it may have put the user's into them.
            words = str(error)
            raise TemplateRefused(words if words in self.source else "") from error
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            raise TemplateFailed(f"{type(error).__name__}, line {line}") from error
        except (ArithmeticError, AttributeError, LookupError, MemoryError, OSError) as error:
            raise TemplateFailed(type(error).__name__) from error
        except (RecursionError, TypeError, ValueError) as error:
            raise TemplateFailed(type(error).__name__) from error


def syntax_fault(source: str) -> str:
    """Return what is wrong with a template and in which line; "" if it can be read.

    It is parsed and not run, so this may be asked outside the engine's process. The words are
    jinja2's own, in English, about a text that the person gave.
    """
    from jinja2 import TemplateSyntaxError  # noqa: PLC0415 - only when a template is changed

    try:
        _environment().parse(source)
    except TemplateSyntaxError as error:
        return f"{error.message} ({error.lineno})"
    except RecursionError:
        return "nested too deep"
    return ""


class _Raised(Exception):  # noqa: N818 - what `raise_exception` raises
    """The template's author refuses these messages."""


def _raise_exception(message: object = "") -> None:
    raise _Raised(str(message)[:500])


def _strftime_now(pattern: str) -> str:
    return datetime.now().astimezone().strftime(pattern)


def _to_json(
    value: object,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Return JSON as transformers' filter does: jinja2's own escapes for HTML."""
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )


def _environment() -> Any:
    """Return a sandbox with what templates expect and bounds on what operators may build."""
    from jinja2 import nodes  # noqa: PLC0415
    from jinja2.exceptions import SecurityError  # noqa: PLC0415
    from jinja2.ext import Extension, loopcontrols  # noqa: PLC0415
    from jinja2.parser import Parser  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    class Generation(Extension):
        """`{% generation %}`: marks what a model was trained on; here it is just its body."""

        tags = {"generation"}  # noqa: RUF012 - jinja2's own way

        def parse(self, parser: Parser) -> list[nodes.Node]:
            next(parser.stream)
            return parser.parse_statements(("name:endgeneration",), drop_needle=True)

    class Sandbox(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"*", "**", "%", "+"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if _is_huge(operator, left, right):
                raise SecurityError("too large")
            return super().call_binop(context, operator, left, right)

    environment = Sandbox(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _raise_exception
    environment.globals["strftime_now"] = _strftime_now
    return environment


def _is_huge(operator: str, left: Any, right: Any) -> bool:
    if operator == "%":
        return isinstance(left, str) and bool(_WIDE_FORMAT.search(left))
    if operator == "**":
        return not (isinstance(left, int | float) and isinstance(right, int | float)) or (
            abs(left) > 1_000_000 or abs(right) > 100
        )
    sizes = [len(value) if hasattr(value, "__len__") else 0 for value in (left, right)]
    if operator == "+":
        return sum(sizes) > MAX_RENDERED
    counts = [value if isinstance(value, int) else 0 for value in (left, right)]
    return any(counts) and any(sizes) and max(sizes) * max(counts) > MAX_REPEATED


@contextlib.contextmanager
def _bounded_memory() -> Iterator[None]:
    """Let this process grow by half a gigabyte at most meanwhile (Linux).

    Doubling a text forty times, or padding one to a width of 10**11, are single operations that
    no deadline interrupts: they end as a MemoryError instead.
    """
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415 - POSIX only

    import psutil  # noqa: PLC0415

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(
        resource.RLIMIT_AS, (psutil.Process().memory_info().vms + _MEMORY_BYTES, hard)
    )
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _within(seconds: float, function: Callable[[], str]) -> str:
    """Run `function` in a thread of its own and return what it returns, or interrupt it."""
    results: list[str] = []
    errors: list[TemplateFailed] = []

    def run() -> None:
        try:
            results.append(function())
        except TemplateFailed as error:
            errors.append(error)
        except Exception as error:  # such as a SyntaxError of too many loops in each other
            errors.append(TemplateFailed(type(error).__name__))
        except _DeadlinePassed:
            errors.append(TemplateFailed("took too long"))

    thread = threading.Thread(target=run, name="template", daemon=True)
    thread.start()
    thread.join(seconds)
    for _ in range(20):
        if not thread.is_alive():
            break
        # Noticed at the thread's next bytecode, so not within one long operation.
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_DeadlinePassed)
        )
        thread.join(0.1)
    if thread.is_alive():
        raise TemplateStuck("took too long")
    if errors:
        raise errors[0]
    if not results:
        raise TemplateFailed("took too long")
    return results[0]
