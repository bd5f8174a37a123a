"""Files that may be no starting image, because a case withholds them or what they were drawn from.

A case reaches jobs of its community, or all. `c` is the case and `who` the person of a job.
"""

import sqlite3

IN_REACH = """
(c.reach = 'everywhere' OR (c.reach = 'community' AND EXISTS (SELECT 1 FROM principal place
  WHERE place.id = c.community_id AND place.platform = who.platform
    AND place.community = who.community)))"""

_SOURCES_SQL = f"""
SELECT c.id FROM job JOIN principal who ON who.id = job.person_id
  JOIN blocked_file f ON f.sha256 = job.image_sha256
  JOIN review_case c ON c.id = f.case_id WHERE job.key = ?1 AND {IN_REACH}
UNION SELECT c.id FROM job JOIN principal who ON who.id = job.person_id
  JOIN derived d ON d.job_key = job.parent AND d.position = job.parent_picture - 1
  JOIN review_case c ON c.id = d.case_id WHERE job.key = ?1 AND {IN_REACH}
"""  # noqa: S608  (our own text)

_REPEATS_SQL = f"""
SELECT DISTINCT c.id, p.position FROM picture p JOIN job ON job.key = p.job_key
  JOIN principal who ON who.id = job.person_id JOIN blocked_file f ON f.sha256 = p.sha256
  JOIN review_case c ON c.id = f.case_id WHERE p.job_key = ? AND {IN_REACH}
"""  # noqa: S608  (our own text)


def block(
    con: sqlite3.Connection, case: int, sha256: str | None, kind: str, *, hashed: bool
) -> None:
    """`hashed`: whether there is no need to find out how it looks as a starting image."""
    if sha256 is not None:
        con.execute(
            "INSERT INTO blocked_file (case_id, sha256, type, hashed) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (case, sha256, kind, hashed),
        )


def cases_of_source(con: sqlite3.Connection, job: str) -> list[int]:
    """The cases that withhold what a job is drawn from: its starting image or picture."""
    return [number for (number,) in con.execute(_SOURCES_SQL, (job,)).fetchall()]


def repeats(con: sqlite3.Connection, job: str) -> list[tuple[int, int]]:
    """(case, position) of a job's pictures whose very file a case withholds."""
    return con.execute(_REPEATS_SQL, (job,)).fetchall()
