"""What was drawn from a withheld picture: found and withheld, in portions.

A picture leads to the jobs that were drawn from it, a file to the pictures that are equal to it
and to the jobs that start from it. All of these lead on. A portion is one transaction; where one
ended is in the rows, so that a circle ends and a restart goes on.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.tables import blocked_files, cards
from storage.tables.blocked_files import IN_REACH
from storage.transactions import jobs, refunds

# Pictures that one transaction withholds or gives back: some 20 ms.
PORTION = 100
EVERYWHERE = "everywhere"
COMMUNITY = "community"

_FOUND_SQL = f"""
SELECT p.job_key, p.position, p.verdict, p.sha256, p.type, job.image_sha256
FROM review_case c JOIN job JOIN picture p ON p.job_key = job.key
  JOIN principal who ON who.id = job.person_id
WHERE c.id = ?1 AND {{where}} AND p.verdict IS NOT NULL AND {IN_REACH}
  AND NOT EXISTS (SELECT 1 FROM derived d WHERE d.case_id = ?1 AND d.job_key = p.job_key
    AND d.position = p.position{{known}})
LIMIT ?2
"""  # noqa: S608  (our own text)
_DRAWN_FROM_SQL = _FOUND_SQL.format(
    where="job.parent = ?3 AND job.parent_picture = ?4 + 1", known=" AND d.whole"
)
_STARTED_FROM_SQL = _FOUND_SQL.format(where="job.image_sha256 = ?3", known=" AND d.whole")
_EQUAL_SQL = _FOUND_SQL.format(where="p.sha256 = ?3", known="")


@dataclass(frozen=True, slots=True)
class _Picture:
    job: str
    position: int
    verdict: str
    sha256: str | None
    type: str
    image: str | None  # the starting image of its job


def begin(
    con: sqlite3.Connection, case: int, job: str | None, reach: str, now: datetime
) -> set[str]:
    """Withhold what was drawn from a case's pictures, as far as `reach`: the first portion.

    Returns the jobs that changed. An escalation is about all pictures of its job.
    """
    con.execute("UPDATE review_case SET reach = ? WHERE id = ?", (reach, case))
    if reach == EVERYWHERE:  # what a removal reached before is frozen now
        con.execute("DELETE FROM derived WHERE case_id = ?", (case,))
        con.execute("UPDATE blocked_file SET followed = 0, hashed = 0 WHERE case_id = ?", (case,))
    own = con.execute(
        "SELECT position, sha256, type FROM picture WHERE job_key = ?1 AND (?2 OR position IN"
        " (SELECT position FROM case_picture WHERE case_id = ?3))",
        (job, reach == EVERYWHERE, case),
    ).fetchall()
    for position, sha256, kind in own:
        con.execute(
            "INSERT INTO derived (case_id, job_key, position, whole) VALUES (?, ?, ?, 1)"
            " ON CONFLICT DO NOTHING",
            (case, job, position),
        )
        blocked_files.block(con, case, sha256, kind, hashed=False)
    if reach == EVERYWHERE:
        _block_upload(con, case, job)
    return trace(con, PORTION, now)


def _block_upload(con: sqlite3.Connection, case: int, job: str | None) -> None:
    """Block the job's starting image, unless it is a picture of the bot's, judged by itself."""
    row = con.execute(
        "SELECT sha256, type FROM blob WHERE sha256 = (SELECT image_sha256 FROM job WHERE key = ?)"
        " AND NOT EXISTS (SELECT 1 FROM job WHERE image_sha256 = sha256"
        "   AND parent_picture IS NOT NULL)",
        (job,),
    ).fetchone()
    if row is not None:
        blocked_files.block(con, case, row[0], row[1], hashed=False)


def trace(con: sqlite3.Connection, limit: int, now: datetime) -> set[str]:
    """Follow pictures and files further, to `limit` pictures at most. Returns the changed jobs."""
    changed: set[str] = set()
    left = limit
    while left > 0:
        picture = con.execute(
            "SELECT case_id, job_key, position FROM derived WHERE NOT followed LIMIT 1"
        ).fetchone()
        file = con.execute(
            "SELECT case_id, sha256 FROM blocked_file WHERE NOT followed LIMIT 1"
        ).fetchone()
        if picture is not None:
            found = _follow_picture(con, *picture, limit=left, now=now)
        elif file is not None:
            found = _follow_file(con, *file, limit=left, now=now)
        else:
            break
        changed |= {picture.job for picture in found}
        left -= len(found) + 1
    return changed


def _follow_picture(
    con: sqlite3.Connection, case: int, job: str, position: int, *, limit: int, now: datetime
) -> list[_Picture]:
    """Withhold what was drawn from a picture by its button."""
    found = _found(con, _DRAWN_FROM_SQL, case, limit, job, position)
    withhold(con, case, found, now)
    if len(found) < limit:
        con.execute(
            "UPDATE derived SET followed = 1 WHERE case_id = ? AND job_key = ? AND position = ?",
            (case, job, position),
        )
    return found


def _follow_file(
    con: sqlite3.Connection, case: int, sha256: str, *, limit: int, now: datetime
) -> list[_Picture]:
    """Withhold the pictures that are this file, and what was drawn from it as starting image.

    A frozen file is evidence by itself: jobs that were given it may have drawn nothing.
    """
    if reach_of(con, case) == EVERYWHERE and (kind := type_of(con, sha256)):
        _keep_as_evidence(con, case, sha256, kind)
    equal = _found(con, _EQUAL_SQL, case, limit, sha256)
    withhold(con, case, equal, now, alone=True)
    started = _found(con, _STARTED_FROM_SQL, case, limit - len(equal), sha256)
    withhold(con, case, started, now)
    if len(equal) + len(started) < limit:
        con.execute(
            "UPDATE blocked_file SET followed = 1 WHERE case_id = ? AND sha256 = ?", (case, sha256)
        )
    return [*equal, *started]


# One row while there is more to follow or to give back.
UNFINISHED_SQL = """
SELECT 1 WHERE EXISTS (SELECT 1 FROM derived WHERE NOT followed)
  OR EXISTS (SELECT 1 FROM blocked_file WHERE NOT followed)
  OR EXISTS (SELECT 1 FROM review_case WHERE reach = 'lifting')
