"""Cards that may stand somewhere before their job exists. Most live for milliseconds.

The table is called `opening`, as these cards once were.
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.pending_card import PendingCard
from storage.database.columns import from_us, to_us

# A bot that dies leaves a handful; the oldest go first.
PENDING_CARDS_MAX = 1_000
SELECT = "SELECT key, platform, community, channel, at, tries FROM opening"


def announce(con: sqlite3.Connection, card: PendingCard, due_at: datetime) -> None:
    con.execute(
        "DELETE FROM opening WHERE key IN"
        " (SELECT key FROM opening ORDER BY at DESC LIMIT -1 OFFSET ?)",
        (PENDING_CARDS_MAX - 1,),
    )
    con.execute(
        "INSERT OR REPLACE INTO opening VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            card.key,
            card.platform,
            card.community,
            card.channel,
            to_us(card.at),
            to_us(due_at),
            card.tries,
        ),
    )


def postpone(con: sqlite3.Connection, key: str, due_at: datetime) -> None:
    """One more try was in vain."""
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
    )
