"""One writer, grouped commits, readers beside it: how every row gets to the disk and is there to stay.

SQLite with WAL and synchronous=FULL through pysqlite3, whose library is outside the range that can corrupt a WAL
database (reliability 0.3). All writing is done by one thread: whatever has gathered while a commit was under way is
committed together, each piece of work in its own savepoint, so that one that fails rolls back nothing of the others.
"""

import asyncio
import os
import queue
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from maild.errors import BadConfig, DiskFailed, StoreAway, Temporary
from maild.store.folders import NO_ROOM, make_file

__all__ = ["Database", "DiskFull", "Session", "savepoint"]

T = TypeVar("T")
MOST_TOGETHER = 50  # pieces of work in one commit
MOST_COUNTED = 2**31 - 1  # SQLite's user_version has 32 bits
_CORRUPTING = ((3, 7, 0), (3, 51, 3))  # from, up to but without
# busy, locked, no memory, read-only, interrupted, I/O error, full, can't open, protocol (sqlite.org/rescode.html)
_OF_THE_WORLD = frozenset((5, 6, 7, 8, 9, 10, 13, 14, 15))
_IO_ERROR = 10  # pysqlite3 gives no extended codes
_FULL = 13


class DiskFull(StoreAway):
    """There is no room for what should be written."""


def _check_library() -> None:
    version = tuple(int(n) for n in sqlite.sqlite_version.split("."))
    if _CORRUPTING[0] <= version < _CORRUPTING[1]:
        raise BadConfig.at(
            "SQLite", f"version {sqlite.sqlite_version} can damage the database; install pysqlite3 0.6 or newer"
        )


