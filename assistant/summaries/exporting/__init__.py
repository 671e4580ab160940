"""Writes summaries, digests and comparisons down, so that they can be traced years later.

`data` gives JSON (docs/cli.md tells the contract). For people, `composing` and its siblings put a
result together from headings, lines and tables, and one module a format writes those down.
"""

from assistant.summaries.exporting.composing import compose
from assistant.summaries.exporting.data import to_dict
from assistant.summaries.exporting.markdown import to_markdown
from assistant.summaries.exporting.provenance import Provenance
from assistant.summaries.exporting.receipt import marks, receipt
from assistant.summaries.exporting.text import to_text

__all__ = ["Provenance", "compose", "marks", "receipt", "to_dict", "to_markdown", "to_text"]
