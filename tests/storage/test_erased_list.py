"""Who was erased stays erased, whatever older database is put in the place of theirs."""

import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.asker import Asker
from bot.domain.budgets import Budgets
from bot.domain.job_view import Phase
from storage.backup import back_up, restore
from storage.database.database import migrate, migrations, open_for_writing
from storage.erased_list import path_of
from storage.integrity import problems
from storage.sqlite_store import SqliteStore, open_for_reading
from storage.transactions import forgetting
from tests.support.bot_harness import ANN, BOB, BotHarness, bot_harness, prompted
from tests.support.clock import NOON, FakeClock

SECRET = "a lighthouse that only Ann knows of"
LATER = NOON + timedelta(hours=1)
LIMITS = Budgets(person_day=50_000)


def everything(data_dir: Path) -> bytes:
    """All that is in the database, deleted pages left out."""
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        return "\n".join(con.iterdump()).encode()


async def draws(core: BotHarness, who: Asker, prompt: str) -> None:
    done = await core.finished(await core.imagine(who, prompted(prompt), event_id=f"{len(prompt)}"))
    assert done.phase is Phase.DONE


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


def copied(data_dir: Path, target: Path) -> None:
    back_up(data_dir / "limner.db", data_dir / "pictures", target)


def restored(source: Path, data_dir: Path) -> None:
    restore(source, data_dir / "limner.db", data_dir / "pictures", LATER)


async def prepared(data_dir: Path, copy: Path) -> None:
    """Ann and Bob have drawn; Ann's is backed up, and erased after that."""
    async with bot_harness(data_dir, LIMITS) as core:
        await draws(core, ANN, SECRET)
        await draws(core, BOB, "a boat of Bob's")
        copied(data_dir, copy)
        core.clock.advance(timedelta(minutes=1))
        await core.privacy.erase("discord", "ann")


@pytest.mark.parametrize("lost", ["nothing", "the database", "the list"])
async def test_an_older_backup_brings_nobody_back(
    data_dir: Path, tmp_path: Path, lost: str
) -> None:
    await prepared(data_dir, tmp_path / "copy")
    if lost == "the database":
        (data_dir / "limner.db").write_bytes(b"broken" * 1_000)
    elif lost == "the list":
        path_of(data_dir / "limner.db").unlink()
    restored(tmp_path / "copy", data_dir)
    assert SECRET.encode() in everything(data_dir)
    async with bot_harness(data_dir, LIMITS, clock=FakeClock(LATER)) as core:
        assert SECRET.encode() not in everything(data_dir)
        assert await core.store.people.places_of("discord", "ann") == []
        assert [job.prompt for job in await core.studio.history(BOB)] == ["a boat of Bob's"]
        await core.until(lambda: len(list((data_dir / "pictures").rglob("*.png"))) == 1)
        await draws(core, ANN, "Ann is back")  # with the budget that she had left
        assert (await core.balances(ANN))[0].posted_micros == 2_000
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        assert problems(con) == []


async def test_who_came_back_after_an_erasure_is_not_erased_at_each_start(
    data_dir: Path, tmp_path: Path
) -> None:
    await prepared(data_dir, tmp_path / "copy")
    async with bot_harness(data_dir, LIMITS, clock=FakeClock(LATER)) as core:
        await draws(core, ANN, "Ann is back")
    copied(data_dir, tmp_path / "second")
    for _ in range(2):
        restored(tmp_path / "second", data_dir)
        async with bot_harness(data_dir, LIMITS, clock=FakeClock(LATER)) as core:
            assert [job.prompt for job in await core.studio.history(ANN)] == ["Ann is back"]


async def test_what_somebody_had_open_in_the_backup_is_cancelled(
    data_dir: Path, tmp_path: Path
) -> None:
    async with bot_harness(data_dir, LIMITS) as core:
        core.backend.may_finish.clear()
        waiting = await core.imagine(ANN, prompted(SECRET))
        await core.until(lambda: core.backend.busy)
        copied(data_dir, tmp_path / "copy")
        core.backend.may_finish.set()
        await core.finished(waiting)
        await core.privacy.erase("discord", "ann")
    restored(tmp_path / "copy", data_dir)
    async with bot_harness(data_dir, LIMITS, clock=FakeClock(LATER)):
        assert SECRET.encode() not in everything(data_dir)
    with closing(open_for_reading(data_dir / "limner.db")) as con:
        assert problems(con) == []


