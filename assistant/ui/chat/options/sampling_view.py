"""All settings of the sampling, in groups."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.conversations.replying import REPLY_TOKENS
from assistant.conversations.sampling import RANGES, Range
from assistant.storage.chat_settings import ChatSettings
from assistant.ui import theme
from assistant.ui.chat.options.sampling_row import SamplingRow
from assistant.ui.chat.options.sampling_words import GROUPS, group_names, words_of
from assistant.ui.labels import label

_LENGTH = "max_tokens"
_BOUNDS_OF_LENGTH = Range(low=0, high=8 * REPLY_TOKENS, default=0, off=0, is_whole=True)


class SamplingView(QWidget):
    """Shows the sampling of a chat.

    Args:
        parent: owner.

    Signals:
        chosen (str, object): the setting of that name has another value; None for the usual one.
        length_chosen (int): the longest reply in tokens; 0 for the usual one.
    """

    chosen = Signal(str, object)
    length_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, SamplingRow] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2 * theme.SPACE)
        known = {name for names in GROUPS.values() for name in names}
        for key, title in group_names().items():
            rest = [name for name in RANGES if name not in known] if key == "length" else []
            self._layout.addWidget(label(title, "subject"))
            for name in (*GROUPS[key], *rest):
                self._add(name)

    def show_settings(self, settings: ChatSettings) -> None:
        """Show what is chosen, without telling it as a change."""
        for name, row in self.rows.items():
            value = settings.max_tokens or None if name == _LENGTH else settings.sampling.get(name)
            row.show_value(value)

    def _add(self, name: str) -> None:
        bounds = _BOUNDS_OF_LENGTH if name == _LENGTH else RANGES.get(name)
        if bounds is None:
            return
        row = SamplingRow(words_of(name), bounds)
        if name == _LENGTH:
            row.chosen.connect(lambda value: self.length_chosen.emit(int(value or 0)))
        else:
            row.chosen.connect(lambda value: self.chosen.emit(name, value))
        self.rows[name] = row
        self._layout.addWidget(row)
