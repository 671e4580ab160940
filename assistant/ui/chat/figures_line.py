"""What a reply cost, in one small line that unfolds below it."""

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.conversations.figures import ReplyFigures
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

    def show_figures(self, figures: ReplyFigures | None) -> None:
        """Take the figures of a reply; None if there are none."""
        self.words.setText("" if figures is None else self._sentence(figures))

    def _sentence(self, figures: ReplyFigures) -> str:
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
        return " · ".join(parts)

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
