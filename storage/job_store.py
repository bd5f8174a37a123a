"""The store of jobs over SQLite."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.domain.asker import Asker
from bot.domain.budgets import Balance, Gate
from bot.domain.job import Job, NewJob, Verdict
from bot.domain.moderation_policy import Look
from bot.errors import BotError, NotFound
from bot.images.result import ImageResult
from storage.database.columns import to_us
from storage.database.reader import Reader
from storage.database.writer import Writer
from storage.tables import hashes, job_rows
from storage.tables.balances import read_balances
from storage.transactions import jobs, recovery, reservation
from storage.transactions.verdicts import judge, not_judged


class SqliteJobStore:
    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer.run
        self._reader = reader

    async def reserve(
        self,
        new: NewJob,
        gates: Sequence[Gate],
        now: datetime,
        *,
        open_per_person: int,
        open_at_all: int,
    ) -> Job:
        return await self._write(
            reservation.reserve,
            new,
            gates,
            now,
            open_per_person=open_per_person,
            open_at_all=open_at_all,
        )

    async def submit(
        self,
        key: str,
        *,
        backend: str,
        address: str,
        repeatable: bool,
        deadline_at: datetime,
        now: datetime,
    ) -> Job:
        return await self._write(
            jobs.submit,
            key,
            backend=backend,
            address=address,
            repeatable=repeatable,
            deadline_at=deadline_at,
            now=now,
        )

    async def report_cost(self, key: str, cost_micros: int, now: datetime) -> None:
        await self._write(jobs.report_cost, key, cost_micros, now)

    async def produce(self, key: str, result: ImageResult, now: datetime) -> Job:
        return await self._write(jobs.produce, key, result, now)

    async def judge(
        self,
        key: str,
        verdicts: Sequence[Verdict],
        now: datetime,
        looks: Sequence[Look] = (),
    ) -> Job:
        return await self._write(judge, key, verdicts, looks, now)

    async def not_judged(self, key: str, now: datetime) -> None:
        await self._write(not_judged, key, now)

    async def keep_look(self, key: str, position: int, look: Look, now: datetime) -> None:
        await self._write(hashes.keep_one, key, position, look, now)

    async def fail(self, key: str, error: BotError, now: datetime) -> Job:
        return await self._write(jobs.fail, key, error, now)

    async def cancel(
        self, key: str, error: BotError, now: datetime, *, only_waiting: bool = False
    ) -> Job:
        return await self._write(jobs.cancel, key, error, now, only_waiting=only_waiting)

    async def refund(self, key: str, actor: str, now: datetime) -> Job:
        return await self._write(jobs.refund, key, actor, now)

    async def remove_pictures(self, key: str, positions: Iterable[int], now: datetime) -> Job:
        return await self._write(jobs.remove_pictures, key, positions, now)

    async def recover(
        self, waits_until: datetime, now: datetime, is_carried: Callable[[str], bool]
    ) -> list[Job]:
        return await self._write(recovery.recover, waits_until, now, is_carried)

    async def job(self, key: str) -> Job:
        return await self._one("job.key = ?", key)

    async def job_by_public_id(self, public_id: str) -> Job:
        return await self._one("job.public_id = ?", public_id)

    async def public_id(self, key: str) -> str | None:
        row = await self._reader.row("SELECT public_id FROM job WHERE key = ?", (key,))
        return row and str(row[0])

    async def jobs_of(self, asker: Asker, before: datetime | None, limit: int) -> list[Job]:
        until = to_us(before) if before else _END_OF_TIME_US
        return await self._many(
            "who.platform = ? AND who.community = ? AND who.person = ? AND who.kind = 'person'"
            " AND job.created_at < ? AND job.request IS NOT NULL AND NOT job.frozen"
            " ORDER BY job.created_at DESC LIMIT ?",
            (asker.platform, asker.community, asker.person, until, limit),
        )

    async def open_jobs_of(self, asker: Asker) -> list[Job]:
        return await self._many(
            "who.platform = ? AND who.community = ? AND who.person = ? AND who.kind = 'person'"
            " AND job.state IN ('reserved', 'submitted') ORDER BY job.created_at DESC",
            (asker.platform, asker.community, asker.person),
        )

    async def balances(self, gates: Sequence[Gate], now: datetime) -> list[Balance]:
        return await self._reader.run(read_balances, gates, now)

    async def favourites(self, asker: Asker, limit: int) -> list[Job]:
        return await self._many(
            "job.request IS NOT NULL AND NOT job.frozen"
            " AND job.key IN (SELECT job_key FROM favourite"
            " JOIN principal fan ON fan.id = favourite.principal_id WHERE fan.kind = 'person'"
            " AND fan.platform = ? AND fan.community = ? AND fan.person = ?)"
            " ORDER BY job.created_at DESC LIMIT ?",
            (asker.platform, asker.community, asker.person, limit),
        )

    async def _one(self, where: str, value: str) -> Job:
        found = await self._many(where, (value,))
        if not found:
            raise NotFound("job", value)
        return found[0]

    async def _many(self, where: str, values: Sequence[Any]) -> list[Job]:
        return await self._reader.run(job_rows.jobs_where, where, values)


_END_OF_TIME_US = 2**63 - 1
