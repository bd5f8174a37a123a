"""Recovery of jobs that are past their deadline or have lost their task."""

import sqlite3
from collections.abc import Container
from datetime import datetime

from bot.domain.job import Job, JobState
from bot.errors import BackendTimedOut, Interrupted, WaitedTooLong
from storage.database.columns import to_us
from storage.tables.job_rows import load
from storage.transactions.jobs import fail, lose, put_back


def expire(con: sqlite3.Connection, now: datetime) -> list[Job]:
    """Close every job that is past its deadline. Returns them as they are now."""
    due = con.execute(
        "SELECT key, state, repeatable FROM job"
        " WHERE state IN ('reserved', 'submitted') AND deadline_at <= ?",
        (to_us(now),),
    ).fetchall()
    return [
        _expire_one(con, key, JobState(state), repeatable=bool(again), now=now)
        for key, state, again in due
    ]


def _expire_one(
    con: sqlite3.Connection, key: str, state: JobState, *, repeatable: bool, now: datetime
) -> Job:
    if state is JobState.RESERVED:
        return fail(con, key, WaitedTooLong(), now)
    if repeatable:
        return fail(con, key, BackendTimedOut(), now)
    return lose(con, key, BackendTimedOut(), now)


def recover(
    con: sqlite3.Connection, waits_until: datetime, now: datetime, carried: Container[str] = ()
) -> list[Job]:
    """Close jobs past their deadline, and put those without a task in order. Idempotent.

    Returns these jobs as they are now; the caller has to continue those that are unfinished.
    `carried` has the keys of jobs with a task. It is read here, job by job, and may change
    meanwhile: a job is in it from before `submitted` is written until after its last write.

    reserved              stays so, if it was acknowledged and its deadline allows; else failed
    submitted, free       back to reserved, to be drawn again with the same seed
    submitted, paid       lost: the outcome is unknown, and it is never repeated
    produced, no verdict  to be judged
    """
    closed = expire(con, now)
    left = [key for (key,) in con.execute(_UNFINISHED).fetchall() if key not in carried]
    for key in left:
        _put_in_order(con, key, waits_until, now)
    jobs = [*closed, *(load(con, key) for key in left)]
    return sorted(jobs, key=lambda job: job.created_at)


# The index is named, because after an ANALYZE SQLite would read every job instead.
_UNFINISHED = """
SELECT key FROM job WHERE state IN ('reserved', 'submitted')
UNION SELECT job_key FROM picture INDEXED BY picture_unjudged CROSS JOIN job ON job.key = job_key
  WHERE verdict IS NULL AND state = 'produced'
"""


def _put_in_order(con: sqlite3.Connection, key: str, waits_until: datetime, now: datetime) -> None:
    state, acked_at, repeatable = con.execute(
        "SELECT state, acked_at, repeatable FROM job WHERE key = ?", (key,)
    ).fetchone()
    if state == JobState.RESERVED and acked_at is None:
        fail(con, key, Interrupted(), now)
    elif state == JobState.SUBMITTED and repeatable:
        put_back(con, key, waits_until, now)
    elif state == JobState.SUBMITTED:
        lose(con, key, Interrupted(), now)