class Database:
    """The store's file. `write` and `read` take a function of a session and run it in a thread of theirs."""

    def __init__(self, path: Path, *, is_durable: bool = True) -> None:
        """`is_durable=False` is for simulations, whose database is thrown away."""
        _check_library()
        self.path = path
        make_file(path)
        self._synchronous = "FULL" if is_durable else "OFF"
        self._open: list[sqlite3.Connection] = []
        self._writing = self._engine("BEGIN IMMEDIATE", 1)
        self._reading = self._engine("BEGIN", 2)
        self._jobs: queue.SimpleQueue[tuple[Callable[[Session], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(2, "maild-read")
        self.failure: DiskFailed | None = None  # once there, nothing is written or read any more
        self.trouble: Temporary | None = None  # why a commit failed; whoever sees it well again takes it away
        self._writer = threading.Thread(target=self._run, name="maild-write", daemon=True)
        self._writer.start()

    def _engine(self, begin: str, connections: int) -> Engine:
        engine = create_engine(
            f"sqlite+pysqlite:///{self.path}",
            module=sqlite,
            poolclass=QueuePool,
            pool_size=connections,
            max_overflow=0,
            connect_args={"check_same_thread": False, "timeout": 30},
            hide_parameters=True,  # an error names the statement and never a customer's words
        )

        @event.listens_for(engine, "connect")
        def _prepare(connection: sqlite3.Connection, _: object) -> None:
            connection.isolation_level = None  # transactions are ours: see `begin`
            self._open.append(connection)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA synchronous={self._synchronous}")
            connection.execute("PRAGMA foreign_keys=ON")

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql(begin)

        return engine

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction; when this returns it is on the disk. What it raises is raised here.

        Temporary where the disk is full, the file locked or out of reach: then nothing was written. DiskFailed where
        an fsync failed, and from then on for everything: Linux tells of a lost page once, and the next fsync of the
        same file succeeds without it, so that to try again would be to believe what is not there.
        """
        future: Future[T] = Future()
        self._jobs.put((work, future))
        return await asyncio.wrap_future(future)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` on a consistent view of what is committed. Temporary where the file can't be read now."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def fold(self) -> None:
        """At the start: bring what the log holds into the database, written and synced anew.

        After a failed fsync and a kill the log may be readable and yet not be on the disk; nothing that is built on it
        would outlast a loss of power. Where a reader is in the way, the next checkpoint does the same.
        """
        connection = self._writing.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite.Error as error:
            raise self._failed(error) from error
        finally:
            connection.close()

    @staticmethod
    def foreign_version(session: Session) -> int:
        """A number that changes whenever another process has written (SQLite's data_version); for `write`."""
        return int(session.connection().exec_driver_sql("PRAGMA data_version").scalar_one())

    @staticmethod
    def commits(session: Session) -> int:
        """How many commits have changed anything in this database: a number that only grows."""
        return int(session.connection().exec_driver_sql("PRAGMA user_version").scalar_one())

    @staticmethod
    def count_commits(session: Session, number: int) -> None:
        """They are so many from now on. After 2^31, one each second for 68 years, it is said no more."""
        session.connection().exec_driver_sql(f"PRAGMA user_version = {min(number, MOST_COUNTED)}")

    def interrupt(self) -> None:
        """Whatever is read or written at this instant ends with Temporary: for whoever can't wait for a long look."""
        for connection in self._open:
            with suppress(sqlite.ProgrammingError):  # closed since
                connection.interrupt()

    def read_now(self, work: Callable[[Session], T]) -> T:
        """The same for callers without an event loop."""
        if self.failure is not None:
            raise self.failure
        try:
            with Session(self._reading, expire_on_commit=False) as session:
                return work(session)
        except DBAPIError as error:
            raise _as_ours(error) from error

    def write_now(self, work: Callable[[Session], T]) -> T:
        """`write` for callers without an event loop."""
        future: Future[T] = Future()
        self._jobs.put((work, future))
        return future.result()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bare connection in a transaction of its own, for migrations; nobody else may be writing."""
        try:
            with self._writing.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise self._failed(error) from error

    async def close(self) -> None:
        """Finish what was handed in, then let go of the file."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """The same for callers without an event loop."""
        self._jobs.put(None)
        self._writer.join()
        self._readers.shutdown()
        self._writing.dispose()
        self._reading.dispose()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            jobs, is_last = [job], False
            while len(jobs) < MOST_TOGETHER:
                try:
                    more = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    is_last = True
                    break
                jobs.append(more)
            if wanted := [job for job in jobs if not job[1].cancelled()]:  # of a stop that could wait no longer
                self._commit(wanted)
            if is_last:
                return

    def _commit(self, jobs: list[tuple[Callable[[Session], Any], Future[Any]]]) -> None:
        """One transaction for all, one savepoint for each; nobody hears of success before the commit is durable."""
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            if self.failure is not None:
                raise self.failure
            with Session(self._writing, expire_on_commit=False) as session, session.begin():
                before = _changes(session)
                for work, future in jobs:
                    try:
                        with savepoint(session):
                            result = work(session)
                        outcomes.append((future, result, None))
                    except (Temporary, DiskFailed):
                        raise  # no fault of that work: SQLite may have undone the others too, so all come again
                    except Exception as error:
                        session.expunge_all()
                        outcomes.append((future, None, error))
                if _changes(session) != before:
                    self.count_commits(session, self.commits(session) + 1)
        except (Exception, DiskFailed) as error:
            ours = self._failed(error)
            if isinstance(ours, Temporary):
                self.trouble = ours
            outcomes = [(future, None, ours) for _, future in jobs]
        for future, result, failure in outcomes:
            if future.cancelled() or not future.set_running_or_notify_cancel():
                continue
            if failure is not None:
                future.set_exception(failure)
            else:
                future.set_result(result)

    def _failed(self, error: BaseException) -> BaseException:
        """What a commit's failure is to the callers. What SQLite calls an I/O error may be a lack of room after all (a
        quota, a limit on files, the index of the log): then it passes. Else nothing is tried a second time."""
        cause = None if isinstance(error, Temporary | DiskFailed) else _of_the_world(error)
        if cause is None or _code(cause) != _IO_ERROR or self._has_no_room():
            return _as_ours(error)
        self.failure = DiskFailed(f"the disk does not keep what is written to the database: {cause}")
        return self.failure

    def _has_no_room(self) -> bool:
        """Whether a file as long as the longest here can be begun, and can't be written."""
        files = (self.path, Path(f"{self.path}-wal"))
        try:
            longest = max(path.stat().st_size for path in files if path.exists())
            with tempfile.TemporaryFile(dir=self.path.parent) as probe:
                os.pwrite(probe.fileno(), bytes(4096), longest)
                os.fsync(probe.fileno())
        except OSError as error:
            return error.errno in NO_ROOM
        return False


def _changes(session: Session) -> int:
    """How many rows were written on this connection, ever."""
    driver: Any = session.connection().connection.dbapi_connection
    return int(driver.total_changes)


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """What is done within is done whole or not at all. Temporary where the disk is full or out of reach."""
    try:
        with session.begin_nested():
            yield
    except Exception as error:
        ours = _as_ours(error)
        if ours is error:
            raise
        raise ours from error


def _as_ours(error: BaseException) -> BaseException:
    """A full disk or a locked file is the world's fault: the caller tries again later. All else stays what it is.

    The cause is looked for behind the error: undoing what SQLite has undone itself fails in its own way.
    """
    cause = _of_the_world(error)
    if cause is None:
        return error
    kind = DiskFull if _code(cause) == _FULL else Temporary
    return kind(f"the database can't be used now: {cause}")


def _of_the_world(error: BaseException) -> sqlite3.Error | None:
    """SQLite's own error behind another one, if it is none of ours."""
    behind: BaseException | None = error
    while behind is not None:
        said = behind.orig if isinstance(behind, DBAPIError) else behind
        if isinstance(said, sqlite.Error) and _code(said) in _OF_THE_WORLD:
            return said  # type: ignore[no-any-return]
        behind = behind.__cause__ or behind.__context__
    return None


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
