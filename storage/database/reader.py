"""Read-only connections, which never block the writer."""

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite

from bot.errors import Broken
from storage.database.database import uri_for_reading

# All reads share this many connections.
CONNECTIONS = 2
READ_TIMEOUT_S = 10

log = logging.getLogger(__name__)


class Reader:
    """A few read-only aiosqlite connections, opened when first used.

    A caller that is cancelled doesn't cancel an opening: aiosqlite would forget it, and its thread
    would call the event loop after that was closed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: asyncio.LifoQueue[asyncio.Task[aiosqlite.Connection] | None]
        self._idle = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self._idle.put_nowait(None)

    async def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row, as tuples. Raises Broken."""
        try:
            async with asyncio.timeout(READ_TIMEOUT_S):
                return await self._fetch(sql, values)
        except (TimeoutError, sqlite3.Error) as error:
            log.exception("A read failed")
            raise Broken from error

    async def row(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first row, or None."""
        rows = await self.rows(sql, values)
        return rows[0] if rows else None

    async def _fetch(self, sql: str, values: Sequence[Any]) -> list[Any]:
        opening = await self._idle.get() or asyncio.create_task(self._open())
        connection = None
        try:
            connection = await asyncio.shield(opening)
            return list(await connection.execute_fetchall(sql, values))
        except asyncio.CancelledError:
            if connection is not None:  # the caller is gone: stop the query
                await connection.interrupt()
            raise
        finally:
            failed = opening.done() and opening.exception()
            self._idle.put_nowait(None if failed else opening)

    async def _open(self) -> aiosqlite.Connection:
        return await aiosqlite.connect(uri_for_reading(self._path), uri=True)

    async def close(self) -> None:
        for _ in range(CONNECTIONS):
            async with asyncio.timeout(READ_TIMEOUT_S):
                opening = await self._idle.get()
                if opening is None:
                    continue
                await asyncio.wait([opening])
            if opening.exception() is None:
                await opening.result().close()
