"""The store over SQLite: writes go through the one writer, reads through the reader."""

import asyncio
import logging
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.asker import Asker
from bot.domain.installation import Installation
from bot.domain.job import KeptBlob
from bot.domain.model import Model
from bot.domain.pending_card import PendingCard
from bot.domain.repair import Repair
from bot.store import EVERYTHING, DueCard, Wanted
from storage import erased_list
from storage.case_store import SqliteCaseStore
from storage.community_store import SqliteCommunityStore
from storage.database.columns import from_json, to_json, to_us
from storage.database.database import (
    Lock,
    begin_epoch,
    drop_copies,
    open_for_writing,
    truncate_wal,
    uri_for_reading,
)
from storage.database.reader import Reader
from storage.database.writer import Writer
from storage.job_store import SqliteJobStore
from storage.people_store import SqliteChatStore, SqlitePeopleStore
from storage.remote_file_store import SqliteRemoteFileStore
from storage.tables import blobs, cards, installations, notes, pending_cards
from storage.tables.wanted import as_values
from storage.transactions import community_features

log = logging.getLogger(__name__)


class SqliteStore:
    """All stores, in one file that only this process may write."""

    def __init__(self, path: Path, lock: Lock, writer: Writer, reader: Reader) -> None:
        self._lock = lock
        self._writer = writer
        self._reader = reader
        self.jobs = SqliteJobStore(writer, reader)
        self.cards = SqliteCardStore(writer, reader)
        self.pending_cards = SqlitePendingCardStore(writer, reader)
        self.remote_files = SqliteRemoteFileStore(writer, reader)
        self.people = SqlitePeopleStore(writer, reader, erased_list.path_of(path))
        self.owner = SqliteOwnerStore(writer, reader, path)
        self.chat = SqliteChatStore(writer, reader, self.jobs)
        self.cases = SqliteCaseStore(writer, reader)
        self.communities = SqliteCommunityStore(writer, reader)
        self.installations = SqliteInstallationStore(writer, reader)

    @classmethod
    def open(cls, path: Path, now: datetime) -> "SqliteStore":
        """Lock, migrate and open the file, in the next epoch. Raises Misconfigured.

        Blocks, which a start may do.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = Lock(path)
        lock.take()
        try:
            con = _opened(path, now)
            begin_epoch(con, path)
        except BaseException:
            lock.release()
            raise
        return cls(path, lock, Writer(con), Reader(path))

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


class SqliteCardStore:
    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer.run
        self._reader = reader

    async def checkpoint(self, card: int, address: Mapping[str, Any]) -> None:
        await self._write(cards.checkpoint, card, address)

    async def shown(self, card: int, revision: int, ended: Mapping[str, str] | None = None) -> None:
        await self._write(community_features.card_shown, card, revision, ended)

    async def failed(self, card: int, trouble: str, retry_at: datetime | None) -> None:
        await self._write(community_features.card_failed, card, trouble, retry_at)

    async def tell_me(self, asker: Asker, job: str) -> bool:
        return await self._write(community_features.tell_me, asker, job)

    async def deleted(self, card: int, now: datetime) -> None:
        await self._write(community_features.card_deleted, card, now)

    async def withdrawn(self, card: int) -> None:
        await self._write(cards.withdrawn, card)

    async def awaits_repair(
        self, card: int, why: Repair, retry_at: datetime, now: datetime
    ) -> None:
        await self._write(community_features.await_repair, card, why, retry_at, now)

    async def look_again(self, surface: str, now: datetime) -> None:
        await self._write(cards.look_again, surface, now)

    async def due(self, now: datetime, limit: int, wanted: Wanted = EVERYTHING) -> list[DueCard]:
        rows = await self._reader.rows(cards.DUE_SQL, (to_us(now), limit, *as_values(wanted)))
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

    async def addresses(self, surface: str, jobs: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Addresses of cards by job, for jobs whose message may still exist."""
        rows = await self._reader.rows(
            "SELECT job_key, address FROM card WHERE surface = ? AND state = 'live'"
            " AND job_key IN (SELECT value FROM json_each(?))",
            (surface, to_json(jobs)),
        )
        return {job: from_json(address) for job, address in rows}


