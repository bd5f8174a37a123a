"""The one writer: a thread that commits all waiting writes in one transaction.

Every body is a plain function `f(con, …)`, atomic by its own savepoint and testable without an
event loop. One fsync serves the whole batch, so that a hundred tasks write faster than one. A body
that fails is rolled back alone. If the whole transaction is lost (a full disk, say), everything in
it fails and the next batch starts a new one.
"""

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.errors import Broken, NoSpace
from bot.tasks import to_the_end
from storage.database.database import truncate_wal

P = ParamSpec("P")
T = TypeVar("T")
Body = Callable[Concatenate[sqlite3.Connection, P], T]

BATCH_MAX = 256
# With this many writes waiting, further callers wait before they join the queue.
WAITING_MAX = 4_096

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiter:
    body: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any]
    alone: bool = False  # outside of any transaction
    value: Any = None
    error: Exception | None = None


class Writer:
    """Owns the only read-write connection. Made, used and closed on one event loop."""

    def __init__(self, con: sqlite3.Connection) -> None:
        self._con = con
        self._queue: queue.SimpleQueue[_Waiter | None] = queue.SimpleQueue()
        self._places = asyncio.Semaphore(WAITING_MAX)
        self._loop = asyncio.get_running_loop()
        self._alive = True
        # Held to join the queue, and by the ending thread: nothing joins after it was emptied.
        self._door = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="limner-writer", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """False once the thread has ended; every later write is refused."""
        return self._alive

    async def run(self, body: Body[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The value of `body(con, …)`, returned once the write is on disk.

        A cancelled caller waits for the outcome before it is cancelled, so that this is known.
        Raises what the body raises; NoSpace or Broken when the transaction itself failed.
        """
        waiter = _Waiter(lambda con: body(con, *args, **kwargs), self._loop.create_future())
        await self._wait_for(waiter)
        value: T = waiter.value
        return value

    async def truncate_wal(self) -> bool:
        """Empty the WAL, in whose pages is what was deleted since; False while somebody reads."""
        waiter = _Waiter(truncate_wal, self._loop.create_future(), alone=True)
        await self._wait_for(waiter)
        return bool(waiter.value)

    async def _wait_for(self, waiter: _Waiter) -> None:
        async with self._places:
            with self._door:
                if not self._alive:
                    raise Broken
                self._queue.put(waiter)
            await to_the_end(waiter.future)
        if waiter.error is not None:
            raise waiter.error

    async def close(self, timeout_s: float = 10) -> None:
        """Finish waiting writes, then end the thread and close the connection.

        `alive` stays True when that takes longer than `timeout_s`.
        """
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join, timeout_s)

    def _work(self) -> None:
        batch: list[_Waiter] = []
        try:
            while batch := self._next_batch():
                self._commit(batch)
                self._tell(batch)
        except BaseException:
            log.exception("The writer thread ended; nothing can be written any more")
        finally:
            self._end(batch)

    def _next_batch(self) -> list[_Waiter]:
        """All waiting writes, at least one and at most BATCH_MAX; empty after `close`."""
        first = self._queue.get()
        batch: list[_Waiter] = []
        while first is not None:
            batch.append(first)
            if len(batch) == BATCH_MAX:
                break
            try:
                first = self._queue.get_nowait()
            except queue.Empty:
                break
            if first is None:
                self._queue.put(None)  # read again after this batch
        return batch

    def _commit(self, batch: list[_Waiter]) -> None:
        try:
            self._con.execute("BEGIN IMMEDIATE")
            for waiter in batch:
                if not waiter.alone:
                    self._savepoint(waiter)
            self._con.execute("COMMIT")
            for waiter in batch:
                if waiter.alone:
                    waiter.value = waiter.body(self._con)
        except sqlite3.Error as error:
            log.exception("A transaction of %d writes failed", len(batch))
            if self._con.in_transaction:
                self._con.execute("ROLLBACK")
            for waiter in batch:
                waiter.error = waiter.error or _translated(error)

    def _savepoint(self, waiter: _Waiter) -> None:
        """Run one body in a savepoint. Raises sqlite3.Error if the whole transaction is lost."""
        self._con.execute("SAVEPOINT one")
        try:
            waiter.value = waiter.body(self._con)
        except Exception as error:
            if not self._con.in_transaction:
                raise _gone(error) from error
            self._con.execute("ROLLBACK TO one")
            waiter.error = _translated(error) if isinstance(error, sqlite3.Error) else error
        self._con.execute("RELEASE one")

    def _tell(self, batch: list[_Waiter]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_wake, batch)

    def _end(self, left: list[_Waiter]) -> None:
        """Fail all writes without an outcome, and refuse later ones."""
        with self._door:
            self._alive = False
            while not self._queue.empty():
                waiter = self._queue.get_nowait()
                left += [waiter] if waiter else []
        for waiter in left:
            waiter.error = waiter.error or Broken()
        self._tell(left)
        self._con.close()


def _gone(error: Exception) -> sqlite3.Error:
    return error if isinstance(error, sqlite3.Error) else sqlite3.OperationalError(str(error))


def _translated(error: sqlite3.Error) -> Exception:
    # Errors of Python's module, like a wrong number of values, have no code.
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return NoSpace()
    log.error("The database refused a write: %s", error)
    return Broken()


def _wake(batch: list[_Waiter]) -> None:
    for waiter in batch:
        if not waiter.future.done():
            waiter.future.set_result(None)
