"""The list of conversations: real clicks, keys and drags on a real list with its database."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from assistant.engine.client import Engine
from assistant.errors import CannotWrite, NoSpace
from assistant.storage.connection import connect
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Connection, Database
from assistant.storage.folders import FolderStore
from assistant.ui.chat import list_export, rows
from assistant.ui.chat.conversation_list import ConversationList
from assistant.ui.chat.list_menu import ConversationMenu, FolderMenu, TemporaryMenu
from assistant.ui.chat.list_work import ListWork
from assistant.ui.chat.rows import ConversationRow, FolderRow, HeadingRow, TemporaryRow
from assistant.ui.theme import Appearance
from assistant.ui.workspace import NARROW, Workspace

PATIENCE_MS = 20_000
LEFT = Qt.MouseButton.LeftButton


@dataclass
class Told:
    """What the list and its work told."""

    chosen: list[int] = field(default_factory=list)
    found: list[tuple[int, int]] = field(default_factory=list)
    leaving: list[list[int]] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)
    choices: list[bool] = field(default_factory=list)


@dataclass
class Bench:
    """A list on a database, and the hands on it."""

    sidebar: ConversationList
    work: ListWork
    store: ConversationStore
    folders: FolderStore
    qtbot: QtBot
    told: Told

    def titles(self) -> list[str]:
        """Every row as it stands: headings in capitals, folders with a slash."""
        shown = []
        for row in self.sidebar.model.rows:
            if isinstance(row, HeadingRow):
                shown.append(row.text.upper())
            elif isinstance(row, FolderRow):
                shown.append(f"{row.folder.name}/{row.count}")
            elif isinstance(row, ConversationRow):
                shown.append(row.record.title)
            else:
                shown.append("(temporary)")
        return shown

    def place(self, title: str) -> QPoint:
        """The middle of a row, scrolled to."""
        row = self.titles().index(title)
        index = self.sidebar.model.index(row)
        self.sidebar.view.scrollTo(index)
        return self.sidebar.view.visualRect(index).center()

    def click(self, title: str, keys: Qt.KeyboardModifier | None = None) -> None:
        """Click a row."""
        keys = keys or Qt.KeyboardModifier.NoModifier
        self.qtbot.mouseClick(self.sidebar.view.viewport(), LEFT, keys, self.place(title))

    def press(self, keys: str) -> None:
        """Press a key where the keyboard is."""
        QTest.keySequence(QApplication.focusWidget().window().windowHandle(), keys)

    def drag(self, title: str, onto: str) -> None:
        """Drag a row onto another."""
        viewport = self.sidebar.view.viewport()
        start, end = self.place(title), self.place(onto)
        self.qtbot.mousePress(viewport, LEFT, pos=start)
        self.qtbot.mouseMove(viewport, start + QPoint(0, QApplication.startDragDistance() + 1))
        self.qtbot.mouseMove(viewport, end)
        self.qtbot.mouseRelease(viewport, LEFT, pos=end)

    def type(self, text: str) -> None:
        """Write into the field that has the keyboard, and press Enter."""
        field = QApplication.focusWidget()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)
        QApplication.processEvents()  # Qt takes what was typed a moment later

    def menu(self) -> ConversationMenu | FolderMenu:
        """The menu that is open."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, ConversationMenu | FolderMenu)
        return menu

    def close_menu(self) -> None:
        """Close the menu, and let the window have the keyboard again."""
        self.menu().close()
        self.activate(self.sidebar)

    def activate(self, window: QWidget) -> None:
        """Give the keyboard to a window after another has gone: offscreen nobody else does."""
        QApplication.processEvents()
        window.activateWindow()
        self.qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE_MS)

    def begin(self, *titles: str) -> dict[str, int]:
        """Begin conversations, each a day older than the one before, with a message in each."""
        ids = {}
        for age, title in enumerate(titles):
            ids[title] = self.store.create(title)
            self.store.add_message(ids[title], "user", f"A question about {title}")
            self.age(ids[title], age)
        self.work.refresh()
        return ids

    def age(self, conversation_id: int, days: float) -> None:
        """Say that a conversation was last changed some days ago."""
        then = datetime.now(UTC) - timedelta(days=days)
        self.store._database.write(
            lambda c: c.execute(
                "UPDATE conversations SET updated_at = ? WHERE id = ?",
                (int(then.timestamp() * 1_000_000), conversation_id),
            )
        ).result()


