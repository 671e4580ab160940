"""What lies around the pages: the palette, the shortcut sheet, and the keys of the whole window."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from assistant.errors import AssistantError
from assistant.models.keeping.installed import InstalledModel
from assistant.ui.commands import Command
from assistant.ui.current_model import CurrentModel
from assistant.ui.reach import Reach
from assistant.ui.window_commands import WindowCommands

if TYPE_CHECKING:
    from assistant.ui.palette.entry import Entry
    from assistant.ui.palette.palette_view import Palette
    from assistant.ui.palette.sources import Sources
    from assistant.ui.shortcuts_sheet import ShortcutsSheet


class Around(QObject):
    """Gives the window its keys, and opens the palette and the sheet.

    Args:
        reach: what commands can reach.
        make_sources: returns what the palette can open, when it is first opened.
        current_model: the models to choose from.
        is_locked: whether the window is covered: then nothing opens over it.
        parent: owner.
    """

    def __init__(
        self,
        reach: Reach,
        make_sources: Callable[[], "Sources"],
        current_model: CurrentModel,
        *,
        is_locked: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reach = reach
        self._make_sources = make_sources
        self._current_model = current_model
        self._is_locked = is_locked
        self._made = WindowCommands(
            reach, show_palette=self.toggle_palette, show_sheet=self.toggle_sheet, parent=self
        )
        self._commands = self._made.all()
        self._shortcuts: list[tuple[Command, QShortcut]] = []
        reach.window.workspace.rail.find_wanted.connect(self.toggle_palette)
        self._give_keys()

    @property
    def commands(self) -> list[Command]:
        """What the window can do."""
        return self._commands

    @cached_property
    def palette(self) -> "Palette":
        """The palette, made when it is first opened."""
        from assistant.ui.palette.palette_view import Palette  # noqa: PLC0415 - after the start

        sources = self._make_sources()
        return Palette(self._reach.window, self._entries, sources.gather, sources.search)

    @cached_property
    def sheet(self) -> "ShortcutsSheet":
        """The sheet, made when it is first opened."""
        from assistant.ui.shortcuts_sheet import ShortcutsSheet  # noqa: PLC0415 - after the start

        return ShortcutsSheet(self._reach.window, lambda: self._commands)

    def toggle_palette(self) -> None:
        """Show the palette over the window, or take it away."""
        if self.palette.isVisible():
            self.palette.close_panel()
        elif not self._is_locked():
            self._close_sheet()
            self.palette.open()

    def toggle_sheet(self) -> None:
        """Show the shortcut sheet over the window, or take it away."""
        if self._close_sheet() or self._is_locked():
            return
        if "palette" in vars(self):
            self.palette.close_panel()
        self.sheet.open()

    def close(self) -> None:
        """Take away what lies over the window."""
        self._close_sheet()
        if "palette" in vars(self):
            self.palette.close_panel()

    def _close_sheet(self) -> bool:
        is_open = "sheet" in vars(self) and self.sheet.isVisible()
        if is_open:
            self.sheet.close_panel()
        return is_open

    # What the palette lists

    def _entries(self) -> "list[Entry]":
        from assistant.ui.palette.sources import of_commands, of_models  # noqa: PLC0415 - lazy

        models = of_models(
            self._current_model.installed(),
            self._current_model.model,
            use=self._use,
            words=lambda name: self.tr("Use {name}").format(name=name),
            in_use=self.tr("in use"),
        )
        return [*of_commands([*self._commands, *self._made.presets()]), *models]

    def _use(self, model: InstalledModel) -> None:
        try:
            self._current_model.select(model)
        except AssistantError as error:  # it is used all the same, until the window closes
            self._reach.window.show_notice(error)

    # Keys

    def _give_keys(self) -> None:
        window = self._reach.window
        own = {f"Ctrl+{number}" for number in range(1, len(window.entries) + 1)}  # the rail's
        for command in self._commands:
            for keys in command.keys:
                if command.run is None or keys in own:
                    continue
                shortcut = QShortcut(QKeySequence(keys), window)
                shortcut.activated.connect(lambda command=command: self._run(command))
                self._shortcuts.append((command, shortcut))
        window.workspace.pages.currentChanged.connect(lambda _: self._yield_keys())
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)
        self._yield_keys()

    def _follow_focus(self, _before: QWidget | None, focus: QWidget | None) -> None:
        if focus is not None and focus.window() is self._reach.window:
            self._yield_keys()

    def _yield_keys(self) -> None:
        """Leave to pages and lists the keys that they have: two that hear the same hear nothing."""
        window = self._reach.window
        theirs: set[str] = set()
        widget: QWidget | None = window.focusWidget()
        while widget is not None and widget is not window:
            theirs.update(
                shortcut.key().toString()
                for shortcut in widget.findChildren(
                    QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly
                )
            )
            widget = widget.parentWidget()
        for command, shortcut in self._shortcuts:
            is_pages = bool(command.own_page) and command.own_page == window.current
            shortcut.setEnabled(not is_pages and shortcut.key().toString() not in theirs)

    def _run(self, command: Command) -> None:
        if command.run is not None and not self._is_locked() and command.is_offered():
            if command.key not in {"palette", "sheet"}:
                self.close()
            command.run()
