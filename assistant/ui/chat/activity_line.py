"""What a reply is doing before its first word: a few words, and a bar where the end is known."""

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.chat.live_reply import LiveReply, Stage
from assistant.ui.labels import label
from assistant.ui.model_words import display_name


class ActivityLine(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(60 * theme.SPACE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.words)
        layout.addWidget(self.bar)
        self.show_activity(None)

    def show_activity(self, live: LiveReply | None) -> None:
        """Show what `live` is doing; None for a reply that is done."""
        text, fraction = self._activity(live) if live is not None else ("", None)
        self.words.setText(text)
        self.setVisible(bool(text))
        self.bar.setVisible(fraction is not None)
        self.bar.setAccessibleName(text)
        self.bar.setValue(round((fraction or 0) * 100))

    def _activity(self, live: LiveReply) -> tuple[str, float | None]:
        """Return what is happening in words, and how much of it is done."""
        if live.stage is Stage.WORKING:
            return live.working_on, live.fraction if live.fraction >= 0 else None
        percent = round(live.fraction * 100)
        name = display_name(live.model_name) or self.tr("the model")
        text = self._words(live).format(name=name, percent=percent)
        has_bar = live.stage in {Stage.LOADING, Stage.PREPARING, Stage.READING}
        return text, live.fraction if has_bar else None

    def _words(self, live: LiveReply) -> str:
        is_begun = bool(live.text or live.thinking)
        return {
            Stage.WAITING: self.tr("Going on…") if is_begun else self.tr("Waiting for the model…"),
            Stage.LOADING: self.tr("Loading {name}… {percent}%"),
            Stage.SUMMING_UP: self.tr("The context is full. Summing up the oldest messages…"),
            Stage.PREPARING: self.tr("Preparing the documents for search… {percent}%"),
            Stage.READING: self.tr("Reading the conversation… {percent}%")
            if live.found is None
            else self.tr("Reading the documents… {percent}%"),
        }.get(live.stage, "")
