"""Reading beside the writer: threads with read-only connections, which never block it.

Every body is a plain function `f(con, …)` in a transaction of its own, so that all that it reads is
of one moment. A crowd waits in line: a read's time begins with the read, and what would wait too
long is refused as busy.
"""

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.errors import BotError, Broken, Busy
from storage.database.database import uri_for_reading

P = ParamSpec("P")
T = TypeVar("T")
Body = Callable[Concatenate[sqlite3.Connection, P], T]

# While one thread is in a long read, the other serves short ones.
THREADS = 2
READ_TIMEOUT_S = 10.0
# Reads in line, and the longest that one stands there. Short ones leave at some thousands a second.
WAITING_MAX = 10_000
WAIT_MAX_S = 30.0
# Waking the event loop costs as much as a short read, so that answers are told together, unless
# the first of them is this old.
TELL_WITHIN_S = 0.002
# How often a running read looks whether it shall go on, in instructions of SQLite's machine: some
# milliseconds' worth.
LOOK_EVERY = 100_000
CLOSE_S = 10.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Read:
    body: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any]
    begun_s: float = 0.0  # 0 while it waits
    wanted: bool = True  # False once its caller is gone
    value: Any = None
    error: Exception | None = None


class Reader:
    """Made, used and closed on one event loop; its threads start with the first read."""

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
        self._queue: queue.SimpleQueue[_Read | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._threads: list[threading.Thread] = []
        self._closed = False

    async def run(self, body: Body[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The value of `body(con, …)`. Raises what it raises; Busy, or Broken when it failed."""
        value: T = await self._read(lambda con: _of_one_moment(con, body, *args, **kwargs))
        return value

    async def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row, as tuples."""
        rows: list[Any] = await self._read(lambda con: con.execute(sql, values).fetchall())
        return rows

    async def row(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first row, or None."""
        rows = await self.rows(sql, values)
        return rows[0] if rows else None

    async def close(self) -> None:
        """End the threads; what still waits is refused."""
        self._closed = True
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join, CLOSE_S)

    async def _read(self, body: Callable[[sqlite3.Connection], Any]) -> Any:
        if self._closed:
            raise Broken
        if self._queue.qsize() >= self._waiting_max:
            raise Busy
        self._start()
        read = _Read(body, self._loop.create_future())
        self._queue.put(read)
        try:
            async with asyncio.timeout(self._wait_max_s + self._timeout_s):
                await read.future
        except TimeoutError:
            raise self._too_late(read) from None
        finally:
            read.wanted = False
        if read.error is not None:
            raise read.error
        return read.value

    def _too_late(self, read: _Read) -> BotError:
        took_s = time.monotonic() - read.begun_s if read.begun_s else 0.0
        return Broken() if took_s >= self._timeout_s else Busy()

    def _start(self) -> None:
        if not self._threads:
            for number in range(THREADS):
                name = f"limner-reader-{number + 1}"
                thread = threading.Thread(target=self._work, name=name, daemon=True)
                thread.start()
                self._threads.append(thread)

    def _work(self) -> None:
        con: sqlite3.Connection | None = None
        answered: list[_Read] = []
        while (read := self._next(answered)) is not None:
            con = self._answer(con, read)
            answered.append(read)
        self._tell(answered)
        if con is not None:
            con.close()

    def _next(self, answered: list[_Read]) -> _Read | None:
        """The next read, once those that wait for their answer were told."""
        if not answered or time.monotonic() - answered[0].begun_s < TELL_WITHIN_S:
            with suppress(queue.Empty):
                return self._queue.get_nowait()
        self._tell(answered)
        answered.clear()
        return self._queue.get()

    def _answer(self, con: sqlite3.Connection | None, read: _Read) -> sqlite3.Connection | None:
        """Let `read` read, and return the connection for the next one."""
        read.begun_s = time.monotonic()
        if not read.wanted:
            return con
        try:
            con = con or self._open()
            ends_s = read.begun_s + self._timeout_s
            con.set_progress_handler(
                lambda: not read.wanted or time.monotonic() > ends_s, LOOK_EVERY
            )
            read.value = read.body(con)
        except sqlite3.Error as error:
            log.exception("A read failed")
            read.error = Broken()
            read.error.__cause__ = error
        except Exception as error:  # noqa: BLE001  (it is raised where the value is awaited)
            read.error = error
        return con

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(uri_for_reading(self._path), uri=True, isolation_level=None)

    def _tell(self, answered: list[_Read]) -> None:
        if answered:
            with suppress(RuntimeError):  # the event loop was closed
                self._loop.call_soon_threadsafe(_wake, tuple(answered))


def _of_one_moment(
    con: sqlite3.Connection, body: Body[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    with con:
        con.execute("BEGIN")
        return body(con, *args, **kwargs)


def _wake(answered: Sequence[_Read]) -> None:
    for read in answered:
        if not read.future.done():
            read.future.set_result(None)
