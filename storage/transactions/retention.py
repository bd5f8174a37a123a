"""Retention of what moderation keeps."""

import sqlite3
from datetime import datetime

from bot.domain.case import SECOND_LOOK_WITHIN
from bot.domain.retention import Retention
from storage.database.columns import to_us
from storage.tables import audit, blobs, notices
from storage.transactions import forgetting, jobs


def sweep(con: sqlite3.Connection, keep: Retention, limit: int, now: datetime) -> int:
    """Forget what is too old, `limit` of each kind at most. Returns how much; 0 is all of it."""
    gone = _drop_removed(con, now - SECOND_LOOK_WITHIN, limit, now)
    gone += _drop_starting_images(con, now - SECOND_LOOK_WITHIN, limit)
    if keep.refused:
        gone += _forget_refused(con, now - keep.refused, limit)
    if keep.cases:
        gone += _close_cases(con, now - keep.cases, limit, now)
    if keep.audit:
        gone += audit.prune(con, now - keep.audit, limit, now)
    return gone + forgetting.finish_erasures(con, now)


# What was drawn from a picture goes when that one can't get a second look any more.
_MAY_COME_BACK = """
(c.reach = 'lifting' OR c.state = 'open' OR c.effect_at IS NOT NULL
  OR coalesce(c.decided_at, c.opened_at) > ?1)"""


def _drop_removed(con: sqlite3.Connection, before: datetime, limit: int, now: datetime) -> int:
    """Release files of removed pictures that can't get a second look. Returns how many jobs."""
    rows = con.execute(
        # CROSS JOIN: from the few pictures to their jobs. The index is named, because SQLite would
        # take the primary key for DISTINCT and read every picture.
        "SELECT DISTINCT job.key FROM picture INDEXED BY picture_withheld"  # noqa: S608
        " CROSS JOIN job ON job.key = picture.job_key"
        " WHERE picture.verdict = 'block' AND picture.sha256 IS NOT NULL"
        " AND NOT frozen AND closed_at < ?1"
        " AND NOT EXISTS (SELECT 1 FROM review_case c WHERE c.job_key = job.key"
        "   AND (c.state IN ('open', 'frozen') OR c.effect_at IS NOT NULL"
        "     OR coalesce(c.decided_at, c.opened_at) > ?1))"
        " AND NOT EXISTS (SELECT 1 FROM derived d JOIN review_case c ON c.id = d.case_id"
        f"   WHERE d.job_key = job.key AND {_MAY_COME_BACK}) LIMIT ?2",
        (to_us(before), limit),
    ).fetchall()
    for (key,) in rows:
        withheld = con.execute(
            "SELECT position, sha256 FROM picture WHERE job_key = ? AND verdict = 'block'"
            " AND sha256 IS NOT NULL",
            (key,),
        ).fetchall()
        for position, sha256 in withheld:
            con.execute(
                "UPDATE picture SET sha256 = NULL WHERE job_key = ? AND position = ?",
                (key, position),
            )
            blobs.release(con, sha256)
        jobs.touch(con, key, now)
    return len(rows)


def _drop_starting_images(con: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Release starting images that are removed pictures themselves. Returns how many."""
    rows = con.execute(
        "SELECT DISTINCT job.key, job.image_sha256 FROM blocked_file f"  # noqa: S608
        " CROSS JOIN job ON job.image_sha256 = f.sha256"
        " CROSS JOIN derived d ON d.case_id = f.case_id AND d.job_key = job.key"
        " WHERE NOT job.frozen AND job.state NOT IN ('reserved', 'submitted') AND NOT EXISTS"
        " (SELECT 1 FROM derived also JOIN review_case c ON c.id = also.case_id"
        f"   WHERE also.job_key = job.key AND {_MAY_COME_BACK}) LIMIT ?2",
        (to_us(before), limit),
    ).fetchall()
    for key, sha256 in rows:
        con.execute("UPDATE job SET image_sha256 = NULL WHERE key = ?", (key,))
        blobs.release(con, sha256)
    return len(rows)


def _forget_refused(con: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Delete old refused prompts, unless their case is frozen."""
    return con.execute(
        "UPDATE refused_prompt SET prompt = NULL WHERE id IN (SELECT id FROM refused_prompt"
        " WHERE prompt IS NOT NULL AND at < ? AND NOT EXISTS"
        " (SELECT 1 FROM review_case c WHERE c.id = case_id AND c.state = 'frozen') LIMIT ?)",
        (to_us(before), limit),
    ).rowcount


def _close_cases(con: sqlite3.Connection, before: datetime, limit: int, now: datetime) -> int:
    """Close old cases: delete reasons, reports and what notices said, but keep the fact."""
    rows = con.execute(
        "SELECT id, public_id FROM review_case WHERE forgotten_at IS NULL AND opened_at < ?"
        " AND effect_at IS NULL AND state IN ('decided', 'expired', 'closed') LIMIT ?",
        (to_us(before), limit),
    ).fetchall()
    for number, public_id in rows:
        notices.forget_case(con, number, public_id)
        con.execute("DELETE FROM report WHERE case_id = ?", (number,))
        con.execute(
            "UPDATE review_case SET state = 'closed', reason = '', forgotten_at = ?1,"
            " closed_at = coalesce(closed_at, ?1) WHERE id = ?2",
            (to_us(now), number),
        )
    return len(rows)
