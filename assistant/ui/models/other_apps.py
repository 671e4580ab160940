"""The models that other apps have on this computer, to be used where they are."""

import threading
from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.models.keeping.elsewhere import FoundElsewhere, find_elsewhere
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.models.keeping.linked import LinkedFile
from assistant.ui import theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.job import Job
from assistant.ui.labels import counted, label, plain_tip
from assistant.ui.model_words import display_name
from assistant.ui.models.model_card import badge
from assistant.ui.models.rows import rows
from assistant.wording import size


class OtherAppsView(QWidget):
    """Looks for models of other apps, and takes those that the person wants into the list.

    Args:
        folder: the models of this computer.
        parent: owner.

    Signals:
        added: another model can be used now.
    """

    added = Signal()

    def __init__(self, folder: ModelFolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._job: Job | None = None
        self.rows: list[FoundRow] = []
        self.words = label(self.tr("Looking for models of other apps…"))
        self.hint = label(
            self.tr(
                "They are used where they are: nothing is copied, moved or deleted. Alcove looks "
                "where LM Studio, Ollama, GPT4All, Jan, llama.cpp and the hub's cache keep them."
            ),
            "muted",
        )
        self._column = rows()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(label(self.tr("Models of other apps"), "title"))
        layout.addWidget(self.hint)
        layout.addWidget(self.words)
        layout.addLayout(self._column)

    def start(self) -> None:
        """Look; only names and headers are read."""
        known = {model.path.resolve() for model in self._folder.list()}

        def work(cancel: threading.Event) -> Iterator[FoundElsewhere]:
            for found in find_elsewhere(cancel=cancel):
                if found.path.resolve() not in known:
                    yield found

        self._job = Job(work, self)
        self._job.progressed.connect(self._add)
        self._job.failed.connect(lambda error: self._column.addWidget(ErrorView(error)))
        self._job.finished.connect(self._end)
        self._job.start()

    def _add(self, found: FoundElsewhere) -> None:
        row = FoundRow(found)
        row.use_wanted.connect(lambda: self._use(row))
        self.rows.append(row)
        self._column.addWidget(row)

    def _use(self, row: "FoundRow") -> None:
        found = row.found
        file = LinkedFile(path=found.path, name=found.name, app=found.app)

        def work(_: threading.Event) -> Iterator[InstalledModel]:
            yield self._folder.link(file)

        row.use_button.setEnabled(False)
        job = Job(work, self)
        job.succeeded.connect(lambda _: self._take(row))
        job.failed.connect(row.refuse)
        job.start()

    def _take(self, row: "FoundRow") -> None:
        row.accept()
        self.added.emit()

    def _end(self) -> None:
        count = len(self.rows)
        text = self.tr("%n model(s) of other apps can be used here.", "", count)
        none = self.tr("No other app has a model here that Alcove does not use already.")
        self.words.setText(counted(text, count) if count else none)


class FoundRow(QFrame):
    """One model of another app.

    Signals:
        use_wanted: the person wants it in the list.
    """

    use_wanted = Signal()

    def __init__(self, found: FoundElsewhere, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = found
        self.error_view: ErrorView | None = None
        theme.set_role(self, "card")
        self.title = label(display_name(found.name), "subject")
        self.title.setToolTip(plain_tip(str(found.path)))
        self.facts = label(f"{found.app} · {size(found.size_bytes)}", "muted")
        self.use_button = QPushButton(self.tr("Use it here"))
        self.use_button.setAccessibleName(
            self.tr("Use {name} of {app} here").format(name=found.name, app=found.app)
        )
        self.use_button.clicked.connect(self.use_wanted)
        self.sign = badge(self.tr("In the list"))
        self.sign.hide()
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE)
        words.addWidget(self.title)
        words.addWidget(self.facts)
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addLayout(words, 1)
        head.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.use_button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*(4 * theme.SPACE,) * 4)
        self._column.setSpacing(2 * theme.SPACE)
        self._column.addLayout(head)

    def accept(self) -> None:
        """Say that it is in the list now."""
        had_focus = self.use_button.hasFocus()
        self.use_button.hide()
        self.sign.show()
        if had_focus:
            self.focusNextChild()

    def refuse(self, error: Exception) -> None:
        """Say why it cannot be used."""
        self.use_button.setEnabled(True)
        if self.error_view is not None:
            self.error_view.deleteLater()
        self.error_view = ErrorView(error)
        self._column.addWidget(self.error_view)
