"""The outbox of notices: what people are to be told, each once."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from storage.database.columns import FOR_GOOD_US, maybe_us, to_json, to_us


def add(
    con: sqlite3.Connection,
    topic: str,
    place: str,
    principal: int | None,
    code: str,
    now: datetime,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Queue a notice, unless its `topic` was queued before."""
    con.execute(
        "INSERT INTO notice (topic, place, principal_id, code, detail, due_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (topic, place, principal, code, to_json(detail or {}), to_us(now)),
    )


def wish(con: sqlite3.Connection, job: str, person: int) -> None:
    """Queue a notice of a job's end, due once it has ended; again changes nothing."""
    con.execute(
        "INSERT INTO notice (topic, place, principal_id, code, detail, due_at)"
        " VALUES (?, 'person', ?, 'ended', '{}', ?) ON CONFLICT DO NOTHING",
        (f"ended:{job}:{person}", person, FOR_GOOD_US),
    )


def fulfil_wishes(con: sqlite3.Connection, job: str, detail: Mapping[str, str]) -> None:
    """Make the notices of a job's end due that somebody wished for."""
    con.execute(
        # ';' is the character after ':'
        "UPDATE notice SET detail = ?1, due_at = 0 WHERE due_at = ?2"
        " AND topic > 'ended:' || ?3 || ':' AND topic < 'ended:' || ?3 || ';'",
        (to_json(detail), FOR_GOOD_US, job),
    )


def said(con: sqlite3.Connection, notice: int) -> None:
    con.execute("UPDATE notice SET due_at = NULL WHERE id = ?", (notice,))


def failed(con: sqlite3.Connection, notice: int, retry_at: datetime | None) -> None:
    """Try again at `retry_at`; None gives up."""
    con.execute(
        "UPDATE notice SET attempts = attempts + 1, due_at = ? WHERE id = ?",
        (maybe_us(retry_at), notice),
    )


# What `topic` of a notice about a case begins with; then comes the case's id, and the round.
_TOPICS = ("opened", "second_look", "decided", "frozen")


def forget_case(con: sqlite3.Connection, case: int, public_id: str) -> None:
    """Delete the details of a case's notices; their topics stay, so that none is sent again."""
    topics = [f"{kind}:{public_id}" for kind in _TOPICS]
    topics += [f"suspended:{case}"]
    topics += [f"report:{number}" for number in _numbers(con, "report", case)]
    topics += [f"strike:{number}" for number in _numbers(con, "strike", case)]
    for topic in topics:
        con.execute(
            # ';' is the character after ':'
            "UPDATE notice SET detail = '{}', due_at = NULL"
            " WHERE topic = ?1 OR (topic > ?1 || ':' AND topic < ?1 || ';')",
            (topic,),
        )


def _numbers(con: sqlite3.Connection, table: str, case: int) -> list[int]:
    rows = con.execute(f"SELECT id FROM {table} WHERE case_id = ?", (case,))  # noqa: S608
    return [number for (number,) in rows]


# As `DueNotice` has them.
_SURFACE = "CASE place WHEN 'owner' THEN 'owner' ELSE coalesce(who.platform, '') END"
_LANE = f"{_SURFACE} || ' ' || coalesce(who.community, '')"
# ?1 now, ?2 limit, ?3 surfaces or NULL, ?4 busy, ?5 full, ?6 slow, ?7 per lane or NULL
DUE_SQL = f"""
WITH due AS (
  SELECT notice.id, topic, place, coalesce(who.platform, ''), coalesce(who.community, ''),
    coalesce(who.person, ''), code, detail, attempts, due_at, {_SURFACE} AS surface, {_LANE} AS lane
  FROM notice LEFT JOIN principal who ON who.id = notice.principal_id
  WHERE due_at IS NOT NULL AND due_at <= ?1
    AND notice.id NOT IN (SELECT value FROM json_each(?4))),
turns AS (
  SELECT *, lane IN (SELECT value FROM json_each(?6)) AS slow,
    row_number() OVER (PARTITION BY lane ORDER BY due_at, id) AS turn
  FROM due WHERE (?3 IS NULL OR surface IN (SELECT value FROM json_each(?3)))
    AND lane NOT IN (SELECT value FROM json_each(?5))),
places AS (
  SELECT *, row_number() OVER (PARTITION BY surface ORDER BY slow, turn, due_at, id) AS place_there
  FROM turns WHERE turn <= coalesce(?7, turn))
SELECT * FROM places WHERE place_there <= ?2 ORDER BY surface <> 'owner', slow, turn, due_at, id
"""  # noqa: S608  (our own words)
