"""Admins hear of a budget that is used up, once, whatever happens on the way."""

from datetime import timedelta
from pathlib import Path

from bot.domain.budgets import Budgets
from bot.domain.case import Case
from bot.domain.community_settings import Hearing
from bot.platforms import Platform
from bot.wording import plain
from bot.wording.parts import Sentence
from tests.support.bot_harness import ANN, BotHarness, bot_harness

# A picture costs $0.001.
TEN_PICTURES = Budgets(community_day=10_000)


class Channel:
    """Implements ports.Announcer; away until it is told to be there."""

    def __init__(self, *, away: bool) -> None:
        self.away = away
        self.tries = 0
        self.heard: list[tuple[str, str]] = []

    async def announce(
        self, community: str, notice: Sentence, *, case: str = "", job: str = "", key: str = ""
    ) -> None:
        assert (community, case) == (ANN.community, "")
        self.tries += 1
        if self.away:
            raise ConnectionError("the channel is away")
        self.heard.append((key.rpartition(":")[2], plain(notice)))

    async def hearing(self, community: str) -> Hearing:
        return Hearing.HEARD

    def case_changed(self, case: Case) -> None:
        """It shows no cases."""


def listen(core: BotHarness, channel: Channel) -> None:
    core.platforms.add(Platform(name=ANN.platform, surface=core.surface, announcer=channel))


async def drawn(core: BotHarness, count: int) -> None:
    for _ in range(count):
        await core.finished(await core.imagine())


HALF = ("50", "This server's budget for today: 50 percent are used, $0.005 of $0.01.")


async def test_a_warning_waits_for_a_channel_that_is_away(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, TEN_PICTURES) as core:
        channel = Channel(away=True)
        listen(core, channel)
        await drawn(core, 5)
        await core.until(lambda: channel.tries)
        channel.away = False
        core.clock.advance(timedelta(seconds=2))
        core.enforcement.wake()
        await core.until(lambda: channel.heard)
        await drawn(core, 1)
        assert channel.heard == [HALF]


async def test_a_warning_outlives_the_bot(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, TEN_PICTURES) as core:
        away = Channel(away=True)
        listen(core, away)
        await drawn(core, 5)
        await core.until(lambda: away.tries)
    async with bot_harness(tmp_path, TEN_PICTURES) as core:
        channel = Channel(away=False)
        listen(core, channel)
        core.clock.advance(timedelta(seconds=2))
        core.enforcement.wake()
        await core.until(lambda: channel.heard)
        assert channel.heard == [HALF]


async def test_the_highest_step_that_was_reached_is_said_and_no_lower_one(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, TEN_PICTURES) as core:
        channel = Channel(away=False)
        listen(core, channel)
        core.backend.price_micros = 4_000
        await drawn(core, 2)
        await core.until(lambda: channel.heard)
        assert [step for step, _ in channel.heard] == ["80"]