@pytest.fixture
def bench(
    qtbot: QtBot,
    appearance: Appearance,
    database: Database,
    store: ConversationStore,
    engine: Engine,
) -> Iterator[Bench]:
    """A list with nothing in it."""
    sidebar = ConversationList()
    work = ListWork(sidebar, store, database, engine, sidebar)
    told = Told()
    sidebar.chosen.connect(told.chosen.append)
    sidebar.found.connect(lambda *place: told.found.append(place))
    sidebar.choice_made.connect(lambda: told.choices.append(True))
    work.leaving.connect(told.leaving.append)
    work.returned.connect(told.returned.append)
    work.failed.connect(told.failed.append)
    sidebar.resize(264, 640)
    QAbstractItemModelTester(
        sidebar.model, QAbstractItemModelTester.FailureReportingMode.Warning, sidebar
    )
    work.refresh()
    sidebar.show()
    qtbot.addWidget(sidebar, before_close_func=lambda _: work.close())
    qtbot.waitActive(sidebar)
    yield Bench(sidebar, work, store, FolderStore(database), qtbot, told)
    assert told.failed == []


def test_conversations_stand_by_day_and_are_chosen_by_mouse_and_key(bench: Bench) -> None:
    assert bench.sidebar.nothing.isVisible()
    ids = bench.begin("Lease", "Kyoto", "Poem")
    assert not bench.sidebar.nothing.isVisible()
    assert bench.titles() == ["TODAY", "Lease", "YESTERDAY", "Kyoto", "LAST 7 DAYS", "Poem"]
    bench.click("Kyoto")
    assert bench.told.chosen == [ids["Kyoto"]]
    assert bench.told.choices == [True]
    bench.press("Down")
    bench.press("Return")
    assert bench.told.chosen == [ids["Kyoto"], ids["Poem"]]
    bench.click("YESTERDAY")
    assert len(bench.told.chosen) == 2
    bench.sidebar.select(ids["Lease"])
    assert bench.sidebar.view.selected_ids() == [ids["Lease"]]


def test_a_title_is_changed_in_place_while_the_list_changes(bench: Bench) -> None:
    ids = bench.begin("Lease", "Kyoto")
    bench.click("Kyoto")
    bench.press("F2")
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText("Trip to")
    bench.store.add_message(ids["Kyoto"], "assistant", "It goes on.")  # a reply ended meanwhile
    bench.work.update(ids["Kyoto"])
    bench.begin("Another")
    assert bench.titles()[:4] == ["TODAY", "Another", "Kyoto", "Lease"]
    assert QApplication.focusWidget() is editor
    editor.setCursorPosition(99)
    bench.type(" Kyoto")
    record = bench.store.get(ids["Kyoto"])
    assert record is not None
    assert record.title == "Trip to Kyoto"
    assert record.title_by == "person"
    assert "Trip to Kyoto" in bench.titles()
    bench.press("F2")
    bench.type("   ")
    assert "Trip to Kyoto" in bench.titles()
    bench.press("F2")
    QApplication.focusWidget().setText("Turned \u202eround\x07")  # as it may be pasted
    bench.type("")
    assert "Turned round" in bench.titles()


