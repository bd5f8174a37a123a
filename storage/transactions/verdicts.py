"""The verdicts of a job with all that follows from them, in one transaction."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.domain.case import CaseKind
from bot.domain.job import Job, Verdict
from bot.domain.moderation_policy import MINORS, Look
from storage.tables import hashes, job_rows, notices
from storage.transactions import cases, effects, jobs, refunds
from storage.transactions.lineage import withholding

# So many attempts in vain are no hiccup: the owner should look. With growing pauses they take
# about half a minute.
FAILURES_TO_TELL = 3


def judge(
    con: sqlite3.Connection,
    key: str,
    verdicts: Sequence[Verdict],
    looks: Sequence[Look],
    now: datetime,
) -> Job:
    """Store verdicts and looks for every picture. Idempotent.

    Pictures to review open a case; a job that is blocked altogether may be refunded.
    """
    job = job_rows.load(con, key)
    if job.pictures and job.judged:
        return job
    jobs.judge(con, key, verdicts, now)
    hashes.keep(con, key, looks, now)
    withholding.withhold_new(con, key, now)
    judged = job_rows.load(con, key)
    waiting = [p.index for p in judged.pictures if p.verdict is Verdict.REVIEW]
    who = job.asker
    grave = [n for n, look in enumerate(looks) if MINORS in look.categories]
    if grave:
        (subject,) = con.execute("SELECT person_id FROM job WHERE key = ?", (key,)).fetchone()
        effects.hold_for_owner(con, who, subject, key, grave, now)
    elif waiting:
        (subject,) = con.execute("SELECT person_id FROM job WHERE key = ?", (key,)).fetchone()
        number = cases.open_case(con, CaseKind.PICTURES, who, subject=subject, job=key, now=now)
        cases.put_pictures(con, number, dict.fromkeys(waiting, Verdict.REVIEW))
    elif all(verdict is Verdict.BLOCK for verdict in verdicts):
        refunds.give_back_withheld(con, key, who.platform, who.community, now)
    return job_rows.load(con, key)


def not_judged(con: sqlite3.Connection, key: str, now: datetime) -> None:
    """Note an attempt at a verdict that failed; it is made again after a pause.

    The owner is told of the first job of a day that can't be judged.
    """
    if jobs.not_judged(con, key, now) == FAILURES_TO_TELL:
        detail = {"job": job_rows.load(con, key).public_id}
        notices.add(con, f"no_verdict:{now.date()}", "owner", None, "no_verdict", now, detail)
