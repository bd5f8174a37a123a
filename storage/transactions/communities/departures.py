"""Communities that the bot is in no more: noted, and forgotten after a while. Sums stay."""

import sqlite3
from collections.abc import Collection
from datetime import datetime

from storage.database.columns import to_json, to_us
from storage.tables import audit

DUE_SQL = "SELECT platform, community FROM departure WHERE NOT forgotten AND since < ? LIMIT ?"
# ?1 platform, ?2 community, ?3 the last one of the portion before, ?4 how many
PEOPLE_SQL = """
SELECT person FROM principal WHERE kind = 'person' AND platform = ?1 AND community = ?2
  AND person > ?3 ORDER BY person LIMIT ?4
"""


def left(con: sqlite3.Connection, platform: str, community: str, now: datetime) -> None:
    """Note that the bot is there no more; one that never used it isn't noted."""
    con.execute(
        "INSERT INTO departure SELECT ?1, ?2, ?3, 0 WHERE EXISTS (SELECT 1 FROM principal"
        " WHERE platform = ?1 AND community = ?2 UNION ALL SELECT 1 FROM admittance"
        " WHERE platform = ?1 AND community = ?2) ON CONFLICT DO NOTHING",
        (platform, community, to_us(now)),
    )


def came(con: sqlite3.Connection, platform: str, community: str) -> None:
    con.execute("DELETE FROM departure WHERE platform = ? AND community = ?", (platform, community))


def present(
    con: sqlite3.Connection, platform: str, communities: Collection[str], now: datetime
) -> None:
    """The bot is in `communities` of a platform and in no others: note who came and who left."""
    here = to_json(list(communities))
    con.execute(
        "DELETE FROM departure WHERE platform = ?"
        " AND community IN (SELECT value FROM json_each(?))",
        (platform, here),
    )
    con.execute(
        "INSERT INTO departure SELECT DISTINCT platform, community, ?3, 0 FROM principal"
        " WHERE kind IN ('person', 'community') AND platform = ?1"
        " AND community NOT IN (SELECT value FROM json_each(?2)) ON CONFLICT DO NOTHING",
        (platform, here, to_us(now)),
    )


def forget(con: sqlite3.Connection, platform: str, community: str, now: datetime) -> bool:
    """Delete what a community chose, unless the bot came back meanwhile.

    Its members are erased before, one by one. Who was shut out stays so.
    """
    place = (platform, community)
    if not con.execute(
        "UPDATE departure SET forgotten = 1 WHERE platform = ? AND community = ? AND NOT forgotten",
        place,
    ).rowcount:
        return False
    principal = (
        "(SELECT id FROM principal WHERE kind = 'community' AND platform = ? AND community = ?)"
    )
    con.execute(f"DELETE FROM community WHERE principal_id = {principal}", place)  # noqa: S608
    con.execute(
        f"UPDATE notice SET detail = '{{}}', due_at = NULL WHERE principal_id = {principal}",  # noqa: S608
        place,
    )
    con.execute("DELETE FROM home WHERE platform = ? AND community = ?", place)
    con.execute(
        "DELETE FROM admittance WHERE platform = ? AND community = ? AND how <> 'shut'", place
    )
    subject = ":".join(place)
    blanked = audit.blank_details(con, ("settings",), [subject])
    audit.record(con, "limner", audit.ERASE, subject, {audit.DETAILS: blanked}, now)
    return True
