"""People and communities: defaults, settings, blocks, export and erasure."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.asker import Asker
from bot.domain.community_settings import CommunitySettings
from bot.domain.person import Erased
from bot.errors import Blocked, Conflict, NotAllowed, NotFound, Paused
from storage.database.columns import FOR_GOOD_US, maybe_from_us, maybe_us, to_json, to_us
from storage.tables import audit, blobs, cards, notes
from storage.tables.principals import (
    asker_id,
    community_of,
    erased_hash,
    erasure_key,
    find_person,
)


def refuse_if_blocked_or_paused(con: sqlite3.Connection, asker: Asker, now: datetime) -> None:
    """Raises Paused or Blocked for somebody who may not draw now."""
    if (bar := bar_of(con, asker, now)) is not None:
        raise bar


def bar_of(con: sqlite3.Connection, asker: Asker, now: datetime) -> NotAllowed | None:
    """Paused or Blocked, if somebody may not draw now. Read-only."""
    if notes.read(con, "paused"):
        return Paused(everywhere=True)
    who = (asker.platform, asker.community, asker.person, to_us(now))
    paused, blocks, until = con.execute(_BAR_SQL, who).fetchone()
    if paused:
        return Paused()
    if blocks:
        return Blocked(until=None if until == FOR_GOOD_US else maybe_from_us(until))
    return None


_BAR_SQL = f"""
SELECT (SELECT settings ->> 'paused' FROM community c JOIN principal p ON p.id = c.principal_id
          WHERE p.kind = 'community' AND p.platform = ?1 AND p.community = ?2),
  count(id), max(coalesce(until, {FOR_GOOD_US}))
FROM block WHERE lifted_at IS NULL AND (until IS NULL OR until > ?4) AND principal_id IN (
  SELECT id FROM principal
    WHERE kind = 'person' AND platform = ?1 AND community = ?2 AND person = ?3
  UNION ALL SELECT id FROM principal
    WHERE kind = 'community' AND platform = ?1 AND community = ?2)
"""  # noqa: S608  (our own number)


def set_defaults(con: sqlite3.Connection, asker: Asker, values: Mapping[str, Any]) -> None:
    con.execute(
        "INSERT INTO person (principal_id, defaults) VALUES (?, ?)"
        " ON CONFLICT (principal_id) DO UPDATE SET defaults = excluded.defaults",
        (asker_id(con, asker), to_json(values)),
    )


def set_community(
    con: sqlite3.Connection,
    platform: str,
    community: str,
    settings: CommunitySettings,
    actor: str,
    now: datetime,
) -> None:
    con.execute(
        "INSERT INTO community (principal_id, settings) VALUES (?, ?)"
        " ON CONFLICT (principal_id) DO UPDATE SET settings = excluded.settings",
        (community_of(con, platform, community), settings.model_dump_json()),
    )
    audit.record(
        con, actor, "settings", f"{platform}:{community}", settings.model_dump(mode="json"), now
    )


def pause(con: sqlite3.Connection, *, paused: bool, actor: str, now: datetime) -> None:
    """Stop or resume drawing for everybody."""
    notes.write(con, "paused", paused)
    audit.record(con, actor, "pause" if paused else "resume", "everybody", {}, now)


def block(
    con: sqlite3.Connection,
    asker: Asker,
    *,
    reason: str,
    until: datetime | None,
    actor: str,
    now: datetime,
) -> int:
    """Block a person. Returns the block's id."""
    person = asker_id(con, asker)
    row = con.execute(
        "INSERT INTO block (principal_id, reason, actor, at, until) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        (person, reason, actor, to_us(now), maybe_us(until)),
    ).fetchone()
    audit.record(con, actor, "block", f"principal:{person}", {"reason": reason}, now)
    return int(row[0])


def lift(con: sqlite3.Connection, asker: Asker, actor: str, now: datetime) -> int:
    """Lift every block of a person but the owner's locks. Returns how many there were."""
    person = asker_id(con, asker)
    count = con.execute(
        "UPDATE block SET lifted_at = ?, lifted_by = ?"
        " WHERE principal_id = ? AND lifted_at IS NULL AND NOT locked",
        (to_us(now), actor, person),
    ).rowcount
    audit.record(con, actor, "unblock", f"principal:{person}", {"count": count}, now)
    return count


def erase(
    con: sqlite3.Connection, platform: str, community: str, person: str, now: datetime
) -> Erased:
    """Erase a person: name, prompts, pictures, messages. Ledger and audit stay.

    A keyed hash stays until budgets and blocks have run out, so that erasure gives no fresh
    budget. What moderators look into is erased once they are done. Raises NotFound, or Conflict
    while a job of theirs is open.
    """
    principal = find_person(con, platform, community, person)
    if principal is None:
        raise NotFound("person", person)
    if _has_open_jobs(con, principal):
        raise Conflict("open_jobs")
    jobs = con.execute("SELECT key FROM job WHERE person_id = ?", (principal,)).fetchall()
    gone = [key for (key,) in jobs if not is_kept(con, key)]
    messages = sum(_erase_job(con, key, now) for key in gone)
    for table in ("person", "preset", "favourite"):
        con.execute(f"DELETE FROM {table} WHERE principal_id = ?", (principal,))  # noqa: S608
    con.execute("UPDATE report SET reason = '' WHERE principal_id = ?", (principal,))
    if _is_looked_into(con, principal):
        con.execute(
            "INSERT INTO erasure VALUES (?, ?) ON CONFLICT DO NOTHING", (principal, to_us(now))
        )
    else:
        _forget_name(con, principal, platform, community, person)
    con.execute(
        "INSERT INTO erased VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (erasure_key(con), erased_hash(con, platform, community, person), to_us(now)),
    )
    audit.record(con, "limner", "erase", f"principal:{principal}", {"jobs": len(gone)}, now)
    return Erased(jobs=len(gone), cards=messages)


