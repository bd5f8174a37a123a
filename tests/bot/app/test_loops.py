"""A loop that ends is begun again, and everybody can see that it was down."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from bot.app.loops import AGAIN_MAX_S, AGAIN_S, STEADY_S, Loop, Loops
from tests.support.bot_harness import FakeAlerts
from tests.support.clock import FakeClock
from tests.support.whole_bot import alive, sketching


class Stumbling:
    """Ends as often as it is told, in some way, and then runs on."""

    def __init__(self, times: int, end: Callable[[], None]) -> None:
        self.begun = 0
        self._times = times
        self._end = end

    async def run(self) -> None:
        self.begun += 1
        if self.begun <= self._times:
            self._end()
            return
        await asyncio.Event().wait()


def break_() -> None:
    raise ZeroDivisionError


def cancel_from_inside() -> None:
    raise asyncio.CancelledError


async def until(clock: FakeClock, pause_s: float) -> None:
    async with asyncio.timeout(5):
        while not clock.sleeps(pause_s):  # noqa: ASYNC110  (it may take several turns)
            await asyncio.sleep(0)


@pytest.mark.parametrize("end", [break_, cancel_from_inside, lambda: None])
async def test_however_it_ends_it_begins_again_after_growing_pauses(
    end: Callable[[], None],
) -> None:
    clock, alerts = FakeClock(), FakeAlerts()
    loops, loop = Loops(clock, alerts), Stumbling(7, end)
    loops.start(Loop("cards", loop.run))
    waits = [AGAIN_S * 2**n for n in range(6)] + [AGAIN_MAX_S]
    for pause_s in waits:
        await until(clock, pause_s)
        assert loops.down == {"cards"}
        clock.advance(pause_s)
    await asyncio.sleep(0.01)
    assert (loop.begun, loops.down) == (8, set())
    assert {topic for topic, _ in alerts.heard} == {"loop:cards"}
    await loops.stop()


async def test_a_long_life_in_between_makes_the_next_pause_short() -> None:
    clock, lives = FakeClock(), iter([0.0, 0.0, STEADY_S])

    async def live() -> None:
        clock.advance(next(lives))

    loops = Loops(clock, FakeAlerts())
    loops.start(Loop("cards", live))
    for pause_s in (1.0, 2.0, 1.0):
        await until(clock, pause_s)
        clock.advance(pause_s)
    await loops.stop()


async def test_a_backend_that_has_nothing_to_do_is_not_down() -> None:
    async def nothing() -> None:
        return

    loops = Loops(FakeClock(), FakeAlerts())
    loops.start(Loop("backend", nothing, may_return=True))
    await asyncio.sleep(0.01)
    assert loops.down == set()
    await loops.stop()


async def test_stopping_ends_what_runs_and_what_pauses() -> None:
    clock = FakeClock()
    loops = Loops(clock, FakeAlerts())
    loops.start(Loop("one", Stumbling(0, break_).run))
    loops.start(Loop("other", Stumbling(9, break_).run))
    await until(clock, AGAIN_S)
    await asyncio.wait_for(loops.stop(), 5)


async def test_whoever_watches_the_bot_sees_that_a_loop_is_down(tmp_path: Path) -> None:
    clock = FakeClock()
    async with alive(sketching(tmp_path), clock) as (app, site), httpx.AsyncClient() as http:

        async def health() -> tuple[int, list[str]]:
            told = await http.get(f"{site.url}/health")
            return told.status_code, told.json()["down"]

        assert await health() == (200, [])
        app.loops.start(Loop("another", Stumbling(1, break_).run))
        await until(clock, AGAIN_S)
        assert await health() == (503, ["another"])
        clock.advance(AGAIN_S)
        await asyncio.sleep(0.01)
        assert await health() == (200, [])
