"""Ways in which what a hub sends is not what it should be, by chance, for tests and benchmarks."""

import random
import threading
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DownloadError
from assistant.models.downloading.download import download
from assistant.models.files.part import notes_path
from assistant.models.hub.client import Hub
from assistant.models.hub.errand import Patience
from assistant.models.keeping.installed import InstalledModel
from tests.models.hub_server import (
    Cut,
    Fault,
    HubServer,
    IgnoreRange,
    NoLength,
    Say,
    WrongBytes,
    WrongLength,
    WrongRange,
)
from tests.models.tiny_gguf import tiny_gguf

REPO, FILE = "owner/wrong", "wrong.gguf"
_QUICK = Patience(tries=3, first_wait_s=0.001, longest_wait_s=0.002, longest_asked_wait_s=0.01)
_MOST_REQUESTS = 8


@dataclass
class Tally:
    """What became of the tries: `accepted` wrongly, `refused`, `mended` while it was going on."""

    tries: int = 0
    accepted: int = 0
    refused: int = 0
    mended: int = 0
    lost: int = 0


class WrongContents:
    """Tries to get wrong content accepted.

    Args:
        server: misbehaves.
        hub: that server, as the app sees it.
        folder: where models are kept.
        seed: of chance.
    """

    def __init__(self, server: HubServer, hub: Hub, folder: Path, seed: int = 0) -> None:
        self._server, self._hub, self._folder = server, hub, folder
        self._chance = random.Random(seed)
        self.tally = Tally()

    def run(self, tries: int) -> Tally:
        """Try so often."""
        for _ in range(tries):
            self._try()
        return self.tally

    def _try(self) -> None:
        chance, server = self._chance, self._server
        size = chance.choice((3_000, 200_000, 1_048_576, 1_500_000, 2_300_000))
        content = tiny_gguf(size, seed=chance.randrange(1 << 30))
        server.add(REPO, FILE, content)
        target = self._folder / FILE
        if chance.random() < 0.3:
            self._leave_a_wrong_part(content)
        count = chance.choice((1, 2, _MOST_REQUESTS))
        server.fail(*[self._fault(len(content)) for _ in range(count)])
        self.tally.tries += 1
        try:
            *_, last = self._download()
            assert isinstance(last, InstalledModel)
            self.tally.mended += 1
        except DownloadError:
            self.tally.refused += 1
        if target.exists() and target.read_bytes() != content:
            self.tally.accepted += 1
        server._faults.clear()
        *_, last = self._download()  # and a good hub is not refused afterwards
        if not isinstance(last, InstalledModel) or target.read_bytes() != content:
            self.tally.lost += 1
        for file in self._folder.iterdir():
            file.unlink()

    def _download(self) -> list[object]:
        return list(
            download(
                self._hub,
                REPO,
                FILE,
                self._folder,
                cancel=threading.Event(),
                patience=_QUICK,
                reserve_bytes=0,
            )
        )

    def _leave_a_wrong_part(self, content: bytes) -> None:
        """As a disk, a power cut or another file of this name leaves one."""
        self._server.fail(Cut(self._chance.randrange(1, len(content))), *[Cut(0)] * 9)
        try:
            self._download()
        except DownloadError:
            self._server._faults.clear()
        part = self._folder / f"{FILE}.part"
        if not part.exists():
            return
        here = bytearray(part.read_bytes())
        match self._chance.randrange(4):
            case 0:
                here[self._chance.randrange(4, max(5, len(here)))] ^= 1
            case 1:
                start = self._chance.randrange(len(here))
                here[start:] = bytes(len(here) - start)
            case 2:
                here += b"x" * self._chance.randrange(1, 2_000_000)
            case 3:
                notes_path(self._folder / FILE).write_bytes(b"{}")
        part.write_bytes(here)
        if self._chance.random() < 0.5:
            part.with_name(f"{part.name}.blocks").unlink(missing_ok=True)

    def _fault(self, size: int) -> Fault:
        chance = self._chance
        at = chance.randrange(size)
        match chance.randrange(9):
            case 0 | 1:
                return WrongBytes(at)
            case 2:
                return WrongLength(chance.choice((-1, 1, -100, 100, 5_000)))
            case 3:
                return WrongRange(chance.choice((-1, 1, 7)))
            case 4:
                return NoLength(at)
            case 5:
                return Say(b"<html>Log in to this network</html>")
            case 6:
                return Say(tiny_gguf(size // 2, seed=at))
            case 7:
                return Cut(at)
        return IgnoreRange()
