"""Giving back what a job cost whose pictures nobody may see, as its community decided."""

import sqlite3
from datetime import datetime

from bot.domain.community_settings import CommunitySettings, Withheld
from bot.domain.job import JobState
from storage.tables.principals import community_of
from storage.transactions import jobs


def settings_of(con: sqlite3.Connection, community: int) -> CommunitySettings:
    row = con.execute(
        "SELECT settings FROM community WHERE principal_id = ?", (community,)
    ).fetchone()
    return CommunitySettings.model_validate_json(row[0]) if row else CommunitySettings()


def gives_back(con: sqlite3.Connection, community: int, *, confirmed: bool) -> bool:
    rule = settings_of(con, community).withheld_cost
    return rule is Withheld.ALWAYS or (rule is Withheld.UNLESS_CONFIRMED and not confirmed)


def give_back(con: sqlite3.Connection, job: str | None, actor: str, now: datetime) -> bool:
    """Refund a job if none of its pictures is visible, or may yet be after a review.

    Returns whether it was refunded.
    """
    if job is None:
        return False
    seen, state = con.execute(
        "SELECT (SELECT count(*) FROM picture WHERE job_key = job.key"
        " AND verdict IN ('show', 'spoiler', 'review')), state FROM job WHERE key = ?",
        (job,),
    ).fetchone()
    if seen or state != JobState.PRODUCED:
        return False
    jobs.refund(con, job, actor, now)
    return True


def give_back_removed(con: sqlite3.Connection, job: str, now: datetime) -> None:
    """Refund a job that lost its pictures with those it was drawn from, if its community does."""
    row = con.execute(
        "SELECT platform, community FROM job JOIN principal who ON who.id = person_id"
        " WHERE key = ?",
        (job,),
    ).fetchone()
    if gives_back(con, community_of(con, *row), confirmed=True):
        give_back(con, job, "limner", now)


def give_back_withheld(
    con: sqlite3.Connection, key: str, platform: str, community: str, now: datetime
) -> None:
    """Refund a job that the policy withheld without a moderator, if the community does so."""
    if gives_back(con, community_of(con, platform, community), confirmed=False):
        give_back(con, key, "limner", now)
