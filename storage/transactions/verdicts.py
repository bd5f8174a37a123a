"""The verdicts of a job with all that they bring, in one transaction."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.domain.case import CaseKind
from bot.domain.job import Job, Verdict
from bot.domain.moderation_policy import Look
from storage.tables import hashes, job_rows
from storage.transactions import cases, effects, jobs


def judge(
    con: sqlite3.Connection,
    key: str,
    verdicts: Sequence[Verdict],
    looks: Sequence[Look],
    now: datetime,
) -> Job:
    """Decide about every picture and keep who looked at it. Again changes nothing.

    What waits for moderators opens a case; what nobody will see may be given back.
    """
    job = job_rows.load(con, key)
    if job.pictures and job.judged:
        return job
    jobs.judge(con, key, verdicts, now)
    hashes.keep(con, key, looks, now)
    waiting = [p.index for p, v in zip(job.pictures, verdicts, strict=True) if v is Verdict.REVIEW]
    who = job.asker
    if waiting:
        (subject,) = con.execute("SELECT person_id FROM job WHERE key = ?", (key,)).fetchone()
        number = cases.open_case(con, CaseKind.PICTURES, who, subject=subject, job=key, now=now)
        cases.put_pictures(con, number, dict.fromkeys(waiting, Verdict.REVIEW))
    elif all(verdict is Verdict.BLOCK for verdict in verdicts):
        effects.give_back_withheld(con, key, who.platform, who.community, now)
    return job_rows.load(con, key)
