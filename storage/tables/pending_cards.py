"""Cards that may have been posted before their job exists. Most rows live for milliseconds.

The table is called `opening`, as these cards once were.
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.pending_card import PendingCard
from storage.database.columns import from_us, to_us

# More than a bot that was killed leaves behind; beyond this the oldest are deleted.
PENDING_CARDS_MAX = 1_000
SELECT = "SELECT key, platform, community, channel, at, tries, thread FROM opening"


def announce(con: sqlite3.Connection, card: PendingCard, due_at: datetime) -> None:
    con.execute(
        "DELETE FROM opening WHERE key IN"
        " (SELECT key FROM opening ORDER BY at DESC LIMIT -1 OFFSET ?)",
        (PENDING_CARDS_MAX - 1,),
    )
    con.execute(
        "INSERT OR REPLACE INTO opening VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            card.key,
            card.platform,
            card.community,
            card.channel,
            to_us(card.at),
            to_us(due_at),
            card.tries,
            card.thread,
        ),
    )


def postpone(con: sqlite3.Connection, key: str, due_at: datetime) -> None:
    """Note a failed attempt; the next one is at `due_at`."""
    con.execute(
        "UPDATE opening SET tries = tries + 1, due_at = ? WHERE key = ?", (to_us(due_at), key)
    )


def forget(con: sqlite3.Connection, key: str) -> None:
    con.execute("DELETE FROM opening WHERE key = ?", (key,))


def pending_card_of(row: Sequence[Any]) -> PendingCard:
    return PendingCard(
        key=row[0],
        platform=row[1],
        community=row[2],
        channel=row[3],
        at=from_us(row[4]),
        tries=row[5],
        thread=row[6],
    )
