"""A model's page: whether it runs here and how fast, its files, its terms, and what it is."""

import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.errors import HubError, HubFault, NetworkClosed
from assistant.models.finding.architectures import Runnable
from assistant.models.finding.repository import FileGroup, RemoteModel, look_up
from assistant.ui import icons, theme
from assistant.ui.errors_view import Action, ErrorView
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.markdown.code_view import CodeView
from assistant.ui.models.downloads.download_list import DownloadList
from assistant.ui.models.downloads.downloads import Downloads, State, Wanted
from assistant.ui.models.finding.access import HubAccess
from assistant.ui.models.finding.foresight import Foresight, Outlook
from assistant.ui.models.finding.gradually import Gradually
from assistant.ui.models.finding.readme import RemoteCard
from assistant.ui.models.finding.remote_facts import (
    RemoteFacts,
    RemoteLicence,
    RemoteWarnings,
    RepoLinks,
)
from assistant.ui.models.finding.remote_files import RemoteFiles
from assistant.ui.models.finding.remote_verdict import RemoteVerdict
from assistant.ui.models.finding.remote_words import breakable, date_in_words
from assistant.ui.models.fold import Fold
from assistant.ui.models.rows import drop, rows
from assistant.ui.undo_bar import UndoBar

_TO_SETTINGS = {HubFault.GATED, HubFault.WRONG_TOKEN}


