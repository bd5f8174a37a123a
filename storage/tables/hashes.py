"""Looks at pictures, and the hashes of pictures that were removed."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.domain.moderation_policy import Look
from storage.database.columns import to_us

# The position of a starting image among a job's pictures.
STARTING_IMAGE = -1


def keep(con: sqlite3.Connection, job: str, looks: Sequence[Look], now: datetime) -> None:
    """Store the looks at a job's pictures, in their order. Idempotent."""
    for position, look in enumerate(looks):
        keep_one(con, job, position, look, now)


def keep_one(con: sqlite3.Connection, job: str, position: int, look: Look, now: datetime) -> None:
    """Store a look; of a further one only the hash is kept, if the first had none."""
    con.execute(
        "INSERT INTO look (job_key, position, source, score, model, version, threshold, pdq, at,"
        " categories) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (job_key, position) DO UPDATE SET pdq = coalesce(look.pdq, excluded.pdq)",
        (
            job,
            position,
            look.source,
            look.score,
            look.model,
            look.version,
            look.threshold,
            look.pdq or None,
            to_us(now),
            ",".join(look.categories),
        ),
    )


def block(con: sqlite3.Connection, case: int, community: int | None, now: datetime) -> None:
    """Block the hashes of a case's pictures in one community, or everywhere for None."""
    con.execute(
        "INSERT INTO blocked_hash (community_id, case_id, pdq, source, at)"
        " SELECT ?, case_id, look.pdq, 'case', ? FROM case_picture"
        " JOIN review_case ON review_case.id = case_id"
        " JOIN look ON look.job_key = review_case.job_key AND look.position = case_picture.position"
        " WHERE case_id = ? AND look.pdq IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM blocked_hash b WHERE b.case_id = ? AND b.pdq = look.pdq)",
        (community, to_us(now), case, case),
    )


def unblock(con: sqlite3.Connection, case: int) -> None:
    con.execute("DELETE FROM blocked_hash WHERE case_id = ?", (case,))


def block_known(con: sqlite3.Connection, pdq: bytes, source: str, now: datetime) -> None:
    """Block a hash of the owner's own list everywhere. Idempotent."""
    con.execute(
        "INSERT INTO blocked_hash (pdq, source, at) SELECT ?1, ?2, ?3"
        " WHERE NOT EXISTS (SELECT 1 FROM blocked_hash WHERE pdq = ?1 AND community_id IS NULL)",
        (pdq, source, to_us(now)),
    )
