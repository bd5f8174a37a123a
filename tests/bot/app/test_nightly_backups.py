"""A backup every night, beside the running bot, by its clock."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.nightly_backups import BACKUPS_LOOK_S
from bot.domain.job_view import Phase
from storage.backup import problems_of
from tests.support.bot_harness import BotHarness, bot_harness, prompted
from tests.support.clock import FakeClock

# In Berlin it is two hours later: 3:30 in the night.
NIGHT = datetime(2026, 7, 22, 1, 30, tzinfo=UTC)


class Nights:
    """A bot whose clock a test moves from look to look."""

    def __init__(self, core: BotHarness, folder: Path) -> None:
        self._core = core
        self._folder = folder

    async def wait(self, by: timedelta) -> None:
        """Let time pass, and whoever looks for backups look."""
        clock = self._core.clock
        await self._core.until(lambda: clock.sleeps(BACKUPS_LOOK_S))
        looks = clock.slept_s.count(BACKUPS_LOOK_S)
        clock.advance(by)
        await self._core.until(lambda: clock.slept_s.count(BACKUPS_LOOK_S) > looks)

    def made(self) -> list[str]:
        return sorted(each.name for each in self._folder.iterdir()) if self._folder.exists() else []


def settings(folder: Path) -> dict[str, Any]:
    return {"backup_dir": str(folder), "backups_kept": "2", "timezone": "Europe/Berlin"}


async def test_each_night_has_one_backup_and_the_oldest_go(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    async with bot_harness(tmp_path / "data", clock=FakeClock(NIGHT), **settings(folder)) as core:
        nights = Nights(core, folder)
        await core.finished(await core.imagine())
        await nights.wait(timedelta(minutes=20))
        assert nights.made() == []
        await nights.wait(timedelta(minutes=15))
        assert nights.made() == ["limner-2026-07-22"]
        for _ in range(2):
            await nights.wait(timedelta(hours=2))
        assert nights.made() == ["limner-2026-07-22"]
        (folder / "mine").mkdir()
        await core.finished(await core.imagine(request=prompted(seed=5)))
        await nights.wait(timedelta(days=1))
        await nights.wait(timedelta(days=1))
        assert nights.made() == ["limner-2026-07-23", "limner-2026-07-24", "mine"]
    newest = folder / "limner-2026-07-24"
    assert list(problems_of(newest)) == []
    assert len(list(newest.rglob("*.png"))) == 2
    assert all(
        each.samefile(folder / "limner-2026-07-23" / each.relative_to(newest))
        for each in newest.rglob("*.png")
    )


async def test_a_night_without_the_bot_is_made_up_for(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / ".limner-2026-07-21.123").mkdir()  # half of one, of a bot that was killed
    noon = FakeClock(NIGHT + timedelta(hours=11))
    async with bot_harness(tmp_path / "data", clock=noon, **settings(folder)) as core:
        nights = Nights(core, folder)
        await core.until(lambda: core.clock.sleeps(BACKUPS_LOOK_S))
        assert nights.made() == ["limner-2026-07-22"]


async def test_a_failed_backup_alerts_the_owner_and_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.write_text("no folder")
    noon = FakeClock(NIGHT + timedelta(hours=11))
    async with bot_harness(tmp_path / "data", clock=noon, **settings(folder)) as core:
        nights = Nights(core, folder)
        await core.until(lambda: core.alerts.heard)
        ((topic, text),) = core.alerts.heard
        assert topic == "backup_failed"
        assert str(folder) in text
        folder.unlink()
        await nights.wait(timedelta(minutes=6))
        assert nights.made() == ["limner-2026-07-22"]
        assert (await core.finished(await core.imagine())).phase is Phase.DONE


async def test_a_damaged_picture_is_told_of(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    async with bot_harness(tmp_path / "data", clock=FakeClock(NIGHT), **settings(folder)) as core:
        await core.finished(await core.imagine())
        (file,) = (tmp_path / "data" / "pictures").rglob("*.png")
        file.write_bytes(b"no picture")
        await Nights(core, folder).wait(timedelta(hours=1))
        assert [topic for topic, _ in core.alerts.heard] == ["pictures_damaged"]
    with closing(sqlite3.connect(folder / "limner-2026-07-22" / "limner.db")) as con:
        assert con.execute("SELECT count(*) FROM job").fetchone() == (1,)


@pytest.mark.parametrize("when", ["at once", "in the middle"])
async def test_a_bot_that_stops_leaves_no_half_backup(tmp_path: Path, when: str) -> None:
    folder = tmp_path / "backups"
    pictures = tmp_path / "data" / "pictures" / "ab"
    pictures.mkdir(parents=True)
    for number in range(3_000):
        (pictures / f"{number:062x}.png").touch()
    noon = FakeClock(NIGHT + timedelta(hours=11))
    async with bot_harness(tmp_path / "data", clock=noon, **settings(folder)) as core:
        if when == "in the middle":
            await core.until(folder.exists)
    assert list(folder.iterdir() if folder.exists() else ()) == []
