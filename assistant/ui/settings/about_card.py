"""What Alcove is: its version, its promise, its parts, and what it noted of its own faults."""

from PySide6.QtCore import QLibraryInfo, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from assistant import __version__, paths
from assistant.crash_reports import Reports, facts
from assistant.ui import icons, theme
from assistant.ui.labels import counted, label
from assistant.ui.settings.cards import Choice, card, row

_ICON = 48  # px


class AboutCard(QWidget):
    """A card at the end of Settings.

    Args:
        folders: the app's folders.
        parent: owner.

    Signals:
        parts_wanted: all parts with their licences.
        reports_wanted: the crash reports.
    """

    parts_wanted = Signal()
    reports_wanted = Signal()

    def __init__(self, folders: paths.Folders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folders = folders
        self.parts_button = QPushButton(self.tr("Parts and licences…"))
        self.parts_button.clicked.connect(self.parts_wanted)
        self.reports_button = QPushButton(self.tr("Look at them…"))
        self.reports_button.setAccessibleName(self.tr("Look at the crash reports"))
        self.reports_button.clicked.connect(self.reports_wanted)
        self.reports_words = label()
        self.copy_button = QPushButton(self.tr("Copy"))
        self.copy_button.setAccessibleName(self.tr("Copy the version and the system"))
        self.copy_button.clicked.connect(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._make_card())
        self.refresh()

    def refresh(self) -> None:
        """Count the crash reports anew."""
        count = len(Reports.of(self._folders).list())
        text = self.tr("%n crash report(s) on this computer", "", count)
        self.reports_words.setText(counted(text, count) if count else self.tr("None"))
        self.reports_button.setVisible(count > 0)

    def version_words(self) -> str:
        """Return the version and the system, as one may give them with a question."""
        return "\n".join(
            [
                f"Alcove {__version__}, {facts.build()}",
                *(f"{name} {version}" for name, version in facts.versions().items()),
                facts.system(),
                facts.processor(),
            ]
        )

    def _make_card(self) -> QFrame:
        made = card(
            self.tr("About"),
            [
                Choice(
                    self.tr("Version"),
                    row(self._version_label(), self.copy_button),
                    self.tr(
                        "Alcove never looks for a newer version by itself. An older version leaves "
                        "the data of a newer one as it is."
                    ),
                ),
                Choice(
                    self.tr("Licence"),
                    row(
                        label(self.tr("MIT: use, change and pass it on as you like")),
                        self.parts_button,
                    ),
                    self.tr(
                        "Made with llama.cpp, Qt, PDFium, Lucide icons and others. Qt is used "
                        "under the LGPL 3: its libraries are files of their own, which you may "
                        "replace by your own build of them, in {folder}"
                    ).format(folder=qt_folder()),
                ),
                Choice(self.tr("Place"), self._place_label(), self._place_hint()),
                Choice(
                    self.tr("Crash reports"),
                    row(self.reports_words, self.reports_button),
                    self.tr("Nothing is sent: you read them, and decide."),
                ),
            ],
        )
        grid = made.layout()
        assert isinstance(grid, QGridLayout)
        promise = self.tr(
            "A private assistant that lives on your own computer. Documents, chats and answers "
            "never leave it. Alcove connects only when you start a download or a search for "
            "models, and lists every connection under the shield."
        )
        place = grid.rowCount()
        grid.setRowMinimumHeight(place, 2 * theme.SPACE)
        grid.addWidget(label(promise, "muted"), place + 1, 0, 1, 2)
        return made

    def _version_label(self) -> QWidget:
        words = f"Alcove {__version__}"
        if self._folders.portable is not None:
            words = self.tr("{version}, a portable copy").format(version=words)
        sign = label(words, selectable=True)
        picture = label()
        picture.setPixmap(icons.app_icon().pixmap(_ICON, _ICON))
        picture.setFixedSize(_ICON, _ICON)
        beside = row(sign, picture)
        layout = beside.layout()
        assert layout is not None
        layout.removeWidget(picture)
        layout.removeWidget(sign)
        layout.addWidget(picture)
        layout.addWidget(sign)
        return beside

    def _place_label(self) -> QWidget:
        return label(str(self._folders.portable or self._folders.data), selectable=True)

    def _place_hint(self) -> str:
        if self._folders.portable is not None:
            return self.tr(
                "Everything is in this folder beside the program: settings, chats, models and "
                "temporary files. Take it along, or delete it to leave nothing."
            )
        return self.tr(
            "Where settings, documents and chats are; removing the program leaves them there. A "
            "file named “portable” beside the program keeps everything beside it instead."
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.version_words())


def qt_folder() -> str:
    """Return where the libraries of Qt are that this window runs with."""
    return QLibraryInfo.path(QLibraryInfo.LibraryPath.LibrariesPath)
