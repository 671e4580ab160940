"""How a document is summarised: how thoroughly, in which form, how long and about what."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assistant.summaries.summary import Length, Mode, ModePlan, WorkPlan
from assistant.summaries.wishes.styles import Style
from assistant.ui import icons, theme
from assistant.ui.documents.options.choices import Choices, as_before
from assistant.ui.documents.options.chooser import Chooser
from assistant.ui.documents.options.further import FurtherOptions
from assistant.ui.documents.options.mode_card import ModeCard
from assistant.ui.documents.options.words import (
    length_name,
    mode_name,
    mode_words,
    plan_details,
    plan_words,
    style_name,
)


class OptionsBar(QWidget):
    """The three modes with what each would cost, then the wishes; a choice takes effect at once.

    Signals:
        changed (Choices): something else was chosen.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = Choices()
        self._mode = Mode.KEY_POINTS
        self._plan: WorkPlan | None = None
        self._made: Mode | None = None
        self._model = ""
        self._is_experimental = False
        self.mode_actions = self._make_mode_actions()
        self.cards = {mode: ModeCard(action) for mode, action in self.mode_actions.items()}
        self.form = Chooser[Style](self.tr("Form"), list(Style), self)
        self.length = Chooser[Length](self.tr("Length"), list(Length), self)
        self.length_actions, self.style_actions = self.length.actions, self.form.actions
        self.focus = self._make_focus()
        self.further = FurtherOptions()
        self.further_button = self._make_further_button()
        self._lay_out()
        self._connect()
        self.show_model("", is_experimental=False)

    def show_choices(self, choices: Choices, mode: Mode) -> None:
        """Show what holds for the document; `mode` is the one that is possible."""
        self._choices, self._mode = choices, mode
        self.mode_actions[mode].setChecked(True)
        self.focus.setText(choices.focus)
        self.further.show_choices(choices)
        self._show_names()

    def show_document(self, *, language: str, kind: str) -> None:
        """Show what was found out about the document: its language and its kind."""
        self.further.show_document(language=language, kind=kind)
        self._show_names()

    def show_model(self, name: str, *, is_experimental: bool) -> None:
        """Say which model would write; "" if there is none."""
        self._model, self._is_experimental = name, is_experimental
        for mode in (Mode.QUICK, Mode.THOROUGH):
            self.mode_actions[mode].setEnabled(bool(name))
        # A very small model says the same to every question.
        self.further.asks_model.setVisible(bool(name) and not is_experimental)
        self._show_costs()

    def show_plan(self, plan: WorkPlan | None, made: Mode | None = None) -> None:
        """Show what each mode would cost; None while that is not known. `made` is done."""
        self._plan, self._made = plan, made
        self._show_costs()

    # Words

    def _show_costs(self) -> None:
        for mode, card in self.cards.items():
            plan = self._plan.of(mode) if self._plan else ModePlan(mode=mode)
            cost, details = plan_words(plan, is_made=mode is self._made), plan_details(plan)
            if mode is not Mode.KEY_POINTS:
                cost = self._with_model(cost)
                details = f"{details} {self._model_words()}"
            card.show_words(mode_name(mode), cost, details)

    def _with_model(self, cost: str) -> str:
        if not self._model:
            return self.tr("needs a model")
        if self._is_experimental:
            return (
                self.tr("experimental · {cost}").format(cost=cost)
                if cost
                else self.tr("experimental")
            )
        return cost or self.tr("with {model}").format(model=self._model)

    def _model_words(self) -> str:
        if not self._model:
            return self.tr("No model is chosen.")
        if self._is_experimental:
            return self.tr("{model} would write it; it makes mistakes in summaries.").format(
                model=self._model
            )
        return self.tr("{model} would write it.").format(model=self._model)

    def _show_names(self) -> None:
        for style in Style:
            self.form.name(style, style_name(style))
        for length in Length:
            words = self.tr("{length}: about {words} words")
            self.length.name(length, words.format(length=length_name(length), words=length.words))
        self.form.show_choice(self._choices.style, style_name(self._choices.style))
        self.length.show_choice(self._choices.length, length_name(self._choices.length))
        others = self.further.chosen_words()
        text = self.tr("Options")
        self.further_button.setText(f"{text}: {', '.join(others)}" if others else text)

    # Choices

    def _choose_mode(self, mode: Mode) -> None:
        if mode is not self._mode:
            self._mode = mode
            self._tell(mode=mode)

    def _choose_focus(self) -> None:
        focus = self.focus.text().strip()
        if focus != self._choices.focus:
            self._tell(focus=focus)

    def _tell(self, **changes: object) -> None:
        choices = as_before(self._choices, **changes)
        if choices != self._choices or "mode" in changes:
            self._choices = choices
            self.further.show_choices(choices)
            self._show_names()
            self.changed.emit(choices)

    # Parts

    def _make_mode_actions(self) -> dict[Mode, QAction]:
        group = QActionGroup(self)
        actions: dict[Mode, QAction] = {}
        for mode in Mode:
            action = QAction(mode_name(mode), self)
            action.setToolTip(mode_words(mode))
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, mode=mode: self._choose_mode(mode))
            group.addAction(action)
            actions[mode] = action
        return actions

    def _make_focus(self) -> QLineEdit:
        focus = QLineEdit()
        focus.setPlaceholderText(self.tr("About something in particular? (Enter)"))
        focus.setAccessibleName(self.tr("What the summary is to be about"))
        focus.setClearButtonEnabled(True)
        focus.setMaxLength(300)
        focus.editingFinished.connect(self._choose_focus)
        return focus

    def _make_further_button(self) -> QToolButton:
        button = QToolButton()
        theme.set_role(button, "fold")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(self.tr("Language, kind of document, and how careful the model is"))
        button.toggled.connect(self._unfold)
        self.further.hide()
        icons.put(button, "sliders-horizontal", "text_muted", 16)
        return button

    def _unfold(self, is_open: bool) -> None:
        self.further.setVisible(is_open)

    def _lay_out(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(2 * theme.SPACE)
        for card in self.cards.values():
            cards.addWidget(card, 1)
        wishes = QHBoxLayout()
        wishes.setSpacing(2 * theme.SPACE)
        wishes.addWidget(self.form.button)
        wishes.addWidget(self.length.button)
        wishes.addWidget(self.focus, 1)
        wishes.addWidget(self.further_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(cards)
        layout.addLayout(wishes)
        layout.addWidget(self.further)

    def _connect(self) -> None:
        self.form.chosen.connect(lambda style: self._tell(style=style))
        self.length.chosen.connect(lambda length: self._tell(length=length))
        self.further.changed.connect(lambda changes: self._tell(**changes))
