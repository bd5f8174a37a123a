"""What stands on accounts, also on those that no job has opened yet. Read-only."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.budgets import Balance, Gate, period


def read_balances(con: sqlite3.Connection, gates: Sequence[Gate], now: datetime) -> list[Balance]:
    """The balance of each gate in its present window."""
    windows = [period(gate.window, now, gate.timezone) for gate in gates]
    asked: list[Any] = []
    for number, (gate, window) in enumerate(zip(gates, windows, strict=True)):
        place = (gate.platform, gate.community, gate.person)
        asked += (number, gate.level, *place, window.name)
    marks = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(gates))
    rows = con.execute(_BALANCES_SQL.format(marks=marks), asked) if gates else ()
    found = {row[0]: row[1:] for row in rows}
    return [
        Balance(
            gate=gate,
            granted_micros=found.get(number, _UNOPENED)[0],
            held_micros=found.get(number, _UNOPENED)[1],
            posted_micros=found.get(number, _UNOPENED)[2],
            closes_at=window.ends_at,
        )
        for number, (gate, window) in enumerate(zip(gates, windows, strict=True))
    ]


# The balance of an account that no job has opened yet in this window.
_UNOPENED = (0, 0, 0)
# What the house paid in the same window is the owner's money, too. That for strangers is in both of
# the owner's levels.
_BALANCES_SQL = """
WITH asked (number, kind, platform, community, person, period) AS (VALUES {marks})
SELECT number, granted, held, posted + iif(kind <> 'operator', 0, (
    SELECT coalesce(sum(posted), 0) FROM principal house
      JOIN account paid ON paid.principal_id = house.id AND paid.period = asked.period
    WHERE house.kind = 'house' AND asked.community IN ('', house.community)))
FROM asked JOIN principal who USING (kind, platform, community, person)
  JOIN account ON account.principal_id = who.id AND account.period = asked.period
"""
