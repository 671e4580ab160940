"""Searching passages by meaning in the terminal, where there is an embedding model."""

from contextlib import ExitStack, closing

from assistant.cli.workplace import Workplace
from assistant.conversations.asking.vectors import PassageVectors
from assistant.models.keeping.defaults import Task
from assistant.storage.database import Database
from assistant.storage.vectors import VectorStore


def passage_vectors(
    work: Workplace, named: str | None, database: Database | None, stack: ExitStack
) -> PassageVectors | None:
    """Return what makes vectors of passages; None where no embedding model is installed.

    Args:
        work: the folders and settings.
        named: the model that the command line names.
        database: keeps the vectors of stored documents; None keeps none.
        stack: ends the model's process.

    Raises:
        ModelNotFound, ModelError: the model that was named cannot be used.
    """
    model = work.model(named, Task.EMBEDDINGS)
    if model is None:
        return None
    from assistant.engine.embedding import Embedder  # noqa: PLC0415 - brings numpy

    embedder = Embedder(log=work.folders.logs / "embeddings.log")
    stack.enter_context(closing(embedder))
    embedder.choose(model.path)
    shelf = VectorStore(database) if database is not None else None
    return PassageVectors(embedder, f"{model.name} {model.path.stat().st_size}", shelf)
