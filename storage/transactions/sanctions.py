"""Strikes, the suspensions and blocks that follow from them, and lifting both."""

import sqlite3
from datetime import datetime, timedelta

from bot.domain.case import sanction
from bot.errors import NotFound
from storage.database.columns import maybe_us, to_us
from storage.tables import audit, notices


def strike(
    con: sqlite3.Connection,
    person: int,
    *,
    case: int | None,
    reason: str,
    lasts: timedelta,
    actor: str,
    now: datetime,
) -> int:
    """Add a strike, with the suspension for their number. Returns its id."""
    row = con.execute(
        "INSERT INTO strike (principal_id, case_id, reason, actor, at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (person, case, reason, actor, to_us(now), to_us(now + lasts)),
    ).fetchone()
    number, count = int(row[0]), in_force(con, person, now)
    span = sanction(count)
    until = None if span is None else now + span
    if until != now:
        block = suspend(
            con, person, f"{count} strikes", until=until, case=case, actor=actor, now=now
        )
        con.execute("UPDATE strike SET block_id = ? WHERE id = ?", (block, number))
    audit.record(con, actor, "strike", f"principal:{person}", {"strike": number}, now)
    detail = {"count": str(count), "until": until.isoformat() if until else "", "reason": reason}
    notices.add(con, f"strike:{number}", "person", person, "struck", now, detail)
    return number


def in_force(con: sqlite3.Connection, person: int, now: datetime) -> int:
    row = con.execute(
        "SELECT count(*) FROM strike WHERE principal_id = ? AND lifted_at IS NULL"
        " AND expires_at > ?",
        (person, to_us(now)),
    ).fetchone()
    return int(row[0])


def suspend(
    con: sqlite3.Connection,
    person: int,
    reason: str,
    *,
    until: datetime | None,
    case: int | None,
    actor: str,
    now: datetime,
    locked: bool = False,
) -> int:
    """Block a person for a case or a strike. Returns the block's id."""
    row = con.execute(
        "INSERT INTO block (principal_id, reason, actor, at, until, case_id, locked)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (person, reason, actor, to_us(now), maybe_us(until), case, locked),
    ).fetchone()
    action = "lock" if locked else "suspend"
    audit.record(con, actor, action, f"principal:{person}", {"block": row[0]}, now)
    return int(row[0])


def lift_strike(
    con: sqlite3.Connection, community: int, number: int, actor: str, now: datetime
) -> int:
    """Take a strike back, and its suspension. Returns the person's id. Raises NotFound."""
    row = con.execute(
        "UPDATE strike SET lifted_at = ?, lifted_by = ? WHERE id = ? AND lifted_at IS NULL"
        " AND principal_id IN (SELECT who.id FROM principal who JOIN principal place"
        "   ON place.platform = who.platform AND place.community = who.community"
        "   WHERE place.id = ?)"
        " RETURNING principal_id, block_id",
        (to_us(now), actor, number, community),
    ).fetchone()
    if row is None:
        raise NotFound("strike", str(number))
    con.execute(
        "UPDATE block SET lifted_at = ?, lifted_by = ?"
        " WHERE id = ? AND lifted_at IS NULL AND NOT locked",
        (to_us(now), actor, row[1]),
    )
    audit.record(con, actor, "lift strike", f"principal:{row[0]}", {"strike": number}, now)
    return int(row[0])


def lift_of_case(con: sqlite3.Connection, case: int, actor: str, now: datetime) -> None:
    """Take back the strike and the suspensions of a case, but no lock."""
    con.execute(
        "UPDATE strike SET lifted_at = ?, lifted_by = ? WHERE case_id = ? AND lifted_at IS NULL",
        (to_us(now), actor, case),
    )
    con.execute(
        "UPDATE block SET lifted_at = ?, lifted_by = ?"
        " WHERE case_id = ? AND lifted_at IS NULL AND NOT locked",
        (to_us(now), actor, case),
    )


def unlock(con: sqlite3.Connection, case: int, actor: str, now: datetime) -> int:
    """Lift the locks of a frozen case, for the owner. Returns how many there were."""
    count = con.execute(
        "UPDATE block SET lifted_at = ?, lifted_by = ?"
        " WHERE case_id = ? AND lifted_at IS NULL AND locked",
        (to_us(now), actor, case),
    ).rowcount
    audit.record(con, actor, "unlock", f"case:{case}", {"count": count}, now)
    return count