def is_kept(con: sqlite3.Connection, job: str) -> bool:
    """Whether moderators are concerned with a job, so that it has to be kept."""
    row = con.execute(
        "SELECT 1 FROM review_case WHERE job_key = ?1"
        " AND (state IN ('open', 'frozen') OR effect_at IS NOT NULL)"
        " UNION SELECT 1 FROM job WHERE key = ?1 AND frozen",
        (job,),
    ).fetchone()
    return row is not None


def _is_looked_into(con: sqlite3.Connection, principal: int) -> bool:
    row = con.execute(
        "SELECT 1 FROM review_case WHERE subject_id = ?1"
        " AND (state IN ('open', 'frozen') OR effect_at IS NOT NULL)"
        " UNION SELECT 1 FROM job WHERE person_id = ?1 AND frozen",
        (principal,),
    ).fetchone()
    return row is not None


def _forget_name(
    con: sqlite3.Connection, principal: int, platform: str, community: str, person: str
) -> None:
    con.execute("UPDATE refused_prompt SET prompt = NULL WHERE principal_id = ?", (principal,))
    con.execute("UPDATE strike SET reason = '' WHERE principal_id = ?", (principal,))
    con.execute("UPDATE review_case SET reason = '' WHERE subject_id = ?", (principal,))
    con.execute("UPDATE notice SET detail = '{}' WHERE principal_id = ?", (principal,))
    con.execute(
        "UPDATE principal SET person = NULL, erased_hash = ? WHERE id = ?",
        (erased_hash(con, platform, community, person), principal),
    )


def finish_erasures(con: sqlite3.Connection, now: datetime) -> int:
    """Erase people whose erasure had to wait for moderators. Returns how many."""
    waiting = con.execute(
        "SELECT who.id, platform, community, person FROM erasure"
        " CROSS JOIN principal who ON who.id = principal_id WHERE person IS NOT NULL"
    ).fetchall()
    done = 0
    for principal, platform, community, person in waiting:
        if _is_looked_into(con, principal) or _has_open_jobs(con, principal):
            continue
        con.execute("DELETE FROM erasure WHERE principal_id = ?", (principal,))
        erase(con, platform, community, person, now)
        done += 1
    return done


def _has_open_jobs(con: sqlite3.Connection, principal: int) -> bool:
    row = con.execute(
        "SELECT 1 FROM job WHERE person_id = ? AND state IN ('reserved', 'submitted')",
        (principal,),
    ).fetchone()
    return row is not None


def _erase_job(con: sqlite3.Connection, key: str, now: datetime) -> int:
    cards.withdraw_all(con, key, now)
    forget_contents(con, key)
    con.execute("UPDATE job SET asker = '{}', channel = '', address = '' WHERE key = ?", (key,))
    row = con.execute(
        "SELECT count(*) FROM card WHERE job_key = ? AND state = 'withdrawing'", (key,)
    ).fetchone()
    return int(row[0])


def forget_contents(con: sqlite3.Connection, key: str) -> None:
    """Delete a closed job's prompt and release its files; what it cost stays."""
    held = con.execute(
        "SELECT sha256 FROM picture WHERE job_key = ?1 AND sha256 IS NOT NULL"
        " UNION ALL SELECT image_sha256 FROM job WHERE key = ?1 AND image_sha256 IS NOT NULL",
        (key,),
    ).fetchall()
    con.execute(
        "UPDATE job SET request = NULL, failure = NULL, request_id = NULL, image_sha256 = NULL,"
        " fingerprint = '' WHERE key = ?",
        (key,),
    )
    con.execute("UPDATE picture SET sha256 = NULL, verdict = 'removed' WHERE job_key = ?", (key,))
    for (sha256,) in held:
        blobs.release(con, sha256)


def retire(con: sqlite3.Connection, before: datetime, limit: int, now: datetime) -> int:
    """Retention: forget the contents of closed jobs from before `before`, and old hashes.

    Returns how many; 0 is all of it. What moderators look into stays.
    """
    rows = con.execute(
        "SELECT key FROM job WHERE created_at < ? AND request IS NOT NULL AND NOT frozen"
        " AND NOT EXISTS"
        " (SELECT 1 FROM review_case c WHERE c.job_key = key"
        "   AND (c.state IN ('open', 'frozen') OR c.effect_at IS NOT NULL))"
        " AND state NOT IN ('reserved', 'submitted') LIMIT ?",
        (to_us(before), limit),
    ).fetchall()
    for (key,) in rows:
        forget_contents(con, key)
        con.execute("UPDATE job SET revision = revision + 1 WHERE key = ?", (key,))
    return len(rows) + _drop_old_hashes(con, limit, now)


def _drop_old_hashes(con: sqlite3.Connection, limit: int, now: datetime) -> int:
    """Delete hashes of erased people whose last window has closed and who have no block."""
    return con.execute(
        "UPDATE principal SET erased_hash = NULL WHERE id IN (SELECT id FROM principal who"
        " WHERE erased_hash IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM account WHERE principal_id = who.id"
        "    AND (ends_at IS NULL OR ends_at > ?1))"
        " AND NOT EXISTS (SELECT 1 FROM block WHERE principal_id = who.id"
        "    AND lifted_at IS NULL AND (until IS NULL OR until > ?1)) LIMIT ?2)",
        (to_us(now), limit),
    ).rowcount
