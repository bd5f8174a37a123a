"""Opening the file: its lock, pragmas and migrations, with a backup before those."""

import fcntl
import glob
import hashlib
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from bot.errors import Misconfigured
from storage.database.columns import to_us

# Entries are found by random keys: SQLite's default of 2 MiB is too small from 10,000 jobs on.
CACHE_KIB = 16 * 1024
BUSY_TIMEOUT_MS = 5_000
# In the name of a copy that is made before the file is migrated or replaced.
BEFORE = ".before-"

_VERSIONS = """
CREATE TABLE IF NOT EXISTS migration (
  version INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL
) STRICT
"""


class Lock:
    """Lets one process at a time own the file; the kernel frees it when that process ends."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_suffix(".lock")
        self._fd: int | None = None

    def take(self) -> None:
        """Raises Misconfigured when another process has it."""
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            raise Misconfigured((_ALREADY_RUNNING.format(path=self._path.parent),)) from None
        self._fd = fd

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


_ALREADY_RUNNING = (
    "Another Limner is running on {path}. Stop it first, or set DATA_DIR to another folder."
)


def open_for_writing(path: Path, now: datetime) -> sqlite3.Connection:
    """The one read-write connection, migrated. The caller holds the Lock."""
    # For the owner alone, as it holds prompts. SQLite gives the WAL beside it the same mode.
    path.touch(mode=0o600)
    con = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        con.execute("PRAGMA journal_mode=WAL")
        con.execute("PRAGMA synchronous=FULL")
        con.execute("PRAGMA foreign_keys=ON")
        # What is deleted is overwritten, so that it isn't left in free pages. FAST leaves some.
        con.execute("PRAGMA secure_delete=ON")
        con.execute("PRAGMA mmap_size=0")
        con.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        con.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        migrate(con, path, migrations(), now)
        _be_of_epoch(con, con.execute("SELECT number FROM epoch").fetchone()[0])
    except sqlite3.DatabaseError as error:
        con.close()
        raise Misconfigured((_UNREADABLE.format(path=path, error=error),)) from error
    except BaseException:
        con.close()
        raise
    return con


_UNREADABLE = (
    "{path} can't be opened as Limner's database ({error})."
    " If it is damaged, restore a backup with `limner restore`."
)


def begin_epoch(con: sqlite3.Connection, path: Path) -> int:
    """Take the next epoch, durably: whatever `con` writes of a job from now on names it.

    Raises Misconfigured, and closes `con`, when the file can't be written.
    """
    try:
        row = con.execute("UPDATE epoch SET number = number + 1 RETURNING number").fetchone()
    except sqlite3.Error as error:
        con.close()
        raise Misconfigured((_UNWRITABLE.format(path=path, error=error),)) from error
    return _be_of_epoch(con, int(row[0]))


_UNWRITABLE = "{path} can't be written ({error}). Is the disk full?"


def _be_of_epoch(con: sqlite3.Connection, number: int) -> int:
    """Let SQL ask for it, so that no body can forget to name it, or name another's."""
    con.create_function("this_epoch", 0, lambda: number, deterministic=True)
    return number


def migrate(
    con: sqlite3.Connection, path: Path, known: Sequence[tuple[int, str]], now: datetime
) -> None:
    """Apply missing migrations, each in one transaction, after a backup of an older file."""
    con.execute(_VERSIONS)
    applied = dict(con.execute("SELECT version, sha256 FROM migration").fetchall())
    if set(applied) - {version for version, _ in known}:
        raise Misconfigured((_TOO_NEW.format(path=path),))
    missing = [(version, sql) for version, sql in known if version not in applied]
    if applied and missing:
        _back_up(con, path.with_suffix(f"{BEFORE}{missing[0][0]:04d}.db"))
        con.execute("VACUUM")  # an older Limner left what it deleted in free pages
    for version, sql in missing:
        con.executescript(
            f"BEGIN IMMEDIATE;\n{sql}\nINSERT INTO migration VALUES ({version}, "
            f"'{sha256_of(sql)}', {to_us(now)});\nCOMMIT;"
        )


_TOO_NEW = "{path} was written by a newer Limner. Install that version, or set another DATA_DIR."


def migrations() -> list[tuple[int, str]]:
    """(version, SQL) in order, from the numbered files."""
    folder = files("storage") / "migrations"
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(int(name[:4]), (folder / name).read_text("utf-8")) for name in names]


def uri_for_reading(path: Path) -> str:
    """For sqlite3.connect(…, uri=True): read-only, so that the bot may run meanwhile."""
    return f"{path.absolute().as_uri()}?mode=ro"


def sha256_of(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()


def _back_up(con: sqlite3.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with closing(sqlite3.connect(target)) as copy:
        con.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def truncate_wal(con: sqlite3.Connection) -> bool:
    """Move the WAL into the file and empty it, as pages in it hold what was deleted since.

    Returns False, soon, while somebody reads: then it is to be tried again.
    """
    con.execute("PRAGMA busy_timeout=200")  # the writer waits for it
    busy, _, _ = con.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    con.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    return not busy


def drop_copies(path: Path, before: datetime | None) -> int:
    """Delete the copies of the file from before migrations and restorations; returns how many.

    Those that were made before `before`, or all of them.
    """
    count = 0
    for copy in path.parent.glob(f"{glob.escape(path.stem)}*{BEFORE}*"):
        if before is None or copy.stat().st_mtime < before.timestamp():
            copy.unlink(missing_ok=True)
            count += 1
    return count


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Whether two connections that write or checkpoint can corrupt a WAL file.

    Source: SQLite's release notes; present from 3.7.0 to 3.51.2 but for 3.44.6 and 3.50.7.
    """
    return (3, 7, 0) <= version <= (3, 51, 2) and version not in {(3, 44, 6), (3, 50, 7)}
