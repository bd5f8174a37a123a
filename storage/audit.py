"""Who decided what: a chain in which each row's hash covers the row before it."""

import hashlib
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.rows import to_json, to_us


def record(
    con: sqlite3.Connection,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    """Written in the transaction of the deed itself."""
    last = con.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    row = (to_us(now), actor, action, subject, to_json(detail))
    con.execute(
        "INSERT INTO audit (at, actor, action, subject, detail, hash) VALUES (?, ?, ?, ?, ?, ?)",
        (*row, _chained(last[0] if last else "", row)),
    )


def first_broken_row(con: sqlite3.Connection) -> int | None:
    """The id of the first row that does not fit the chain; None when all do."""
    last = ""
    for number, *row, found in con.execute(
        "SELECT id, at, actor, action, subject, detail, hash FROM audit ORDER BY id"
    ):
        last = _chained(last, tuple(row))
        if last != found:
            return int(number)
    return None


def _chained(last: str, row: tuple[Any, ...]) -> str:
    return hashlib.sha256(to_json([last, *row]).encode()).hexdigest()
