"""Backing up everything that the bot stores, also while it runs, and restoring it.

A backup is a folder: limner.db and pictures/. The database is copied first, as of one moment; files
of pictures are only added and deleted, never changed, so that the bot can go on meanwhile.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.errors import Misconfigured
from storage.database.database import Lock
from storage.sqlite_store import open_for_reading

DATABASE = "limner.db"
PICTURES = "pictures"
_BESIDE = ("-wal", "-shm")  # what SQLite keeps beside its file


def back_up(database: Path, pictures: Path, target: Path) -> int:
    """Copy into the new folder `target`; returns how many pictures. Raises Misconfigured."""
    if not database.exists():
        raise Misconfigured((f"There is nothing to back up: {database} does not exist.",))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Misconfigured((f"{target} is there already. Name a folder that is new or empty.",))
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.mkdir(parents=True, mode=0o700)
    try:
        with closing(open_for_reading(database)) as con:
            _copy(con, draft / DATABASE)
        count = _copy_pictures(pictures, draft / PICTURES)
        if target.exists():
            target.rmdir()
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return count


def restore(source: Path, database: Path, pictures: Path, now: datetime) -> Path | None:
    """Replace the database by that of the backup `source`, and add its pictures.

    Returns where the database that was there is kept, None if there was none. Raises Misconfigured
    while a bot runs, or for a folder that is no backup.
    """
    _check(source / DATABASE)
    database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = Lock(database)
    lock.take()
    try:
        _copy_pictures(source / PICTURES, pictures)
        draft = database.with_name(f".{database.name}.{os.getpid()}")
        with closing(open_for_reading(source / DATABASE)) as con:
            _copy(con, draft)
        kept = _put_aside(database, now)
        draft.rename(database)
    finally:
        lock.release()
    return kept


def _check(file: Path) -> None:
    try:
        with closing(open_for_reading(file)) as con:
            (verdict,) = con.execute("PRAGMA quick_check").fetchone()
            con.execute("SELECT version FROM migration").fetchone()
    except sqlite3.Error as error:
        raise Misconfigured((f"{file.parent} is no backup of Limner: {error}.",)) from None
    if verdict != "ok":
        raise Misconfigured((f"{file} is damaged: {verdict}",))


def _copy(con: sqlite3.Connection, target: Path) -> None:
    """Copy the database durably, as one file without a WAL, so that it can be read anywhere."""
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with closing(sqlite3.connect(target)) as copy:
        con.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _copy_pictures(source: Path, target: Path) -> int:
    """Copy missing files; those there are equal, as their name is their hash. Returns how many."""
    count = 0
    for file in sorted(source.rglob("*")) if source.exists() else ():
        if not file.is_file() or file.name.startswith("."):
            continue
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = copy.with_name(f".{copy.name}")
        try:
            if not copy.exists():
                shutil.copyfile(file, draft)
                draft.rename(copy)
        except FileNotFoundError:  # deleted meanwhile
            continue
        count += 1
    return count


def _put_aside(database: Path, now: datetime) -> Path | None:
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.before-restore-{now:%Y%m%dT%H%M%S}")
    for beside in ("", *_BESIDE):
        file = database.with_name(database.name + beside)
        if file.exists():
            file.rename(kept.with_name(kept.name + beside))
    return kept
