"""The files of frozen cases, until the owner closes these."""

import sqlite3
from datetime import datetime

from bot.domain.job import JobState
from bot.errors import NotFound
from storage.database.columns import to_us
from storage.tables import audit, blobs
from storage.transactions import forgetting, jobs, sanctions

# CROSS JOIN keeps SQLite from reading every case to find the few files that are due. A file is
# looked at before it is moved.
EVIDENCE_SQL = """
SELECT c.id, c.public_id, e.position, e.sha256, e.type
FROM evidence e CROSS JOIN review_case c ON c.id = e.case_id
WHERE e.secured_at IS NULL AND NOT EXISTS (SELECT 1 FROM blocked_file f
  WHERE f.case_id = e.case_id AND f.sha256 = e.sha256 AND NOT f.hashed)
ORDER BY e.case_id, e.position LIMIT ?
"""


def secured(con: sqlite3.Connection, case: int, position: int, now: datetime) -> None:
    """Note that a file was copied to the restricted folder; release the original. Idempotent."""
    row = con.execute(
        "UPDATE evidence SET secured_at = ? WHERE case_id = ? AND position = ?"
        " AND secured_at IS NULL RETURNING sha256",
        (to_us(now), case, position),
    ).fetchone()
    if row is None:
        return
    _release_images(con, case, row[0], now)
    # Other jobs may refer to the same file: all are released, so that it is deleted. What has no
    # verdict yet keeps it: by its file it is known and withheld, and then this is done again.
    held = con.execute(
        "UPDATE picture SET sha256 = NULL WHERE sha256 = ? AND verdict IS NOT NULL"
        " RETURNING position",
        (row[0],),
    ).fetchall()
    for _ in held:
        blobs.release(con, row[0])


def _release_images(con: sqlite3.Connection, case: int, sha256: str, now: datetime) -> None:
    """Take a file from the jobs that start from it: the case's own, all if the case blocks it.

    A job that is drawn or judged now keeps it; it is withheld, and its files moved, once it is
    judged. One that waits fails: it may not be drawn from the file, nor without it.
    """
    starts = con.execute(
        "SELECT key, state FROM job WHERE image_sha256 = ?1 AND state <> 'submitted' AND"
        " (key = (SELECT job_key FROM review_case WHERE id = ?2)"
        "  OR EXISTS (SELECT 1 FROM blocked_file WHERE case_id = ?2 AND sha256 = ?1))"
        " AND NOT EXISTS (SELECT 1 FROM picture WHERE job_key = job.key AND verdict IS NULL)",
        (sha256, case),
    ).fetchall()
    for key, state in starts:
        if state == JobState.RESERVED:
            jobs.fail(con, key, jobs.withheld_source(), now)
        con.execute("UPDATE job SET image_sha256 = NULL WHERE key = ?", (key,))
        blobs.release(con, sha256)


def close_frozen(
    con: sqlite3.Connection, public_id: str, *, unlock: bool, drop: bool, actor: str, now: datetime
) -> None:
    """Close a frozen case for the owner: its job may then be forgotten like any other.

    Raises NotFound for a case that is not frozen.
    """
    row = con.execute(
        "UPDATE review_case SET state = 'closed', closed_at = ?"
        " WHERE public_id = ? AND state = 'frozen' RETURNING id, job_key",
        (to_us(now), public_id),
    ).fetchone()
    if row is None:
        raise NotFound("case", public_id)
    con.execute(
        "UPDATE job SET frozen = 0 WHERE frozen AND"
        " (key = ?1 OR key IN (SELECT job_key FROM derived WHERE case_id = ?2))"
        " AND NOT EXISTS (SELECT 1 FROM derived d JOIN review_case c ON c.id = d.case_id"
        "   WHERE c.state = 'frozen' AND d.job_key = job.key)",
        (row[1], row[0]),
    )
    if drop:
        con.execute("UPDATE evidence SET dropped_at = ? WHERE case_id = ?", (to_us(now), row[0]))
    if unlock:
        sanctions.unlock(con, row[0], actor, now)
    detail = {"unlocked": unlock, "files_deleted": drop}
    audit.record(con, actor, "close", f"case:{public_id}", detail, now)
    forgetting.finish_erasures(con, now)
