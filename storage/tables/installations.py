"""Installations, tickets that can be used once, and topics that were delivered."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.installation import Installation
from storage.database.columns import from_json, from_us, to_json, to_us

# More than are ever in use at once; beyond this the oldest are deleted.
TICKETS_MAX = 1_000
SELECT = (
    "SELECT platform, community, name, sealed_token, bot_user, bot, scopes, at, sealed_refresh,"
    " expires_at, enterprise"
)


def save(con: sqlite3.Connection, installation: Installation) -> None:
    """Store an installation, in the place of an earlier one of the same workspace."""
    con.execute(
        "INSERT OR REPLACE INTO installation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            installation.platform,
            installation.community,
            installation.name,
            installation.sealed_token,
            installation.bot_user,
            installation.bot,
            to_json(installation.scopes),
            to_us(installation.at),
            installation.sealed_refresh,
            installation.expires_at and to_us(installation.expires_at),
            installation.enterprise,
        ),
    )
    place = (installation.platform, installation.community)
    con.execute("DELETE FROM departure WHERE platform = ? AND community = ?", place)


def replace_token(con: sqlite3.Connection, old: Installation, new: Installation) -> bool:
    """Give an installation another token. False where it has another one already, or is gone."""
    return bool(
        con.execute(
            "UPDATE installation SET sealed_token = ?, sealed_refresh = ?, expires_at = ?"
            " WHERE platform = ? AND community = ? AND sealed_token = ?",
            (
                new.sealed_token,
                new.sealed_refresh,
                new.expires_at and to_us(new.expires_at),
                old.platform,
                old.community,
                old.sealed_token,
            ),
        ).rowcount
    )


def forget(
    con: sqlite3.Connection, platform: str, community: str, sealed_token: bytes, now: datetime
) -> bool:
    """Delete an installation unless it has another token by now, and note that the bot left.

    Returns whether it was there.
    """
    place = (platform, community)
    was_there = con.execute(
        "DELETE FROM installation WHERE platform = ? AND community = ? AND sealed_token = ?",
        (*place, sealed_token),
    ).rowcount
    if was_there:
        con.execute(
            "INSERT INTO departure VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING",
            (*place, to_us(now)),
        )
    return bool(was_there)


def issue_ticket(con: sqlite3.Connection, digest: str, expires_at: datetime, now: datetime) -> None:
    con.execute("DELETE FROM once_ticket WHERE expires_at <= ?", (to_us(now),))
    con.execute(
        "DELETE FROM once_ticket WHERE digest IN (SELECT digest FROM once_ticket"
        " ORDER BY expires_at DESC LIMIT -1 OFFSET ?)",
        (TICKETS_MAX - 1,),
    )
    con.execute("INSERT INTO once_ticket VALUES (?, ?)", (digest, to_us(expires_at)))


def use_ticket(con: sqlite3.Connection, digest: str, now: datetime) -> bool:
    """Use up a ticket. Returns whether it was issued, is still valid and was not used before."""
    row = con.execute(
        "DELETE FROM once_ticket WHERE digest = ? RETURNING expires_at", (digest,)
    ).fetchone()
    return row is not None and bool(row[0] > to_us(now))


def take_delivery(con: sqlite3.Connection, topic: str, now: datetime) -> bool:
    """Note that `topic` was delivered. Returns whether it is the first time."""
    return bool(
        con.execute(
            "INSERT INTO delivered VALUES (?, ?) ON CONFLICT DO NOTHING", (topic, to_us(now))
        ).rowcount
    )


def forget_deliveries(con: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Delete deliveries from before `before`. Returns how many."""
    return con.execute(
        "DELETE FROM delivered WHERE topic IN (SELECT topic FROM delivered WHERE at < ? LIMIT ?)",
        (to_us(before), limit),
    ).rowcount


def installation_of(row: Sequence[Any]) -> Installation:
    return Installation(
        platform=row[0],
        community=row[1],
        name=row[2],
        sealed_token=bytes(row[3]),
        bot_user=row[4],
        bot=row[5],
        scopes=tuple(from_json(row[6])),
        at=from_us(row[7]),
        sealed_refresh=row[8] and bytes(row[8]),
        expires_at=None if row[9] is None else from_us(row[9]),
        enterprise=row[10],
    )
