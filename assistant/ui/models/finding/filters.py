"""What a search leaves out: size, licence, language, agreement, publisher; and its order."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPushButton, QWidget

from assistant.models.finding.licences import terms_of
from assistant.models.finding.search import SearchQuery, SortBy
from assistant.ui import theme
from assistant.ui.labels import label

_LICENCES = ("apache-2.0", "mit", "cc-by-4.0", "cc-by-nc-4.0", "gemma", "llama3.1", "llama3.2")
# Of the languages that models on the hub name, those that are named most.
_LANGUAGES = (
    "ar", "bn", "zh", "cs", "da", "nl", "en", "fi", "fr", "de", "el", "he", "hi", "hu", "id",
    "it", "ja", "ko", "no", "fa", "pl", "pt", "ro", "ru", "es", "sv", "th", "tr", "uk", "ur", "vi",
)  # fmt: skip
_BILLION = 10**9


@dataclass(frozen=True, slots=True)
class _Span:
    """Parameters from and up to; 0 for no bound."""

    least: int = 0
    most: int = 0


class FindFilters(QWidget):
    """The filters, behind a quiet button of the search row.

    `sort` is placed by whoever shows the results.

    Signals:
        changed: another choice was made.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.size_box = _box(
            (self.tr("Any"), _Span()),
            (self.tr("Up to 1 billion parameters"), _Span(0, _BILLION)),
            (self.tr("1 to 4 billion"), _Span(_BILLION, 4 * _BILLION)),
            (self.tr("4 to 9 billion"), _Span(4 * _BILLION, 9 * _BILLION)),
            (self.tr("9 to 16 billion"), _Span(9 * _BILLION, 16 * _BILLION)),
            (self.tr("16 to 40 billion"), _Span(16 * _BILLION, 40 * _BILLION)),
            (self.tr("More than 40 billion"), _Span(40 * _BILLION, 0)),
        )
        self.licence = _box(
            (self.tr("Any"), ""), *((terms_of(name).name, name) for name in _LICENCES)
        )
        languages = sorted((_language(code), code) for code in _LANGUAGES)
        self.language = _box((self.tr("Any"), ""), *languages)
        self.gate = _box(
            (self.tr("Any"), None),
            (self.tr("Open to everyone"), False),
            (self.tr("Asks for agreement first"), True),
        )
        self.sort = _box(
            (self.tr("Most downloaded"), SortBy.DOWNLOADS),
            (self.tr("Trending"), SortBy.TRENDING),
            (self.tr("Most liked"), SortBy.LIKES),
            (self.tr("Changed last"), SortBy.UPDATED),
            (self.tr("Newest"), SortBy.CREATED),
        )
        self.sort.setAccessibleName(self.tr("Order"))
        self.publisher = QLineEdit()
        self.publisher.setPlaceholderText(self.tr("As the hub writes it"))
        self.publisher.setMaxLength(100)
        self.publisher.editingFinished.connect(self._tell_if_changed)
        self.clear_button = QPushButton(self.tr("Clear"))
        self.clear_button.setAccessibleName(self.tr("Clear the filters"))
        theme.set_role(self.clear_button, "quiet")
        self.clear_button.clicked.connect(self.clear)
        for box in self._boxes():
            box.currentIndexChanged.connect(self._tell_if_changed)
        self._told = self.query("")
        self._lay_out()

    @property
    def count(self) -> int:
        """How many filters leave something out."""
        boxes = (self.size_box, self.licence, self.language, self.gate)
        return sum(box.currentIndex() > 0 for box in boxes) + bool(self._publisher())

    def query(self, words: str) -> SearchQuery:
        """Return the search for `words` with these filters."""
        span: _Span = self.size_box.currentData()
        return SearchQuery(
            words=words,
            author=self._publisher(),
            licence=self.licence.currentData(),
            language=self.language.currentData(),
            is_gated=self.gate.currentData(),
            min_parameters=span.least,
            max_parameters=span.most,
            sort=self.sort.currentData(),
        )

    def clear(self) -> None:
        """Leave nothing out; the order stays."""
        for box in (self.size_box, self.licence, self.language, self.gate):
            box.blockSignals(True)
            box.setCurrentIndex(0)
            box.blockSignals(False)
        self.publisher.clear()
        self._tell_if_changed()

    def _publisher(self) -> str:
        return self.publisher.text().strip().strip("/@")

    def _boxes(self) -> list[QComboBox]:
        return [self.size_box, self.licence, self.language, self.gate, self.sort]

    def _tell_if_changed(self) -> None:
        query = self.query("")
        if query != self._told:  # a field that is only left changes nothing
            self._told = query
            self.changed.emit()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(3 * theme.SPACE)
        grid.setVerticalSpacing(theme.SPACE)
        fields: list[tuple[str, Any]] = [
            (self.tr("Size"), self.size_box),
            (self.tr("Licence"), self.licence),
            (self.tr("Language"), self.language),
            (self.tr("Access"), self.gate),
            (self.tr("Publisher"), self.publisher),
        ]
        for place, (text, field) in enumerate(fields):
            name = label(text, "muted", wraps=False)
            name.setContentsMargins(0, theme.SPACE, 0, 0)
            name.setBuddy(field)
            field.setAccessibleName(text)
            row, column = 2 * (place // 3), place % 3
            grid.addWidget(name, row, column)
            grid.addWidget(field, row + 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.clear_button, 3, 2, Qt.AlignmentFlag.AlignLeading)


def _box(*choices: tuple[str, Any]) -> QComboBox:
    made = QComboBox()
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(12)
    for text, value in choices:
        made.addItem(text, value)
    return made


def _language(code: str) -> str:
    return QLocale.languageToString(QLocale.codeToLanguage(code))
