"""The score cards of this computer: one file in the data folder."""

import os
import threading
from collections.abc import Iterable
from pathlib import Path

import msgspec

from assistant.checkups.card import VERSION, ScoreCard
from assistant.checkups.fingerprints import fingerprint_of
from assistant.errors import DamagedData, ModelError
from assistant.paths import write_atomically, writing_error

_MOST = 200  # cards; the oldest goes first
_MOST_BYTES = 16 * 1024 * 1024


class CardFile:
    """The score cards, one for each model file.

    Args:
        path: the JSON file, `checkups.json` in the data folder; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: dict[tuple[str, int, int], str] = {}
        self._stamp = (0, 0)
        self._cards: tuple[ScoreCard, ...] = ()

    def all(self) -> tuple[ScoreCard, ...]:
        """Return all cards, the newest last.

        Raises:
            DamagedData: the file is not ours; it was moved aside, and there are no cards now.
        """
        with self._lock:
            return self._read()

    def of(self, model: Path) -> ScoreCard | None:
        """Return the card of a model file, wherever it was when it was made; None if none is.

        Cards of older questions are returned as well: `version` tells.

        Raises:
            DamagedData: see `all`.
        """
        cards = self.all()
        wanted = self._fingerprint(model) if cards else ""
        return next((card for card in reversed(cards) if card.fingerprint == wanted), None)

    def prepare(self, models: Iterable[Path]) -> None:
        """Tell model files apart now, on a background thread, so that `of` is quick for them.

        Raises:
            DamagedData: see `all`.
        """
        if self.all():
            for model in models:
                self._fingerprint(model)

    def keep(self, card: ScoreCard) -> None:
        """Keep a card in place of an older one of the same file.

        A card that was stopped half-way does not take the place of a complete one.

        Raises:
            CannotWrite, NoSpace: it cannot be kept; the old ones are untouched.
        """
        with self._lock:
            try:
                cards = self._read(strictly=True)
            except DamagedData:  # it was moved aside: minutes of measuring are not lost for it
                cards = ()
            before = next((one for one in cards if one.fingerprint == card.fingerprint), None)
            is_better = before and before.is_complete and before.version == VERSION
            if is_better and not card.is_complete:
                return
            others = [one for one in cards if one.fingerprint != card.fingerprint]
            self._write([*others[1 - _MOST :], card])

    def forget(self, model: Path) -> None:
        """Delete the card of a model file, such as before the file itself is deleted.

        Raises:
            CannotWrite, NoSpace, DamagedData: see `keep`.
        """
        wanted = self._fingerprint(model)
        with self._lock:
            cards = self._read(strictly=True)
            others = [one for one in cards if one.fingerprint != wanted]
            if len(others) < len(cards):
                self._write(others)

    def _fingerprint(self, model: Path) -> str:
        """Return a file's fingerprint, summed once as long as the file does not change."""
        try:
            facts = model.stat()
            key = (str(model), facts.st_size, facts.st_mtime_ns)
            if key not in self._known:
                self._known[key] = fingerprint_of(model)
            return self._known[key]
        except (OSError, ModelError):
            return "unreadable"

    def _read(self, *, strictly: bool = False) -> tuple[ScoreCard, ...]:
        """Return the cards, decoded once as long as the file does not change."""
        try:
            facts = self._path.stat()
            stamp = (facts.st_mtime_ns, facts.st_size)
            if stamp == self._stamp:
                return self._cards
            with self._path.open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
        except FileNotFoundError:
            return ()
        except OSError as error:
            if strictly:  # what cannot be read now must not be replaced
                raise writing_error(self._path, error) from error
            return ()
        try:
            if len(content) > _MOST_BYTES:
                raise msgspec.ValidationError("too long")
            self._cards = msgspec.json.decode(content, type=tuple[ScoreCard, ...])
            self._stamp = stamp
            return self._cards
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise DamagedData(self._path, self._move_aside()) from error

    def _write(self, cards: list[ScoreCard]) -> None:
        content = msgspec.json.format(msgspec.json.encode(cards), indent=1)
        write_atomically(self._path, content)
        facts = self._path.stat()
        self._stamp, self._cards = (facts.st_mtime_ns, facts.st_size), tuple(cards)

    def _move_aside(self) -> Path | None:
        kept = self._path.with_suffix(f".damaged-{os.getpid()}.json")
        try:
            self._path.replace(kept)
        except OSError:
            return None
        return kept
