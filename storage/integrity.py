"""Checks the file and the ledger in it. Read-only, so that the bot may run meanwhile."""

import sqlite3
from collections.abc import Iterator

from storage.database.database import migrations, sha256_of
from storage.tables import audit, ledger


def problems(con: sqlite3.Connection) -> list[tuple[str, str]]:
    """All faults, as (rule, where)."""
    try:
        return [*_damages(con), *_strange_schema(con), *ledger.faults(con), *_broken_audit(con)]
    except sqlite3.DatabaseError as error:
        return [("the file can't be read", str(error))]


def _damages(con: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for (text,) in con.execute("PRAGMA integrity_check").fetchall():
        if text != "ok":
            yield "the file is damaged", text
    for table, row, parent, _ in con.execute("PRAGMA foreign_key_check").fetchall():
        yield f"a row refers to a {parent} that is not there", f"{table} {row}"


def _strange_schema(con: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    known = {version: sha256_of(sql) for version, sql in migrations()}
    for version, sha256 in con.execute("SELECT version, sha256 FROM migration").fetchall():
        if known.get(version) != sha256:
            yield "the tables were made by another text of a migration", f"{version:04d}"


def _broken_audit(con: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    row = audit.first_broken_row(con)
    if row is not None:
        yield "the audit's chain is broken", f"row {row}"
