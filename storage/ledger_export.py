"""The ledger as rows for a spreadsheet."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from storage.database.columns import from_us

COLUMNS = (
    "entry",
    "at",
    "kind",
    "amount_micros",
    "level",
    "platform",
    "community",
    "person",
    "period",
    "job",
    "actor",
)


def entries(con: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """Every entry in the order of writing, with its values in the order of COLUMNS."""
    for number, at, *rest in con.execute(_ENTRIES):
        yield (number, from_us(at).isoformat(), *rest)


_ENTRIES = """
SELECT e.id, e.at, e.kind, e.amount, p.kind, p.platform, p.community, COALESCE(p.person, ''),
  a.period, COALESCE(j.public_id, ''), e.actor
FROM entry e
JOIN account a ON a.id = e.account_id
JOIN principal p ON p.id = a.principal_id
LEFT JOIN job j ON j.key = e.job_key
ORDER BY e.id
"""