def test_several_are_pinned_archived_and_deleted_at_once(bench: Bench) -> None:
    ids = bench.begin("A", "B", "C", "D")
    bench.click("A")
    bench.click("C", Qt.KeyboardModifier.ControlModifier)
    assert bench.told.chosen == [ids["A"]]  # Ctrl only selects
    bench.press("Ctrl+D")
    assert bench.titles() == ["PINNED", "A", "C", "YESTERDAY", "B", "LAST 7 DAYS", "D"]
    bench.press("Ctrl+D")
    assert bench.titles()[0] == "TODAY"
    bench.click("C")
    bench.click("D", Qt.KeyboardModifier.ShiftModifier)
    bench.press("Ctrl+E")
    assert bench.titles() == ["TODAY", "A", "YESTERDAY", "B"]
    assert bench.sidebar.archive_button.text() == "Archive (2)"
    bench.sidebar.archive_button.click()
    assert bench.titles() == ["LAST 7 DAYS", "C", "D"]
    bench.click("D")
    bench.press("Ctrl+E")
    assert bench.titles() == ["LAST 7 DAYS", "C"]
    bench.sidebar.head.back_button.click()
    bench.click("A")
    bench.click("D", Qt.KeyboardModifier.ShiftModifier)
    bench.press("Delete")
    assert bench.told.leaving == [[ids["A"], ids["B"], ids["D"]]]
    assert bench.titles() == []
    bench.sidebar.undo_bar.button.click()  # takes the archive's Undo back, too: C is here again
    assert bench.told.returned == [ids["A"]]
    assert bench.titles() == ["TODAY", "A", "YESTERDAY", "B", "LAST 7 DAYS", "C", "D"]


def test_the_keyboard_stays_in_the_list_when_rows_go(bench: Bench) -> None:
    bench.begin("A", "B", "C")
    bench.work.leaving.connect(lambda _: bench.sidebar.search.setFocus())  # as a page may do
    bench.click("A")
    bench.press("Delete")
    assert bench.titles() == ["YESTERDAY", "B", "LAST 7 DAYS", "C"]
    assert bench.sidebar.view.hasFocus()
    bench.press("Ctrl+E")
    assert bench.titles() == ["LAST 7 DAYS", "C"]
    bench.press("Return")
    assert len(bench.told.chosen) == 2


def test_deleted_for_good_when_the_time_is_over(
    bench: Bench, database: Database, engine: Engine
) -> None:
    ids = bench.begin("Secret zebra", "Other")
    bench.click("Secret zebra")
    bench.press("Delete")
    assert bench.sidebar.undo_bar.isVisible()
    bench.sidebar.undo_bar.settle()
    bench.qtbot.waitUntil(lambda: bench.store.removed() == [], timeout=PATIENCE_MS)
    bench.qtbot.waitUntil(
        lambda: b"zebra" not in b"".join(p.read_bytes() for p in _files(database)),
        timeout=PATIENCE_MS,
    )
    assert [r.id for r in bench.store.list()] == [ids["Other"]]


def test_what_is_deleted_is_gone_when_the_window_is_closed(
    bench: Bench, database: Database
) -> None:
    ids = bench.begin("Secret zebra", "Secret giraffe", "Other")
    bench.sidebar.erase_wanted.emit([ids["Secret giraffe"]])
    bench.click("Secret zebra")
    bench.press("Delete")
    bench.work.close()
    assert [r.id for r in bench.store.list()] == [ids["Other"]]
    assert bench.store.removed() == []
    database.close()
    left = b"".join(path.read_bytes() for path in _files(database))
    assert b"zebra" not in left
    assert b"giraffe" not in left


def test_closing_waits_for_a_moment_only(bench: Bench, database: Database) -> None:
    ids = bench.begin("Secret zebra", "Other")
    bench.click("Secret zebra")
    bench.press("Delete")
    with closing(connect(database.path)) as other:  # as another process
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        bench.work.close()
        assert time.monotonic() - begun < 5
        other.execute("ROLLBACK")
    assert [r.id for r in bench.store.list()] == [ids["Other"]]
    # It goes on as long as the database is open.
    bench.qtbot.waitUntil(lambda: b"zebra" not in _content(database), timeout=PATIENCE_MS)


def _content(database: Database) -> bytes:
    return b"".join(path.read_bytes() for path in _files(database))


def _files(database: Database) -> list[Path]:
    return [p for p in database.path.parent.iterdir() if p.is_file()]


