"""How withheld files look as starting images, so that they are known when they are sent anew."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from storage.database.columns import to_us
from storage.tables import blocked_files
from storage.transactions.lineage.withholding import COMMUNITY, EVERYWHERE, reach_of, type_of

TO_HASH_SQL = "SELECT case_id, sha256, type FROM blocked_file WHERE NOT hashed LIMIT ?"

# The first of the eight hashes is the picture as it is.
STARTING_HASHES_SQL = """
SELECT look.job_key, job.image_sha256, substr(look.pdq, 1, 32)
FROM look JOIN job ON job.key = look.job_key
WHERE look.position = -1 AND look.job_key > ? AND job.image_sha256 IS NOT NULL
  AND look.pdq IS NOT NULL
ORDER BY look.job_key LIMIT ?
"""


def hashed(
    con: sqlite3.Connection,
    case: int,
    sha256: str,
    alike: Iterable[str],
    pdq: bytes,
    now: datetime,
) -> None:
    """Block the files that look like this one to people, and its hashes. Idempotent."""
    con.execute(
        "UPDATE blocked_file SET hashed = 1 WHERE case_id = ? AND sha256 = ?", (case, sha256)
    )
    reach = reach_of(con, case)
    if reach not in (COMMUNITY, EVERYWHERE):
        return
    for file in alike:
        blocked_files.block(con, case, file, type_of(con, file), hashed=True)
    if pdq:
        con.execute(
            "INSERT INTO blocked_hash (community_id, case_id, pdq, source, at)"
            " SELECT CASE WHEN reach = 'community' THEN community_id END, id, ?2, 'case', ?3"
            " FROM review_case WHERE id = ?1 AND NOT EXISTS"
            " (SELECT 1 FROM blocked_hash WHERE case_id = ?1 AND pdq = ?2)",
            (case, pdq, to_us(now)),
        )