class SqliteOwnerStore:
    def __init__(self, writer: Writer, reader: Reader, path: Path) -> None:
        self._writer = writer
        self._write = writer.run
        self._reader = reader
        self._path = path

    async def drop_copies(self, before: datetime | None) -> int:
        return await asyncio.to_thread(drop_copies, self._path, before)

    async def scrub(self) -> bool:
        return await self._writer.truncate_wal()

    async def write_note(self, name: str, value: Any) -> None:
        await self._write(notes.write, name, value)

    async def keep_models(self, models: Iterable[Model], now: datetime) -> None:
        await self._write(notes.keep_models, models, now)

    async def keep_file(self, blob: KeptBlob, now: datetime) -> None:
        await self._write(blobs.keep, blob, now)

    async def forget_files(self, hashes: Collection[str]) -> None:
        await self._write(blobs.forget, hashes)

    async def note(self, name: str) -> Any:
        return notes.value_of(await self._reader.row(notes.SELECT, (name,)))

    async def models(self) -> list[Model]:
        rows = await self._reader.rows("SELECT record FROM model ORDER BY name")
        return [Model.from_record(from_json(record)) for (record,) in rows]

    async def unused_files(self, after: str, limit: int) -> list[str]:
        """Hashes of files without a reference, in order, beyond `after`."""
        rows = await self._reader.rows(blobs.UNUSED_SQL, (after, limit))
        return [sha256 for (sha256,) in rows]

    async def unused_among(self, hashes: Collection[str]) -> list[str]:
        rows = await self._reader.rows(blobs.UNUSED_AMONG_SQL, (to_json(list(hashes)),))
        return [sha256 for (sha256,) in rows]

    async def unknown_among(self, hashes: Collection[str]) -> list[str]:
        """Those of `hashes` that no row names."""
        rows = await self._reader.rows(blobs.UNKNOWN_AMONG_SQL, (to_json(list(hashes)),))
        return [sha256 for (sha256,) in rows]


class SqliteInstallationStore:
    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer.run
        self._reader = reader

    async def save(self, installation: Installation) -> None:
        await self._write(installations.save, installation)

    async def replace_token(self, old: Installation, new: Installation) -> bool:
        return await self._write(installations.replace_token, old, new)

    async def forget(
        self, platform: str, community: str, sealed_token: bytes, now: datetime
    ) -> bool:
        return await self._write(installations.forget, platform, community, sealed_token, now)

    async def issue_ticket(self, digest: str, expires_at: datetime, now: datetime) -> None:
        await self._write(installations.issue_ticket, digest, expires_at, now)

    async def use_ticket(self, digest: str, now: datetime) -> bool:
        return await self._write(installations.use_ticket, digest, now)

    async def take_delivery(self, topic: str, now: datetime) -> bool:
        return await self._write(installations.take_delivery, topic, now)

    async def forget_deliveries(self, before: datetime, limit: int) -> int:
        return await self._write(installations.forget_deliveries, before, limit)

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


class SqlitePendingCardStore:
    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer.run
        self._reader = reader

    async def announce(self, card: PendingCard, due_at: datetime) -> None:
        await self._write(pending_cards.announce, card, due_at)

    async def begin(self, card: PendingCard, due_at: datetime) -> None:
        await self._write(pending_cards.begin, card, due_at)

    async def answered(self, key: str) -> None:
        await self._write(pending_cards.answered, key)

    async def postpone(self, key: str, due_at: datetime) -> None:
        await self._write(pending_cards.postpone, key, due_at)

    async def forget(self, key: str) -> None:
        await self._write(pending_cards.forget, key)

    async def due(self, platform: str, now: datetime, limit: int) -> list[PendingCard]:
        rows = await self._reader.rows(
            f"{pending_cards.SELECT} WHERE platform = ? AND due_at <= ? ORDER BY due_at LIMIT ?",
            (platform, to_us(now), limit),
        )
        return [pending_cards.pending_card_of(row) for row in rows]

    async def is_orphan(self, key: str) -> bool:
        row = await self._reader.row("SELECT 1 FROM job WHERE key = ?", (key,))
        return row is None


def _opened(path: Path, now: datetime) -> sqlite3.Connection:
    """The connection to a database in which everybody who was erased is erased."""
    con = open_for_writing(path, now)
    try:
        if again := erased_list.agree(con, path, now):
            log.warning("%d people were erased after this database was made: done again", again)
            truncate_wal(con)
            drop_copies(path, before=None)  # they are in those, too
    except BaseException:
        con.close()
        raise
    return con


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A read-only connection to the file; the bot may run meanwhile."""
    return sqlite3.connect(uri_for_reading(path), uri=True)
