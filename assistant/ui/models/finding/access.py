"""Whether the hub may be asked: what the person chose in Settings, and what they have read."""

import threading
from collections.abc import Iterator

from PySide6.QtCore import QObject, QUrl, Signal

from assistant.models.hub.access import hub_of
from assistant.models.hub.client import Hub
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.tokens import TokenStore
from assistant.settings import SettingsFile
from assistant.ui.job import Job


class HubAccess(QObject):
    """Knows the hub that the person chose. Nothing here connects to anything.

    Args:
        settings: names the hub, and keeps of which one the person has read what it learns.
        connections: where every connection is listed.
        parent: owner.

    Signals:
        changed: another hub was chosen, its name became known, or it was opened or closed.
    """

    changed = Signal()

    def __init__(
        self, settings: SettingsFile, connections: ConnectionLog, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._connections = connections
        self._tokens = TokenStore()
        self._host = ""
        self._seen: tuple[str, bool] | None = None
        self._job: Job | None = None

    @property
    def host(self) -> str:
        """Whom a search talks to; empty while the hub's library was not asked for it."""
        return self.host_of("")

    def host_of(self, endpoint: str) -> str:
        """Return whom the hub at `endpoint`, or the chosen one, talks to first; see `host`."""
        chosen = endpoint or self._settings.value.hub_endpoint
        if chosen:
            return QUrl(chosen if "://" in chosen else f"https://{chosen}").host()
        return self._host

    @property
    def is_closed(self) -> bool:
        """Whether "Never connect" is on."""
        return self._settings.value.never_connects

    def is_agreed(self, endpoint: str = "") -> bool:
        """Return whether the person has read what a hub learns, the chosen one's or another's."""
        host = self.host_of(endpoint)
        return bool(host) and host in self._settings.value.hub_terms_read.split()

    @property
    def has_token(self) -> bool:
        """Whether the person gave an access token for this hub."""
        return bool(self.host) and self.host in self._settings.value.token_hosts

    def agree(self, endpoint: str = "") -> None:
        """Note that the person agreed; the question is not asked again for this hub.

        Raises:
            CannotWrite, NoSpace: it could not be kept, and will be asked again.
        """
        read = (*self._settings.value.hub_terms_read.split(), self.host_of(endpoint))
        self._settings.change(hub_terms_read=" ".join(dict.fromkeys(read)))
        self.changed.emit()

    def refresh(self) -> None:
        """Look at the settings again; `changed` follows if they are others."""
        seen = (self._settings.value.hub_endpoint, self.is_closed)
        if self._seen is not None and seen != self._seen:
            self.changed.emit()
        self._seen = seen

    def prepare(self) -> None:
        """Import the hub's library in the background, which takes a while; connects to nothing."""
        if self.is_closed or self._job is not None:
            return
        self._job = Job(self._import, self)
        self._job.succeeded.connect(self._take_host)
        self._job.finished.connect(self._end)
        self._job.start()

    def hub(self, endpoint: str = "") -> Hub:
        """Return the hub at `endpoint`, or the chosen one."""
        return hub_of(self._settings.value, self._connections, self._tokens, recorded=endpoint)

    def _import(self, _: threading.Event) -> Iterator[str]:
        hub = Hub()
        hub.prepare()
        yield hub.host

    def _take_host(self, host: str) -> None:
        if host != self._host:
            self._host = host
            self.changed.emit()

    def _end(self) -> None:
        self._job = None
