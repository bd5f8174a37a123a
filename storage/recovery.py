"""Jobs that nobody carries on: those past their deadline, and what a start finds."""

import sqlite3
from datetime import datetime

from bot.errors import BackendTimedOut, Interrupted, WaitedTooLong
from bot.job import Job, JobState
from storage.job_rows import load
from storage.jobs import fail, lose, put_back
from storage.rows import to_us


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


def recover(con: sqlite3.Connection, waits_until: datetime, now: datetime) -> list[Job]:
    """What a start finds, put in order. Returns the jobs that must go on. Idempotent.

    reserved            back into the queue, if somebody waits for it and its deadline allows
    submitted, free     drawn again with the same seed: back to reserved
    submitted, paid     the outcome is unknown, never repeated: lost
    produced, no verdict  judged
    """
    expire(con, now)
    for key, state, acked_at, repeatable in con.execute(
        "SELECT key, state, acked_at, repeatable FROM job WHERE state IN ('reserved', 'submitted')"
    ).fetchall():
        if state == JobState.RESERVED:
            if acked_at is None:
                fail(con, key, Interrupted(), now)
        elif repeatable:
            put_back(con, key, waits_until, now)
        else:
            lose(con, key, Interrupted(), now)
    rows = con.execute(
        "SELECT key FROM job WHERE state IN ('reserved', 'submitted') UNION"
        " SELECT job_key FROM picture JOIN job ON job.key = job_key"
        " WHERE verdict IS NULL AND state = 'produced'"
    ).fetchall()
    jobs = [load(con, key) for (key,) in rows]
    return sorted(jobs, key=lambda job: job.created_at)
