"""What the work on documents needs: passed on as one value."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.documents.reading import Reader
from assistant.forecast import SpeedRecords
from assistant.storage.conversations import ConversationStore
from assistant.storage.documents import DocumentStore
from assistant.storage.library import LibraryStore
from assistant.storage.queue import QueueStore
from assistant.storage.steps import StepStore
from assistant.storage.summaries import SummaryStore
from assistant.storage.watched_folders import WatchedFolderStore
from assistant.summaries.keeping import Keeping
from assistant.ui.summary_model import SummaryModel

if TYPE_CHECKING:
    from assistant.ui.asking.meanings import Meanings


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of the app that documents are worked on with.

    Attributes:
        reader: what reads files.
        writer: the model that writes, with its engine.
        documents, summaries, steps: where results are kept.
        queue, watched: files to be summarised one after another, and folders whose files join them.
        conversations: the chats that documents are attached to.
        library: the words of all documents, to be searched.
        speeds: how fast models were measured to be here.
        meanings: compares texts with an embedding model; None where questions do without.
    """

    reader: Reader
    writer: SummaryModel
    documents: DocumentStore
    summaries: SummaryStore
    steps: StepStore
    queue: QueueStore
    watched: WatchedFolderStore
    conversations: ConversationStore
    library: LibraryStore
    speeds: SpeedRecords
    meanings: "Meanings | None" = None

    @property
    def keeping(self) -> Keeping:
        """What finds documents and summaries again."""
        return Keeping(self.documents, self.summaries, self.steps)
