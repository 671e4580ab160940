"""Forms that a reply must follow: GBNF grammars and JSON schemas, checked before they are used.

Both may come from strangers. Reading one is linear in its size, and following one has bounds on
what it may cost; llama.cpp's own grammars have none, and a hostile one hangs or ends the process
(every alternative of every nesting is tried for every token of the vocabulary). So they are
followed here, in Python, a few characters for each token: no native code sees them.
"""

from assistant.engine.grammars.gbnf import parse
from assistant.engine.grammars.grammar import CharSet, Grammar, GrammarRefused
from assistant.engine.grammars.matching import Matcher
from assistant.engine.grammars.schemas import grammar_of_schema

__all__ = ["CharSet", "Grammar", "GrammarRefused", "Matcher", "grammar_of_schema", "parse"]
