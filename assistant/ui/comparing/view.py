"""What differs between two documents, with the page of either side beside it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assistant.documents.document import Document, Span
from assistant.documents.reading import Reader
from assistant.ui import icons, theme
from assistant.ui.comparing.session import Compared, CompareSession, Reading, Source
from assistant.ui.errors_view import ErrorView
from assistant.ui.exporting import Exportable, add_to
from assistant.ui.labels import label
from assistant.ui.parts_beside import PartsBeside, place


class ComparisonView(QWidget):
    """Shows a comparison from its reading to its result.

    Args:
        reader: what reads files and draws pages.
        parent: owner.

    Signals:
        closed: the person wants to see the documents again.
        export_wanted (str): an `ExportKind`'s value.
    """

    closed = Signal()
    export_wanted = Signal(str)

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = CompareSession(reader, self)
        self.title = label("", "title", selectable=True)
        self.status = label("", "muted", selectable=True)
        self.result = PartsBeside(self.tr("What differs"), reader)
        self.error = QVBoxLayout()
        self._make_buttons()
        self._lay_out()
        self._connect()

    def compare(self, old: Source, new: Source) -> None:
        """Compare the documents `old` and `new`."""
        self.session.start(old, new)

    def exportable(self) -> Exportable | None:
        """Return the comparison as what can leave the app; None before there is one."""
        found = self.session.result
        if found is None:
            return None
        from assistant.summaries.exporting.comparisons import (  # noqa: PLC0415 - brings numpy
            comparison_data,
            compose_comparison,
        )

        new = found.new.path
        return Exportable(
            title=f"{found.old.title} → {found.new.title}",
            parts=tuple(compose_comparison(found.comparison)),
            data=comparison_data(found.comparison),
            suggested=new.with_name(f"{new.stem} compared"),
            language=found.new.language,
        )

    def close_page(self) -> None:
        """Stop what is under way."""
        self.session.stop()
        self.result.pages.close_page()

    # What is shown

    def _show(self) -> None:
        found, error = self.session.result, self.session.error
        self._clear_error()
        is_working = self.session.is_working
        self.stop_button.setVisible(is_working)
        self.swap_button.setVisible(found is not None)
        self.menu_button.setVisible(found is not None)
        self.result.setVisible(found is not None)
        if self.session.sources:
            old, new = (source.path.name for source in self.session.sources)
            self.title.setText(f"{old} → {new}")
        if error is not None:
            self.status.setText("")
            self.error.addWidget(ErrorView(error))
        elif found is not None:
            self._show_found(found)
        elif is_working:
            self.status.setText(self.tr("Reading…"))
        else:
            self.status.setText(self.tr("Stopped."))

    def _show_found(self, found: Compared) -> None:
        from assistant.summaries.exporting.comparisons import (  # noqa: PLC0415 - brings numpy
            compose_comparison,
            in_short,
        )

        self.status.setText(in_short(found.comparison))
        # The title and the line below it stand above the text already.
        self.result.text.show_parts(tuple(compose_comparison(found.comparison))[2:])
        self.result.close_pages()

    def _show_progress(self, reading: object) -> None:
        if not isinstance(reading, Reading):
            return
        done, total = reading.progress.pages_done, reading.progress.pages_total
        name = reading.path.name
        if total:
            text = self.tr("Reading {name}: page {done} of {total}")
            self.status.setText(text.format(name=name, done=done, total=total))
        else:
            self.status.setText(self.tr("Reading {name}…").format(name=name))

    def _clear_error(self) -> None:
        while (item := self.error.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()

    # Pages

    def _follow(self, address: str) -> None:
        """Show the page that a place leads to, its sentence marked."""
        target = self._target(address)
        if target is None or self.session.sources is None:
            return
        document, span = target
        source = self.session.sources[0 if address.startswith("old:") else 1]
        self.result.show_page(document, span, source.password)

    def _target(self, address: str) -> tuple[Document, Span] | None:
        side, numbers = place(address)
        found = self.session.result
        if found is None or len(numbers) != 3:
            return None
        document = found.old if side == "old" else found.new
        page, start, end = numbers
        return (document, Span(page, start, end)) if 1 <= page <= len(document.pages) else None

    # Parts

    def _make_buttons(self) -> None:
        self.back_button = QPushButton(self.tr("Back"))
        self.stop_button = QPushButton(self.tr("Stop"))
        self.swap_button = QPushButton(self.tr("Swap old and new"))
        self.menu_button = QToolButton()
        icons.put(self.menu_button, "ellipsis")
        self.menu_button.setAccessibleName(self.tr("More: copy, export, print"))
        self.menu_button.setToolTip(self.tr("More"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.menu_button)
        self.exports = add_to(self.menu, self.export_wanted)
        self.menu_button.setMenu(self.menu)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self.title, 1)
        for button in (self.stop_button, self.swap_button, self.back_button, self.menu_button):
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(
            6 * theme.SPACE, 4 * theme.SPACE, 4 * theme.SPACE, 3 * theme.SPACE
        )
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.status)
        layout.addLayout(self.error)
        layout.addWidget(self.result, 1)
        layout.addStretch(0)

    def _connect(self) -> None:
        self.session.changed.connect(self._show)
        self.session.progressed.connect(self._show_progress)
        self.stop_button.clicked.connect(self._stop)
        self.swap_button.clicked.connect(self.session.swap)
        self.back_button.clicked.connect(self._leave)
        self.result.followed.connect(self._follow)

    def _stop(self) -> None:
        self.session.stop()
        self._show()

    def _leave(self) -> None:
        self.session.stop()
        self.closed.emit()
