"""Backing up everything that the bot stores, also while it runs, and restoring it.

A backup is a folder: limner.db, pictures/ and SHA256SUMS. The database is copied first, as of one
moment; files of pictures are only added and deleted, never changed, so that the bot can go on
meanwhile. Under its name a backup is complete: until then it is `.NAME.PID`. What moderators
removed or escalated is in no backup that is made later.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Container, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import Misconfigured
from storage import erased_list
from storage.database.database import BEFORE, Lock, migrations
from storage.manifest import Manifest, copied, listed, sha256_of_file
from storage.sqlite_store import open_for_reading
from storage.transactions.lineage.backups import leave_out

DATABASE = "limner.db"
PICTURES = "pictures"
_BESIDE = ("-wal", "-shm")  # what SQLite keeps beside its file
# So many pages are copied between two looks whether to go on.
_PAGES_AT_ONCE = 2_000
# Problems that are named one by one.
_NAMED_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """How many pictures a backup holds, and the names of those left out as they are damaged."""

    pictures: int
    damaged: tuple[str, ...]


def back_up(
    database: Path,
    pictures: Path,
    target: Path,
    *,
    previous: Path | None = None,
    check: Callable[[], None] = lambda: None,
) -> BackedUp:
    """Copy into the new folder `target`. Raises Misconfigured.

    Pictures that the backup `previous`, on the same disk, has already are linked and take no room.
    `check` is called again and again; what it raises ends the work, and nothing is left of it.
    """
    if not database.exists():
        raise Misconfigured((f"There is nothing to back up: {database} does not exist.",))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Misconfigured((f"{target} is there already. Name a folder that is new or empty.",))
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.mkdir(parents=True, mode=0o700)
    try:
        with Manifest(draft) as manifest:
            with closing(open_for_reading(database)) as con:
                _copy(con, draft / DATABASE, check)
            left_out = _leave_out(draft / DATABASE)
            manifest.add(DATABASE, sha256_of_file(draft / DATABASE))
            source = _Source(pictures, None if previous is None else previous / PICTURES, left_out)
            report = _copy_pictures(source, draft / PICTURES, manifest, check)
        os.sync()  # once for all files: each by itself would take hours
        if target.exists():
            target.rmdir()
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return report


def restore(source: Path, database: Path, pictures: Path, now: datetime) -> Path | None:
    """Replace the database by that of the backup `source`, and add its pictures.

    Returns where the database that was there is kept, None if there was none. Raises Misconfigured
    while a bot runs, and for a backup that isn't whole, before anything is changed.
    """
    _refuse_unless_whole(source)
    database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = Lock(database)
    lock.take()
    draft = database.with_name(f".{database.name}.{os.getpid()}")
    try:
        _restore_pictures(source, pictures)
        with closing(open_for_reading(source / DATABASE)) as con:
            _copy(con, draft)
        erased_list.carry_over(database)
        kept = _put_aside(database, now)
        os.sync()
        draft.replace(database)
    finally:
        draft.unlink(missing_ok=True)
        lock.release()
    return kept


def problems_of(folder: Path) -> Iterator[str]:
    """A sentence for each file of a backup that is missing or damaged.

    Raises Misconfigured where nobody can know, as the list itself isn't whole.
    """
    for name, sha256 in listed(folder):
        try:
            found = sha256_of_file(folder / name)
        except OSError as error:
            yield f"{folder / name} can't be read: {error.strerror}."
            continue
        if found != sha256:
            yield f"{folder / name} is damaged: its content is not what was backed up."


def _refuse_unless_whole(folder: Path) -> None:
    problems = list(problems_of(folder))
    if problems:
        more = len(problems) - _NAMED_MAX
        rest = (f"And {more} more.",) if more > 0 else ()
        advice = "Nothing was changed. Copy these files into the backup again, or take another one."
        raise Misconfigured((*problems[:_NAMED_MAX], *rest, advice))
    _refuse_unless_ours(folder / DATABASE)


def _refuse_unless_ours(file: Path) -> None:
    try:
        with closing(open_for_reading(file)) as con:
            (verdict,) = con.execute("PRAGMA quick_check").fetchone()
            applied = {version for (version,) in con.execute("SELECT version FROM migration")}
    except sqlite3.Error as error:
        raise Misconfigured((f"{file.parent} is no backup of Limner: {error}.",)) from None
    if verdict != "ok":
        raise Misconfigured((f"{file} is damaged: {verdict}",))
    if applied - {version for version, _ in migrations()}:
        text = f"{file} was written by a newer Limner. Install that version first."
        raise Misconfigured((text,))


def _copy(con: sqlite3.Connection, target: Path, check: Callable[[], None] = lambda: None) -> None:
    """Copy the database durably, as one file without a WAL, so that it can be read anywhere."""
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    con.execute("BEGIN")  # one moment for all portions: without it, each write begins it anew
    con.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    with closing(sqlite3.connect(target)) as copy:
        con.backup(copy, pages=_PAGES_AT_ONCE, progress=lambda *_: check(), sleep=0)
        copy.execute("PRAGMA journal_mode=DELETE")


def _leave_out(copy: Path) -> set[str]:
    """Forget in the copy what moderators took away. Returns the files that it has no use for."""
    with closing(sqlite3.connect(copy)) as con:
        (known,) = con.execute(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'blocked_file'"
        ).fetchone()
        left_out = leave_out(con) if known else set()  # an older Limner's has no such table
        con.commit()
    return left_out


@dataclass(frozen=True, slots=True)
class _Source:
    """Pictures to back up, those of the backup before, and hashes of those that stay behind."""

    pictures: Path
    previous: Path | None
    left_out: Container[str]


def _copy_pictures(
    source: _Source, target: Path, manifest: Manifest, check: Callable[[], None]
) -> BackedUp:
    count, damaged = 0, []
    for name in _names_in(source.pictures):
        check()
        if _hash_in(name) in source.left_out:
            continue
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            if _linked(source.previous, name, copy):
                pass
            elif copied(source.pictures / name, copy) != _hash_in(name):
                copy.unlink()
                damaged.append(name)
                continue
        except FileNotFoundError:  # deleted meanwhile
            continue
        manifest.add(f"{PICTURES}/{name}", _hash_in(name))
        count += 1
    return BackedUp(pictures=count, damaged=tuple(damaged))


def _linked(previous: Path | None, name: str, copy: Path) -> bool:
    """Whether the file could be taken from `previous`; some disks know no links."""
    if previous is None:
        return False
    try:
        os.link(previous / name, copy)
    except OSError:
        return False
    return True


def _restore_pictures(source: Path, pictures: Path) -> None:
    """Copy what is missing or damaged in the store."""
    for name, sha256 in listed(source):
        if name == DATABASE:
            continue
        copy = pictures.parent / name if pictures.name == PICTURES else pictures / name[9:]
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if copy.exists() and sha256_of_file(copy) == sha256:
            continue
        if copied(source / name, copy) != sha256:
            copy.unlink()
            raise Misconfigured((f"{source / name} changed while it was read. Check that disk.",))


def _names_in(pictures: Path) -> Iterator[str]:
    """Every picture below the folder as "ab/cd….png", folder by folder."""
    for number in range(256):
        folder = f"{number:02x}"
        with suppress(FileNotFoundError):
            for file in sorted(os.listdir(pictures / folder)):  # noqa: PTH208  (names are enough)
                if not file.startswith(".") and not file.endswith(".part"):
                    yield f"{folder}/{file}"


def _hash_in(name: str) -> str:
    return name[:2] + name[3:65]


def _put_aside(database: Path, now: datetime) -> Path | None:
    """Keep the database under another name as well; it stays in its place until it is replaced."""
    if not database.exists():
        return None
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as con:  # it may be damaged
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = database.with_name(f"{database.name}{BEFORE}restore-{now:%Y%m%dT%H%M%S}")
    try:
        os.link(database, kept)
    except OSError:  # a disk without links
        shutil.copyfile(database, kept)
        kept.chmod(0o600)
    for beside in _BESIDE:
        file = database.with_name(database.name + beside)
        if file.exists():
            file.rename(kept.with_name(kept.name + beside))
    return kept
