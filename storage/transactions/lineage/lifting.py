"""What a case withheld is given back once it is overturned, in portions."""

import sqlite3
from datetime import datetime

from bot.domain.job import Verdict
from storage.transactions import jobs
from storage.transactions.lineage.withholding import PORTION


def lift(con: sqlite3.Connection, case: int, now: datetime) -> set[str]:
    """Give back what a case withheld: the first portion. Returns the jobs that changed."""
    con.execute(
        "UPDATE review_case SET reach = 'lifting' WHERE id = ? AND reach IS NOT NULL", (case,)
    )
    return give_back(con, PORTION, now)


def approve(con: sqlite3.Connection, case: int, job: str | None) -> None:
    """A moderator looked at these very pictures: what they were drawn from holds them no more."""
    con.execute(
        "DELETE FROM derived WHERE job_key = ?1 AND case_id <> ?2 AND position IN"
        " (SELECT position FROM case_picture WHERE case_id = ?2)",
        (job, case),
    )
    con.execute(
        "DELETE FROM blocked_file WHERE case_id <> ?2 AND sha256 IN (SELECT p.sha256 FROM picture p"
        " JOIN case_picture cp ON cp.case_id = ?2 AND cp.position = p.position"
        " WHERE p.job_key = ?1)",
        (job, case),
    )


def give_back(con: sqlite3.Connection, limit: int, now: datetime) -> set[str]:
    """One portion of what cases that were overturned withheld. Returns the jobs that changed."""
    changed: set[str] = set()
    row = con.execute("SELECT id FROM review_case WHERE reach = 'lifting' LIMIT 1").fetchone()
    if row is None:
        return changed
    held = con.execute(
        "SELECT job_key, position, before FROM derived WHERE case_id = ? LIMIT ?", (row[0], limit)
    ).fetchall()
    for job, position, before in held:
        con.execute(
            "DELETE FROM derived WHERE case_id = ? AND job_key = ? AND position = ?",
            (row[0], job, position),
        )
        if before and _show_again(con, job, position, before):
            changed.add(job)
    files = con.execute(
        "DELETE FROM blocked_file WHERE case_id = ?1 AND sha256 IN"
        " (SELECT sha256 FROM blocked_file WHERE case_id = ?1 LIMIT ?2)",
        (row[0], limit),
    ).rowcount
    if len(held) < limit and files < limit:
        con.execute("UPDATE review_case SET reach = NULL WHERE id = ?", row)
    for key in changed:
        jobs.touch(con, key, now)
    return changed


def _show_again(con: sqlite3.Connection, job: str, position: int, before: str) -> bool:
    """Restore a verdict, unless another case holds the picture or nobody is left to review it."""
    if before == Verdict.REVIEW and not _is_looked_at(con, job):
        return False
    changed = con.execute(
        "UPDATE picture SET verdict = ?3 WHERE job_key = ?1 AND position = ?2"
        " AND verdict = 'block' AND sha256 IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM derived WHERE job_key = ?1 AND position = ?2)",
        (job, position, before),
    )
    return bool(changed.rowcount)


def _is_looked_at(con: sqlite3.Connection, job: str) -> bool:
    row = con.execute("SELECT 1 FROM review_case WHERE job_key = ? AND state = 'open'", (job,))
    return row.fetchone() is not None
