"""Presets, favourites, notices that are sent once, and undoing, which chat platforms use."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.asker import Asker
from bot.domain.budgets import Gate
from bot.domain.community_settings import CommunitySettings
from bot.domain.repair import TOLD_TO_ADMINS, TOLD_TO_OWNER, Repair
from bot.errors import BadRequest, NotFound, Problem
from storage.database.columns import from_json, to_json, to_us
from storage.tables import audit, cards, job_rows, notices
from storage.tables.principals import asker_id, community_of, principal_of_gate
from storage.transactions import jobs, people

PRESETS_MAX = 25


def save_preset(
    con: sqlite3.Connection, asker: Asker, name: str, options: Mapping[str, Any] | None
) -> None:
    """Store a named set of options; None deletes it. Raises BadRequest beyond PRESETS_MAX."""
    person = asker_id(con, asker)
    con.execute("DELETE FROM preset WHERE principal_id = ? AND name = ?", (person, name))
    if options is None:
        return
    (count,) = con.execute(
        "SELECT count(*) FROM preset WHERE principal_id = ?", (person,)
    ).fetchone()
    if count >= PRESETS_MAX:
        raise BadRequest((Problem("style", "too_many_presets", {"limit": PRESETS_MAX}),))
    con.execute("INSERT INTO preset VALUES (?, ?, ?)", (person, name, to_json(options)))


def favour(con: sqlite3.Connection, asker: Asker, job: str, now: datetime) -> bool:
    """Make a job a favourite, or none again. Returns whether it is one now."""
    person = asker_id(con, asker)
    removed = con.execute(
        "DELETE FROM favourite WHERE principal_id = ? AND job_key = ?", (person, job)
    ).rowcount
    if removed:
        return False
    con.execute("INSERT INTO favourite VALUES (?, ?, ?)", (person, job, to_us(now)))
    return True


def publish(
    con: sqlite3.Connection, job: str, surface: str, address: Mapping[str, Any], now: datetime
) -> bool:
    """Make a private job everybody's, and give it a card more. Returns False if it was already."""
    if not con.execute("UPDATE job SET private = 0 WHERE key = ? AND private", (job,)).rowcount:
        return False
    cards.add_card(con, job, surface, address, now)
    jobs.touch(con, job, now)
    return True


def tell_once(con: sqlite3.Connection, topic: str, now: datetime) -> bool:
    """Note that `topic` is sent. Returns True the first time only."""
    return bool(
        con.execute(
            "INSERT INTO told VALUES (?, ?) ON CONFLICT DO NOTHING", (topic, to_us(now))
        ).rowcount
    )


def warn(
    con: sqlite3.Connection,
    gate: Gate,
    topics: Sequence[str],
    detail: Mapping[str, str],
    now: datetime,
) -> bool:
    """Queue a warning. Returns False if it, or a higher one, was sent before."""
    news, *_ = [tell_once(con, topic, now) for topic in topics]
    if news:
        community = principal_of_gate(con, gate)
        notices.add(con, topics[0], "moderators", community, "budget", now, detail)
    return news


def await_repair(
    con: sqlite3.Connection, card: int, why: Repair, retry_at: datetime, now: datetime
) -> None:
    """Have a card wait, and tell who can mend what it waits for; everybody once a day."""
    cards.await_repair(con, card, why, retry_at)
    platform, community, place = con.execute(
        "SELECT who.platform, who.community, place.id FROM card"
        " JOIN job ON job.key = job_key JOIN principal who ON who.id = person_id"
        " LEFT JOIN principal place ON place.kind = 'community'"
        "   AND (place.platform, place.community) = (who.platform, who.community)"
        " WHERE card.id = ?",
        (card,),
    ).fetchone()
    topic = f"repair:{platform}:{community}:{why}:{now.date()}"
    detail = {"community": community}
    if why in TOLD_TO_ADMINS and place is not None:
        notices.add(con, topic, "moderators", place, f"repair_{why}", now, detail)
    if why in TOLD_TO_OWNER:
        notices.add(con, f"{topic}:owner", "owner", None, f"repair_{why}", now, detail)


def tell_me(con: sqlite3.Connection, asker: Asker, job: str) -> bool:
    """Have the asker told once when a job has ended. False if it has ended already."""
    if not job_rows.load(con, job).is_unfinished:
        return False
    notices.wish(con, job, asker_id(con, asker))
    return True