async def test_the_list_names_nobody_and_survives_a_line_that_was_cut_off(
    data_dir: Path, tmp_path: Path
) -> None:
    await prepared(data_dir, tmp_path / "copy")
    file = path_of(data_dir / "limner.db")
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"ann" not in file.read_bytes()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])  # a crash in the middle of the first line
    store = SqliteStore.open(data_dir / "limner.db", LATER)
    await store.close()
    assert file.read_bytes() == whole[: len(whole) // 2] + b"\n" + whole


def copies_in(data_dir: Path) -> list[Path]:
    return list(data_dir.glob("*before-*"))


async def test_an_erasure_leaves_nobody_in_copies_from_before(
    data_dir: Path, tmp_path: Path
) -> None:
    async with bot_harness(data_dir, LIMITS) as core:
        await draws(core, ANN, SECRET)
    copied(data_dir, tmp_path / "copy")
    restored(tmp_path / "copy", data_dir)
    shutil.copyfile(data_dir / "limner.db", data_dir / "limner.before-0008.db")
    async with bot_harness(data_dir, LIMITS, clock=FakeClock(LATER)) as core:
        assert len(copies_in(data_dir)) == 2
        await core.privacy.erase("discord", "ann")
        assert copies_in(data_dir) == []


def holding_the_secret(data_dir: Path) -> list[Path]:
    return [each for each in data_dir.glob("limner*") if SECRET.encode() in each.read_bytes()]


async def test_an_older_database_leaves_nothing_on_disk_once_it_is_opened(
    data_dir: Path, tmp_path: Path
) -> None:
    await prepared(data_dir, tmp_path / "copy")
    restored(tmp_path / "copy", data_dir)
    shutil.copyfile(data_dir / "limner.db", data_dir / "limner.before-0011.db")
    store = SqliteStore.open(data_dir / "limner.db", LATER)
    held = holding_the_secret(data_dir)
    await store.close()
    assert held == []


def test_what_older_versions_left_in_free_pages_goes_with_the_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "limner.db"
    with closing(open_for_writing(path, NOON)) as con:
        con.execute("PRAGMA secure_delete=OFF")
        con.execute("INSERT INTO note VALUES ('long', ?)", (SECRET * 1_000,))
        con.execute("DELETE FROM note WHERE name = 'long'")
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert SECRET.encode() in path.read_bytes()
        migrate(con, path, [*migrations(), (9_999, "CREATE TABLE newer (id INTEGER);")], NOON)
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert SECRET.encode() not in path.read_bytes()


async def test_retention_forgets_where_a_result_was_posted(data_dir: Path) -> None:
    async with bot_harness(data_dir) as core:
        wish = prompted(SECRET, webhook="https://example.org/hook")
        await core.finished(await core.imagine(ANN, wish))
        now = core.clock.now() + timedelta(days=2)
        await core.store.people.retire(now, 10, now)
    assert b"example.org/hook" not in everything(data_dir)


async def test_an_erasure_that_is_cut_off_is_finished(data_dir: Path) -> None:
    """The process ended after the first portion of requests."""
    async with bot_harness(data_dir, LIMITS) as core:
        for number in range(3):
            await draws(core, ANN, f"{SECRET} {'x' * number}")
        now = core.clock.now()
        who = ("discord", "c1", "ann")
        await core.store._writer.run(forgetting.begin, *who, now)
        assert await core.store._writer.run(forgetting.erase_some, *who, 2, now) == 2
        assert SECRET.encode() in everything(data_dir)
        await core.store.cases.keep_to_retention(core.settings.retention, 10, now)
        assert SECRET.encode() not in everything(data_dir)
        assert await core.store.people.places_of("discord", "ann") == []
