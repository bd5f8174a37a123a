import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from storage.backup import back_up, restore
from storage.database.database import Lock, open_for_writing

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


class DataFolder:
    """A data folder with a database, which has one note, and one picture."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "limner.db"
        self.pictures = folder / "pictures"

    def fill(self, note: str) -> sqlite3.Connection:
        self.pictures.joinpath("ab").mkdir(parents=True)
        self.pictures.joinpath("ab", "abcd.png").write_bytes(b"cat")
        con = open_for_writing(self.database, NOW)
        con.execute("INSERT INTO note VALUES ('said', ?)", (note,))
        return con

    def note(self) -> str:
        with closing(sqlite3.connect(self.database)) as con:
            return str(con.execute("SELECT value FROM note WHERE name = 'said'").fetchone()[0])


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


def test_a_backup_of_a_running_bot_comes_back(data: DataFolder, tmp_path: Path) -> None:
    with closing(data.fill("before")) as con:
        assert back_up(data.database, data.pictures, tmp_path / "copy") == 1
        con.execute("UPDATE note SET value = 'after'")
    (data.pictures / "ab" / "abcd.png").unlink()
    kept = restore(tmp_path / "copy", data.database, data.pictures, NOW)
    assert data.note() == "before"
    assert (data.pictures / "ab" / "abcd.png").read_bytes() == b"cat"
    assert kept == data.folder / "limner.db.before-restore-20261122T153000"
    assert data.database.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o700


def test_what_was_there_is_kept_whole(data: DataFolder, tmp_path: Path) -> None:
    with closing(data.fill("before")) as con:
        back_up(data.database, data.pictures, tmp_path / "copy")
        con.execute("UPDATE note SET value = 'after'")
    kept = restore(tmp_path / "copy", data.database, data.pictures, NOW)
    assert kept is not None
    old = DataFolder(data.folder)
    old.database = kept
    assert old.note() == "after"


def test_a_restored_database_opens_again(data: DataFolder, tmp_path: Path) -> None:
    data.fill("before").close()
    back_up(data.database, data.pictures, tmp_path / "copy")
    elsewhere = DataFolder(tmp_path / "elsewhere")
    assert restore(tmp_path / "copy", elsewhere.database, elsewhere.pictures, NOW) is None
    with closing(open_for_writing(elsewhere.database, NOW)) as con:
        assert con.execute("SELECT value FROM note WHERE name = 'said'").fetchone() == ("before",)


def test_a_backup_never_overwrites(data: DataFolder, tmp_path: Path) -> None:
    data.fill("before").close()
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine").touch()
    with pytest.raises(Misconfigured, match="is there already"):
        back_up(data.database, data.pictures, tmp_path / "copy")
    assert [file.name for file in (tmp_path / "copy").iterdir()] == ["mine"]


def test_an_unfinished_backup_leaves_nothing(data: DataFolder, tmp_path: Path) -> None:
    data.folder.mkdir()
    data.database.write_bytes(b"no database" * 1000)
    with pytest.raises(sqlite3.DatabaseError):
        back_up(data.database, data.pictures, tmp_path / "copy")
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


def test_nothing_to_back_up_is_said(data: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="nothing to back up"):
        back_up(data.database, data.pictures, tmp_path / "copy")


def test_a_running_bot_is_not_restored_over(data: DataFolder, tmp_path: Path) -> None:
    data.fill("before").close()
    back_up(data.database, data.pictures, tmp_path / "copy")
    lock = Lock(data.database)
    lock.take()
    try:
        with pytest.raises(Misconfigured):
            restore(tmp_path / "copy", data.database, data.pictures, NOW)
    finally:
        lock.release()
    assert data.note() == "before"


@pytest.mark.parametrize("content", [None, b"", b"no database" * 1000])
def test_what_is_no_backup_is_not_restored(
    data: DataFolder, tmp_path: Path, content: bytes | None
) -> None:
    data.fill("before").close()
    (tmp_path / "copy").mkdir()
    if content is not None:
        (tmp_path / "copy" / "limner.db").write_bytes(content)
    with pytest.raises(Misconfigured, match="no backup of Limner"):
        restore(tmp_path / "copy", data.database, data.pictures, NOW)
    assert data.note() == "before"
