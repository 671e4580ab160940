"""What a model of the hub takes in memory, by the length of text that it keeps in mind."""

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from assistant.fit import DEFAULT_CONTEXT, memory_need
from assistant.gguf import GgufHeader
from assistant.ui import theme
from assistant.ui.labels import label
from assistant.ui.models.model_facts import context_in_words
from assistant.wording import size

_CONTEXTS = (2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072)


class RemoteMemory(QWidget):
    """Shows what the weights, the context and the work take.

    Args:
        header: of the recommended file.
        total_bytes: this computer's memory.
        free_bytes: what is free of it.
        parent: owner.
    """

    def __init__(
        self,
        header: GgufHeader,
        total_bytes: int,
        free_bytes: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._header = header
        self._total_bytes = total_bytes
        self._free_bytes = free_bytes
        self.context = QComboBox()
        self.context.setAccessibleName(self.tr("Context"))
        most = header.context_length or _CONTEXTS[-1]
        for tokens in sorted({*(n for n in _CONTEXTS if n < most), min(most, _CONTEXTS[-1])}):
            self.context.addItem(self._name(tokens), tokens)
        usual = self.context.findData(min(DEFAULT_CONTEXT, most))
        self.context.setCurrentIndex(max(0, usual))
        self.context.currentIndexChanged.connect(self._show)
        self.words, self.warning = label(), label("", "warning")
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(label(self.tr("Context"), "muted", wraps=False))
        row.addWidget(self.context)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(row)
        layout.addWidget(self.words)
        layout.addWidget(self.warning)
        self._show()

    def _name(self, tokens: int) -> str:
        count = QLocale().toString(tokens)
        return self.tr("{tokens} tokens: {words}").format(
            tokens=count, words=context_in_words(tokens)
        )

    def _show(self) -> None:
        need = memory_need(self._header, self.context.currentData())
        total = need.total_bytes
        self.words.setText(
            self.tr(
                "{weights} for the model, {context} for the text it keeps in mind, {work} to work "
                "with: {total} together."
            ).format(
                weights=size(need.weights_bytes),
                context=size(need.kv_bytes),
                work=size(need.scores_bytes + need.buffer_bytes),
                total=size(total),
            )
        )
        if total > self._total_bytes:
            self.warning.setText(self.tr("That is more than this computer has."))
        elif total > self._free_bytes:
            self.warning.setText(self.tr("That is more than is free now: close other programs."))
        else:
            self.warning.setText("")
        self.warning.setVisible(bool(self.warning.text()))
