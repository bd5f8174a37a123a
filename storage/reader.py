"""Reading connections: beside the writer, never in its way."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite

# Pages and lists take turns on this many connections.
CONNECTIONS = 2
READ_TIMEOUT_S = 10


class Reader:
    """A few read-only aiosqlite connections, opened when first used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: asyncio.LifoQueue[aiosqlite.Connection | None] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self._idle.put_nowait(None)

    async def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row, as tuples."""
        async with asyncio.timeout(READ_TIMEOUT_S):
            connection = await self._idle.get()
            try:
                if connection is None:
                    connection = await aiosqlite.connect(f"file:{self._path}?mode=ro", uri=True)
                async with connection.execute(sql, values) as cursor:
                    return list(await cursor.fetchall())
            finally:
                self._idle.put_nowait(connection)

    async def row(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first row, or None."""
        rows = await self.rows(sql, values)
        return rows[0] if rows else None

    async def close(self) -> None:
        for _ in range(CONNECTIONS):
            async with asyncio.timeout(READ_TIMEOUT_S):
                connection = await self._idle.get()
            if connection is not None:
                await connection.close()
