"""Books over SQLite: writes through the one writer, reads beside it."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.asker import Asker
from bot.books import Balance, DueCard, Spent
from bot.budgets import Gate, period
from bot.communities import CommunitySettings
from bot.errors import BotError, NotFound, Paused
from bot.installations import Installation
from bot.job import Job, KeptBlob, NewJob, Verdict
from bot.models import Model
from bot.moderation import Look
from bot.people import Erased
from bot.result import ImageResult, PictureType
from storage import blobs, cards, chat, hashes, installations, jobs, judging, ledger, notes, people
from storage.case_books import SqliteCases
from storage.database import Lock, open_for_writing, uri_for_reading
from storage.reader import Reader
from storage.rows import from_json, to_us
from storage.writer import Writer


class SqliteBooks:
    """Everything that the bot remembers, in one file that this process alone may write."""

    def __init__(self, lock: Lock, writer: Writer, reader: Reader) -> None:
        self._lock = lock
        self._writer = writer
        self._reader = reader
        self.jobs = SqliteJobs(writer, reader)
        self.cards = SqliteCards(writer, reader)
        self.people = SqlitePeople(writer, reader)
        self.owner = SqliteOwner(writer, reader)
        self.chat = SqliteChat(writer, reader, self.jobs)
        self.cases = SqliteCases(writer, reader)
        self.installations = SqliteInstallations(writer, reader)

    @classmethod
    def open(cls, path: Path, now: datetime) -> "SqliteBooks":
        """Lock, migrate and open the file. Raises Misconfigured. Blocks: a start may take it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = Lock(path)
        lock.take()
        try:
            con = open_for_writing(path, now)
        except BaseException:
            lock.release()
            raise
        return cls(lock, Writer(con), Reader(path))

    @property
    def healthy(self) -> bool:
        return self._writer.alive

    async def close(self) -> None:
        try:
            await self._reader.close()
        finally:
            await self._writer.close()
            if not self._writer.alive:
                self._lock.release()


class SqliteJobs:
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
            jobs.reserve,
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

    async def produce(self, key: str, result: ImageResult, now: datetime) -> Job:
        return await self._write(jobs.produce, key, result, now)

    async def judge(
        self,
        key: str,
        verdicts: Sequence[Verdict],
        now: datetime,
        looks: Sequence[Look] = (),
    ) -> Job:
        return await self._write(judging.judge, key, verdicts, looks, now)

    async def keep_look(self, key: str, position: int, look: Look, now: datetime) -> None:
        await self._write(hashes.keep_one, key, position, look, now)

    async def fail(self, key: str, error: BotError, now: datetime, billed: int = 0) -> Job:
        return await self._write(jobs.fail, key, error, now, billed)

    async def cancel(self, key: str, error: BotError, now: datetime) -> Job:
        return await self._write(jobs.cancel, key, error, now)

    async def lose(self, key: str, error: BotError, now: datetime) -> Job:
        return await self._write(jobs.lose, key, error, now)

    async def refund(self, key: str, actor: str, now: datetime) -> Job:
        return await self._write(jobs.refund, key, actor, now)

    async def remove_pictures(self, key: str, positions: Iterable[int], now: datetime) -> Job:
        return await self._write(jobs.remove_pictures, key, positions, now)

    async def expire(self, now: datetime) -> list[Job]:
        return await self._write(jobs.expire, now)

    async def recover(self, waits_until: datetime, now: datetime) -> list[Job]:
        return await self._write(jobs.recover, waits_until, now)

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
        windows = [period(gate.window, now, gate.timezone) for gate in gates]
        asked: list[Any] = []
        for number, (gate, window) in enumerate(zip(gates, windows, strict=True)):
            place = (gate.platform, gate.community, gate.person)
            asked += (number, gate.level, *place, window.name)
        marks = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(gates))
        rows = await self._reader.rows(_BALANCES_SQL.format(marks=marks), asked)
        found = {row[0]: row[1:] for row in rows}
        return [
            Balance(
                gate=gate,
                granted_micros=found.get(number, _UNOPENED)[0],
                held_micros=found.get(number, _UNOPENED)[1],
                posted_micros=found.get(number, _UNOPENED)[2],
                closes_at=window.ends_at,
            )
            for number, (gate, window) in enumerate(zip(gates, windows, strict=True))
        ]

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
        rows = await self._reader.rows(f"{jobs.JOB_SQL} WHERE {where}", values)
        if not rows:
            return []
        marks = ", ".join("?" * len(rows))
        pictures: dict[str, list[Any]] = {row[0]: [] for row in rows}
        for picture in await self._reader.rows(
            f"{jobs.PICTURE_SQL} WHERE job_key IN ({marks}) ORDER BY job_key, position",
            list(pictures),
        ):
            pictures[picture[8]].append(picture)
        return [jobs.job_of(row, pictures[row[0]]) for row in rows]


