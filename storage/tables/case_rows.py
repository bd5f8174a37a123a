"""Reading cases: one statement for rows, one for pictures, one for reports."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.domain.asker import OUTSIDER
from bot.domain.case import Case, CaseKind, CaseState, Category, Decision, Report, SeenPicture
from bot.errors import NotFound
from storage.database.columns import from_json, from_us, maybe_from_iso, maybe_from_us, to_us


def load(con: sqlite3.Connection, public_id: str, now: datetime) -> Case:
    """The case with this id. Raises NotFound."""
    row = con.execute(f"{CASE_SQL} WHERE c.public_id = ?", (to_us(now), public_id)).fetchone()
    if row is None:
        raise NotFound("case", public_id)
    pictures = con.execute(f"{PICTURES_SQL} WHERE cp.case_id = ?{_BY_POSITION}", (row[0],))
    return case_of(row, pictures.fetchall(), _report_rows(con, row[0]))


def public_id(con: sqlite3.Connection, number: int) -> str:
    row = con.execute("SELECT public_id FROM review_case WHERE id = ?", (number,)).fetchone()
    return str(row[0])


def reports_of(con: sqlite3.Connection, number: int) -> tuple[Report, ...]:
    return tuple(map(_report_of, _report_rows(con, number)))


def _report_rows(con: sqlite3.Connection, number: int) -> list[Any]:
    return con.execute(f"{REPORTS_SQL} WHERE case_id = ? ORDER BY id", (number,)).fetchall()


CASE_SQL = """
SELECT c.id, c.public_id, c.kind, c.state, place.platform, place.community, who.person, c.job_key,
  job.public_id, job.channel, job.private, job.asker, c.round, c.opened_at, c.claimed_by,
  c.claimed_until, c.decision, c.decided_by, c.decided_at, c.reason, c.effect_at,
  c.first_decision, c.first_decided_by,
  (SELECT count(*) FROM refused_prompt r WHERE r.case_id = c.id),
  (SELECT count(*) FROM strike s WHERE s.principal_id = c.subject_id AND s.lifted_at IS NULL
    AND s.expires_at > ?),
  (SELECT json_remove(address, '$.token', '$.token_expires_at') FROM card
    WHERE card.job_key = c.job_key AND surface = place.platform AND card.state = 'live'
    ORDER BY card.id LIMIT 1)
FROM review_case c
  JOIN principal place ON place.id = c.community_id
  JOIN principal who ON who.id = c.subject_id
  LEFT JOIN job ON job.key = c.job_key"""

PICTURES_SQL = """
SELECT cp.position, p.width_px, p.height_px, p.verdict NOT IN ('show', 'spoiler'),
  p.sha256 IS NOT NULL, coalesce(l.source, ''), l.score, coalesce(l.model, ''),
  coalesce(l.version, ''), l.threshold, p.flagged, coalesce(l.categories, ''), cp.case_id
FROM case_picture cp JOIN review_case c ON c.id = cp.case_id
  JOIN picture p ON p.job_key = c.job_key AND p.position = cp.position
  LEFT JOIN look l ON l.job_key = c.job_key AND l.position = cp.position"""
_BY_POSITION = " ORDER BY cp.position"

REPORTS_SQL = f"""
SELECT category, reason, at, counts, EXISTS (SELECT 1 FROM principal who
  WHERE who.id = report.principal_id AND who.person GLOB '{OUTSIDER}:*'), case_id
FROM report"""  # noqa: S608  (a constant)


def case_of(row: Sequence[Any], pictures: Iterable[Any], reports: Iterable[Any]) -> Case:
    """One row of CASE_SQL with its rows of PICTURES_SQL and REPORTS_SQL."""
    known = from_json(row[11]) if row[11] else {}
    return Case(
        id=row[1],
        kind=CaseKind(row[2]),
        state=CaseState(row[3]),
        platform=row[4],
        community=row[5],
        subject=row[6] or "",
        subject_name=known.get("name", ""),
        channel=row[9] or "",
        private=bool(row[10]),
        job=row[7],
        job_id=row[8],
        round=row[12],
        opened_at=from_us(row[13]),
        claimed_by=row[14],
        claimed_until=maybe_from_us(row[15]),
        decision=Decision(row[16]) if row[16] else None,
        decided_by=row[17],
        decided_at=maybe_from_us(row[18]),
        reason=row[19],
        effect_at=maybe_from_us(row[20]),
        first_decision=Decision(row[21]) if row[21] else None,
        first_decided_by=row[22],
        account_created_at=maybe_from_iso(known.get("account_created_at")),
        joined_at=maybe_from_iso(known.get("joined_at")),
        refused=row[23],
        strikes=row[24],
        card=from_json(row[25]) if row[25] else {},
        pictures=tuple(map(_picture_of, pictures)),
        reports=tuple(map(_report_of, reports)),
    )


def _picture_of(row: Sequence[Any]) -> SeenPicture:
    return SeenPicture(
        number=row[0] + 1,
        width_px=row[1],
        height_px=row[2],
        hidden=bool(row[3]),
        there=bool(row[4]),
        source=row[5],
        score=row[6],
        model=row[7],
        version=row[8],
        threshold=row[9],
        flagged=None if row[10] is None else bool(row[10]),
        categories=tuple(filter(None, row[11].split(","))),
    )


def _report_of(row: Sequence[Any]) -> Report:
    return Report(
        category=Category(row[0]),
        reason=row[1],
        at=from_us(row[2]),
        counts=bool(row[3]),
        outside=bool(row[4]),
    )
