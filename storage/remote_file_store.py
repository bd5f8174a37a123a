"""Files on chat platforms over SQLite. A trigger makes them due when their picture goes."""

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.job import Verdict
from bot.domain.remote_file import RemoteFile, SeenBy
from storage.database.columns import from_us, maybe_us, to_json, to_us
from storage.database.reader import Reader
from storage.database.writer import Writer


class SqliteRemoteFileStore:
    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._write = writer.run
        self._reader = reader

    async def note(self, files: Sequence[RemoteFile]) -> None:
        await self._write(_note, files)

    async def end(
        self,
        platform: str,
        community: str,
        holder: str,
        now: datetime,
        *,
        but: Collection[str] = (),
    ) -> None:
        await self._write(_end, (to_us(now), platform, community, holder, to_json(list(but))))

    async def postpone(self, file: RemoteFile, due_at: datetime) -> None:
        await self._write(_postpone, (to_us(due_at), *_key(file)))

    async def forget(self, file: RemoteFile) -> None:
        await self._write(_forget, _key(file))

    async def due(self, platform: str, now: datetime, limit: int) -> list[RemoteFile]:
        rows = await self._reader.rows(
            "SELECT community, file, holder, seen_by, at, tries FROM remote_file"
            " WHERE platform = ? AND due_at <= ? ORDER BY due_at LIMIT ?",
            (platform, to_us(now), limit),
        )
        return [
            RemoteFile(
                platform=platform,
                community=row[0],
                file=row[1],
                holder=row[2],
                seen_by=SeenBy(row[3]),
                at=from_us(row[4]),
                tries=row[5],
            )
            for row in rows
        ]


def _note(con: sqlite3.Connection, files: Sequence[RemoteFile]) -> None:
    for each in files:
        whose = _principal_of(con, each)
        is_gone = _is_gone(con, each) or (whose is None and each.person)
        con.execute(
            "INSERT OR REPLACE INTO remote_file (platform, community, file, holder, seen_by,"
            " job_key, positions, principal_id, at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *_key(each),
                each.holder,
                each.seen_by,
                each.job,
                to_json(each.positions),
                whose,
                to_us(each.at),
                maybe_us(each.at if is_gone else each.until),
            ),
        )


def _principal_of(con: sqlite3.Connection, file: RemoteFile) -> int | None:
    """Whose export it is; None also for somebody who was erased meanwhile."""
    row = con.execute(
        "SELECT id FROM principal WHERE kind = 'person' AND platform = ? AND community = ?"
        " AND person = ?",
        (file.platform, file.community, file.person),
    ).fetchone()
    return row and int(row[0])


# At which verdicts a picture may be seen; as the trigger has them.
_SEEN_AT = {
    SeenBy.EVERYONE: (Verdict.SHOW,),
    SeenBy.ONE: (Verdict.SHOW, Verdict.SPOILER),
    SeenBy.MODERATOR: (Verdict.SHOW, Verdict.SPOILER, Verdict.REVIEW, Verdict.BLOCK),
}


def _is_gone(con: sqlite3.Connection, file: RemoteFile) -> bool:
    """Whether one of its pictures was taken away meanwhile."""
    rows = con.execute(
        "SELECT sha256, verdict FROM picture WHERE job_key = ?"
        " AND position IN (SELECT value FROM json_each(?))",
        (file.job, to_json(file.positions)),
    )
    return any(sha256 is None or at not in _SEEN_AT[file.seen_by] for sha256, at in rows)


def _end(con: sqlite3.Connection, holder: Sequence[object]) -> None:
    con.execute(
        "UPDATE remote_file SET due_at = ?1, tries = 0"
        " WHERE platform = ?2 AND community = ?3 AND holder = ?4"
        " AND file NOT IN (SELECT value FROM json_each(?5))",
        tuple(holder),
    )


_ONE = "WHERE platform = ? AND community = ? AND file = ?"


def _key(file: RemoteFile) -> tuple[str, str, str]:
    return file.platform, file.community, file.file


def _postpone(con: sqlite3.Connection, values: Sequence[object]) -> None:
    con.execute(f"UPDATE remote_file SET due_at = ?, tries = tries + 1 {_ONE}", tuple(values))  # noqa: S608


def _forget(con: sqlite3.Connection, key: Sequence[object]) -> None:
    con.execute(f"DELETE FROM remote_file {_ONE}", tuple(key))  # noqa: S608
