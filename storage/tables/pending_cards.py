"""Requests before their job exists, and cards that may have been posted for them. Most rows live
for moments.

The table is called `opening`, as these cards once were.
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.pending_card import PendingCard
from storage.database.columns import from_json, from_us, to_json, to_us

# More than a bot that was killed leaves behind; beyond this the oldest are deleted.
PENDING_CARDS_MAX = 1_000
SELECT = (
    "SELECT key, platform, community, channel, at, tries, person, thread, address, words"
    " FROM opening"
)


def begin(con: sqlite3.Connection, card: PendingCard, due_at: datetime) -> None:
    """Note a request, unless it is known."""
    _insert(con, "IGNORE", card, due_at)


def announce(con: sqlite3.Connection, card: PendingCard, due_at: datetime) -> None:
    """Note that a card may be posted from now on."""
    _insert(con, "REPLACE", card, due_at)


def answered(con: sqlite3.Connection, key: str) -> None:
    con.execute("DELETE FROM opening WHERE key = ? AND channel = ''", (key,))
    con.execute("UPDATE opening SET person = '' WHERE key = ?", (key,))


def _insert(con: sqlite3.Connection, otherwise: str, card: PendingCard, due_at: datetime) -> None:
    con.execute(
        "DELETE FROM opening WHERE key IN"
        " (SELECT key FROM opening ORDER BY at DESC LIMIT -1 OFFSET ?)",
        (PENDING_CARDS_MAX - 1,),
    )
    con.execute(
        f"INSERT OR {otherwise} INTO opening (key, platform, community, channel, at, due_at,"  # noqa: S608
        " tries, person, thread, address, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            card.key,
            card.platform,
            card.community,
            card.channel,
            to_us(card.at),
            to_us(due_at),
            card.tries,
            card.person,
            card.thread,
            to_json(card.address),
            card.words,
        ),
    )


def postpone(con: sqlite3.Connection, key: str, due_at: datetime) -> None:
    """Note a failed attempt; the next one is at `due_at`."""
    con.execute(
        "UPDATE opening SET tries = tries + 1, due_at = ? WHERE key = ?", (to_us(due_at), key)
    )


def forget(con: sqlite3.Connection, key: str) -> None:
    con.execute("DELETE FROM opening WHERE key = ?", (key,))


def forget_of(con: sqlite3.Connection, platform: str, community: str, person: str) -> None:
    """Drop requests of somebody who is erased; a card that may be there is still taken away."""
    who = (platform, community, person)
    con.execute(
        "DELETE FROM opening WHERE (platform, community, person) = (?, ?, ?)"
        " AND (channel = '' OR address <> '{}')",
        who,
    )
    con.execute(
        "UPDATE opening SET person = '' WHERE (platform, community, person) = (?, ?, ?)", who
    )


def pending_card_of(row: Sequence[Any]) -> PendingCard:
    return PendingCard(
        key=row[0],
        platform=row[1],
        community=row[2],
        channel=row[3],
        at=from_us(row[4]),
        tries=row[5],
        person=row[6],
        thread=row[7],
        address=from_json(row[8]),
        words=row[9],
    )
