"""Reading connections: beside the writer, never in its way."""

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite

from bot.errors import Broken
from storage.database import uri_for_reading

# Pages and lists take turns on this many connections.
CONNECTIONS = 2
READ_TIMEOUT_S = 10

log = logging.getLogger(__name__)


class Reader:
    """A few read-only aiosqlite connections, opened when first used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: asyncio.LifoQueue[aiosqlite.Connection | None] = asyncio.LifoQueue()
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
        connection = await self._idle.get()
        try:
            if connection is None:
                connection = await aiosqlite.connect(uri_for_reading(self._path), uri=True)
            return list(await connection.execute_fetchall(sql, values))
        except asyncio.CancelledError:
            if connection is not None:  # nobody wants the answer any more
                await connection.interrupt()
            raise
        finally:
            self._idle.put_nowait(connection)

    async def close(self) -> None:
        for _ in range(CONNECTIONS):
            async with asyncio.timeout(READ_TIMEOUT_S):
                connection = await self._idle.get()
            if connection is not None:
                await connection.close()
