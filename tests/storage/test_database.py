"""Opening the file: one owner, the right settings, migrations that are whole or not at all."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from storage.database.database import (
    Lock,
    has_wal_reset_bug,
    migrate,
    migrations,
    open_for_writing,
    sha256_of,
    uri_for_reading,
)
from storage.sqlite_store import SqliteStore
from tests.storage.builders import NOON, dump, produced

LATEST = len(migrations())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "limner.db"


@pytest.fixture
def no_database(path: Path) -> Path:
    path.write_bytes(b"the cat sat on the mat" * 1_000)
    return path


def schema(con: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return con.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()


def older(path: Path, version: int) -> None:
    """A file as the version before wrote it, with a row in it."""
    with closing(sqlite3.connect(path)) as con:
        migrate(con, path, migrations()[:version], NOON)
        con.execute("INSERT INTO note VALUES ('said', '\"something\"')")
        con.commit()


def test_every_commit_is_on_disk_before_it_is_said(path: Path) -> None:
    with closing(open_for_writing(path, NOON)) as con:
        found = {
            name: con.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "mmap_size")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "mmap_size": 0}


def test_what_people_wrote_is_for_the_owners_eyes(path: Path) -> None:
    with closing(open_for_writing(path, NOON)) as con:
        produced(con)
        modes = {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()}
    assert modes == {"limner.db": "0o600", "limner.db-shm": "0o600", "limner.db-wal": "0o600"}


def test_migrations_are_numbered_from_one_without_a_gap() -> None:
    assert [version for version, _ in migrations()] == list(range(1, LATEST + 1))


def test_each_migration_is_written_down_with_its_text_and_time(path: Path) -> None:
    with closing(open_for_writing(path, NOON)) as con:
        rows = con.execute("SELECT version, sha256, applied_at FROM migration").fetchall()
    noon_us = 1_795_348_800_000_000
    assert rows == [(version, sha256_of(sql), noon_us) for version, sql in migrations()]


def test_opening_again_changes_nothing(path: Path) -> None:
    with closing(open_for_writing(path, NOON)) as con:
        produced(con)
        before = dump(con)
    with closing(open_for_writing(path, NOON)) as con:
        assert dump(con) == before


@pytest.mark.parametrize("version", range(1, LATEST))
def test_an_upgraded_file_has_the_same_tables_as_a_fresh_one(
    path: Path, tmp_path: Path, version: int
) -> None:
    older(path, version)
    with (
        closing(open_for_writing(path, NOON)) as upgraded,
        closing(open_for_writing(tmp_path / "fresh.db", NOON)) as fresh,
    ):
        assert schema(upgraded) == schema(fresh)
        assert upgraded.execute("SELECT * FROM note").fetchall() == [("said", '"something"')]


@pytest.mark.parametrize("version", range(1, LATEST))
def test_an_older_file_is_backed_up_before_it_is_migrated(path: Path, version: int) -> None:
    older(path, version)
    with closing(sqlite3.connect(path)) as con:
        before = dump(con)
    open_for_writing(path, NOON).close()
    backup = path.with_name(f"limner.before-{version + 1:04d}.db")
    assert backup.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(uri_for_reading(backup), uri=True)) as con:
        assert dump(con) == before


def test_a_fresh_file_needs_no_backup(path: Path) -> None:
    open_for_writing(path, NOON).close()
    assert [file.name for file in path.parent.iterdir()] == ["limner.db"]


def test_a_migration_that_fails_leaves_nothing_of_itself(path: Path) -> None:
    steps = [
        (1, "CREATE TABLE first (id INTEGER PRIMARY KEY) STRICT;"),
        (
            2,
            "CREATE TABLE second (id INTEGER PRIMARY KEY) STRICT;\nINSERT INTO nothing VALUES (1);",
        ),
    ]
    with closing(sqlite3.connect(path)) as con, pytest.raises(sqlite3.OperationalError):
        migrate(con, path, steps, NOON)
    with closing(sqlite3.connect(path)) as con:
        assert {name for _, name, _ in schema(con)} == {"first", "migration"}
        assert con.execute("SELECT version FROM migration").fetchall() == [(1,)]


def test_a_newer_file_is_refused_and_left_alone(path: Path) -> None:
    with closing(open_for_writing(path, NOON)) as con:
        con.execute("INSERT INTO migration VALUES (9999, 'of tomorrow', 0)")
        before = dump(con)
    with pytest.raises(Misconfigured, match=r"limner\.db was written by a newer Limner"):
        open_for_writing(path, NOON)
    with closing(sqlite3.connect(path)) as con:
        assert dump(con) == before


def test_a_file_that_is_no_database_is_one_sentence(no_database: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        open_for_writing(no_database, NOON)
    assert str(refused.value) == (
        f"{no_database} can't be opened as Limner's database (file is not a database)."
        " If it is damaged, restore a backup with `limner restore`."
    )


def test_a_second_owner_is_refused_until_the_first_lets_go(path: Path) -> None:
    first, second = Lock(path), Lock(path)
    first.take()
    with pytest.raises(
        Misconfigured, match=re.escape(f"Another Limner is running on {path.parent}")
    ):
        second.take()
    first.release()
    second.take()
    second.release()


async def test_books_that_can_not_be_opened_give_the_lock_back(no_database: Path) -> None:
    with pytest.raises(Misconfigured):
        SqliteStore.open(no_database, NOON)
    lock = Lock(no_database)
    lock.take()
    lock.release()


async def test_closed_books_give_the_lock_back(path: Path) -> None:
    store = SqliteStore.open(path, NOON)
    with pytest.raises(Misconfigured):
        Lock(path).take()
    await store.close()
    assert not store.healthy
    lock = Lock(path)
    lock.take()
    lock.release()


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((4, 0, 0), False),
    ],
)
def test_the_library_is_known_to_corrupt_or_not(
    version: tuple[int, int, int], *, affected: bool
) -> None:
    assert has_wal_reset_bug(version) is affected
