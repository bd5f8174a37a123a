"""A community whose notices hang, or whose platform is off, holds up only its own."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.domain.asker import DISCORD
from bot.domain.budgets import Gate
from bot.domain.case import Case
from bot.domain.community_settings import Hearing
from bot.outbox import PER_LANE
from bot.platforms import Platform
from bot.wording import Sentence
from storage.sqlite_store import open_for_reading
from tests.support.bot_harness import BotHarness, bot_harness


class Herald:
    """Implements ports.Announcer; in communities of `deaf` it hangs."""

    def __init__(self, *deaf: str) -> None:
        self.deaf = deaf
        self.hanging = 0
        self.said: list[str] = []

    async def announce(
        self, community: str, notice: Sentence, *, case: str = "", job: str = "", key: str = ""
    ) -> None:
        if community in self.deaf:
            self.hanging += 1
            await asyncio.Event().wait()
        self.said.append(f"{community} {key}")

    async def hearing(self, community: str) -> Hearing:
        return Hearing.HEARD

    def case_changed(self, case: Case) -> None: ...


async def warned(core: BotHarness, community: str, number: int) -> None:
    gate = Gate(
        level="community",
        platform=DISCORD,
        community=community,
        person="",
        window="day",
        limit_micros=10,
    )
    used = {"window": "day", "percent": "50", "used_micros": "5", "limit_micros": "10"}
    detail = {**used, "opens_at": ""}
    assert await core.store.chat.warn(gate, [f"warning {number}"], detail, core.clock.now())
    core.enforcement.wake()


async def test_a_community_that_hangs_does_not_stop_another(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        herald = Herald("c1")
        core.platforms.add(Platform(name=DISCORD, surface=core.surface, announcer=herald))
        for number in range(3 * PER_LANE):
            await warned(core, "c1", number)
        await core.until(lambda: herald.hanging == PER_LANE)
        await warned(core, "c2", 99)
        await core.until(lambda: herald.said == ["c2 warning 99"])
        assert herald.hanging == PER_LANE


async def test_notices_wait_for_a_platform_that_is_off(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        await warned(core, "c1", 1)
        for _ in range(30):
            core.clock.advance(timedelta(hours=1))
            await core.enforcement.look()
        with open_for_reading(tmp_path / "limner.db") as con:
            assert con.execute("SELECT attempts FROM notice").fetchall() == [(0,)]
        con.close()
        herald = Herald()
        core.platforms.add(Platform(name=DISCORD, surface=core.surface, announcer=herald))
        core.enforcement.wake()
        await core.until(lambda: herald.said == ["c1 warning 1"])