"""


def is_unfinished(con: sqlite3.Connection) -> bool:
    return con.execute(UNFINISHED_SQL).fetchone() is not None


def _found(con: sqlite3.Connection, sql: str, case: int, limit: int, *of: Any) -> list[_Picture]:
    return [_Picture(*row) for row in con.execute(sql, (case, limit, *of)).fetchall()]


def withhold(
    con: sqlite3.Connection,
    case: int,
    found: Iterable[_Picture],
    now: datetime,
    *,
    alone: bool = False,
) -> None:
    """Block pictures for a case, and their files as starting images.

    With `alone` a picture is equal to a withheld one, and the rest of its job has no part in it.
    """
    reached: dict[str, _Picture] = {}
    frozen = reach_of(con, case) == EVERYWHERE
    for picture in found:
        _withhold_one(con, case, picture, whole=not alone)
        if frozen:
            _keep_as_evidence(con, case, picture.sha256, picture.type)
        reached[picture.job] = picture
    for key, picture in reached.items():
        if not alone:
            kind = type_of(con, picture.image)
            blocked_files.block(con, case, picture.image, kind, hashed=True)
            if frozen:
                _freeze(con, case, key, picture.image, kind, now)
        jobs.touch(con, key, now)
        refunds.give_back_removed(con, key, now)


def reach_of(con: sqlite3.Connection, case: int) -> str | None:
    """How far a case reaches: COMMUNITY, EVERYWHERE, "lifting", or nowhere."""
    (reach,) = con.execute("SELECT reach FROM review_case WHERE id = ?", (case,)).fetchone()
    return None if reach is None else str(reach)


def _withhold_one(con: sqlite3.Connection, case: int, picture: _Picture, *, whole: bool) -> None:
    where = (picture.job, picture.position)
    known = con.execute(
        "SELECT before FROM derived WHERE job_key = ? AND position = ? AND before IS NOT NULL",
        where,
    ).fetchone()
    con.execute(
        "INSERT INTO derived (case_id, job_key, position, before, whole) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET whole = whole OR excluded.whole",
        (case, *where, known[0] if known else picture.verdict, whole),
    )
    con.execute(
        "UPDATE picture SET verdict = 'block' WHERE job_key = ? AND position = ?"
        " AND verdict IN ('show', 'spoiler', 'review')",
        where,
    )
    blocked_files.block(con, case, picture.sha256, picture.type, hashed=False)


def _freeze(
    con: sqlite3.Connection, case: int, job: str, image: str | None, kind: str, now: datetime
) -> None:
    con.execute("UPDATE job SET frozen = 1 WHERE key = ?", (job,))
    _keep_as_evidence(con, case, image, kind)
    cards.withdraw_all(con, job, now)


def type_of(con: sqlite3.Connection, sha256: str | None) -> str:
    row = con.execute("SELECT type FROM blob WHERE sha256 = ?", (sha256,)).fetchone()
    return str(row[0]) if row else ""


def _keep_as_evidence(con: sqlite3.Connection, case: int, sha256: str | None, kind: str) -> None:
    """Have a file moved to the restricted folder, again if it has come back since."""
    if sha256 is None:
        return
    moved = con.execute(
        "UPDATE evidence SET secured_at = NULL WHERE case_id = ? AND sha256 = ?", (case, sha256)
    ).rowcount
    if not moved:
        con.execute(
            "INSERT INTO evidence (case_id, position, sha256, type) SELECT ?1,"
            " coalesce((SELECT max(position) FROM evidence WHERE case_id = ?1), -1) + 1, ?2, ?3",
            (case, sha256, kind),
        )


def withhold_new(con: sqlite3.Connection, job: str, now: datetime) -> None:
    """Withhold a job's pictures that were judged just now, if a case holds what they come from."""
    whole = [
        _Picture(*row)
        for row in con.execute(
            "SELECT p.job_key, p.position, p.verdict, p.sha256, p.type, job.image_sha256"
            " FROM picture p JOIN job ON job.key = p.job_key WHERE job.key = ?",
            (job,),
        )
    ]
    held = blocked_files.cases_of_source(con, job)
    for case in held:
        withhold(con, case, whole, now)
    for case, position in blocked_files.repeats(con, job):
        if case not in held:
            again = [picture for picture in whole if picture.position == position]
            withhold(con, case, again, now, alone=True)