def test_delete_for_good_says_what_goes_and_can_be_kept(bench: Bench) -> None:
    ids = bench.begin("Lease", "Kyoto")
    bench.store.add_message(ids["Lease"], "user", "A variant of it", parent_id=None)
    bench.click("Lease")
    bench.press("Shift+Delete")
    question = bench.sidebar.question
    assert question.isVisible()
    assert "“Lease” for good" in question.words.text()
    assert "2 messages with all variants" in question.words.text()
    assert question.keep_button.hasFocus()
    bench.press("Escape")
    assert not question.isVisible()
    assert bench.sidebar.view.hasFocus()
    assert bench.store.get(ids["Lease"]) is not None
    bench.press("Shift+Delete")
    bench.press("Tab")
    bench.press("Space")
    assert bench.told.leaving == [[ids["Lease"]]]
    assert "Lease" not in bench.titles()
    bench.qtbot.waitUntil(lambda: bench.store.removed() == [], timeout=PATIENCE_MS)


def test_folders_are_made_named_opened_and_removed_with_undo(bench: Bench) -> None:
    ids = bench.begin("Lease", "Kyoto", "Poem")
    bench.click("Lease")
    bench.qtbot.mouseClick(bench.sidebar.head.folder_button, LEFT)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    bench.type("Flat")
    assert bench.titles()[:2] == ["FOLDERS", "Flat/0"]
    bench.drag("Lease", onto="Flat/0")
    assert bench.titles()[:3] == ["FOLDERS", "Flat/1", "Lease"]
    bench.click("Kyoto")
    bench.click("Poem", Qt.KeyboardModifier.ControlModifier)
    bench.drag("Poem", onto="Lease")  # what stands in the folder is the folder, too
    assert bench.titles() == ["FOLDERS", "Flat/3", "Lease", "Kyoto", "Poem"]
    bench.click("Flat/3")
    assert bench.titles() == ["FOLDERS", "Flat/3"]
    bench.press("Right")
    assert "Kyoto" in bench.titles()
    bench.press("Left")
    assert "Kyoto" not in bench.titles()
    bench.sidebar.select(ids["Kyoto"])  # what is open is shown
    assert "Kyoto" in bench.titles()
    bench.click("Flat/3")
    bench.press("Delete")
    assert bench.titles()[0] == "TODAY"
    bench.sidebar.undo_bar.button.click()
    assert bench.titles()[:2] == ["FOLDERS", "Flat/3"]


def test_a_conversation_is_dragged_out_of_its_folder_and_onto_the_pinned(bench: Bench) -> None:
    ids = bench.begin("Lease", "Kyoto", "Poem")
    folder = bench.folders.create("Flat")
    bench.store.move(ids["Lease"], folder)
    bench.store.pin(ids["Poem"], True)
    bench.work.refresh()
    bench.sidebar.open_folder(folder)
    assert bench.titles() == ["PINNED", "Poem", "FOLDERS", "Flat/1", "Lease", "YESTERDAY", "Kyoto"]
    bench.drag("Lease", onto="Kyoto")
    assert bench.titles()[4:] == ["TODAY", "Lease", "YESTERDAY", "Kyoto"]
    bench.drag("Lease", onto="Poem")
    assert bench.titles() == ["PINNED", "Lease", "Poem", "FOLDERS", "Flat/0", "YESTERDAY", "Kyoto"]


