"""Every connection there has been, and why."""

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from assistant import wording
from assistant.models.connections import Connection, ConnectionLog
from assistant.ui import theme
from assistant.ui.labels import label


class ConnectionsView(QDialog):
    """A window of its own that stands beside the work; it blocks nothing."""

    def __init__(self, connections: ConnectionLog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connections = connections
        self.setWindowTitle(self.tr("Connections"))
        self.resize(720, 360)
        self._words = label()
        self.table = QTableWidget(0, 5)
        self.table.setAccessibleName(self.tr("Connections, the newest first"))
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("When"),
                self.tr("To"),
                self.tr("Why"),
                self.tr("Sent"),
                self.tr("Received"),
            ]
        )
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(self._words)
        layout.addWidget(self.table, 1)
        self.refresh()

    def refresh(self) -> None:
        """Read the list anew."""
        connections = sorted(self._connections.all(), key=lambda c: c.started, reverse=True)
        self._words.setText(
            self.tr(
                "Alcove connects only when you start a download or a search for models. "
                "Your documents and chats are never sent."
            )
            if connections
            else self.tr(
                "There have been no connections. Alcove connects only when you start a download "
                "or a search for models."
            )
        )
        self.table.setVisible(bool(connections))
        self.table.setRowCount(len(connections))
        for row, connection in enumerate(connections):
            for column, text in enumerate(self._cells(connection)):
                item = QTableWidgetItem(text)
                if column > 2:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(row, column, item)

    def _cells(self, connection: Connection) -> tuple[str, ...]:
        started = QDateTime.fromSecsSinceEpoch(int(connection.started.timestamp()))
        when = QLocale().toString(started, QLocale.FormatType.ShortFormat)
        if connection.is_open:
            when = self.tr("{when}, open now").format(when=when)
        return (
            when,
            connection.host,
            connection.reason,
            wording.size(connection.sent_bytes),
            wording.size(connection.received_bytes),
        )
