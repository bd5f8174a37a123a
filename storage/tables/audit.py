"""The audit of who decided what: a chain in which each row's hash covers the one before.

The oldest rows may be deleted. An anchor keeps the hash of the last one deleted, and a new row of
the chain records that too, so that the rest can still be verified.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from storage.database.columns import from_us, to_json, to_us

COLUMNS = ("row", "at", "actor", "action", "subject", "detail", "hash")
_PRUNE = "forget the beginning"


def record(
    con: sqlite3.Connection,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    """Append a row, in the same transaction as the deed."""
    row = (to_us(now), actor, action, subject, to_json(detail))
    con.execute(
        "INSERT INTO audit (at, actor, action, subject, detail, hash) VALUES (?, ?, ?, ?, ?, ?)",
        (*row, _chained(_last_hash(con), row)),
    )


def prune(con: sqlite3.Connection, before: datetime, limit: int, now: datetime) -> int:
    """Delete the oldest rows from before `before`, but never the newest. Returns how many."""
    row = con.execute(
        "SELECT max(id) FROM (SELECT id, at FROM audit ORDER BY id LIMIT ?)"
        " WHERE at < ? AND id < (SELECT max(id) FROM audit)",
        (limit, to_us(before)),
    ).fetchone()
    if row[0] is None:
        return 0
    through = int(row[0])
    (last,) = con.execute("SELECT hash FROM audit WHERE id = ?", (through,)).fetchone()
    con.execute("INSERT INTO audit_anchor VALUES (?, ?, ?)", (through, last, to_us(now)))
    count = con.execute("DELETE FROM audit WHERE id <= ?", (through,)).rowcount
    record(con, "limner", _PRUNE, f"row:{through}", {"through": through, "hash": last}, now)
    return count


def first_broken_row(con: sqlite3.Connection) -> int | None:
    """The id of the first row that does not fit the chain; None when all do."""
    through, last = _anchor(con)
    claimed: dict[str, str] = {}
    first = None
    for number, *row, found in con.execute(
        "SELECT id, at, actor, action, subject, detail, hash FROM audit ORDER BY id"
    ):
        first = number if first is None else first
        last = _chained(last, tuple(row))
        if last != found:
            return int(number)
        if row[2] == _PRUNE:
            claimed[row[3]] = row[4]
    if through:
        anchored = {"through": through, "hash": _anchor(con)[1]}
        if claimed.get(f"row:{through}") != to_json(anchored):
            return first or through  # deleted by something else than `prune`
    return None


def rows(con: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """Every row in the order of writing, with its values in the order of COLUMNS."""
    for number, at, *rest in con.execute(
        "SELECT id, at, actor, action, subject, detail, hash FROM audit ORDER BY id"
    ):
        yield (number, from_us(at).isoformat(), *rest)


def _anchor(con: sqlite3.Connection) -> tuple[int, str]:
    """The last deleted row and its hash, with which the chain begins; (0, "") for none."""
    row = con.execute(
        "SELECT through_id, hash FROM audit_anchor ORDER BY through_id DESC LIMIT 1"
    ).fetchone()
    return (0, "") if row is None else (int(row[0]), str(row[1]))


def _last_hash(con: sqlite3.Connection) -> str:
    row = con.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return "" if row is None else str(row[0])


def _chained(last: str, row: tuple[Any, ...]) -> str:
    return hashlib.sha256(to_json([last, *row]).encode()).hexdigest()
