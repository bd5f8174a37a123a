import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.images.codec import sha256_of
from storage import backup
from storage.backup import BackedUp, back_up, restore
from storage.database.database import Lock, drop_copies, open_for_writing
from storage.manifest import NAME, listed

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
CAT, DOG = b"cat", b"dog"


class DataFolder:
    """A data folder with a database, which has one note, and pictures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "limner.db"
        self.pictures = folder / "pictures"

    def fill(self, note: str) -> sqlite3.Connection:
        self.folder.mkdir()
        self.put(CAT)
        con = open_for_writing(self.database, NOW)
        con.execute("INSERT INTO note VALUES ('said', ?)", (note,))
        return con

    def file(self, data: bytes) -> Path:
        sha256 = sha256_of(data)
        return self.pictures / sha256[:2] / f"{sha256[2:]}.png"

    def put(self, data: bytes) -> None:
        self.file(data).parent.mkdir(parents=True, exist_ok=True)
        self.file(data).write_bytes(data)

    def back_up(self, target: Path, previous: Path | None = None) -> BackedUp:
        return back_up(self.database, self.pictures, target, previous=previous)

    def restore(self, source: Path) -> Path | None:
        return restore(source, self.database, self.pictures, NOW)

    def note(self) -> str:
        with closing(sqlite3.connect(self.database)) as con:
            return str(con.execute("SELECT value FROM note WHERE name = 'said'").fetchone()[0])

    def contents(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy"


def test_a_backup_of_a_running_bot_comes_back(data: DataFolder, copy: Path) -> None:
    with closing(data.fill("before")) as con:
        assert data.back_up(copy) == BackedUp(pictures=1, damaged=())
        con.execute("UPDATE note SET value = 'after'")
    data.file(CAT).unlink()
    kept = data.restore(copy)
    assert data.note() == "before"
    assert data.file(CAT).read_bytes() == CAT
    assert kept == data.folder / "limner.db.before-restore-20261122T153000"
    assert data.database.stat().st_mode & 0o777 == 0o600
    assert copy.stat().st_mode & 0o777 == 0o700


def test_a_backup_is_of_one_moment_while_the_bot_writes(
    data: DataFolder, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_PAGES_AT_ONCE", 1)
    with closing(data.fill("before")) as con:
        turns = 0

        def write() -> None:
            nonlocal turns
            turns += 1
            con.execute("UPDATE note SET value = 'after' || ? WHERE name = 'said'", (turns,))

        back_up(data.database, data.pictures, copy, check=write)
        pages = con.execute("PRAGMA page_count").fetchone()[0]
    assert turns <= 2 * pages  # it doesn't begin anew with each write
    data.restore(copy)
    assert data.note() == "before"


def test_what_was_there_is_kept_whole(data: DataFolder, copy: Path) -> None:
    with closing(data.fill("before")) as con:
        data.back_up(copy)
        con.execute("UPDATE note SET value = 'after'")
    kept = data.restore(copy)
    assert kept is not None
    old = DataFolder(data.folder)
    old.database = kept
    assert old.note() == "after"


def test_a_restored_database_opens_again(data: DataFolder, copy: Path, tmp_path: Path) -> None:
    data.fill("before").close()
    data.back_up(copy)
    elsewhere = DataFolder(tmp_path / "elsewhere")
    assert elsewhere.restore(copy) is None
    with closing(open_for_writing(elsewhere.database, NOW)) as con:
        assert con.execute("SELECT value FROM note WHERE name = 'said'").fetchone() == ("before",)


def test_the_list_of_a_backup_is_one_that_other_programs_read(data: DataFolder, copy: Path) -> None:
    data.fill("before").close()
    data.back_up(copy)
    assert [line.split("  ") for line in (copy / NAME).read_text().splitlines()[:-1]] == [
        [sha256_of((copy / "limner.db").read_bytes()), "limner.db"],
        [sha256_of(CAT), f"pictures/{data.file(CAT).relative_to(data.pictures)}"],
    ]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"?")


@pytest.mark.parametrize("harm", [Path.unlink, cut, change])
@pytest.mark.parametrize("victim", ["limner.db", NAME, "a picture"])
def test_a_backup_that_is_not_whole_is_refused_by_name_before_anything_changes(
    data: DataFolder, copy: Path, victim: str, harm: Callable[[Path], None]
) -> None:
    data.fill("before").close()
    data.put(DOG)
    data.back_up(copy)
    file = copy / victim
    if victim == "a picture":
        file = copy / "pictures" / data.file(DOG).relative_to(data.pictures)
    harm(file)
    data.file(CAT).unlink()
    before = data.contents()
    with pytest.raises(Misconfigured) as refused:
        data.restore(copy)
    assert file.name in refused.value.problems[0]
    assert str(copy) in refused.value.problems[0]
    assert data.contents() == before


def test_of_many_missing_files_some_are_named_and_the_rest_counted(
    data: DataFolder, copy: Path
) -> None:
    data.fill("before").close()
    for number in range(20):
        data.put(str(number).encode())
    data.back_up(copy)
    shutil.rmtree(copy / "pictures")
    with pytest.raises(Misconfigured) as refused:
        data.restore(copy)
    assert len(refused.value.problems) == 12
    assert refused.value.problems[-2:] == (
        "And 11 more.",
        "Nothing was changed. Copy these files into the backup again, or take another one.",
    )


def test_a_list_leads_nowhere_else(data: DataFolder, copy: Path) -> None:
    data.fill("before").close()
    data.back_up(copy)
    text = (copy / NAME).read_text().replace("  pictures/", "  ../pictures/")
    (copy / NAME).write_text(text)
    with pytest.raises(Misconfigured):
        list(listed(copy))


def test_a_newer_database_is_refused_before_anything_changes(data: DataFolder, copy: Path) -> None:
    with closing(data.fill("before")) as con:
        con.execute("INSERT INTO migration VALUES (9999, 'a', 1)")
        data.back_up(copy)
        con.execute("DELETE FROM migration WHERE version = 9999")
    before = data.contents()
    with pytest.raises(Misconfigured, match="newer Limner"):
        data.restore(copy)
    assert data.contents() == before


def test_a_damaged_picture_is_in_no_backup_and_is_replaced_by_a_whole_one(
    data: DataFolder, copy: Path, tmp_path: Path
) -> None:
    data.fill("before").close()
    data.put(DOG)
    data.back_up(copy)
    change(data.file(CAT))
    name = str(data.file(CAT).relative_to(data.pictures))
    assert data.back_up(tmp_path / "later") == BackedUp(pictures=1, damaged=(name,))
    data.restore(copy)
    assert data.file(CAT).read_bytes() == CAT


def test_what_the_backup_before_has_is_linked(data: DataFolder, tmp_path: Path) -> None:
    data.fill("before").close()
    first, second = tmp_path / "first", tmp_path / "second"
    data.back_up(first)
    data.put(DOG)
    assert data.back_up(second, previous=first).pictures == 2
    name = data.file(CAT).relative_to(data.pictures)
    assert (first / "pictures" / name).samefile(second / "pictures" / name)
    assert not (second / "pictures" / name).samefile(data.file(CAT))
    shutil.rmtree(first)
    assert list(backup.problems_of(second)) == []


def test_a_backup_never_overwrites(data: DataFolder, copy: Path) -> None:
    data.fill("before").close()
    copy.mkdir()
    (copy / "mine").touch()
    with pytest.raises(Misconfigured, match="is there already"):
        data.back_up(copy)
    assert [file.name for file in copy.iterdir()] == ["mine"]


def test_an_unfinished_backup_leaves_nothing(data: DataFolder, copy: Path, tmp_path: Path) -> None:
    data.folder.mkdir()
    data.database.write_bytes(b"no database" * 1000)
    with pytest.raises(sqlite3.DatabaseError):
        data.back_up(copy)
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


def test_nothing_to_back_up_is_said(data: DataFolder, copy: Path) -> None:
    with pytest.raises(Misconfigured, match="nothing to back up"):
        data.back_up(copy)


def test_a_running_bot_is_not_restored_over(data: DataFolder, copy: Path) -> None:
    data.fill("before").close()
    data.back_up(copy)
    lock = Lock(data.database)
    lock.take()
    try:
        with pytest.raises(Misconfigured):
            data.restore(copy)
    finally:
        lock.release()
    assert data.note() == "before"


@pytest.mark.parametrize("content", [None, b"", b"no database" * 1000])
def test_what_is_no_backup_is_not_restored(
    data: DataFolder, copy: Path, content: bytes | None
) -> None:
    data.fill("before").close()
    copy.mkdir()
    if content is not None:
        (copy / "limner.db").write_bytes(content)
    with pytest.raises(Misconfigured, match="no backup of Limner"):
        data.restore(copy)
    assert data.note() == "before"


def test_copies_from_before_go_when_they_are_old_or_at_once(data: DataFolder, copy: Path) -> None:
    data.fill("before").close()
    data.back_up(copy)
    kept = data.restore(copy)
    assert kept is not None
    older = data.folder / "limner.before-0008.db"
    older.touch()
    os.utime(older, (0, 0))
    assert drop_copies(data.database, NOW) == 1
    assert kept.exists()
    assert not older.exists()
    assert drop_copies(data.database, None) >= 1
    assert not kept.exists()
    assert data.note() == "before"
