"""How many references each file of the picture store has."""

import sqlite3
from collections.abc import Collection
from datetime import datetime

from bot.domain.job import KeptBlob
from bot.images.result import Picture
from storage.database.columns import to_json, to_us


def keep(con: sqlite3.Connection, blob: KeptBlob, now: datetime) -> None:
    """Add a reference to a file that is in the store already."""
    con.execute(
        "INSERT INTO blob (sha256, type, size_bytes, refs, created_at) VALUES (?, ?, ?, 1, ?)"
        " ON CONFLICT (sha256) DO UPDATE SET refs = refs + 1",
        (blob.sha256, blob.type, blob.size_bytes, to_us(now)),
    )


def keep_picture(
    con: sqlite3.Connection, job: str, position: int, picture: Picture, now: datetime
) -> None:
    keep(con, KeptBlob(picture.sha256, picture.type, picture.size_bytes), now)
    con.execute(
        "INSERT INTO picture (job_key, position, sha256, type, size_bytes, width_px, height_px,"
        " flagged) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            job,
            position,
            picture.sha256,
            picture.type,
            picture.size_bytes,
            picture.width_px,
            picture.height_px,
            picture.flagged,
        ),
    )


def release(con: sqlite3.Connection, sha256: str) -> None:
    con.execute("UPDATE blob SET refs = refs - 1 WHERE sha256 = ?", (sha256,))


def forget(con: sqlite3.Connection, hashes: Collection[str]) -> None:
    """Delete the rows of deleted files, but for those that have a reference again."""
    con.execute(
        "DELETE FROM blob WHERE refs = 0 AND sha256 IN (SELECT value FROM json_each(?))",
        (to_json(list(hashes)),),
    )


UNUSED_SQL = "SELECT sha256 FROM blob WHERE refs = 0 AND sha256 > ? ORDER BY sha256 LIMIT ?"
UNUSED_AMONG_SQL = """
SELECT sha256 FROM blob WHERE refs = 0 AND sha256 IN (SELECT value FROM json_each(?))
"""
UNKNOWN_AMONG_SQL = """
SELECT DISTINCT value FROM json_each(?)
WHERE NOT EXISTS (SELECT 1 FROM blob WHERE sha256 = json_each.value)
"""
