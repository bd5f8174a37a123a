"""Who was erased: a list beside the database, in no backup, as keyed hashes.

When an older database is put in the place of this one, what was erased since is in it again. So
each start holds the list against the database, and erases again whom the database doesn't know as
erased. The database has the same list, written in the transaction of the erasure; the file follows
it, so that it is there when the database is lost.
"""

import os
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from storage.database.database import uri_for_reading
from storage.transactions import erasures
from storage.transactions.erasures import Erasure


def path_of(database: Path) -> Path:
    return database.with_suffix(".erased")


def agree(con: sqlite3.Connection, database: Path, now: datetime) -> int:
    """Erase again whom only the file knows as erased; returns how many people that were.

    Then the file has everything that the database has.
    """
    path = path_of(database)
    missing = read(path) - erasures.known(con)
    count = 0
    if missing:
        con.execute("BEGIN IMMEDIATE")
        try:
            count = erasures.repeat(con, missing, now)
        except BaseException:
            con.execute("ROLLBACK")
            raise
        con.execute("COMMIT")
    add(path, erasures.known(con))
    return count


def carry_over(database: Path) -> None:
    """Write what a database that is to be replaced knows into the file, if it is readable."""
    uri = uri_for_reading(database)
    with suppress(sqlite3.Error), closing(sqlite3.connect(uri, uri=True)) as con:
        add(path_of(database), erasures.known(con))


def read(path: Path) -> set[Erasure]:
    """What the file has; a line that was cut off by a crash is left out."""
    try:
        lines = path.read_text("ascii").splitlines()
    except FileNotFoundError:
        return set()
    found = filter(None, map(_LINE.fullmatch, lines))
    return {Erasure(each[1], each[2], int(each[3])) for each in found}


# The full stop is missing where a crash cut the line off.
_LINE = re.compile(r"([0-9a-f]{64}) ([0-9a-f]{64}) (\d+) \.")


def add(path: Path, known: Iterable[Erasure]) -> None:
    """Append what the file doesn't have, durably."""
    missing = sorted(set(known) - read(path), key=lambda each: each.at_us)
    if not missing:
        return
    text = "".join(f"{each.key} {each.hash} {each.at_us} .\n" for each in missing)
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(number, "a+b") as file:
        _end_line(file.fileno())
        file.write(text.encode("ascii"))
        file.flush()
        os.fsync(file.fileno())


def _end_line(file: int) -> None:
    """End a line that a crash left unfinished, so that the next one stands by itself."""
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        os.write(file, b"\n")
