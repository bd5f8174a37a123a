"""Many people at once: everybody is served or told that it is busy, and nothing breaks."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.budgets import Budgets
from bot.domain.job_view import JobView
from bot.errors import Busy
from storage.database.reader import Reader
from storage.sqlite_store import SqliteStore
from tests.support.bot_harness import ANN, BotHarness, bot_harness, prompted
from tests.support.clock import FakeClock

CROWD = 600
ASKED_MICROS = 10**9


class Counted:
    """A reader, and how often it was asked."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.reads = 0

    def __getattr__(self, name: str) -> Any:
        self.reads += 1
        return getattr(self._reader, name)


async def wish(core: BotHarness, number: int) -> JobView:
    who = replace(ANN, person=f"person {number}", community=f"c{number % 2 + 1}")
    return await core.imagine(who)


async def test_everybody_of_a_crowd_is_served(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, max_waiting=CROWD) as core:
        views = await asyncio.gather(*(wish(core, number) for number in range(CROWD)))
        assert len({view.key for view in views}) == CROWD
        assert not any(view.failure for view in views)


async def test_what_can_not_be_read_in_time_is_refused_as_busy(tmp_path: Path) -> None:
    """The line is short here: some are served, the others hear why, and nothing was reserved."""

    def with_a_short_line(store: SqliteStore) -> SqliteStore:
        short = Reader(tmp_path / "limner.db", waiting_max=20)
        store.people._reader = store.jobs._reader = short
        return store

    async with bot_harness(tmp_path, around_store=with_a_short_line) as core:
        wishes = (wish(core, number) for number in range(60))
        outcomes = await asyncio.gather(*wishes, return_exceptions=True)
        refused = [each for each in outcomes if isinstance(each, Exception)]
        assert {type(each) for each in refused} == {Busy}
        assert len(refused) < 60
        await core.store.jobs._reader.close()


async def test_a_quote_is_one_read(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, Budgets(person_day=ASKED_MICROS)) as core:
        counted: Any = Counted(core.store.people._reader)
        core.store.people._reader = core.store.jobs._reader = counted
        quote = await core.studio.quote(ANN, prompted())
        assert quote.left_micros == ASKED_MICROS
        assert counted.reads == 1


async def test_a_quote_that_takes_too_long_is_refused_as_busy(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, clock=FakeClock()) as core:
        with pytest.raises(Busy):
            await core.studio.quote(ANN, prompted(), within_s=0)
