"""The store of which communities use the bot over SQLite."""

from collections.abc import Collection
from datetime import datetime

from storage.database.columns import to_us
from storage.database.reader import Reader
from storage.database.writer import Writer
from storage.transactions.communities import admittance, departures, homes


class SqliteCommunityStore:
    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer.run
        self._reader = reader

    async def decide(
        self, platform: str, community: str, how: str, actor: str, now: datetime
    ) -> None:
        await self._write(admittance.decide, platform, community, how, actor, now)

    async def left(self, platform: str, community: str, now: datetime) -> None:
        await self._write(departures.left, platform, community, now)

    async def came(self, platform: str, community: str) -> None:
        await self._write(departures.came, platform, community)

    async def present(self, platform: str, communities: Collection[str], now: datetime) -> None:
        await self._write(departures.present, platform, communities, now)

    async def forget(self, platform: str, community: str, now: datetime) -> bool:
        return await self._write(departures.forget, platform, community, now)

    async def choose_home(self, platform: str, person: str, community: str, now: datetime) -> None:
        await self._write(homes.choose, platform, person, community, now)

    async def told_undelivered(self, platform: str, person: str) -> None:
        await self._write(homes.told_undelivered, platform, person)

    async def decisions(self) -> list[tuple[str, str, str]]:
        return [(row[0], row[1], row[2]) for row in await self._reader.rows(admittance.READ_SQL)]

    async def departed(self, before: datetime, limit: int) -> list[tuple[str, str]]:
        rows = await self._reader.rows(departures.DUE_SQL, (to_us(before), limit))
        return [(platform, community) for platform, community in rows]

    async def people_of(self, platform: str, community: str, after: str, limit: int) -> list[str]:
        rows = await self._reader.rows(departures.PEOPLE_SQL, (platform, community, after, limit))
        return [person for (person,) in rows]

    async def homes_of(self, platform: str, person: str, limit: int) -> list[str]:
        rows = await self._reader.rows(homes.HOMES_SQL, (platform, person, limit))
        return [community for (community,) in rows]

    async def undelivered(self, platform: str, person: str, limit: int) -> list[str]:
        rows = await self._reader.rows(homes.UNDELIVERED_SQL, (platform, person, limit))
        return [public_id for (public_id,) in rows]
