"""Which communities were let in or shut out at run time."""

import sqlite3
from datetime import datetime

from storage.database.columns import to_us
from storage.tables import audit

READ_SQL = "SELECT platform, community, how FROM admittance ORDER BY platform, community"


def decide(
    con: sqlite3.Connection, platform: str, community: str, how: str, actor: str, now: datetime
) -> None:
    """Let a community in ("code", "owner"), or shut it out ("shut"), whatever held before.

    One that is shut out counts as left, so that it is forgotten in time.
    """
    place = (platform, community)
    con.execute("INSERT OR REPLACE INTO admittance VALUES (?, ?, ?)", (*place, how))
    con.execute("DELETE FROM departure WHERE platform = ? AND community = ?", place)
    if how == "shut":
        con.execute("INSERT INTO departure VALUES (?, ?, ?, 0)", (*place, to_us(now)))
    audit.record(con, actor, "admit" if how != "shut" else "shut out", ":".join(place), {}, now)
