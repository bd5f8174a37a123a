"""Jobs that nobody carries on: past their deadline, or left by a process or a task that ended."""

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
    """Close what is past its deadline, and put in order what nobody carries on. Idempotent.

    Returns these jobs as they are now; those that are unfinished must go on. `carried` has the keys
    of jobs that somebody carries on. It is asked here, job by job, and may change meanwhile: a job
    has its place in it from before `submitted` is written until after its last write.

    reserved            back into the queue, if somebody waits for it and its deadline allows
    submitted, free     drawn again with the same seed: back to reserved
    submitted, paid     the outcome is unknown, never repeated: lost
    produced, no verdict  judged
    """
    closed = expire(con, now)
    left = [key for (key,) in con.execute(_UNFINISHED).fetchall() if key not in carried]
    for key in left:
        _put_in_order(con, key, waits_until, now)
    jobs = [*closed, *(load(con, key) for key in left)]
    return sorted(jobs, key=lambda job: job.created_at)


# By its name: with statistics of somebody's ANALYZE, SQLite would rather read every job.
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
