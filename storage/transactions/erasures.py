"""Erasures as a list that outlives this database: see storage/erased_list.py."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.errors import Cancelled
from storage.tables.principals import keyed_hash
from storage.transactions import forgetting, jobs


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody, as the hash of platform, community and id under `key`, was erased at that time.

    Each has its own key, because a database that was restored may have begun with another.
    """

    key: str
    hash: str
    at_us: int


def known(con: sqlite3.Connection) -> set[Erasure]:
    """Every erasure that this database has seen; none in one from before there was a list."""
    table = "SELECT 1 FROM sqlite_schema WHERE name = 'erased'"
    if con.execute(table).fetchone() is None:
        return set()
    return {Erasure(*row) for row in con.execute("SELECT key, hash, at FROM erased")}


def repeat(con: sqlite3.Connection, missing: Collection[Erasure], now: datetime) -> int:
    """Erase everybody whom `missing` names and who is here; returns how many people that were.

    What they still had open is cancelled: those jobs are as old as this database.
    """
    count = 0
    hashes = {each.hash for each in missing}
    keys = {each.key for each in missing}
    found = con.execute(
        "SELECT id, platform, community, person FROM principal"
        " WHERE kind = 'person' AND person IS NOT NULL"
    ).fetchall()
    for number, platform, community, person in found:
        if hashes.isdisjoint(keyed_hash(key, platform, community, person) for key in keys):
            continue
        for (job,) in con.execute(_OPEN_SQL, (number,)).fetchall():
            jobs.cancel(con, job, Cancelled(), now)
        forgetting.erase(con, platform, community, person, now)
        count += 1
    con.executemany(
        "INSERT INTO erased VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(each.key, each.hash, each.at_us) for each in missing],
    )
    return count


_OPEN_SQL = "SELECT key FROM job WHERE person_id = ? AND state IN ('reserved', 'submitted')"