def test_folders_change_places_by_mouse_and_key(bench: Bench) -> None:
    bench.begin("Lease", "Kyoto")
    for name in ("One", "Two", "Three"):
        bench.folders.create(name)
    bench.work.refresh()
    bench.drag("Three/0", onto="One/0")
    assert bench.titles()[1:4] == ["Three/0", "One/0", "Two/0"]
    bench.click("Three/0")
    bench.press("Alt+Down")
    assert bench.titles()[1:4] == ["One/0", "Three/0", "Two/0"]
    bench.press("Alt+Up")
    bench.press("Alt+Up")
    assert [folder.name for folder in bench.folders.list()] == ["Three", "One", "Two"]


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
def test_a_chat_is_begun_in_a_folder_unless_another_is_opened_first(bench: Bench) -> None:
    ids = bench.begin("Lease", "Kyoto")
    folder = bench.folders.create("Flat")
    bench.work.refresh()
    bench.sidebar.new_wanted.connect(lambda: bench.sidebar.select(None))  # as a page does
    places = []
    for title, opened in (("Deposit", None), ("Heating", ids["Lease"])):
        bench.click(bench.titles()[1])
        bench.press("Menu")
        assert bench.menu().actions()[0].text() == "New chat here"
        bench.press("Down")
        bench.press("Return")
        if opened is not None:
            bench.sidebar.select(opened)
        bench.activate(bench.sidebar)
        begun = bench.store.create(title)
        bench.work.update(begun)
        bench.sidebar.select(begun)
        record = bench.store.get(begun)
        assert record is not None
        places.append(record.folder_id)
    assert places == [folder, None]
    assert "Deposit" in bench.titles()


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
def test_everything_is_in_the_menu_which_opens_by_key_and_by_the_sign(bench: Bench) -> None:
    ids = bench.begin("Lease", "Kyoto")
    folder = bench.folders.create("Flat & garden")
    bench.work.refresh()
    bench.click("Lease")
    bench.press("Menu")
    menu = bench.menu()
    assert isinstance(menu, ConversationMenu)
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == ["Rename", "Pin", "Move to", "Archive", "Export…", "Delete", "Delete for good…"]
    bench.close_menu()
    bench.press("Ctrl+Shift+M")
    move = QApplication.activePopupWidget()
    assert move.actions()[0].text() == "Flat && garden"
    bench.press("Down")
    bench.press("Return")
    record = bench.store.get(ids["Lease"])
    assert record is not None
    assert record.folder_id == folder
    row = bench.sidebar.view.visualRect(bench.sidebar.model.index_of(ids["Kyoto"]))
    sign = QPoint(row.right() - 14, row.center().y())
    bench.qtbot.mouseClick(bench.sidebar.view.viewport(), LEFT, pos=sign)
    assert ids["Kyoto"] not in bench.told.chosen
    bench.close_menu()
    bench.click("Flat & garden/1")
    bench.press("Menu")
    assert isinstance(bench.menu(), FolderMenu)
    bench.close_menu()


def test_chats_are_exported_to_a_file_that_is_named(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ids = bench.begin("Lease: 2026?", "Kyoto")
    asked: list[str] = []

    def answer(_parent: object, _title: str, suggested: str, kinds: str) -> tuple[str, str]:
        asked.append(Path(suggested).name)
        return str(tmp_path / "chosen"), kinds.rsplit(";;", maxsplit=1)[-1]

    monkeypatch.setattr(list_export.QFileDialog, "getSaveFileName", answer)
    bench.sidebar.commands.export_wanted.emit([ids["Lease: 2026?"]])
    bench.qtbot.waitUntil(bench.sidebar.note.isVisible, timeout=PATIENCE_MS)
    assert asked == ["Lease  2026.md"]
    assert bench.sidebar.note.text() == "Exported to chosen.json"
    assert b"A question about Lease" in (tmp_path / "chosen.json").read_bytes()
    assert b"Kyoto" not in (tmp_path / "chosen.json").read_bytes()
    (tmp_path / "file").touch()
    bench.work._export.export(list(ids.values()), tmp_path / "file" / "all.md")
    bench.qtbot.waitUntil(lambda: bool(bench.told.failed), timeout=PATIENCE_MS)
    assert isinstance(bench.told.failed.pop(), CannotWrite)


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
def test_a_temporary_chat_stands_above_all_and_goes(bench: Bench) -> None:
    bench.begin("Lease", "Kyoto")
    wanted: list[str] = []
    bench.sidebar.temporary_wanted.connect(lambda: wanted.append("begin"))
    bench.sidebar.temporary_closed.connect(lambda: wanted.append("end"))
    bench.qtbot.mouseClick(bench.sidebar.head.temporary_button, LEFT)
    bench.sidebar.show_temporary(True, is_open=True)
    assert bench.titles()[0] == "(temporary)"
    assert isinstance(bench.sidebar.model.rows[0], TemporaryRow)
    bench.click("Lease")
    bench.click("(temporary)")
    bench.press("Delete")
    assert wanted == ["begin", "begin", "end"]
    bench.press("Menu")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, TemporaryMenu)
    menu.actions()[0].trigger()
    assert wanted[-2:] == ["end", "end"]
    menu.close()
    bench.sidebar.show_temporary(False)
    assert "(temporary)" not in bench.titles()


