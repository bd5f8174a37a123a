"""Reading beside the writer: read-only connections, which never block it.

Every body is a plain function `f(con, …)` in a transaction of its own, so that all that it reads is
of one moment. A crowd waits in line: a read's time begins with the read, and what would wait too
long is refused as busy.
"""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import aiosqlite

from bot.errors import Broken, Busy
from storage.database.database import uri_for_reading

P = ParamSpec("P")
T = TypeVar("T")
Body = Callable[Concatenate[sqlite3.Connection, P], T]

# While one is in a long read, the other serves short ones. Each has a thread.
CONNECTIONS = 2
READ_TIMEOUT_S = 10.0
# Reads in line, and the longest that one stands there. Short ones leave at some thousands a second.
WAITING_MAX = 10_000
WAIT_MAX_S = 30.0
# How often a running read looks whether it shall go on, in instructions of SQLite's machine: some
# milliseconds' worth.
LOOK_EVERY = 100_000
CLOSE_S = 10.0

log = logging.getLogger(__name__)


class ReadConnection(aiosqlite.Connection):
    """Runs whole bodies in its thread, instead of waking the event loop after each statement."""

    async def read(self, body: Callable[[sqlite3.Connection], T]) -> T:
        value: T = await self._execute(lambda: body(self._conn))  # type: ignore[no-untyped-call]
        return value


class Reader:
    """Made, used and closed on one event loop; a connection is opened when first needed.

    A caller that is cancelled doesn't cancel an opening: aiosqlite would forget it, and its thread
    would call the event loop after that was closed.
    """

    def __init__(
        self,
        path: Path,
        *,
        waiting_max: int = WAITING_MAX,
        wait_max_s: float = WAIT_MAX_S,
        timeout_s: float = READ_TIMEOUT_S,
    ) -> None:
        self._path = path
        self._waiting_max = waiting_max
        self._wait_max_s = wait_max_s
        self._timeout_s = timeout_s
        self._waiting = 0
        self._opened: list[asyncio.Task[ReadConnection]] = []
        self._idle: asyncio.LifoQueue[asyncio.Task[ReadConnection] | None] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self._idle.put_nowait(None)
        self._closed = False

    async def run(self, body: Body[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The value of `body(con, …)`. Raises what it raises; Busy, or Broken when it failed."""
        return await self._read(lambda con: _of_one_moment(con, body, *args, **kwargs))

    async def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row, as tuples."""
        return await self._read(lambda con: con.execute(sql, values).fetchall())

    async def row(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first row, or None."""
        rows = await self.rows(sql, values)
        return rows[0] if rows else None

    async def close(self) -> None:
        """Close the connections, each after the read that it is in; what waits is refused."""
        self._closed = True
        for opening in self._opened:
            await asyncio.wait([opening], timeout=CLOSE_S)
            if opening.done() and opening.exception() is None:
                async with asyncio.timeout(CLOSE_S):
                    await opening.result().close()

    async def _read(self, body: Callable[[sqlite3.Connection], T]) -> T:
        opening = await self._turn() or self._open()
        unwanted = threading.Event()
        reading = asyncio.create_task(self._answer(opening, _until(unwanted, body)))
        reading.add_done_callback(lambda _: self._give_back(opening, reading))
        try:
            async with asyncio.timeout(self._timeout_s):
                return await asyncio.shield(reading)
        except (TimeoutError, sqlite3.Error) as error:
            log.exception("A read failed")
            raise Broken from error
        finally:
            unwanted.set()  # the caller is gone, or it took too long: it ends by itself

    def _give_back(
        self, opening: asyncio.Task[ReadConnection], reading: "asyncio.Task[Any]"
    ) -> None:
        """Let the next one read: not before this read has ended, though nobody waits for it."""
        self._idle.put_nowait(None if _failed(opening) else opening)
        if not reading.cancelled():
            reading.exception()  # retrieved, so that asyncio doesn't log it

    async def _turn(self) -> asyncio.Task[ReadConnection] | None:
        """Wait in line for a connection; None is one that is still to be opened."""
        if self._closed:
            raise Broken
        if self._waiting >= self._waiting_max:
            raise Busy
        self._waiting += 1
        try:
            async with asyncio.timeout(self._wait_max_s):
                return await self._idle.get()
        except TimeoutError:
            raise Busy from None
        finally:
            self._waiting -= 1

    async def _answer(
        self, opening: asyncio.Task[ReadConnection], body: Callable[[sqlite3.Connection], T]
    ) -> T:
        connection = await asyncio.shield(opening)
        if self._closed:
            raise Broken
        return await connection.read(body)

    def _open(self) -> asyncio.Task[ReadConnection]:
        opening = asyncio.create_task(_opened(self._path))
        self._opened = [each for each in self._opened if not _failed(each)] + [opening]
        return opening


async def _opened(path: Path) -> ReadConnection:
    connect = partial(sqlite3.connect, uri_for_reading(path), uri=True, isolation_level=None)
    connection = ReadConnection(connect, iter_chunk_size=1)
    await connection
    return connection


def _until(
    unwanted: threading.Event, body: Callable[[sqlite3.Connection], T]
) -> Callable[[sqlite3.Connection], T]:
    """`body`, ended with sqlite3.OperationalError once it is unwanted.

    `interrupt` alone would miss one that stands between two statements.
    """

    def bounded(con: sqlite3.Connection) -> T:
        con.set_progress_handler(unwanted.is_set, LOOK_EVERY)
        return body(con)

    return bounded


def _failed(opening: "asyncio.Task[ReadConnection]") -> bool:
    return opening.done() and opening.exception() is not None


def _of_one_moment(
    con: sqlite3.Connection, body: Body[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    with con:
        con.execute("BEGIN")
        return body(con, *args, **kwargs)