_END_OF_TIME_US = 2**63 - 1
# An account is opened by the first job in its window.
_UNOPENED = (0, 0, 0)
_BALANCES_SQL = """
WITH asked (number, kind, platform, community, person, period) AS (VALUES {marks})
SELECT number, granted, held, posted
FROM asked JOIN principal who USING (kind, platform, community, person)
  JOIN account ON account.principal_id = who.id AND account.period = asked.period
"""


class SqliteCards:
    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer.run
        self._reader = reader

    async def checkpoint(self, card: int, address: Mapping[str, Any]) -> None:
        await self._write(cards.checkpoint, card, address)

    async def shown(self, card: int, revision: int) -> None:
        await self._write(cards.shown, card, revision)

    async def failed(self, card: int, trouble: str, retry_at: datetime | None) -> None:
        await self._write(cards.failed, card, trouble, retry_at)

    async def withdrawn(self, card: int) -> None:
        await self._write(cards.withdrawn, card)

    async def due(self, now: datetime, limit: int) -> list[DueCard]:
        rows = await self._reader.rows(
            "SELECT id, job_key, surface, address, state, attempts FROM card"
            " WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?",
            (to_us(now), limit),
        )
        return [
            DueCard(
                id=row[0],
                job=row[1],
                surface=row[2],
                address=from_json(row[3]),
                withdraw=row[4] == "withdrawing",
                attempts=row[5],
            )
            for row in rows
        ]


class SqlitePeople:
    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer.run
        self._reader = reader

    async def set_defaults(self, asker: Asker, values: Mapping[str, Any]) -> None:
        await self._write(people.set_defaults, asker, values)

    async def set_community(
        self,
        platform: str,
        community: str,
        settings: CommunitySettings,
        actor: str,
        now: datetime,
    ) -> None:
        await self._write(people.set_community, platform, community, settings, actor, now)

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
        return await self._write(people.erase, platform, community, person, now)

    async def retire(self, before: datetime, limit: int, now: datetime) -> int:
        return await self._write(people.retire, before, limit, now)

    async def check_standing(self, asker: Asker, now: datetime) -> None:
        if await _note(self._reader, "paused"):
            raise Paused(everywhere=True)
        row = await self._reader.row(people.STANDING_SQL, people.standing_values(asker, now))
        people.raise_standing(row)

    async def defaults(self, asker: Asker) -> dict[str, Any]:
        row = await self._reader.row(
            "SELECT defaults FROM person JOIN principal who ON who.id = principal_id"
            " WHERE who.kind = 'person' AND who.platform = ? AND who.community = ?"
            " AND who.person = ?",
            (asker.platform, asker.community, asker.person),
        )
        return from_json(row[0]) if row else {}

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
        row = await self._reader.row(
            "SELECT settings FROM community JOIN principal who ON who.id = principal_id"
            " WHERE who.kind = 'community' AND who.platform = ? AND who.community = ?",
            (platform, community),
        )
        return CommunitySettings.model_validate_json(row[0]) if row else CommunitySettings()

    async def communities(self) -> list[tuple[str, str]]:
        """Platform and id of all that were ever seen."""
        rows = await self._reader.rows(
            "SELECT platform, community FROM principal WHERE kind = 'community'"
            " ORDER BY platform, community"
        )
        return [(platform, community) for platform, community in rows]


