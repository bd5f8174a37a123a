"""People and communities: defaults, settings, blocks."""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.domain.asker import Asker
from bot.domain.community_settings import CommunitySettings
from bot.errors import Blocked, NotAllowed, Paused
from storage.database.columns import FOR_GOOD_US, maybe_from_us, maybe_us, to_json, to_us
from storage.tables import audit, notes
from storage.tables.principals import asker_id, community_of


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


def community_settings(con: sqlite3.Connection, platform: str, community: str) -> CommunitySettings:
    row = con.execute(
        "SELECT settings FROM community JOIN principal who ON who.id = principal_id"
        " WHERE who.kind = 'community' AND who.platform = ? AND who.community = ?",
        (platform, community),
    ).fetchone()
    return CommunitySettings.model_validate_json(row[0]) if row else CommunitySettings()


def change_community(
    con: sqlite3.Connection,
    platform: str,
    community: str,
    change: Callable[[CommunitySettings], CommunitySettings],
    actor: str,
    now: datetime,
) -> CommunitySettings:
    """What `change` makes of the settings as they stand; nothing is written where it is the same.

    Raises what `change` raises.
    """
    known = community_settings(con, platform, community)
    wanted = change(known)
    if wanted != known:
        set_community(con, platform, community, wanted, actor, now)
    return wanted


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
