"""The app's SQLite file.

One thread of the process writes, so that transactions never wait for each other; reads run on
the caller's thread. WAL lets both go on at once, also from a second process (the terminal beside
the window). `synchronous=NORMAL` loses nothing when a process is killed; after a power cut the
last moments may be missing, never the rest (https://sqlite.org/pragma.html#pragma_synchronous).
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from assistant.errors import CannotWrite, DamagedData, NewerData, NoSpace
from assistant.paths import ensure_folder, writing_error
from assistant.storage import clearing, faults, leftovers, peeking
from assistant.storage.connection import (
    Connection,
    Row,
    SqliteError,
    configure,
    connect,
    keep_temporary_files_in,
    migrate,
    synchronous,
    transaction,
    version,
)
from assistant.storage.giving_way import GivingWay
from assistant.storage.migrations import MIGRATIONS

__all__ = ["Connection", "Database", "Row", "SqliteError"]

T = TypeVar("T")

_IN_MEMORY = Path(":memory:")  # what SQLite, too, calls it
# How long the rewriting of the file waits when it gave way to what others write, each time.
_GIVE_WAY_S = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6)
_VACUUM_IN_MEMORY_BYTES = 32 * 1024 * 1024


@dataclass(eq=False)
class _Reader:
    """A connection for the reads of one thread; the lock keeps `close` from cutting into one."""

    connection: Connection
    thread: threading.Thread
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_open: bool = True


class Database:
    """An open database file, made if it is not there.

    Args:
        path: the file; its folder is made if needed. Only this user can read either.

    Attributes:
        path: the file.
        set_aside: what became of a damaged file that was found here: it was kept under another
            name and a fresh one made. None in all other cases.

    Raises:
        NewerData: a newer version of the app wrote it; it was left as it is.
        CannotWrite: the folder or the file cannot be written.
        NoSpace: the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.set_aside: DamagedData | None = None
        self._local = threading.local()
        self._readers: list[_Reader] = []
        self._lock = threading.RLock()
        self._is_closed = False
        self._giving_way = GivingWay()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        try:
            self._writer = self._executor.submit(self._open).result()
        except BaseException:
            self._executor.shutdown()
            raise

    @classmethod
    def in_memory(cls) -> "Database":
        """Return an empty database that never touches the disk and is gone when it is closed.

        Its one connection serves all threads in turn.
        """
        return cls(_IN_MEMORY)

    @property
    def is_in_memory(self) -> bool:
        """Whether it never touches the disk."""
        return self.path == _IN_MEMORY

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Return the rows of `sql`, read on the calling thread.

        Raises:
            DamagedData: the file is damaged; the next start checks it and sets it aside.
            CannotWrite: the file is gone, or the database is closed.
        """
        if self.is_in_memory:
            return self._query_memory(sql, parameters)
        while True:
            reader = self._reader()
            with reader.lock, self._translated():
                if reader.is_open:  # else it was closed between the two lines above
                    return reader.connection.execute(sql, parameters).fetchall()

    def write(self, function: Callable[[Connection], T], *, is_durable: bool = False) -> Future[T]:
        """Run `function` in a transaction on the writing thread.

        Args:
            function: makes the changes.
            is_durable: the future is done when a power cut cannot take it back either.

        Returns:
            a future of its result; the transaction is committed when the future is done.
            It raises NoSpace, CannotWrite or DamagedData when nothing was written.
        """
        return self._submit(lambda: self._transact(function, is_durable=is_durable))

    def scrub(self) -> None:
        """Rewrite the file and empty its log, so that neither holds what was deleted before.

        `secure_delete` overwrites deleted rows, but not the copies that stay behind in a page
        when rows move to another one (found in 4 of 30 random trials): `VACUUM` does. An index of
        words only notes that some are gone until it is put together anew. Takes about a second
        for each 100 MB; what others write meanwhile goes first, for a minute.

        Raises:
            NoSpace: there is no room for the copy; the rows are deleted all the same.
            CannotWrite: another process is reading the log, or the database is being closed.
        """
        due = self.write(clearing.scrubs_due).result()
        for name in self.write(clearing.indexes).result():
            step = partial(clearing.put_together, name=name)
            is_more = self.write(partial(step, is_first=True)).result()
            while is_more:  # a step takes a moment, and others write in between
                is_more = self.write(partial(step, is_first=False)).result()
        for time_waited_s in _GIVE_WAY_S:
            if self._submit(lambda: self._scrub(gives_way=True)).result():
                break
            time.sleep(time_waited_s)
        else:
            self._submit(self._scrub).result()
        self.write(partial(clearing.scrub_done, due=due)).result()

    def scrub_if_due(self) -> None:
        """Do as `scrub` does if something was deleted since the last time, even before a crash.

        Raises:
            NoSpace, CannotWrite: as `scrub`; it stays due.
        """
        if self.write(clearing.scrubs_due).result():
            self.scrub()

    def erase(self) -> None:
        """Delete every row and leave an empty database that goes on working.

        Where that cannot be done (the disk is full, the file damaged) the files themselves are
        deleted and made again.

        Raises:
            CannotWrite: another process holds the database.
        """
        self._submit(self._erase).result()

    def replace_all(self, source: Connection) -> None:
        """Put the contents of another database, of the same schema, in place of all there is.

        It is one transaction: whoever reads sees either all of one or all of the other, and so
        does the next start after a crash. Nothing of what was there stays in the files.

        Raises:
            NoSpace, CannotWrite, DamagedData: nothing was replaced; a log that could not be
                emptied is told as CannotWrite when all was replaced.
        """
        self._submit(lambda: self._replace_all(source)).result()

    def check(self) -> bool:
        """Return whether the whole file is sound. Reads all of it."""
        try:
            return self._submit(self._check).result()
        except DamagedData:
            return False

    def close(self) -> None:
        """Finish what waits to be written and close the file. Closing twice does no harm."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        self._giving_way.interrupt()
        self._close_readers()
        self._executor.submit(self._close_writer)
        self._executor.shutdown()

    # The writing thread

    def _submit(self, function: Callable[[], T]) -> Future[T]:
        try:
            waiting = self._executor.submit(function)
        except RuntimeError as error:
            raise CannotWrite(self.path, "closed") from error
        self._giving_way.interrupt()
        return waiting

    def _open(self) -> Connection:
        if self.is_in_memory:
            connection = connect(self.path)
            configure(connection)
            migrate(connection)
            return connection
        ensure_folder(self.path.parent)
        self._refuse_newer(peeking.newest_version(self.path))
        leftovers.remove_restoring(self.path)
        try:
            return self._open_once()
        except DamagedData:
            self.set_aside = DamagedData(self.path, faults.move_aside(self.path))
            return self._open_once()

    def _open_once(self) -> Connection:
        try:
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            with contextlib.suppress(PermissionError):  # sticks know no modes, and refuse them
                self.path.chmod(0o600)  # SQLite gives its log and index the same mode
        except OSError as error:
            raise writing_error(self.path, error) from error
        with self._translated(), contextlib.ExitStack() as on_failure:
            connection = connect(self.path)
            on_failure.callback(connection.close)
            self._refuse_newer(version(connection))
            self._refuse_damaged(connection)
            configure(connection)
            migrate(connection)
            on_failure.pop_all()
        return connection

    def _refuse_newer(self, found: int) -> None:
        if found > len(MIGRATIONS):
            raise NewerData(self.path, found=found, known=len(MIGRATIONS))

    def _refuse_damaged(self, connection: Connection) -> None:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if faults.is_suspect(self.path):
            if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise DamagedData(self.path)
            faults.clear(self.path)

    def _close_writer(self) -> None:
        # Looked up when its turn comes: an `erase` before it may have put another in place.
        self._writer.close()

    def _transact(self, function: Callable[[Connection], T], *, is_durable: bool = False) -> T:
        writer = self._writer
        with (
            self._alone(),
            self._translated(),
            synchronous(writer, is_full=is_durable),
            transaction(writer),
        ):
            return function(writer)

    def _scrub(self, *, gives_way: bool = False) -> bool:
        """Rewrite the file and return True; False if it was interrupted and nothing changed."""
        way = self._giving_way.working(self._writer) if gives_way else contextlib.nullcontext()
        with self._alone(), self._translated():
            if not self.is_in_memory and self.path.stat().st_size > _VACUUM_IN_MEMORY_BYTES:
                keep_temporary_files_in(self.path.parent, self._writer)
            try:
                with way:
                    self._writer.execute("VACUUM")
                    log = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except SqliteError as error:
                if gives_way and error.sqlite_errorname == "SQLITE_INTERRUPT":
                    return False
                raise
            finally:
                self._writer.execute("PRAGMA temp_store = MEMORY")
        if log[0]:
            raise CannotWrite(self.path, "in use by another process")
        return True

    def _check(self) -> bool:
        # Newer versions of SQLite hold the indexes of words against the texts, which is a write.
        with self._alone(), self._translated():
            return self._writer.execute("PRAGMA quick_check").fetchall() == [("ok",)]

    def _erase(self) -> None:
        try:
            self._transact(clearing.delete_all_rows)
            self._scrub()
        except (NoSpace, DamagedData):
            if self.is_in_memory:
                raise
            self._start_over()

    def _replace_all(self, source: Connection) -> None:
        with self._alone(), self._translated():
            source.backup(self._writer)
        self._scrub()

    def _start_over(self) -> None:
        with self._lock:  # no reader may open the files that go
            self._close_readers()
            self._writer.close()
            try:
                for file in faults.files_of(self.path):
                    file.unlink(missing_ok=True)
                faults.clear(self.path)
            except OSError as error:
                raise writing_error(self.path, error) from error
            finally:
                self._writer = self._open()

    # Reading

    def _query_memory(self, sql: str, parameters: Sequence[object]) -> list[Row]:
        with self._alone(), self._translated():
            if self._is_closed:
                raise CannotWrite(self.path, "closed")
            return self._writer.execute(sql, parameters).fetchall()

    def _alone(self) -> contextlib.AbstractContextManager[object]:
        """Let nobody else use the connection meanwhile, where all share one."""
        return self._lock if self.is_in_memory else contextlib.nullcontext()

    def _reader(self) -> _Reader:
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader is None or not reader.is_open:
            reader = self._local.reader = self._new_reader()
        return reader

    def _new_reader(self) -> _Reader:
        with self._lock, self._translated():
            if self._is_closed:
                raise CannotWrite(self.path, "closed")
            # Background jobs come and go with their threads: so do their connections.
            for reader in [r for r in self._readers if not r.thread.is_alive()]:
                self._readers.remove(reader)
                reader.connection.close()
            reader = _Reader(connect(self.path), threading.current_thread())
            self._readers.append(reader)
            reader.connection.execute("PRAGMA query_only = ON")
            return reader

    def _close_readers(self) -> None:
        with self._lock:
            for reader in self._readers:
                with reader.lock:
                    reader.is_open = False
                    reader.connection.close()
            self._readers.clear()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn SQLite's errors into ours; what means nothing to `faults` is a bug and stays."""
        try:
            yield
        except SqliteError as error:
            meant = faults.meaning(self.path, error)
            if meant is None:
                raise
            if isinstance(meant, DamagedData) and not self.is_in_memory:
                faults.suspect(self.path)
            raise meant from error
