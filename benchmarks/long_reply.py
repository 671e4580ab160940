"""A reply of known words that the real engine writes: a grammar leaves it no choice.

What the window does with 2,000 tokens of code and tables does not depend on what a model would
say, so the model is made to say it.
"""

import json
import threading
from collections.abc import Iterator

from assistant.engine.client import Engine
from assistant.engine.protocol import (
    Finished,
    LoadProgress,
    Message,
    ModelInfo,
    PromptProgress,
    Role,
    TextPart,
)

_PART = """## Part {n}

Some **bold** words and *others*, a [link](https://example.org), `code`, and $a^2 + b^2 = c^2$.

| Item | Number | Price |
|------|-------:|------:|
| Tea {n} | 12 | 3.40 |
| Coffee | 7 | 4.10 |
| Water | 30 | 1.00 |
| Bread | 4 | 2.90 |

```python
def total_{n}(prices: list[float], tax: float = 0.2) -> float:
    \"\"\"Return what all of it costs.\"\"\"
    return sum(prices) * (1 + tax)  # rounded later
```

1. First take the list.
2. Then add it up:
   - with tax
   - without tax
3. Write it down.

> Who counts twice errs once.

"""
PARTS = 7  # about 2,200 tokens of SmolLM2


def long_text(parts: int = PARTS) -> str:
    """Return the reply."""
    return "".join(_PART.format(n=n) for n in range(1, parts + 1))


def write_long_reply(
    engine: Engine, cancel: threading.Event
) -> Iterator[LoadProgress | ModelInfo | PromptProgress | TextPart | Finished]:
    """Let the engine write the long text, as a turn's events."""
    lines = long_text().splitlines(keepends=True)
    grammar = "root ::= " + " ".join(json.dumps(line, ensure_ascii=False) for line in lines)
    yield from engine.generate(
        [Message(Role.USER, "Count.")], max_tokens=4096, grammar=grammar, cancel=cancel
    )