def card_shown(
    con: sqlite3.Connection, card: int, revision: int, ended: Mapping[str, str] | None
) -> None:
    """Note what a card shows, and tell those who wanted to know of the job's end."""
    cards.shown(con, card, revision)
    if ended is not None:
        notices.fulfil_wishes(con, _job_of(con, card)[0], ended)


def card_failed(
    con: sqlite3.Connection, card: int, trouble: str, retry_at: datetime | None
) -> None:
    cards.failed(con, card, trouble, retry_at)
    if retry_at is None:
        _tell_without_card(con, card)


def _tell_without_card(con: sqlite3.Connection, card: int) -> None:
    job, public_id = _job_of(con, card)
    notices.fulfil_wishes(con, job, {"job": public_id})


def _job_of(con: sqlite3.Connection, card: int) -> tuple[str, str]:
    """The key and the public id of a card's job."""
    key, public_id = con.execute(
        "SELECT key, public_id FROM card JOIN job ON job.key = job_key WHERE id = ?", (card,)
    ).fetchone()
    return key, public_id


def card_deleted(con: sqlite3.Connection, card: int, now: datetime) -> None:
    """Give up a card that somebody took away.

    If its pictures can still be seen elsewhere, the moderators of where it hung are told, once.
    """
    card_failed(con, card, "deleted", None)
    row = con.execute(_LEFT_SQL, (card,)).fetchone()
    if row is not None:
        platform, community, public_id = row
        place = community_of(con, platform, community)
        detail = {"job": public_id}
        notices.add(con, f"card_deleted:{card}", "moderators", place, "card_deleted", now, detail)


_LEFT_SQL = """
SELECT who.platform, who.community, job.public_id
FROM card JOIN job ON job.key = card.job_key JOIN principal who ON who.id = job.person_id
WHERE card.id = ? AND NOT job.private AND who.platform = card.surface
  AND EXISTS (SELECT 1 FROM picture WHERE job_key = job.key AND verdict IN ('show', 'spoiler'))
"""


def forget_tokens(con: sqlite3.Connection, now: datetime, limit: int) -> int:
    """Remove expired tokens from the addresses of cards. Returns how many."""
    return con.execute(
        "UPDATE card SET address = json_remove(address, '$.token', '$.token_expires_at')"
        " WHERE id IN (SELECT id FROM card WHERE address ->> 'token_expires_at' <= ? LIMIT ?)",
        (now.isoformat(), limit),
    ).rowcount


def undo(con: sqlite3.Connection, platform: str, community: str, actor: str, now: datetime) -> str:
    """Take back the last change of settings or the last block of a community.

    Returns "settings" or "block". Raises NotFound where there is nothing to take back.
    """
    place = f"{platform}:{community}"
    row = con.execute(
        "SELECT id, action, subject FROM audit WHERE action IN ('settings', 'block')"
        " AND (subject = ?1 OR substr(actor, 1, length(?1) + 1) = ?1 || ':')"
        " ORDER BY id DESC LIMIT 1",
        (place,),
    ).fetchone()
    if row is None:
        raise NotFound("change")
    number, action, subject = row
    if action == "block":
        _lift_last(con, int(subject.removeprefix("principal:")), actor, now)
        return "block"
    before = con.execute(
        "SELECT detail FROM audit WHERE action = 'settings' AND subject = ? AND id < ?"
        " ORDER BY id DESC LIMIT 1",
        (place, number),
    ).fetchone()
    if before is None or before[0] == "{}":  # an erasure blanked it: older ones are not the last
        raise NotFound("change")
    settings = CommunitySettings.model_validate(from_json(before[0]))
    people.set_community(con, platform, community, settings, actor, now)
    return "settings"


def _lift_last(con: sqlite3.Connection, person: int, actor: str, now: datetime) -> None:
    lifted = con.execute(
        "UPDATE block SET lifted_at = ?1, lifted_by = ?2 WHERE id ="
        " (SELECT max(id) FROM block WHERE principal_id = ?3 AND lifted_at IS NULL AND NOT locked)",
        (to_us(now), actor, person),
    ).rowcount
    if not lifted:
        raise NotFound("change")
    audit.record(con, actor, "unblock", f"principal:{person}", {"count": lifted}, now)
