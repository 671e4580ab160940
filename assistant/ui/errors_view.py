"""An error where it happened: what it is, the next step, and buttons that take it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant import wording
from assistant.crash_reports import Reports, of_exception
from assistant.errors import AssistantError, DeathCause, EngineDied
from assistant.paths import folders
from assistant.ui import icons, theme
from assistant.ui.labels import label, plain_tip

Action = tuple[str, Callable[[], object]]


def explanation(error: Exception) -> tuple[str, str]:
    """Return what happened and the next step, translated; files are named without their folder."""
    if not isinstance(error, AssistantError):
        return (
            QCoreApplication.translate("errors", "Something went wrong inside Alcove."),
            QCoreApplication.translate(
                "errors", "It is a fault of the program. Nothing was sent to anyone."
            ),
        )
    told = wording.explain(error)
    path = told.facts.get("path")
    if path:
        told = replace(told, facts={**told.facts, "path": Path(path).name or path})
    what, step = told.translated(lambda text: QCoreApplication.translate(wording.CONTEXT, text))
    return " ".join(what.split()), " ".join(step.split())


class ErrorView(QFrame):
    """A box with an error in it. A bug offers its report for copying.

    Args:
        error: an `AssistantError`, or anything else: then it is a bug.
        actions: texts of buttons and what they do, the likeliest first.
        parent: owner.
        is_dismissible: it can be put away.
    """

    def __init__(
        self,
        error: Exception,
        actions: Sequence[Action] = (),
        parent: QWidget | None = None,
        *,
        is_dismissible: bool = False,
    ) -> None:
        super().__init__(parent)
        self.error = error
        what, step = explanation(error)
        theme.set_role(self, "error")
        self.setAccessibleName(f"{what} {step}")
        path = getattr(error, "path", None)
        if isinstance(path, Path):
            self.setToolTip(plain_tip(str(path)))
        sign = QLabel()
        icons.put(sign, "circle-alert", "danger")
        self.words = QVBoxLayout()
        self.words.setSpacing(theme.SPACE)
        self._what = label(what, selectable=True)
        self.words.addWidget(self._what)
        if step:
            self._step = label(step, "muted", selectable=True)
            self.words.addWidget(self._step)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(3 * theme.SPACE,) * 4)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self.words, 1)
        dismiss = [(self.tr("Put away"), self.deleteLater)] if is_dismissible else []
        self._add_buttons([*actions, *dismiss])

    def _add_buttons(self, actions: list[Action]) -> None:
        if not isinstance(self.error, AssistantError):
            actions.append((self.tr("Copy the details"), self._copy_report))
        elif isinstance(self.error, EngineDied) and self.error.cause is DeathCause.CRASHED:
            actions.append((self.tr("Crash reports…"), self._show_reports))
        if not actions:
            return
        row = QHBoxLayout()
        row.setContentsMargins(0, theme.SPACE, 0, 0)
        row.setSpacing(2 * theme.SPACE)
        for text, slot in actions:
            button = QPushButton(text)
            button.setAutoDefault(True)
            button.clicked.connect(lambda _=False, slot=slot: slot())
            row.addWidget(button)
        row.addStretch(1)
        self.words.addLayout(row)

    def _copy_report(self) -> None:
        """Copy where in the program it happened; messages may hold the person's text."""
        QGuiApplication.clipboard().setText(of_exception(self.error, "window").text())

    def _show_reports(self) -> None:
        from assistant.ui.crash_view import CrashView  # noqa: PLC0415 - it has errors itself

        CrashView(Reports.of(folders()), self.window()).show()
