"""The outbox of cards: a card is due while it is behind its job's revision."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.database.columns import maybe_us, to_json, to_us


def add_card(
    con: sqlite3.Connection, job: str, surface: str, address: Mapping[str, Any], now: datetime
) -> None:
    con.execute(
        "INSERT INTO card (job_key, surface, address, state, due_at) VALUES (?, ?, ?, 'live', ?)",
        (job, surface, to_json(address), to_us(now)),
    )


def make_due(con: sqlite3.Connection, job: str, now: datetime) -> None:
    con.execute(
        "UPDATE card SET due_at = ?, attempts = 0 WHERE job_key = ? AND state = 'live'",
        (to_us(now), job),
    )


def checkpoint(con: sqlite3.Connection, card: int, address: Mapping[str, Any]) -> None:
    """Store the address with what the surface has learned, before it acts on it."""
    con.execute("UPDATE card SET address = ? WHERE id = ?", (to_json(address), card))


def shown(con: sqlite3.Connection, card: int, revision: int) -> None:
    """Note that the message shows `revision`; the card stays due if the job has a newer one."""
    con.execute(
        "UPDATE card SET shown_revision = ?, attempts = 0, trouble = NULL,"
        " due_at = CASE WHEN (SELECT revision FROM job WHERE key = job_key) > ? THEN due_at END"
        " WHERE id = ? AND state = 'live'",
        (revision, revision, card),
    )


def failed(con: sqlite3.Connection, card: int, trouble: str, retry_at: datetime | None) -> None:
    """Try again at `retry_at`; None gives up, and clears the address of a withdrawn card."""
    con.execute(
        "UPDATE card SET attempts = attempts + 1, trouble = ?1, due_at = ?2,"
        " state = CASE WHEN ?2 IS NULL THEN 'dead' ELSE state END,"
        " address = CASE WHEN ?2 IS NULL AND state = 'withdrawing' THEN '{}' ELSE address END"
        " WHERE id = ?3 AND state IN ('live', 'withdrawing')",
        (trouble, maybe_us(retry_at), card),
    )


def withdraw_all(con: sqlite3.Connection, job: str, now: datetime) -> None:
    """Make every message of `job` due to be taken down, also those that were given up."""
    con.execute(
        "UPDATE card SET state = 'withdrawing', due_at = ?, attempts = 0"
        " WHERE job_key = ? AND state IN ('live', 'dead')",
        (to_us(now), job),
    )


def withdrawn(con: sqlite3.Connection, card: int) -> None:
    """Note that the message was taken down, and clear its address."""
    con.execute(
        "UPDATE card SET state = 'withdrawn', due_at = NULL, address = '{}', trouble = NULL"
        " WHERE id = ?",
        (card,),
    )
