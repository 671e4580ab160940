"""What a model of the hub is, whose, and what one may do with it."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.models.finding.licences import LicenceTerms
from assistant.models.finding.repository import RemoteModel
from assistant.ui import icons, theme
from assistant.ui.labels import label
from assistant.ui.model_words import parameters_in_words
from assistant.ui.models.details.fact_grid import FactGrid
from assistant.ui.models.finding.found_card import RiskLine
from assistant.ui.models.finding.remote_words import (
    date_in_words,
    downloads_in_words,
    languages_in_words,
    permission_in_words,
    terms_in_words,
)
from assistant.ui.models.model_facts import context_in_words
from assistant.ui.models.rows import heading


class RemoteWarnings(QFrame):
    """The reasons to look twice, at the top of a model's page."""

    def __init__(self, model: RemoteModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "banner")
        self.lines = [RiskLine(one) for one in model.warnings]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(3 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(label(self.tr("Look twice before you take this one"), "subject"))
        for line in self.lines:
            layout.addWidget(line)
        self.setAccessibleName(" ".join(line.words.text() for line in self.lines))


class RemoteLicence(QWidget):
    """What a licence allows and asks for."""

    def __init__(self, terms: LicenceTerms, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.permission = label(permission_in_words(terms))
        sign = label()
        is_free = terms.allows_commercial
        icons.put(
            sign,
            "circle-check" if is_free else "triangle-alert",
            "success" if is_free else "warning",
            16,
        )
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.permission, 1)
        name = terms.name or self.tr("none")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(heading(self.tr("Licence: {name}").format(name=name)))
        layout.addLayout(head)
        duties = " ".join(terms_in_words(terms))
        if duties:
            layout.addWidget(label(duties, "muted"))
        layout.addWidget(label(self.tr("In short, and no legal advice."), "muted"))


class RemoteFacts(QWidget):
    """The facts below each other; models it was made from lead to their pages.

    Signals:
        repo_wanted (str): another model's page is wanted.
    """

    repo_wanted = Signal(str)

    def __init__(self, model: RemoteModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = FactGrid(self._facts(model))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(heading(self.tr("About it")))
        layout.addWidget(self.grid)
        self.links = RepoLinks(self.tr("Made from"), model.base_models)
        self.links.chosen.connect(self.repo_wanted)
        layout.addWidget(self.links)

    def _facts(self, model: RemoteModel) -> list[tuple[str, str]]:
        return [
            (self.tr("Publisher"), model.author),
            (self.tr("Repository"), model.repo),
            (self.tr("Parameters"), self._parameters(model)),
            (self.tr("Context"), self._context(model)),
            (self.tr("Architecture"), model.architecture),
            (self.tr("Languages"), languages_in_words(model.languages)),
            (self.tr("Downloads"), downloads_in_words(model.downloads)),
            (self.tr("Discussions"), self._count(model.discussions)),
            (self.tr("Published"), date_in_words(model.created_at)),
            (self.tr("Last change"), date_in_words(model.updated_at)),
        ]

    def _parameters(self, model: RemoteModel) -> str:
        words = parameters_in_words(model.parameters)
        if words and 0 < model.active_parameters < model.parameters:
            active = QLocale().toString(model.active_parameters / 1e9, "f", 1)
            return self.tr("{all}, of which {active} billion work on each word").format(
                all=words, active=active
            )
        return words

    def _context(self, model: RemoteModel) -> str:
        words = context_in_words(model.context_tokens)
        if not words:
            return ""
        tokens = QLocale().toString(model.context_tokens)
        return self.tr("{words} ({tokens} tokens)").format(words=words, tokens=tokens)

    @staticmethod
    def _count(count: int) -> str:
        return QLocale().toString(count) if count >= 0 else ""


class RepoLinks(QWidget):
    """Names of repositories as buttons that lead to their pages; hidden if there are none.

    Signals:
        chosen (str): a repository.
    """

    chosen = Signal(str)

    def __init__(self, title: str, repos: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(label(title, "muted"))
        self.buttons = [self._button(repo) for repo in repos]
        for button in self.buttons:
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        if not repos:
            self.hide()

    def _button(self, repo: str) -> QPushButton:
        button = QPushButton(repo.replace("&", "&&"))
        button.setAccessibleName(self.tr("Details of {name}").format(name=repo))
        theme.set_role(button, "link")
        button.clicked.connect(lambda: self.chosen.emit(repo))
        return button
