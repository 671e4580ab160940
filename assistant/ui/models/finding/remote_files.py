"""A model's files to choose from: three in words, and all with their formats behind "Files"."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.models.finding.repository import FileGroup
from assistant.quantizations import is_slow
from assistant.ui import theme
from assistant.ui.labels import counted, label
from assistant.ui.model_words import quantization_in_words
from assistant.ui.models.finding.remote_words import breakable, grade_in_words
from assistant.ui.models.fold import Fold
from assistant.ui.models.model_card import badge
from assistant.ui.models.rows import heading
from assistant.wording import size

_UNCOMPRESSED = {"F16", "F32", "BF16"}  # of use to those who make formats of their own


class RemoteFiles(QWidget):
    """Offers the files of a model.

    Args:
        groups: the choices, the recommended one first.
        state_of: tells what stands in the place of a choice's Download button, such as "Here
            already"; empty if it can be downloaded.
        parent: owner.

    Signals:
        download_wanted (object): the `FileGroup` that the person wants.
    """

    download_wanted = Signal(object)

    def __init__(
        self,
        groups: Sequence[FileGroup],
        state_of: Callable[[FileGroup], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._groups = groups
        self._state_of = state_of
        self._too_large: set[str] = set()
        self.rows = [_FileRow(group, is_plain=True) for group in plain_choices(groups)]
        self.all_rows: list[_FileRow] = []
        for row in self.rows:
            row.download_wanted.connect(self.download_wanted)
        count = len(groups)
        title = counted(self.tr("Files: %n format(s)", "", count), count)
        self.fold = Fold(title, self._build_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(heading(self.tr("Choose a size")))
        for row in self.rows:
            layout.addWidget(row)
        layout.addWidget(self.fold)
        self.refresh()

    def show_too_large(self, files: set[str]) -> None:
        """Name the choices, by their file, that this computer's memory does not hold."""
        self._too_large = files
        self.refresh()

    def refresh(self) -> None:
        """Tell anew what is here already or on its way."""
        for row in (*self.rows, *self.all_rows):
            row.show_state(
                self._state_of(row.group), is_too_large=row.group.file in self._too_large
            )

    def _build_all(self) -> QWidget:
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        by_size = sorted(self._groups, key=lambda group: group.size_bytes)
        self.all_rows = [_FileRow(group, is_plain=False) for group in by_size]
        for row in self.all_rows:
            row.download_wanted.connect(self.download_wanted)
            layout.addWidget(row)
        self.refresh()
        return part


class _FileRow(QFrame):
    """One choice.

    Signals:
        download_wanted (object): its `FileGroup` is wanted.
    """

    download_wanted = Signal(object)

    def __init__(self, group: FileGroup, *, is_plain: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = group
        theme.set_role(self, "card")
        grade = grade_in_words(group.grade)
        self.title = label(grade if is_plain else group.quantization or grade, "subject")
        self.facts = label(self._facts(is_plain=is_plain), "muted")
        self.warning = label("", "warning")
        self.state = label("", "muted", wraps=False)
        self.button = QPushButton(self.tr("Download"))
        name = self.tr("Download {choice}, {size}").format(
            choice=self.title.text(), size=size(group.size_bytes)
        )
        self.button.setAccessibleName(name)
        if group.is_recommended and is_plain:
            theme.set_role(self.button, "primary")
        self.button.clicked.connect(lambda: self.download_wanted.emit(group))
        self._lay_out(is_recommended=group.is_recommended)

    def show_state(self, state: str, *, is_too_large: bool) -> None:
        """Offer the download, or say why not."""
        self.state.setText(state)
        self.state.setVisible(bool(state))
        self.button.setVisible(not state)
        warnings = [self.tr("Too large for this computer's memory.")] if is_too_large else []
        if is_slow(self.group.quantization):
            warnings.append(self.tr("A slow format on this processor."))
        self.warning.setText(" ".join(warnings))
        self.warning.setVisible(bool(warnings))

    def _facts(self, *, is_plain: bool) -> str:
        words = quantization_in_words(self.group.quantization)
        facts = [size(self.group.size_bytes), words]
        if is_plain and self.group.quantization and words != self.group.quantization:
            facts[1] = f"{words} ({self.group.quantization})"
        if not is_plain:
            facts.append(breakable(self.group.file))
            parts = len(self.group.files)
            if parts > 1:
                facts.append(counted(self.tr("%n part(s)", "", parts), parts))
        return " · ".join(fact for fact in facts if fact)

    def _lay_out(self, *, is_recommended: bool) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self.title)
        if is_recommended:
            head.addWidget(badge(self.tr("Recommended")), 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE)
        words.addLayout(head)
        words.addWidget(self.facts)
        words.addWidget(self.warning)
        grid = QGridLayout(self)
        grid.setContentsMargins(4 * theme.SPACE, 3 * theme.SPACE, 4 * theme.SPACE, 3 * theme.SPACE)
        grid.setHorizontalSpacing(3 * theme.SPACE)
        grid.addLayout(words, 0, 0)
        grid.addWidget(self.state, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.button, 0, 2, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(0, 1)


def plain_choices(groups: Sequence[FileGroup]) -> list[FileGroup]:
    """Return at most three choices: the recommended, the smallest and the best one.

    Uncompressed ones only where there is nothing else.
    """
    useful = [group for group in groups if group.quantization not in _UNCOMPRESSED] or list(groups)
    if not useful:
        return []
    recommended = next((group for group in useful if group.is_recommended), useful[0])
    smallest = min(useful, key=lambda group: group.size_bytes)
    best = max(useful, key=lambda group: group.size_bytes)
    chosen = [recommended]
    for group, is_wanted in (
        (smallest, smallest.grade is not recommended.grade),
        (best, best.grade is not recommended.grade),
    ):
        if is_wanted and group not in chosen:
            chosen.append(group)
    return chosen
