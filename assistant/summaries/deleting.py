"""Deletes documents for good: their rows, and what the engine keeps of them."""

from assistant.engine.client import Engine
from assistant.storage.documents import DocumentStore


def owner_of(document_id: int) -> str:
    """Return the name under which the engine keeps what it evaluated of a document."""
    return f"document-{document_id}"


def purge(store: DocumentStore, *engines: Engine) -> int:
    """Delete the removed documents and their summaries for good and return how many.

    The rows go last: after a crash between the two, the next start does it again.

    Args:
        store: where they are.
        engines: all that may have read them.

    Raises:
        NoSpace, CannotWrite, DamagedData: the rows could not be deleted.
    """
    for document_id in store.removed():
        for engine in engines:
            engine.forget(owner_of(document_id))
    return store.purge()
