"""The outbox of cards: a card is due while it is behind its job's revision."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.repair import Repair
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
    """Try again at `retry_at`; None gives up, and clears the address of a withdrawn card.

    On a chat platform whoever asked is to be told of a result that was never shown.
    """
    if retry_at is None:
        con.execute(
            "INSERT INTO undelivered SELECT who.platform, who.person, job.key FROM card"
            " JOIN job ON job.key = job_key JOIN principal who ON who.id = job.person_id"
            " WHERE card.id = ? AND card.state = 'live' AND card.surface = who.platform"
            " AND NOT coalesce(card.address ->> 'posted', 0) AND who.person IS NOT NULL"
            " AND job.asker <> '{}' ON CONFLICT DO NOTHING",
            (card,),
        )
    con.execute(
        "UPDATE card SET attempts = attempts + 1, trouble = ?1, due_at = ?2,"
        " state = CASE WHEN ?2 IS NULL THEN 'dead' ELSE state END,"
        " address = CASE WHEN ?2 IS NULL AND state = 'withdrawing' THEN '{}' ELSE address END"
        " WHERE id = ?3 AND state IN ('live', 'withdrawing')",
        (trouble, maybe_us(retry_at), card),
    )


def await_repair(con: sqlite3.Connection, card: int, why: Repair, retry_at: datetime) -> None:
    con.execute(
        "UPDATE card SET trouble = ?, due_at = ? WHERE id = ? AND state IN ('live', 'withdrawing')",
        (why, to_us(retry_at), card),
    )


def look_again(con: sqlite3.Connection, surface: str, now: datetime) -> None:
    con.execute(
        "UPDATE card SET due_at = ?1 WHERE surface = ?2 AND due_at > ?1"
        " AND trouble IN (SELECT value FROM json_each(?3))",
        (to_us(now), surface, to_json([*Repair])),
    )


def withdraw_all(con: sqlite3.Connection, job: str, now: datetime) -> None:
    """Make every message of `job` due to be taken down, also those that were given up."""
    con.execute(
        "UPDATE card SET state = 'withdrawing', due_at = ?, attempts = 0"
        " WHERE job_key = ? AND state IN ('live', 'dead')",
        (to_us(now), job),
    )


def forget_webhook(con: sqlite3.Connection, job: str) -> None:
    """Clear the address that a person gave: what was posted there can't be taken down."""
    con.execute(
        "UPDATE card SET state = 'withdrawn', due_at = NULL, address = '{}', trouble = NULL"
        " WHERE job_key = ? AND surface = 'webhook'",
        (job,),
    )


def withdrawn(con: sqlite3.Connection, card: int) -> None:
    """Note that the message was taken down, and clear its address."""
    con.execute(
        "UPDATE card SET state = 'withdrawn', due_at = NULL, address = '{}', trouble = NULL"
        " WHERE id = ?",
        (card,),
    )


# As `DueCard.lane` and the index card_lane have it: where a card hangs, by its surface's address.
_LANE = "surface || ' ' || coalesce(address ->> 'channel', address ->> 'url', '')"
# Lanes are stepped through by the index, and of each only the oldest cards are read: thousands that
# wait in one channel cost no more than one.
# ?1 now, ?2 limit, ?3 surfaces or NULL, ?4 busy, ?5 full, ?6 slow, ?7 per lane or NULL
DUE_SQL = f"""
WITH RECURSIVE lane (name) AS (
  SELECT min({_LANE}) FROM card WHERE due_at IS NOT NULL
  UNION ALL
  SELECT (SELECT min({_LANE}) FROM card WHERE due_at IS NOT NULL AND {_LANE} > lane.name)
  FROM lane WHERE lane.name IS NOT NULL),
open_lane (name, slow) AS (
  SELECT name, name IN (SELECT value FROM json_each(?6)) FROM lane
  WHERE name NOT IN (SELECT value FROM json_each(?5))
    AND (?3 IS NULL
      OR substr(name, 1, instr(name, ' ') - 1) IN (SELECT value FROM json_each(?3)))),
turns AS (
  SELECT id, job_key, surface, address, state, attempts, due_at, slow,
    row_number() OVER (PARTITION BY name ORDER BY due_at, id) AS turn
  FROM open_lane JOIN card ON card.id IN (
    SELECT id FROM card WHERE {_LANE} = open_lane.name AND due_at <= ?1
      AND id NOT IN (SELECT value FROM json_each(?4))
    ORDER BY due_at LIMIT coalesce(?7, -1))),
places AS (
  SELECT *, row_number() OVER (PARTITION BY surface ORDER BY slow, turn, due_at, id) AS place_there
  FROM turns)
SELECT * FROM places WHERE place_there <= ?2 ORDER BY slow, turn, due_at, id
"""  # noqa: S608  (our own words)