def test_a_reply_under_way_is_marked_for_eyes_and_ears(bench: Bench) -> None:
    ids = bench.begin("Lease", "Kyoto")
    bench.sidebar.show_working(frozenset({ids["Kyoto"]}))
    index = bench.sidebar.model.index_of(ids["Kyoto"])
    assert "a reply is being written" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    bench.sidebar.show_working(frozenset())
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Kyoto"


def test_over_the_page_the_list_stays_until_something_is_chosen(bench: Bench) -> None:
    ids = bench.begin("Lease", "Kyoto", "Old")
    bench.store.move(ids["Lease"], bench.folders.create("Flat"))
    bench.store.archive(ids["Old"], True)
    bench.work.refresh()
    workspace = Workspace()
    workspace.resize(NARROW - 100, 480)
    page = QWidget()
    workspace.show_page(page, bench.sidebar)
    workspace.show()
    bench.qtbot.addWidget(workspace)
    bench.activate(workspace)
    assert not bench.sidebar.isVisible()
    bench.qtbot.mouseClick(workspace.rail.list_button, LEFT)
    assert bench.sidebar.view.hasFocus()
    bench.click("Flat/1")
    bench.qtbot.mouseClick(bench.sidebar.archive_button, LEFT)
    assert bench.titles() == ["LAST 7 DAYS", "Old"]
    bench.qtbot.mouseClick(bench.sidebar.head.back_button, LEFT)
    assert bench.titles()[:3] == ["FOLDERS", "Flat/1", "Lease"]
    bench.sidebar.focus_search()
    bench.type("Kyo")
    bench.press("Escape")
    assert bench.sidebar.search.text() == ""
    assert bench.sidebar.isVisible()
    bench.press("Escape")
    assert not bench.sidebar.isVisible()
    bench.store.create("From a terminal")
    bench.qtbot.mouseClick(workspace.rail.list_button, LEFT)
    assert "From a terminal" in bench.titles()
    bench.click("Kyoto")
    assert not bench.sidebar.isVisible()
    bench.sidebar.setParent(None)


def test_thousands_of_conversations_are_shown_without_making_their_rows(
    bench: Bench, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(connection: Connection) -> None:
        for number in range(2000):
            connection.execute(
                "INSERT INTO conversations (title, created_at, updated_at) VALUES (?, 0, ?)",
                (f"Chat {number}", number * 36_000_000_000),
            )

    database.write(put).result()
    bench.work.refresh()
    QApplication.processEvents()
    made: list[int] = []
    one_row = rows._Part.row

    def counted(part: object, place: int) -> object:
        made.append(place)
        return one_row(part, place)  # type: ignore[arg-type]

    monkeypatch.setattr(rows._Part, "row", counted)
    records = bench.store.list()
    bench.store.rename(records[1000].id, "Another title")
    bench.work.update(records[1000].id)
    bench.sidebar.select(records[1500].id)
    QApplication.processEvents()
    assert bench.sidebar.model.rowCount() > 2000
    assert 0 < len(made) < 500


def test_a_full_disk_is_told_and_nothing_changes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        raise NoSpace(bench.store._database.path)

    bench.begin("Lease", "Kyoto")
    monkeypatch.setattr(bench.store, "remove", refuse)
    bench.click("Lease")
    bench.press("Delete")
    assert isinstance(bench.told.failed.pop(), NoSpace)
    assert "Lease" in bench.titles()
    assert not bench.sidebar.undo_bar.isVisible()
