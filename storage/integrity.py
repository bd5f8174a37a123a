"""Checks the file, the ledger in it, and the pictures. Read-only: the bot may run meanwhile."""

import json
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from bot.images.result import PictureType
from storage.database.database import migrations, sha256_of
from storage.ledger_check import faults
from storage.manifest import sha256_of_file
from storage.tables import audit, blobs

# So many files are asked about in one query.
_FILES_AT_ONCE = 500
# A younger file without a row may be on its way into the store.
_ORPHAN_AGE_S = 3_600


def problems(con: sqlite3.Connection) -> list[tuple[str, str]]:
    """All faults, as (rule, where)."""
    try:
        return [*_damages(con), *_strange_schema(con), *faults(con), *_broken_audit(con)]
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


def picture_problems(con: sqlite3.Connection, pictures: Path) -> Iterator[tuple[str, str]]:
    """Missing, damaged and orphaned files, as (rule, where); reads every picture."""
    after = ""
    while rows := con.execute(_USED_SQL, (after, _FILES_AT_ONCE)).fetchall():
        for sha256, kind in rows:
            path = pictures / sha256[:2] / f"{sha256[2:]}{PictureType(kind).suffix}"
            trouble = _trouble_with(path, sha256)
            if trouble and con.execute(_IS_USED_SQL, (sha256,)).fetchone():  # still
                yield trouble, f"{path}, {_users_of(con, sha256)}"
        after = rows[-1][0]
    yield from _orphans(con, pictures)


_USED_SQL = "SELECT sha256, type FROM blob WHERE refs > 0 AND sha256 > ? ORDER BY sha256 LIMIT ?"
_IS_USED_SQL = "SELECT 1 FROM blob WHERE refs > 0 AND sha256 = ?"


def _trouble_with(path: Path, sha256: str) -> str:
    try:
        return "" if sha256_of_file(path) == sha256 else "a picture is damaged"
    except FileNotFoundError:
        return "a picture is missing"
    except OSError as error:
        return f"a picture can't be read ({error.strerror})"


def _users_of(con: sqlite3.Connection, sha256: str) -> str:
    rows = con.execute(
        "SELECT public_id FROM job WHERE image_sha256 = ?1 OR key IN"
        " (SELECT job_key FROM picture WHERE sha256 = ?1) LIMIT 5",
        (sha256,),
    ).fetchall()
    return "of " + ", ".join(public_id for (public_id,) in rows) if rows else "of no result"


def _orphans(con: sqlite3.Connection, pictures: Path) -> Iterator[tuple[str, str]]:
    for number in range(256):
        folder = pictures / f"{number:02x}"
        names: list[str] = []
        with suppress(FileNotFoundError):
            names = os.listdir(folder)  # noqa: PTH208  (names are enough)
        for first in range(0, len(names), _FILES_AT_ONCE):
            portion = names[first : first + _FILES_AT_ONCE]
            for name in _unknown_of(con, folder.name, portion):
                with suppress(FileNotFoundError):  # deleted meanwhile
                    if (folder / name).stat().st_mtime < time.time() - _ORPHAN_AGE_S:
                        yield "a file belongs to no picture", str(folder / name)


def _unknown_of(con: sqlite3.Connection, folder: str, names: Sequence[str]) -> list[str]:
    hashes = json.dumps([folder + name[:62] for name in names])
    unknown = {value for (value,) in con.execute(blobs.UNKNOWN_AMONG_SQL, (hashes,))}
    return sorted(name for name in names if folder + name[:62] in unknown)
