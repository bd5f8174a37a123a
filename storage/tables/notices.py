"""The outbox of notices: what people are to be told, each once."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from storage.database.columns import maybe_us, to_json, to_us


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


def said(con: sqlite3.Connection, notice: int) -> None:
    con.execute("UPDATE notice SET due_at = NULL WHERE id = ?", (notice,))


def failed(con: sqlite3.Connection, notice: int, retry_at: datetime | None) -> None:
    """Try again at `retry_at`; None gives up."""
    con.execute(
        "UPDATE notice SET attempts = attempts + 1, due_at = ? WHERE id = ?",
        (maybe_us(retry_at), notice),
    )


DUE_SQL = """
SELECT notice.id, topic, place, coalesce(who.platform, ''), coalesce(who.community, ''),
  coalesce(who.person, ''), code, detail, attempts
FROM notice LEFT JOIN principal who ON who.id = notice.principal_id
WHERE due_at IS NOT NULL AND due_at <= ?
ORDER BY place <> 'owner', due_at, notice.id LIMIT ?
"""
