"""Cases that are opened by reports of results, and by repeated refused prompts."""

import sqlite3
from datetime import datetime, timedelta

from bot.domain.asker import DISCORD, OUTSIDER, SLACK, Asker
from bot.domain.case import (
    HARD_HITS,
    HARD_HITS_WITHIN,
    OUTSIDE_REPORTS_A_DAY,
    SUSPENDED_FOR_WORDS,
    CaseKind,
    Category,
    has_standing,
    hides,
)
from bot.errors import Conflict
from storage.database.columns import to_us
from storage.tables import audit, case_rows, notices
from storage.tables.principals import asker_id, community_of
from storage.transactions import jobs, sanctions
from storage.transactions.cases import open_case, put_pictures


def report(
    con: sqlite3.Connection,
    asker: Asker,
    job: str,
    reason: str,
    category: Category,
    now: datetime,
) -> str | None:
    """Report a result. Returns the case's public id; None if this person reported it before.

    REPORTS_HIDE people with standing, or one report of the gravest kind, hide it until decided.
    Raises Conflict when too many came from outside.
    """
    if asker.is_outsider:
        _refuse_floods(con, now)
    person = asker_id(con, asker)
    upheld, rejected = con.execute(
        "SELECT coalesce(sum(upheld), 0), coalesce(sum(NOT upheld), 0) FROM report"
        " WHERE principal_id = ? AND upheld IS NOT NULL",
        (person,),
    ).fetchone()
    subject = con.execute("SELECT person_id FROM job WHERE key = ?", (job,)).fetchone()[0]
    own = subject == person
    counts = not own and has_standing(asker, upheld=upheld, rejected=rejected, now=now)
    row = con.execute(
        "INSERT INTO report (job_key, principal_id, reason, at, category, counts)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
        (job, person, reason, to_us(now), category, counts),
    ).fetchone()
    if row is None:
        return None
    number = _case_of_report(con, asker, job, subject, now)
    con.execute("UPDATE report SET case_id = ? WHERE id = ?", (number, row[0]))
    if hides(case_rows.reports_of(con, number)):
        _hide(con, number, job, now)
    job_id = con.execute("SELECT public_id FROM job WHERE key = ?", (job,)).fetchone()[0]
    case = case_rows.public_id(con, number)
    detail = {"job": job_id, "case": case, "words": reason, "category": str(category)}
    if asker.is_outsider:
        detail["outside"] = "yes"
    place = community_of(con, asker.platform, asker.community)
    for told in _told(asker, category):
        topic = f"report:{row[0]}" if told == "moderators" else f"report:{row[0]}:{told}"
        notices.add(con, topic, told, place, "reported", now, detail)
    return case


def _refuse_floods(con: sqlite3.Connection, now: datetime) -> None:
    taken = con.execute(
        "SELECT count(*) FROM report r JOIN principal who ON who.id = r.principal_id"
        " WHERE r.at > ? AND who.person GLOB ?",
        (to_us(now - timedelta(days=1)), f"{OUTSIDER}:*"),
    ).fetchone()[0]
    if taken >= OUTSIDE_REPORTS_A_DAY:
        raise Conflict("too_many_reports")


def _told(asker: Asker, category: Category) -> tuple[str, ...]:
    """Who hears of a report: the owner, too, where nobody else may, or it can't wait."""
    has_moderators = asker.platform in (DISCORD, SLACK)
    if asker.is_outsider and (category.is_gravest or not has_moderators):
        return ("moderators", "owner")
    return ("moderators",)


def _case_of_report(
    con: sqlite3.Connection, asker: Asker, job: str, subject: int, now: datetime
) -> int:
    number = open_case(con, CaseKind.REPORT, asker, subject=subject, job=job, now=now)
    visible = con.execute(
        "SELECT position, verdict FROM picture WHERE job_key = ?"
        " AND verdict IN ('show', 'spoiler')",
        (job,),
    ).fetchall()
    put_pictures(con, number, dict(visible))
    return number


def _hide(con: sqlite3.Connection, number: int, job: str, now: datetime) -> None:
    hidden = con.execute(
        "UPDATE picture SET verdict = 'review' WHERE job_key = ? AND verdict IN ('show', 'spoiler')"
        " AND position IN (SELECT position FROM case_picture WHERE case_id = ?)",
        (job, number),
    ).rowcount
    if hidden:
        jobs.touch(con, job, now)
        subject = f"case:{case_rows.public_id(con, number)}"
        audit.record(con, "limner", "hide", subject, {"pictures": hidden}, now)


def refuse_prompt(con: sqlite3.Connection, asker: Asker, prompt: str, now: datetime) -> str | None:
    """Store a refusal of the hard tier. HARD_HITS of them suspend and open a case.

    Returns the public id of a case that was opened, else None.
    """
    person = asker_id(con, asker)
    con.execute(
        "INSERT INTO refused_prompt (principal_id, prompt, at) VALUES (?, ?, ?)",
        (person, prompt, to_us(now)),
    )
    fresh = con.execute(
        "SELECT count(*) FROM refused_prompt WHERE principal_id = ? AND at > ? AND case_id IS NULL",
        (person, to_us(now - HARD_HITS_WITHIN)),
    ).fetchone()[0]
    if fresh < HARD_HITS:
        return None
    number = open_case(con, CaseKind.WORDS, asker, subject=person, job=None, now=now)
    con.execute(
        "UPDATE refused_prompt SET case_id = ? WHERE principal_id = ? AND case_id IS NULL",
        (number, person),
    )
    until = now + SUSPENDED_FOR_WORDS
    sanctions.suspend(
        con, person, "refused words", until=until, case=number, actor="limner", now=now
    )
    detail = {"until": until.isoformat()}
    notices.add(con, f"suspended:{number}", "person", person, "suspended", now, detail)
    return case_rows.public_id(con, number)
