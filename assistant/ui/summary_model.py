"""The model that writes summaries: the one of the chat, or another with an engine of its own."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.checkups.advising import may_summarise, summariser
from assistant.checkups.card import ScoreCard
from assistant.checkups.cards import CardFile
from assistant.engine.client import Engine
from assistant.engine.wishes import idle_s, wished
from assistant.errors import AssistantError
from assistant.models.keeping.installed import InstalledModel
from assistant.settings import SettingsFile
from assistant.summaries.summary import is_experimental
from assistant.ui.current_model import CurrentModel


class SummaryModel(QObject):
    """Which model summarises, and which engine has it. As in the chat unless a person chose.

    Where nobody chose and check-ups say that another model summarises better, it is that one.

    Two models take the memory of two: the second engine starts only for a summary with a model
    of its own, and either is freed for the other where both do not fit (`engine.room`).

    Args:
        chat: the model in use for everything else; knows which are installed.
        engine: the second engine.
        settings: where the choice is kept.
        cards: what check-ups say of models.
        parent: owner.

    Signals:
        changed: another model summarises, or the list of installed ones was read.
    """

    changed = Signal()

    def __init__(
        self,
        chat: CurrentModel,
        engine: Engine,
        settings: SettingsFile,
        cards: CardFile,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._cards = cards
        self._chat = chat
        self._own_engine = engine
        self._settings = settings
        self._advised: InstalledModel | None = None
        chat.changed.connect(self.reload)

    @property
    def model(self) -> InstalledModel | None:
        """The model that summarises; None while the folder is first read, or if there is none."""
        return self._own() or self._chat.model

    @property
    def engine(self) -> Engine:
        """The engine that has it, or will load it."""
        return self._own_engine if self.is_separate else self._chat.engine

    @property
    def is_separate(self) -> bool:
        """Whether summaries have another model than the chat."""
        own, chat = self._own(), self._chat.model
        return own is not None and (chat is None or own.path != chat.path)

    @property
    def is_known(self) -> bool:
        """Whether the folder of models was read."""
        return self._chat.is_known

    @property
    def is_experimental(self) -> bool:
        """Whether its sentences are not to be trusted, so that key points come first.

        It is very small, or its check-up on this computer says so.
        """
        model = self.model
        return model is not None and is_experimental(model.parameters, self._may_summarise())

    @property
    def distrusts_chat(self) -> bool:
        """Whether the chat's model failed its check-up: it does not answer from documents then."""
        model = self._chat.model
        return model is not None and may_summarise(self._card_of(model.path)) is False

    @property
    def engines(self) -> tuple[Engine, ...]:
        """All that may have read a document: they forget it together."""
        return (self._chat.engine, self._own_engine)

    def select(self, model: InstalledModel | None) -> None:
        """Summarise with `model` from now on; None leaves it to the check-ups and the chat.

        Raises:
            CannotWrite, NoSpace: the choice could not be kept.
        """
        self._settings.change(summary_model=model.name if model else "")
        self.reload()

    def reload(self) -> None:
        """Tell the second engine what is asked of it, and free what it does not need any more."""
        settings = self._settings.value
        self._advised = summariser(self._chat.installed(), self._chat.model, self._card_of)
        model = self.model
        if self.is_separate and model is not None:
            self._own_engine.idle_s = idle_s(settings)
            self._own_engine.choose(model.path, wished(settings, model.wishes))
        elif self._own_engine.info is not None:
            self._own_engine.idle_s = 0.01  # it rests as soon as what is under way is done
        self.changed.emit()

    def _may_summarise(self) -> bool | None:
        model = self.model
        return may_summarise(self._card_of(model.path)) if model else None

    def _card_of(self, model: Path) -> ScoreCard | None:
        try:
            return self._cards.of(model)
        except AssistantError:  # the damaged file was moved aside: there are no cards now
            return None

    def _own(self) -> InstalledModel | None:
        name = self._settings.value.summary_model
        if not name:
            return self._advised
        return next((m for m in self._chat.installed() if m.name == name), None)
