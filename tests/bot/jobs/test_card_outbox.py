"""A platform or channel that hangs, is off or is away holds up only its own cards."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.connection import Connection
from bot.domain.job_view import JobView, Phase
from bot.errors import Broken, NoSpace
from bot.jobs.drafts import CardPlace, Draft
from bot.outbox import AWAY_S, PER_LANE, PER_SLOW_LANE, PER_SURFACE, SLOW_PER_SURFACE
from bot.platforms import Platform
from bot.ports import Address, Checkpoint, Unreachable
from storage.sqlite_store import open_for_reading
from tests.support.bot_harness import ANN, BotHarness, FakeSurface, bot_harness, prompted

BACKLOG = 60
PLENTY: dict[str, Any] = {"running_per_person": 100, "waiting_per_person": 200}


class Slow(FakeSurface):
    """In channels of `hangs` a message takes until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs: Callable[[str], bool] = lambda _: False
        self.may_answer = asyncio.Event()
        self.hanging = 0
        self.tries = 0

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        self.tries += 1
        if self.hangs(address["channel"]):
            self.hanging += 1
            try:
                await self.may_answer.wait()
            finally:
                self.hanging -= 1
        await super().show(address, view, checkpoint)


async def card(core: BotHarness, surface: str, channel: str, nail: str) -> JobView:
    place = CardPlace(surface, {"channel": channel, "nail": nail})
    return await core.studio.submit(ANN, Draft(prompted()), event_id=nail, card=place)


async def cards(core: BotHarness, surface: str, channels: list[str], name: str) -> None:
    for number, channel in enumerate(channels):
        await card(core, surface, channel, f"{name} {number}")


def rows(tmp_path: Path, nail: str = "%") -> list[tuple[str, int, str | None]]:
    """State, attempts and trouble of cards."""
    con = open_for_reading(tmp_path / "limner.db")
    try:
        return con.execute(
            "SELECT state, attempts, trouble FROM card WHERE address ->> 'nail' LIKE ?", (nail,)
        ).fetchall()
    finally:
        con.close()


@pytest.mark.parametrize(("slow", "quick"), [("pier", "mole"), ("mole", "pier")])
async def test_a_platform_that_hangs_does_not_stop_the_other(
    tmp_path: Path, slow: str, quick: str
) -> None:
    async with bot_harness(tmp_path, **PLENTY) as core:
        surfaces = {slow: Slow(), quick: Slow()}
        for name, surface in surfaces.items():
            core.platforms.add(Platform(name=name, surface=surface))
        surfaces[slow].hangs = lambda _: True
        await cards(core, slow, [f"channel {n}" for n in range(BACKLOG)], "hangs")
        await core.until(lambda: surfaces[slow].hanging == PER_SURFACE)
        await cards(core, quick, ["channel 0"] * 10, "goes")
        await core.until(
            lambda: all(surfaces[quick].shows(f"goes {n}", Phase.DONE) for n in range(10))
        )
        assert surfaces[slow].hanging == PER_SURFACE
        surfaces[slow].may_answer.set()
        await core.until(
            lambda: all(surfaces[slow].shows(f"hangs {n}", Phase.DONE) for n in range(BACKLOG))
        )


async def test_a_channel_that_hangs_does_not_stop_its_platform(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, **PLENTY) as core:
        pier = Slow()
        pier.hangs = lambda channel: channel == "stuck"
        core.platforms.add(Platform(name="pier", surface=pier))
        await cards(core, "pier", ["stuck"] * BACKLOG, "hangs")
        await core.until(lambda: pier.hanging == PER_LANE)
        await cards(core, "pier", ["channel 0"] * 10, "goes")
        await core.until(lambda: all(pier.shows(f"goes {n}", Phase.DONE) for n in range(10)))
        assert pier.hanging == PER_LANE


async def test_channels_that_keep_hanging_leave_places_for_the_others(tmp_path: Path) -> None:
    """More of them than the platform has places, and each with a backlog."""
    async with bot_harness(tmp_path, **PLENTY) as core:
        core.outbox._timeout_s = 0.1
        pier = Slow()
        pier.hangs = lambda channel: channel.startswith("stuck")
        core.platforms.add(Platform(name="pier", surface=pier))
        channels = [f"stuck {n % (2 * PER_SURFACE)}" for n in range(4 * PER_SURFACE)]
        await cards(core, "pier", channels, "hangs")
        await core.until(lambda: len(core.outbox._slow) == 2 * PER_SURFACE)
        core.outbox._timeout_s = 90.0
        core.clock.advance(timedelta(hours=2))  # they are due again
        core.outbox.wake()
        await core.until(lambda: pier.hanging == SLOW_PER_SURFACE)
        await cards(core, "pier", ["channel 0"] * 10, "goes")
        await core.until(lambda: all(pier.shows(f"goes {n}", Phase.DONE) for n in range(10)))
        assert pier.hanging == SLOW_PER_SURFACE
        stuck = [n for lane, n in core.outbox._in_lane.items() if "stuck" in lane]
        assert max(stuck) == PER_SLOW_LANE