class RemotePage(QWidget):
    """Asks the hub about one model and shows what it says.

    Args:
        repo: "owner/name".
        access: the hub.
        downloads: takes what the person wants, and tells how far it is.
        undo_bar: where a discarded download can be taken back.
        foresight: foretells what to expect of it.
        is_here: tells whether a file of a repository is installed.
        parent: owner.

    Signals:
        repo_wanted (str): another model's page is wanted.
        link_wanted (str): an address in the card was activated.
        settings_wanted: the next step is to be taken in Settings.
        use_wanted (object): the model that came is to be used.
        shown: the page stands there, or what went wrong.
    """

    repo_wanted = Signal(str)
    link_wanted = Signal(str)
    settings_wanted = Signal()
    use_wanted = Signal(object)
    shown = Signal()

    def __init__(
        self,
        repo: str,
        access: HubAccess,
        downloads: Downloads,
        undo_bar: UndoBar,
        *,
        foresight: Foresight,
        is_here: Callable[[str, str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.repo = repo
        self.model: RemoteModel | None = None
        self._access = access
        self._downloads = downloads
        self._is_here = is_here
        self._job: Job | None = None
        self._building = Gradually(1, self)
        self.error_view: ErrorView | None = None
        self.files: RemoteFiles | None = None
        self.card: RemoteCard | None = None
        self.title = label(breakable(repo.partition("/")[2] or repo), "title")
        self.by = label("", "muted")
        self.busy = label(self.tr("Asking the hub…"), "muted")
        self.verdict = RemoteVerdict(access.hub, foresight)
        self.verdict.foretold.connect(self._name_too_large)
        self.downloads = DownloadList(
            downloads, undo_bar, access, lambda wanted: wanted.repo == repo
        )
        self.downloads.settings_wanted.connect(self.settings_wanted)
        self.downloads.use_wanted.connect(self.use_wanted)
        self._top, self._column = rows(), rows()
        layout = rows()
        for part in (self.title, self.by, self.busy):
            layout.addWidget(part)
        layout.addLayout(self._top)
        layout.addWidget(self.verdict)
        layout.addWidget(self.downloads)
        layout.addLayout(self._column)
        self.setLayout(layout)
        self.verdict.hide()
        downloads.added.connect(self.refresh)
        downloads.removed.connect(self.refresh)
        downloads.completed.connect(self.refresh)

    @property
    def is_loading(self) -> bool:
        """Whether the hub has not answered yet, or its answer is not yet all on the page."""
        return self._job is not None or self._building.is_building

    def load(self) -> None:
        """Ask the hub."""
        if self.error_view is not None:
            drop(self._top, self.error_view)
            self.error_view = None
        hub, repo = self._access.hub(), self.repo

        def work(cancel: threading.Event) -> Iterator[RemoteModel | None]:
            yield look_up(hub, repo, compares_template=True, cancel=cancel)

        self.busy.show()
        self._job = Job(work, self)
        self._job.progressed.connect(self._show)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self._job.start()

    def stop(self) -> None:
        """Ask no more."""
        if self._job is not None:
            self._job.cancel()
        self.verdict.stop()

    def refresh(self) -> None:
        """Tell anew which files are here already or on their way."""
        if self.files is not None:
            self.files.refresh()

    def _show(self, model: RemoteModel | None) -> None:
        if model is None:
            return  # it was stopped
        self.model = model
        self.title.setText(breakable(model.title))
        self.by.setText(self._byline(model))
        if model.runs is not Runnable.YES:
            self._top.addWidget(self._cannot_run(model))
        if model.is_gated and model.runs is Runnable.YES:
            self._top.addWidget(self._gate(model))
        if model.warnings:
            self._top.addWidget(RemoteWarnings(model))
        steps: list[Callable[[], object]] = []
        if model.files and model.runs is Runnable.YES:
            steps.append(lambda: self._offer_files(model))
        steps += [
            lambda: self._column.addWidget(RemoteLicence(model.licence_terms)),
            lambda: self._add_facts(model),
            lambda: self._add_texts(model),
            self.shown.emit,
        ]
        self._building.start(steps)

    def _offer_files(self, model: RemoteModel) -> None:
        self.files = RemoteFiles(model.files, self._state_of)
        self.files.download_wanted.connect(self._download)
        self._column.addWidget(self.files)
        self.verdict.show()
        self.verdict.look(model)

    def _add_facts(self, model: RemoteModel) -> None:
        facts = RemoteFacts(model)
        facts.repo_wanted.connect(self.repo_wanted)
        self._column.addWidget(facts)
        self._column.addWidget(self._hub_button())

    def _add_texts(self, model: RemoteModel) -> None:
        """Add what was written by others: the templates, folded away, and the card."""
        base = model.base_template or ""
        if model.chat_template:
            title = self.tr("Chat template")
            self._column.addWidget(Fold(title, lambda: CodeView(model.chat_template, "")))
        if base and base != model.chat_template:
            title = self.tr("Chat template of the model it was made from")
            self._column.addWidget(Fold(title, lambda: CodeView(base, "")))
        self.card = RemoteCard(model.card)
        self.card.link_chosen.connect(self.link_wanted)
        self._column.addWidget(self.card)

    def _fail(self, error: Exception) -> None:
        self.error_view = ErrorView(error, self._next_steps(error))
        self._top.addWidget(self.error_view)
        self.shown.emit()

    def _end(self) -> None:
        self._job = None
        self.busy.hide()

    def _next_steps(self, error: Exception) -> list[Action]:
        retry = (self.tr("Try again"), self.load)
        if isinstance(error, NetworkClosed):
            return [(self.tr("Open Settings"), self.settings_wanted.emit)]
        if isinstance(error, HubError) and error.fault in _TO_SETTINGS:
            return [(self.tr("Enter access token…"), self.settings_wanted.emit), retry]
        return [retry]

    def _byline(self, model: RemoteModel) -> str:
        month = date_in_words(model.updated_at)
        by = self.tr("by {author}").format(author=model.author)
        changed = self.tr("changed in {month}").format(month=month) if month else ""
        return " · ".join(part for part in (by, changed) if part)

    def _cannot_run(self, model: RemoteModel) -> QFrame:
        """Say that it cannot run and why, with the forms of it that can."""
        if model.runs is Runnable.UNSUPPORTED_ARCHITECTURE:
            why = self.tr(
                "Alcove cannot run this model: it is of a kind ({architecture}) that llama.cpp "
                "does not know."
            ).format(architecture=model.architecture or self.tr("unnamed"))
        else:
            formats = ", ".join(model.formats) or self.tr("another format")
            why = self.tr(
                "Alcove cannot run this model: it is in {formats}, and Alcove needs GGUF files."
            ).format(formats=formats)
        banner, layout = _banner("circle-alert", why)
        links = RepoLinks(self.tr("The same model, made to run here:"), model.gguf_repos)
        links.chosen.connect(self.repo_wanted)
        layout.addWidget(links)
        if not model.gguf_repos:
            layout.addWidget(label(self.tr("The hub knows no GGUF files made from it."), "muted"))
        return banner

    def _gate(self, model: RemoteModel) -> QFrame:
        """Say what is asked of the person before the files are given."""
        if model.gate == "manual":
            why = self.tr(
                "Its publisher decides who gets it: ask on its page on the hub, wait for the "
                "answer, then give Alcove an access token."
            )
        else:
            why = self.tr(
                "Its publisher asks you to accept terms on its page on the hub. Then give Alcove "
                "an access token, so that the hub knows you did."
            )
        if self._access.has_token:
            why = self.tr(
                "Its publisher gives it only to people who accepted terms on its page on the hub. "
                "Your access token tells the hub who you are."
            )
        banner, layout = _banner("key-round", why)
        if self._access.has_token:
            return banner
        token = QPushButton(self.tr("Enter access token…"))
        token.clicked.connect(self.settings_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        buttons.addWidget(token)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        return banner

    def _hub_button(self) -> QWidget:
        button = QPushButton(self.tr("Its page on the hub…"))
        theme.set_role(button, "quiet")
        icons.put(button, "external-link", "", 16)
        address = f"{self._access.hub().endpoint}/{self.repo}"
        button.clicked.connect(lambda: self.link_wanted.emit(address))
        part = QWidget()
        layout = QHBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(button)
        layout.addStretch(1)
        return part

    def _name_too_large(self, outlook: Outlook) -> None:
        if self.files is not None:
            self.files.show_too_large(set(outlook.too_large))

    def _state_of(self, group: FileGroup) -> str:
        if self._is_here(self.repo, group.file):
            return self.tr("Here already")
        one = self._downloads.of(self.repo, group.file)
        if one is None or one.is_set_aside:
            return ""
        return self.tr("Here already") if one.state is State.COMPLETE else self.tr("On its way")

    def _download(self, group: FileGroup) -> None:
        model = self.model
        assert model is not None
        title = model.title
        if not group.is_recommended and group.quantization:
            title = f"{title} ({group.quantization})"
        wanted = Wanted(
            repo=self.repo,
            file=group.file,
            title=title,
            revision=model.revision,
            sha256=group.files[0].sha256 or None,
            size_bytes=group.size_bytes,
        )
        self._downloads.start(wanted)


def _banner(icon: str, text: str) -> tuple[QFrame, QVBoxLayout]:
    banner = QFrame()
    theme.set_role(banner, "banner")
    sign = label()
    icons.put(sign, icon, "warning")
    head = QHBoxLayout()
    head.setSpacing(2 * theme.SPACE)
    head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    head.addWidget(label(text), 1)
    layout = QVBoxLayout(banner)
    layout.setContentsMargins(*(3 * theme.SPACE,) * 4)
    layout.setSpacing(2 * theme.SPACE)
    layout.addLayout(head)
    banner.setAccessibleName(text)
    return banner, layout
