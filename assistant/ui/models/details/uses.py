"""What a model is used for: chat, summaries, comparing texts."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from assistant.errors import AssistantError
from assistant.models.keeping.defaults import Task, chosen_name, leave_to_us, use_for
from assistant.models.keeping.installed import InstalledModel
from assistant.ui import theme
from assistant.ui.labels import label
from assistant.ui.model_words import called
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.model_card import badge
from assistant.ui.models.section import Section


class UsesSection(Section):
    """Takes a model into use for a task, each on its own line.

    Args:
        model: which one.
        keeping: what is changed.
        parent: owner.
    """

    def __init__(
        self, model: InstalledModel, keeping: Keeping, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("Used for"))
        self._keeping = keeping
        self._model = model
        self.rows = {task: _Row(self._name(task)) for task in Task}
        for task, row in self.rows.items():
            self.column.addWidget(row)
            row.button.clicked.connect(lambda _=False, task=task: self._take(task))
        self._actions: dict[Task, Callable[[], object]] = {}
        self.show_model(model)

    def show_model(self, model: InstalledModel) -> None:
        """Show what `model` is used for now."""
        self._model = model
        for task, row in self.rows.items():
            row.setVisible(model.is_for_embeddings == (task is Task.EMBEDDINGS))
        self._show_chat()
        self._show_summaries()
        self._show_embeddings()

    def _show_chat(self) -> None:
        model = self._model
        current = self._keeping.current.model
        is_used = current is not None and current.path == model.path
        words = ""
        if not model.has_chat_template:
            words = self.tr("It is a base model: it continues text and cannot converse.")
        elif not is_used and current is not None:
            words = self.tr("Now: {name}").format(name=called(current))
        self.rows[Task.CHAT].show_state(is_used, words, self.tr("Use for chat"))
        self._actions[Task.CHAT] = lambda: self._keeping.current.select(model)

    def _show_summaries(self) -> None:
        model, summaries = self._model, self._keeping.summaries
        now = summaries.model
        is_used = now is not None and now.path == model.path
        row = self.rows[Task.SUMMARIES]
        if is_used and summaries.is_separate:
            is_chosen = bool(self._keeping.settings.value.summary_model)
            words = "" if is_chosen else self.tr("The check-ups advise it: it does best here.")
            text = self.tr("Summarise as in chat")
            row.show_state(True, words, text, keeps_button=True)
            self._actions[Task.SUMMARIES] = self._summarise_as_in_chat
            return
        words = ""
        if is_used:
            words = self.tr("Summaries are written by the model of the chat.")
        elif now is not None:
            words = self.tr(
                "Now: {name}. Two models take turns in memory where both do not fit."
            ).format(name=called(now))
        row.show_state(is_used, words, self.tr("Use for summaries"))
        self._actions[Task.SUMMARIES] = lambda: summaries.select(model)

    def _summarise_as_in_chat(self) -> None:
        self._keeping.summaries.select(None)
        if self._keeping.summaries.is_separate:  # the check-ups advise another one
            self._keeping.summaries.select(self._keeping.current.model)

    def _show_embeddings(self) -> None:
        model, settings = self._model, self._keeping.settings
        is_used = chosen_name(Task.EMBEDDINGS, settings.value) == model.name
        text = self.tr("Leave it to Alcove") if is_used else self.tr("Use to compare texts")
        self.rows[Task.EMBEDDINGS].show_state(is_used, "", text, keeps_button=is_used)
        self._actions[Task.EMBEDDINGS] = lambda: (
            leave_to_us(Task.EMBEDDINGS, settings)
            if is_used
            else use_for(Task.EMBEDDINGS, model, settings)
        )

    def _take(self, task: Task) -> None:
        try:
            self._actions[task]()
        except AssistantError as error:
            self.show_error(error)
            return
        self.show_error(None)
        self.show_model(self._model)

    def _name(self, task: Task) -> str:
        return {
            Task.CHAT: self.tr("Chat"),
            Task.SUMMARIES: self.tr("Summaries"),
            Task.EMBEDDINGS: self.tr("Comparing texts"),
        }[task]


class _Row(QWidget):
    """A task, whether the model does it, and a button that changes that."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.badge = badge(self.tr("In use"))
        self.words = label("", "muted")
        self.button = QPushButton()
        names = label(name, wraps=False)
        names.setMinimumWidth(150)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(names)
        layout.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.words, 1)
        layout.addStretch(0)
        layout.addWidget(self.button)
        self.setMinimumHeight(40)

    def show_state(
        self, is_used: bool, words: str, button: str, *, keeps_button: bool = False
    ) -> None:
        """Show whether it is used, why or what instead, and what can be done."""
        had_focus = self.button.hasFocus()
        self.badge.setVisible(is_used)
        self.words.setText(words)
        self.button.setText(button)
        self.button.setAccessibleName(f"{button} ({self._name})")
        self.button.setAccessibleDescription(words)
        self.button.setVisible(not is_used or keeps_button)
        if had_focus and self.button.isHidden():
            self.focusNextChild()