class SqliteOwner:
    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer.run
        self._reader = reader

    async def write_note(self, name: str, value: Any) -> None:
        await self._write(notes.write, name, value)

    async def keep_models(self, models: Iterable[Model], now: datetime) -> None:
        await self._write(notes.keep_models, models, now)

    async def keep_file(self, blob: KeptBlob, now: datetime) -> None:
        await self._write(blobs.keep, blob, now)

    async def forget_file(self, sha256: str) -> None:
        await self._write(blobs.forget, sha256)

    async def note(self, name: str) -> Any:
        return await _note(self._reader, name)

    async def models(self) -> list[Model]:
        rows = await self._reader.rows("SELECT record FROM model ORDER BY name")
        return [Model.from_record(from_json(record)) for (record,) in rows]

    async def unused_files(self, limit: int) -> list[tuple[str, PictureType]]:
        rows = await self._reader.rows(
            "SELECT sha256, type FROM blob WHERE refs = 0 LIMIT ?", (limit,)
        )
        return [(sha256, PictureType(kind)) for sha256, kind in rows]

    async def known_files(self) -> set[str]:
        return {sha256 for (sha256,) in await self._reader.rows("SELECT sha256 FROM blob")}


class SqliteChat:
    def __init__(self, writer: Writer, reader: Reader, jobs: SqliteJobs) -> None:
        self._write = writer.run
        self._reader = reader
        self._jobs = jobs

    async def save_preset(self, asker: Asker, name: str, values: Mapping[str, Any] | None) -> None:
        await self._write(chat.save_preset, asker, name, values)

    async def favour(self, asker: Asker, job: str, now: datetime) -> bool:
        return await self._write(chat.favour, asker, job, now)

    async def tell_once(self, topic: str, now: datetime) -> bool:
        return await self._write(chat.tell_once, topic, now)

    async def warn(
        self, gate: Gate, topics: Sequence[str], detail: Mapping[str, str], now: datetime
    ) -> bool:
        return await self._write(chat.warn, gate, topics, detail, now)

    async def forget_tokens(self, now: datetime) -> int:
        return await self._write(chat.forget_tokens, now)

    async def undo(self, platform: str, community: str, actor: str, now: datetime) -> str:
        return await self._write(chat.undo, platform, community, actor, now)

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


class SqliteInstallations:
    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer.run
        self._reader = reader

    async def save(self, installation: Installation) -> None:
        await self._write(installations.save, installation)

    async def forget(self, platform: str, community: str) -> bool:
        return await self._write(installations.forget, platform, community)

    async def issue_ticket(self, digest: str, expires_at: datetime, now: datetime) -> None:
        await self._write(installations.issue_ticket, digest, expires_at, now)

    async def use_ticket(self, digest: str, now: datetime) -> bool:
        return await self._write(installations.use_ticket, digest, now)

    async def take_delivery(self, topic: str, now: datetime) -> bool:
        return await self._write(installations.take_delivery, topic, now)

    async def forget_deliveries(self, before: datetime) -> int:
        return await self._write(installations.forget_deliveries, before)

    async def installation(self, platform: str, community: str) -> Installation | None:
        row = await self._reader.row(
            f"{installations.SELECT} FROM installation WHERE platform = ? AND community = ?",
            (platform, community),
        )
        return None if row is None else installations.installation_of(row)

    async def installed(self, platform: str) -> list[Installation]:
        rows = await self._reader.rows(
            f"{installations.SELECT} FROM installation WHERE platform = ? ORDER BY at",
            (platform,),
        )
        return [installations.installation_of(row) for row in rows]


async def _note(reader: Reader, name: str) -> Any:
    row = await reader.row("SELECT value FROM note WHERE name = ?", (name,))
    return None if row is None else from_json(row[0])


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A read-only look at the file, also beside a running bot."""
    return sqlite3.connect(uri_for_reading(path), uri=True)
