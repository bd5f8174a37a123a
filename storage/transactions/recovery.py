"""Recovery of jobs that nobody carries on: of an earlier epoch, or without a task in this one."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from bot.domain.job import JUDGE_PAUSE_MAX, Job, JobState
from bot.errors import BackendTimedOut, Interrupted, WaitedTooLong
from storage.database.columns import from_us, to_us
from storage.tables.job_rows import load
from storage.transactions.jobs import fail, put_back, take_over

# At most so many jobs in one transaction: loading them takes about 0.1 s.
PORTION = 500


def recover(
    con: sqlite3.Connection,
    waits_until: datetime,
    now: datetime,
    is_carried: Callable[[str], bool] = lambda _: False,
) -> list[Job]:
    """Put up to PORTION jobs that nobody carries in order. Idempotent.

    Those that are drawn and want only a verdict come first, then the oldest.

    Returns these jobs as they are now; the caller has to carry those that are unfinished, and to
    ask again where there were PORTION. `is_carried` says of a key whether this process has a task
    for it. It is asked here, job by job, and may change meanwhile: a job is carried from before
    `submitted` is written until after its last write. Its deadlines are its task's affair, which
    doesn't look at the wall clock.

    reserved              stays so, if it was acknowledged and its deadline allows; else failed
    submitted, free       back to reserved, to be drawn again with the same seed, until its deadline
    submitted, paid       lost: the outcome is unknown, and it is never repeated
    produced, no verdict  to be judged, unless that is to be tried later
    """
    keys = list(islice((key for key in _unfinished(con, now) if not is_carried(key)), PORTION))
    for key in keys:
        _put_in_order(con, key, waits_until, now)
    return [load(con, key) for key in keys]


def _unfinished(con: sqlite3.Connection, now: datetime) -> Iterator[str]:
    for sql, values in ((_UNJUDGED, (to_us(now), to_us(now + JUDGE_PAUSE_MAX))), (_OPEN, ())):
        # All at once: what is found is changed before the next is asked for.
        for (key,) in con.execute(sql, values).fetchall():
            yield key


# The indexes are named, because after an ANALYZE SQLite would read every job instead.
_OPEN = """
SELECT key FROM job INDEXED BY job_open
WHERE state IN ('reserved', 'submitted') AND epoch <= this_epoch() ORDER BY created_at, key
"""
# A time further away than the longest pause is that of a clock that was set back since.
_UNJUDGED = """
SELECT DISTINCT job_key FROM picture INDEXED BY picture_unjudged CROSS JOIN job ON job.key = job_key
WHERE verdict IS NULL AND state = 'produced' AND epoch <= this_epoch()
  AND (judge_at IS NULL OR judge_at NOT BETWEEN ? + 1 AND ?)
"""


def _put_in_order(con: sqlite3.Connection, key: str, waits_until: datetime, now: datetime) -> None:
    state, acked_at, again, reported, deadline_at = con.execute(
        "SELECT state, acked_at, repeatable, reported, deadline_at FROM job WHERE key = ?", (key,)
    ).fetchone()
    is_late = from_us(deadline_at) <= now
    if state == JobState.RESERVED and is_late:
        fail(con, key, WaitedTooLong(), now)
    elif state == JobState.RESERVED and acked_at is None:
        fail(con, key, Interrupted(), now)
    elif state == JobState.SUBMITTED and again and not reported and not is_late:
        put_back(con, key, waits_until, now)
    elif state == JobState.SUBMITTED:
        fail(con, key, BackendTimedOut() if is_late else Interrupted(), now)
    else:
        take_over(con, key, now)
