"""What an embedding model wants to read before a text, as its maker's model card says.

Without it a model trained with prefixes finds worse: a question and the passage that answers it
are told apart by them. Models are known by words of their name, first match first.
"""

from enum import StrEnum

from assistant.gguf import GgufHeader

_RETRIEVE = "Represent this sentence for searching relevant passages: "
_INSTRUCT = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
)

# Words of the name → (before a question, before a passage).
_PREFIXES: tuple[tuple[tuple[str, ...], tuple[str, str]], ...] = (
    (("nomic", "embed"), ("search_query: ", "search_document: ")),
    (("modernbert", "embed"), ("search_query: ", "search_document: ")),
    (("embedding", "gemma"), ("task: search result | query: ", "title: none | text: ")),
    (("qwen3", "embedding"), (_INSTRUCT, "")),
    (("e5", "instruct"), (_INSTRUCT, "")),
    (("e5", "mistral"), (_INSTRUCT, "")),
    (("e5",), ("query: ", "passage: ")),
    (("arctic", "embed", "v2"), ("query: ", "")),
    (("arctic", "embed"), (_RETRIEVE, "")),
    (("bge", "m3"), ("", "")),
    (("bge", "en"), (_RETRIEVE, "")),
    (("bge", "small"), (_RETRIEVE, "")),
    (("bge", "base"), (_RETRIEVE, "")),
    (("bge", "large"), (_RETRIEVE, "")),
    (("mxbai", "embed"), (_RETRIEVE, "")),
)
_ARCHITECTURES = {
    "nomic-bert": ("search_query: ", "search_document: "),
    "nomic-bert-moe": ("search_query: ", "search_document: "),
    "gemma-embedding": ("task: search result | query: ", "title: none | text: "),
}


class Purpose(StrEnum):
    """What a text is: what one looks for, or what is looked through."""

    QUERY = "query"
    PASSAGE = "passage"


def prefix_for(header: GgufHeader, purpose: Purpose) -> str:
    """Return what stands before every text of that purpose; empty for most models."""
    name = f"{header.name} {header.path.stem}".casefold()
    pair = next((pair for words, pair in _PREFIXES if all(word in name for word in words)), None)
    pair = pair or _ARCHITECTURES.get(header.architecture, ("", ""))
    return pair[0] if purpose is Purpose.QUERY else pair[1]
