"""Notes of the installation by name, as JSON, and the known models."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.domain.model import Model
from storage.database.columns import from_json, to_json, to_us

SELECT = "SELECT value FROM note WHERE name = ?"


def write(con: sqlite3.Connection, name: str, value: Any) -> None:
    con.execute(
        "INSERT INTO note (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, to_json(value)),
    )


def read(con: sqlite3.Connection, name: str) -> Any:
    """The note called `name`, None if there is none."""
    return value_of(con.execute(SELECT, (name,)).fetchone())


def value_of(row: Sequence[Any] | None) -> Any:
    """The value in a row of SELECT, None without a row."""
    return None if row is None else from_json(row[0])


def keep_models(con: sqlite3.Connection, models: Iterable[Model], now: datetime) -> None:
    con.executemany(
        "INSERT INTO model (name, record, fetched_at) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE"
        " SET record = excluded.record, fetched_at = excluded.fetched_at",
        [(model.name, to_json(model.to_record()), to_us(now)) for model in models],
    )
