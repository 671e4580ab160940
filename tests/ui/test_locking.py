"""The app lock: nothing of a locked window can be seen, reached or dropped on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from assistant.conversations import locking
from assistant.settings import SettingsFile
from assistant.ui.announcing import announce
from assistant.ui.locking import AppLock
from assistant.ui.theme import Appearance

PASSWORD = "quagmire"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SettingsFile:
    """Settings with a password whose sum costs little."""
    monkeypatch.setattr(locking, "_LOG_N", 10)
    made = SettingsFile(tmp_path / "settings.json")
    made.change(lock_hash=locking.hashed(PASSWORD))
    return made


@pytest.fixture
def window(qtbot: QtBot, appearance: Appearance) -> Iterator[QWidget]:
    """A window with a field in it."""
    made = QWidget()
    made.setWindowTitle("A chat")
    made.secret = QLineEdit("secret words")  # type: ignore[attr-defined]
    QVBoxLayout(made).addWidget(made.secret)  # type: ignore[attr-defined]
    made.resize(800, 600)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


@pytest.fixture
def lock(window: QWidget, settings: SettingsFile) -> Iterator[AppLock]:
    made = AppLock(window, settings)
    yield made
    made.unlock()


def _type(qtbot: QtBot, lock: AppLock, password: str) -> None:
    """Type a password into whatever has the focus, and press Enter."""
    target = QApplication.focusWidget() or lock.screen.field
    qtbot.keyClicks(target, password)
    qtbot.keyClick(target, Qt.Key.Key_Return)


def test_nothing_is_reached_until_the_password_comes(
    qtbot: QtBot, window: QWidget, lock: AppLock
) -> None:
    pressed: list[str] = []
    shortcut = QShortcut(QKeySequence("Ctrl+K"), window)
    shortcut.activated.connect(lambda: pressed.append("palette"))
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    secret = window.secret  # type: ignore[attr-defined]
    secret.setFocus()
    with qtbot.waitSignal(lock.locked):
        lock.lock()
    assert lock.is_locked
    assert not secret.isVisible()
    assert not other.isVisible()
    assert window.windowTitle() == "Alcove – locked"
    assert lock.screen.size() == window.size()
    window.resize(900, 500)
    assert lock.screen.size() == window.size()

    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(secret, "more")
    assert (pressed, secret.text()) == ([], "secret words")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/a.pdf")])
    drag = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    drag.ignore()
    QApplication.sendEvent(window, drag)
    assert not drag.isAccepted()
    late = QWidget()
    qtbot.addWidget(late)
    late.show()
    assert not late.isVisible()
    part = QWidget(window)
    part.show()
    assert not part.isVisible()

    _type(qtbot, lock, "wrong")
    qtbot.waitUntil(lambda: lock.screen.fault.text() == "That is not the password.", timeout=20_000)
    assert lock.is_locked
    assert lock.screen.field.text() == ""
    with qtbot.waitSignal(lock.unlocked, timeout=20_000):
        _type(qtbot, lock, PASSWORD)
    assert not lock.is_locked
    assert all(widget.isVisible() for widget in (secret, other, late, part))
    assert window.windowTitle() == "A chat"
    assert window.focusWidget() is secret
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert pressed == ["palette"]


def test_many_wrong_passwords_have_to_wait(qtbot: QtBot, lock: AppLock) -> None:
    lock.lock()
    screen = lock.screen
    for _ in range(locking.FREE_TRIES):
        assert screen.button.isEnabled()
        screen.field.setText("wrong")
        qtbot.mouseClick(screen.button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: screen.field.text() == "", timeout=20_000)
        qtbot.waitUntil(lambda: screen._job is None, timeout=20_000)
    assert "Wait" in screen.fault.text()
    assert not screen.button.isEnabled()
    screen.field.setText(PASSWORD)
    qtbot.keyClick(screen.field, Qt.Key.Key_Return)
    assert screen._job is None  # nothing is compared yet
    qtbot.waitUntil(screen.button.isEnabled, timeout=20_000)
    with qtbot.waitSignal(lock.unlocked, timeout=20_000):
        qtbot.keyClick(screen.field, Qt.Key.Key_Return)


def test_a_forgotten_password_is_no_secret_way(
    qtbot: QtBot, lock: AppLock, settings: SettingsFile
) -> None:
    lock.lock()
    assert not lock.screen.help.isVisible()
    qtbot.mouseClick(lock.screen.forgot, Qt.MouseButton.LeftButton)
    assert lock.screen.help.isVisible()
    assert str(settings.path) in lock.screen.help.text()
    assert "nothing is encrypted" in lock.screen.help.text()


def test_it_locks_itself_only_when_wished(
    qtbot: QtBot, window: QWidget, lock: AppLock, settings: SettingsFile
) -> None:
    secret = window.secret  # type: ignore[attr-defined]
    assert not lock._idle.isActive()
    settings.change(lock_minutes=5)
    lock.follow_settings()
    assert lock._idle.interval() == 300_000
    lock._idle.setInterval(60_000)
    lock._idle.start(500_000)
    qtbot.keyClicks(secret, "x")  # the person is here: the time begins anew
    assert lock._idle.isActive()
    assert lock._idle.remainingTime() > 400_000
    with qtbot.waitSignal(lock.locked):
        lock._idle.timeout.emit()
    assert lock.is_locked
    assert not lock._idle.isActive()

    settings.change(lock_hash="")
    lock.unlock()
    with qtbot.waitSignal(lock.password_wanted):
        lock.lock()
    lock.lock_at_start()
    assert not lock.is_locked


def test_a_window_can_open_locked(
    qtbot: QtBot, appearance: Appearance, settings: SettingsFile
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    secret = QLineEdit("secret", window)
    lock = AppLock(window, settings)
    lock.lock_at_start()
    window.show()
    assert lock.is_locked
    assert not secret.isVisible()
    assert lock.screen.isVisible()
    lock.unlock()
    assert secret.isVisible()
    settings.change(locks_at_start=False)
    lock.lock_at_start()
    assert not lock.is_locked


def test_what_has_gone_meanwhile_does_no_harm(qtbot: QtBot, window: QWidget, lock: AppLock) -> None:
    """A dialog may end, and a page be rebuilt, while the window is locked."""
    dialog = QWidget()
    dialog.show()
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    lock.lock()
    for widget in (dialog, field):
        with qtbot.waitSignal(widget.destroyed):
            widget.deleteLater()
    lock.unlock()
    assert not lock.is_locked


def test_a_locked_window_says_nothing(
    window: QWidget, lock: AppLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply that comes meanwhile is not read aloud by a screen reader."""
    said: list[object] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", said.append)
    secret = window.secret  # type: ignore[attr-defined]
    lock.lock()
    announce(secret, "the secret reply")
    assert said == []
    lock.unlock()
    announce(secret, "the secret reply")
    assert len(said) == 1
