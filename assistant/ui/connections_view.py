"""Every connection there has been: when, to whom, why, and how much."""

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from assistant import wording
from assistant.models.hub.connections import Connection, ConnectionLog
from assistant.ui import theme
from assistant.ui.labels import label

_REFRESH_MS = 1000
_WHY, _SENT = 2, 3


class ConnectionsView(QDialog):
    """A window of its own that stands beside the work; it blocks nothing.

    While it is shown it follows what is connected now.
    """

    def __init__(self, connections: ConnectionLog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connections = connections
        self._shown: list[Connection] = []
        self.setWindowTitle(self.tr("Connections"))
        self.resize(760, 420)
        self._words = label()
        self.total = label("", "muted")
        self.table = self._make_table()
        self.copy_button = QPushButton(self.tr("Copy the list"))
        self.copy_button.clicked.connect(self._copy)
        self.clear_button = QPushButton(self.tr("Clear the list"))
        self.clear_button.clicked.connect(self._clear)
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._lay_out()
        self.refresh()

    def refresh(self) -> None:
        """Read the list anew."""
        found = sorted(self._connections.all(), key=lambda c: c.started, reverse=True)
        has_some = bool(found)
        self._words.setText(self._promise(has_some))
        self.total.setText(self._sums(found))
        for widget in (self.table, self.total, self.copy_button, self.clear_button):
            widget.setVisible(has_some)
        if found != self._shown:
            self._shown = found
            self._fill(found)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the connections from now on."""
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow them no longer."""
        super().hideEvent(event)
        self._timer.stop()

    def _promise(self, has_some: bool) -> str:
        if has_some:
            return self.tr(
                "Alcove connects only when you start a download or a search for models. "
                "Your documents and chats are never sent."
            )
        return self.tr(
            "There have been no connections. Alcove connects only when you start a download "
            "or a search for models."
        )

    def _sums(self, found: list[Connection]) -> str:
        text = self.tr(
            "Connections: {count} · hosts: {hosts} · sent: {sent} · received: {received}"
        )
        return text.format(
            count=QLocale().toString(len(found)),
            hosts=QLocale().toString(len({connection.host for connection in found})),
            sent=_size(sum(one.sent_bytes for one in found)),
            received=_size(sum(one.received_bytes for one in found)),
        )

    def _fill(self, found: list[Connection]) -> None:
        self.table.setRowCount(len(found))
        for row, connection in enumerate(found):
            for column, text in enumerate(self._cells(connection)):
                item = self.table.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    self.table.setItem(row, column, item)
                item.setText(text)
                if column >= _SENT:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )

    def _cells(self, connection: Connection) -> tuple[str, ...]:
        started = QDateTime.fromSecsSinceEpoch(int(connection.started.timestamp()))
        when = QLocale().toString(started, QLocale.FormatType.ShortFormat)
        if connection.is_open:
            when = self.tr("{when}, open now").format(when=when)
        host = connection.host
        if connection.proxy:
            host = self.tr("{host}, through {proxy}").format(host=host, proxy=connection.proxy)
        return (
            when,
            host,
            reason_words(connection.reason),
            _size(connection.sent_bytes),
            _size(connection.received_bytes),
        )

    def _copy(self) -> None:
        """Put the list on the clipboard, as a table that other programs read."""
        heads = [self.table.horizontalHeaderItem(i) for i in range(self.table.columnCount())]
        rows = [[head.text() if head else "" for head in heads]]
        rows += [list(self._cells(connection)) for connection in self._shown]
        QGuiApplication.clipboard().setText("\n".join("\t".join(row) for row in rows))

    def _clear(self) -> None:
        self._connections.clear()
        self.refresh()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 5)
        table.setAccessibleName(self.tr("Connections, the newest first"))
        table.setHorizontalHeaderLabels(
            [
                self.tr("When"),
                self.tr("To"),
                self.tr("Why"),
                self.tr("Sent"),
                self.tr("Received"),
            ]
        )
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(_WHY, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        buttons.addWidget(self.total, 1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.clear_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(self._words)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        layout.addStretch(0)


def reason_words(reason: str) -> str:
    """Return why a connection was made, in the person's language."""
    known = {
        "model search": QCoreApplication.translate("connections", "Search for models"),
        "model page": QCoreApplication.translate("connections", "Page of a model"),
        "model header": QCoreApplication.translate("connections", "Whether a model fits here"),
        "model facts": QCoreApplication.translate("connections", "Size and sum of a model"),
        "model download": QCoreApplication.translate("connections", "Download of a model"),
        "model repair": QCoreApplication.translate("connections", "Repair of a damaged model"),
    }
    return known.get(reason, reason)


def _size(count: int) -> str:
    """Return a size; a request has a few hundred bytes, which is not nothing."""
    return f"{count} B" if 0 < count < 1000 else wording.size(count)
