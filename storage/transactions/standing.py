"""What is known of somebody who asks: all of it in one read."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.domain.asker import Asker
from bot.domain.budgets import Gate
from bot.domain.community_settings import CommunitySettings
from bot.domain.person import Standing
from storage.database.columns import from_json
from storage.tables.balances import read_balances
from storage.transactions.people import bar_of, community_settings


def standing(
    con: sqlite3.Connection,
    asker: Asker,
    gates_of: Callable[[CommunitySettings], Sequence[Gate]],
    now: datetime,
) -> Standing:
    settings = community_settings(con, asker.platform, asker.community)
    return Standing(
        settings=settings,
        bar=bar_of(con, asker, now),
        defaults=defaults_of(con, asker),
        balances=tuple(read_balances(con, gates_of(settings), now)),
    )


def defaults_of(con: sqlite3.Connection, asker: Asker) -> dict[str, Any]:
    """The person's own defaults, by option."""
    row = con.execute(
        "SELECT defaults FROM person JOIN principal who ON who.id = principal_id"
        " WHERE who.kind = 'person' AND who.platform = ? AND who.community = ?"
        " AND who.person = ?",
        (asker.platform, asker.community, asker.person),
    ).fetchone()
    return from_json(row[0]) if row else {}
