"""Which community pays for what somebody draws in private, and what they couldn't be handed."""

import sqlite3
from datetime import datetime

from storage.database.columns import to_us
from storage.tables.principals import person_of

# Communities by when somebody last drew there or chose them, the latest first; what was drawn in
# private says nothing. ?1 platform, ?2 person, ?3 how many
HOMES_SQL = """
SELECT community FROM (
  SELECT community, at FROM home WHERE platform = ?1 AND person = ?2
  UNION ALL
  SELECT community, (
    SELECT created_at FROM job WHERE person_id = who.id AND NOT coalesce(asker ->> 'direct', 0)
      ORDER BY created_at DESC LIMIT 1)
  FROM principal who WHERE kind = 'person' AND platform = ?1 AND person = ?2)
WHERE at IS NOT NULL GROUP BY community ORDER BY max(at) DESC LIMIT ?3
"""
# ?1 platform, ?2 person, ?3 how many
UNDELIVERED_SQL = """
SELECT public_id FROM undelivered JOIN job ON job.key = job_key
WHERE platform = ?1 AND undelivered.person = ?2 LIMIT ?3
"""


def choose(
    con: sqlite3.Connection, platform: str, person: str, community: str, now: datetime
) -> None:
    """From now on `community` pays for what the person draws in private."""
    person_of(con, platform, community, person)  # by it they are found, to be exported and erased
    con.execute(
        "INSERT OR REPLACE INTO home VALUES (?, ?, ?, ?)", (platform, person, community, to_us(now))
    )


def told_undelivered(con: sqlite3.Connection, platform: str, person: str) -> None:
    con.execute("DELETE FROM undelivered WHERE platform = ? AND person = ?", (platform, person))
