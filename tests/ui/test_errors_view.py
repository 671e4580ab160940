"""An error says what happened and the next step, and a bug can be copied."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from assistant.errors import DocumentError, FileFault
from assistant.ui.errors_view import ErrorView
from assistant.ui.theme import Appearance


def _words(view: ErrorView) -> str:
    return " ".join(label.text() for label in view.findChildren(QLabel))


def test_an_error_names_the_file_and_the_next_step(qtbot: QtBot, appearance: Appearance) -> None:
    pressed: list[bool] = []
    error = DocumentError(Path("/some/where/<b>Lease.pdf"), FileFault.PASSWORD_NEEDED)
    view = ErrorView(error, [("Enter password", lambda: pressed.append(True))])
    qtbot.addWidget(view)
    view.show()
    assert "<b>Lease.pdf is protected with a password." in _words(view)
    assert all(x.textFormat() is Qt.TextFormat.PlainText for x in view.findChildren(QLabel)[1:])
    button = view.findChild(QPushButton)
    assert button is not None
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [True]


def test_a_bug_can_be_copied_without_what_it_says(
    qtbot: QtBot, qapp: QApplication, appearance: Appearance
) -> None:
    try:
        raise KeyError("my own words")  # a real trace is wanted
    except KeyError as error:
        view = ErrorView(error)
    qtbot.addWidget(view)
    view.show()
    assert "Something went wrong inside Alcove." in _words(view)
    button = view.findChild(QPushButton)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    copied = qapp.clipboard().text()
    assert "What happened     KeyError" in copied
    assert "test_errors_view.py" in copied
    assert "my own words" not in copied