async def test_a_platform_that_is_off_keeps_its_cards_however_long(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, **PLENTY) as core:
        view = await core.finished(await card(core, "pier", "c", "waits"))
        assert view.phase is Phase.DONE
        for _ in range(30):
            core.clock.advance(timedelta(hours=1))
            await core.outbox.flush()
        assert rows(tmp_path) == [("live", 0, None)]
        pier = Slow()
        core.platforms.add(Platform(name="pier", surface=pier))
        core.outbox.wake()
        await core.until(lambda: pier.shows("waits", Phase.DONE))


class Down(Slow):
    """Refuses everything but channels that are `open`; from one a message is gone for good."""

    def __init__(self) -> None:
        super().__init__()
        self.open: set[str] = set()

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        if address["channel"] == "gone":
            raise Unreachable("the message was deleted")
        if address["channel"] not in self.open:
            self.tries += 1
            raise ConnectionError
        await super().show(address, view, checkpoint)


async def test_an_outage_that_is_known_counts_against_no_card(tmp_path: Path) -> None:
    async with bot_harness(tmp_path, **PLENTY) as core:
        connection = Connection("Pier", alerts=core.alerts, clock=core.clock, rng=random.Random(1))
        pier = Down()
        core.platforms.add(Platform(name="pier", surface=pier, connection=connection))
        await cards(core, "pier", ["a", "b", "c", "gone"], "waits")
        await core.until(lambda: core.runner._tasks == {})
        for _ in range(40):
            core.clock.advance(timedelta(hours=1))
            await core.outbox.flush()
        assert sorted(rows(tmp_path)) == [
            ("dead", 1, "the message was deleted"),
            *[("live", 0, None)] * 3,
        ]
        # One thing after the other is tried, in pauses, and nothing twice.
        assert pier.tries <= 3 * PER_LANE
        tried = pier.tries
        core.outbox.wake()
        await core.outbox.flush()
        assert pier.tries == tried
        connection._is_up = lambda: True
        pier.open = {"a", "b", "c"}
        core.outbox.wake()
        await core.until(lambda: all(pier.shows(f"waits {n}", Phase.DONE) for n in range(3)))


async def test_what_a_platform_takes_without_its_connection_is_sent(tmp_path: Path) -> None:
    """A gateway that is away says nothing of the API beside it."""
    async with bot_harness(tmp_path, **PLENTY) as core:
        connection = Connection("Pier", alerts=core.alerts, clock=core.clock, rng=random.Random(1))
        pier = Down()
        pier.open = {"a"}
        core.platforms.add(Platform(name="pier", surface=pier, connection=connection))
        await cards(core, "pier", ["b", "a"], "sent")
        async with asyncio.timeout(20):
            while not pier.shows("sent 1", Phase.DONE):  # whichever is tried first
                core.clock.advance(AWAY_S)
                await core.outbox.flush()
        assert rows(tmp_path, "sent 0") == [("live", 0, None)]


class Forgetful:
    """Stands at the port Store: what was shown can't be noted while it is `full`."""

    full = False
    unreadable = False

    def around(self, store: Any) -> Any:
        self._store, self.cards = store, self
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store if hasattr(self._store, name) else self._store.cards, name)

    async def due(self, *what: Any) -> Any:
        if self.unreadable:
            raise Broken
        return await self._store.cards.due(*what)

    async def shown(self, *what: Any) -> None:
        self._refuse()
        await self._store.cards.shown(*what)

    async def failed(self, *what: Any) -> None:
        self._refuse()
        await self._store.cards.failed(*what)

    def _refuse(self) -> None:
        if self.full:
            raise NoSpace


async def test_before_a_stop_a_card_that_cannot_be_noted_is_not_shown_again_and_again(
    tmp_path: Path,
) -> None:
    store = Forgetful()
    async with bot_harness(tmp_path, around_store=store.around) as core:
        view = await core.finished(await core.imagine(event_id="e"))
        await core.until(lambda: core.surface.shows("e", Phase.DONE))
        before = len(core.surface.shown["e"])
        store.full = True
        await core.studio.delete(ANN, view.public_id)
        async with asyncio.timeout(2):
            await core.outbox.flush()
        assert len(core.surface.shown["e"]) - before <= 3
        store.full = False


async def test_a_bot_stops_in_order_although_nothing_can_be_read(tmp_path: Path) -> None:
    store = Forgetful()
    async with bot_harness(tmp_path, around_store=store.around) as core:
        store.unreadable = True
    assert core.loops._tasks == []
