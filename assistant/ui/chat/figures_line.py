"""What a reply cost and how it was made, in one small line that unfolds below it."""

from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.conversations.figures import MadeWith, ReplyFigures
from assistant.ui.labels import label


class FiguresLine(QWidget):
    """One line in small letters; hidden until it is asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", "small", selectable=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words)
        self.hide()

    def show_figures(
        self, figures: ReplyFigures | None, made_with: MadeWith, begun_at: datetime
    ) -> None:
        """Take the figures of a reply, None if there are none; how and when it was made."""
        if figures is None:
            self.words.setText("")
            return
        self.words.setText(" · ".join(self._cost(figures) + self._making(made_with, begun_at)))

    def _making(self, made_with: MadeWith, begun_at: datetime) -> list[str]:
        parts = []
        if made_with.preset:
            parts.append(self.tr("preset {name}").format(name=made_with.preset))
        if made_with.sampling:
            parts.append(made_with.settings())
        at = QDateTime.fromSecsSinceEpoch(int(begun_at.timestamp()))
        return [*parts, QLocale().toString(at, QLocale.FormatType.ShortFormat)]

    def _cost(self, figures: ReplyFigures) -> list[str]:
        parts = [self._read(figures)]
        if figures.first_token_s:
            seconds = _number(figures.first_token_s, 1)
            parts.append(self.tr("first word after {seconds} s").format(seconds=seconds))
        parts.append(
            self.tr("{count} tokens written").format(count=_number(figures.generated_tokens))
        )
        if figures.tokens_per_s:
            speed = _number(figures.tokens_per_s)
            parts.append(self.tr("{speed} tokens/s").format(speed=speed))
        if figures.threads == 1:
            parts.append(self.tr("1 thread"))
        elif figures.threads:
            parts.append(self.tr("{count} threads").format(count=figures.threads))
        if figures.peak_memory_bytes:
            size = _number(figures.peak_memory_bytes / 1e9, 1)
            parts.append(self.tr("at most {size} GB of memory").format(size=size))
        return parts

    def _read(self, figures: ReplyFigures) -> str:
        read = _number(figures.prompt_tokens)
        known = _number(figures.reused_tokens)
        if figures.restored_tokens:
            return self.tr(
                "{read} tokens read, {known} of them known ({restored} from disk)"
            ).format(read=read, known=known, restored=_number(figures.restored_tokens))
        if figures.reused_tokens:
            return self.tr("{read} tokens read, {known} of them known").format(
                read=read, known=known
            )
        return self.tr("{read} tokens read").format(read=read)


def _number(value: float, decimals: int = 0) -> str:
    return QLocale().toString(float(value), "f", decimals)
