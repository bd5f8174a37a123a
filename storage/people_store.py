"""The store of people and communities over SQLite: settings, blocks and spending."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.asker import Asker
from bot.domain.budgets import Gate, Spent
from bot.domain.community_settings import CommunitySettings
from bot.domain.job import Job
from bot.domain.person import Erased, Standing
from storage import erased_list
from storage.database.columns import from_json, to_us
from storage.database.reader import Reader
from storage.database.writer import Writer
from storage.job_store import SqliteJobStore
from storage.tables import ledger
from storage.transactions import community_features, forgetting, people, standing
from storage.transactions.erasures import Erasure

# Jobs that one transaction erases: some ten milliseconds.
JOBS_AT_ONCE = 50

log = logging.getLogger(__name__)


class SqlitePeopleStore:
    def __init__(self, writer: Writer, reader: Reader, erased: Path) -> None:
        self._write = writer.run
        self._reader = reader
        self._erased = erased

    async def set_defaults(self, asker: Asker, values: Mapping[str, Any]) -> None:
        await self._write(people.set_defaults, asker, values)

    async def change_community(
        self,
        platform: str,
        community: str,
        change: Callable[[CommunitySettings], CommunitySettings],
        actor: str,
        now: datetime,
    ) -> CommunitySettings:
        return await self._write(people.change_community, platform, community, change, actor, now)

    async def pause(self, *, paused: bool, actor: str, now: datetime) -> None:
        await self._write(people.pause, paused=paused, actor=actor, now=now)

    async def block(
        self, asker: Asker, *, reason: str, until: datetime | None, actor: str, now: datetime
    ) -> int:
        return await self._write(
            people.block, asker, reason=reason, until=until, actor=actor, now=now
        )

    async def lift(self, asker: Asker, actor: str, now: datetime) -> int:
        return await self._write(people.lift, asker, actor, now)

    async def grant(self, gate: Gate, amount: int, key: str, actor: str, now: datetime) -> bool:
        return await self._write(ledger.grant, gate, amount, key, actor, now)

    async def erase(self, platform: str, community: str, person: str, now: datetime) -> Erased:
        who = (platform, community, person)
        await self._write(forgetting.begin, *who, now)
        while await self._write(forgetting.erase_some, *who, JOBS_AT_ONCE, now):
            pass
        gone = await self._write(forgetting.erase, *who, now)
        rows = await self._reader.rows(
            "SELECT key, hash, at FROM erased WHERE at = ?", (to_us(now),)
        )
        try:
            await asyncio.to_thread(erased_list.add, self._erased, [Erasure(*row) for row in rows])
        except OSError:  # on a full disk; the next start writes it
            log.exception("an erasure could not be added to %s yet", self._erased)
        return gone

    async def retire(self, before: datetime, limit: int, now: datetime) -> int:
        return await self._write(forgetting.retire, before, limit, now)

    async def standing(
        self,
        asker: Asker,
        gates_of: Callable[[CommunitySettings], Sequence[Gate]],
        now: datetime,
    ) -> Standing:
        return await self._reader.run(standing.standing, asker, gates_of, now)

    async def defaults(self, asker: Asker) -> dict[str, Any]:
        return await self._reader.run(standing.defaults_of, asker)

    async def places_of(self, platform: str, person: str) -> list[str]:
        rows = await self._reader.rows(
            "SELECT community FROM principal WHERE kind = 'person' AND platform = ? AND person = ?"
            " ORDER BY community",
            (platform, person),
        )
        return [community for (community,) in rows]

    async def accounts_of(self, asker: Asker) -> list[dict[str, Any]]:
        rows = await self._reader.rows(
            "SELECT period, credits, held, posted FROM account"
            " JOIN principal who ON who.id = account.principal_id WHERE who.kind = 'person'"
            " AND who.platform = ? AND who.community = ? AND who.person = ? ORDER BY account.id",
            (asker.platform, asker.community, asker.person),
        )
        names = ("period", "credits_micros", "held_micros", "posted_micros")
        return [dict(zip(names, row, strict=True)) for row in rows]

    async def community(self, platform: str, community: str) -> CommunitySettings:
        return await self._reader.run(people.community_settings, platform, community)

    async def communities(self) -> list[tuple[str, str]]:
        """Platform and id of every community that was ever seen, but those that left."""
        rows = await self._reader.rows(
            "SELECT platform, community FROM principal WHERE kind = 'community'"
            " EXCEPT SELECT platform, community FROM departure ORDER BY platform, community"
        )
        return [(platform, community) for platform, community in rows]


class SqliteChatStore:
    def __init__(self, writer: Writer, reader: Reader, jobs: SqliteJobStore) -> None:
        self._write = writer.run
        self._reader = reader
        self._jobs = jobs

    async def save_preset(self, asker: Asker, name: str, values: Mapping[str, Any] | None) -> None:
        await self._write(community_features.save_preset, asker, name, values)

    async def favour(self, asker: Asker, job: str, now: datetime) -> bool:
        return await self._write(community_features.favour, asker, job, now)

    async def tell_once(self, topic: str, now: datetime) -> bool:
        return await self._write(community_features.tell_once, topic, now)

    async def publish(
        self, job: str, surface: str, address: Mapping[str, Any], now: datetime
    ) -> bool:
        return await self._write(community_features.publish, job, surface, address, now)

    async def warn(
        self, gate: Gate, topics: Sequence[str], detail: Mapping[str, str], now: datetime
    ) -> bool:
        return await self._write(community_features.warn, gate, topics, detail, now)

    async def forget_tokens(self, now: datetime, limit: int) -> int:
        return await self._write(community_features.forget_tokens, now, limit)

    async def undo(self, platform: str, community: str, actor: str, now: datetime) -> str:
        return await self._write(community_features.undo, platform, community, actor, now)

    async def presets(self, asker: Asker) -> dict[str, dict[str, Any]]:
        rows = await self._reader.rows(
            "SELECT name, options FROM preset JOIN principal who ON who.id = principal_id"
            " WHERE who.kind = 'person' AND who.platform = ? AND who.community = ?"
            " AND who.person = ? ORDER BY name",
            (asker.platform, asker.community, asker.person),
        )
        return {name: from_json(values) for name, values in rows}

    async def favourites(self, asker: Asker, limit: int) -> list[Job]:
        return await self._jobs.favourites(asker, limit)

    async def spenders(self, platform: str, community: str, period: str, limit: int) -> list[Spent]:
        rows = await self._reader.rows(
            "SELECT coalesce(who.person, ''), posted FROM account"
            " JOIN principal who ON who.id = account.principal_id"
            " WHERE who.kind = 'person' AND who.platform = ? AND who.community = ?"
            " AND account.period = ? AND posted > 0 ORDER BY posted DESC LIMIT ?",
            (platform, community, period, limit),
        )
        return [Spent(person=person, posted_micros=posted) for person, posted in rows]
