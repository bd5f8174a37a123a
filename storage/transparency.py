"""The figures of a transparency report: what moderation did in a period, by platform.

Sums alone: no row is about one person, one community or one picture.
"""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from statistics import median

from storage.database.columns import to_us

COLUMNS = ("platform", "figure", "kind", "value")
Row = tuple[str, str, str, int]


def figures(con: sqlite3.Connection, since: datetime, until: datetime) -> Iterator[Row]:
    """Rows in the order of COLUMNS, for everything from `since` on and before `until`."""
    period = (to_us(since), to_us(until))
    for figure, counted in _COUNTED.items():
        rows = con.execute(_counting(counted), period)
        yield from ((platform, figure, kind, value) for platform, kind, value in rows)
    yield from _times_to_decide(con, period)


def _times_to_decide(con: sqlite3.Connection, period: tuple[int, int]) -> Iterator[Row]:
    times_s: dict[str, list[int]] = {}
    for platform, lasted_us in con.execute(_DECIDED, period):
        times_s.setdefault(platform, []).append(lasted_us // 1_000_000)
    for platform, found in times_s.items():
        yield platform, "time to decide", "median_s", round(median(found))
        yield platform, "time to decide", "longest_s", max(found)


def _counting(counted: tuple[str, str, str, str]) -> str:
    table, owner, kind, at = counted
    return (
        f"SELECT p.platform, {kind}, count(*) FROM {table} t"  # noqa: S608  (words of this file)
        f" JOIN principal p ON p.id = t.{owner} WHERE {at} >= ? AND {at} < ?"
        " GROUP BY 1, 2 ORDER BY 1, 2"
    )


_BLOCKED_FOR = """
CASE WHEN t.locked THEN 'escalation'
WHEN t.case_id IS NOT NULL OR t.id IN (SELECT block_id FROM strike) THEN 'case or strikes'
ELSE 'by hand' END
"""
_OVERTURNED = "CASE WHEN t.decision IN ('approve', 'blur') THEN 'overturned' ELSE 'upheld' END"
_UPHELD = "CASE t.upheld WHEN 1 THEN 'upheld' WHEN 0 THEN 'not upheld' ELSE 'open' END"
_AGAIN_AT = "iif(t.round > 1, t.decided_at, NULL)"
# Retention closes old cases, decided or not.
_EXPIRED_AT = "iif(t.decided_at IS NULL AND t.state IN ('expired', 'closed'), t.opened_at, NULL)"
# What is counted: its table, the column that says on which platform, what it is grouped by, and
# when it was. What has no such time is not counted.
_COUNTED = {
    "cases opened": ("review_case", "community_id", "t.kind", "t.opened_at"),
    "cases that nobody decided in time": ("review_case", "community_id", "t.kind", _EXPIRED_AT),
    "decisions": ("review_case", "community_id", "t.decision", "t.decided_at"),
    "second looks": ("review_case", "community_id", _OVERTURNED, _AGAIN_AT),
    "reports": ("report", "principal_id", "t.category", "t.at"),
    "reports by outcome": ("report", "principal_id", _UPHELD, "t.at"),
    "strikes": ("strike", "principal_id", "''", "t.at"),
    "strikes lifted": ("strike", "principal_id", "''", "t.lifted_at"),
    "blocks": ("block", "principal_id", _BLOCKED_FOR, "t.at"),
    "blocks lifted": ("block", "principal_id", _BLOCKED_FOR, "t.lifted_at"),
    "prompts refused": ("refused_prompt", "principal_id", "''", "t.at"),
}
_DECIDED = """
SELECT p.platform, t.decided_at - t.opened_at
FROM review_case t JOIN principal p ON p.id = t.community_id
WHERE t.decided_at >= ? AND t.decided_at < ?
ORDER BY 1
"""
