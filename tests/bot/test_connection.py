"""A platform's connection: begun anew whatever ends it, and told of where it lasts."""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr

from adapters.alerts import WebhookAlerts
from bot.connection import Connection, Lost
from bot.errors import Misconfigured
from tests.support.clock import FakeClock

REFUSAL = Misconfigured(("Discord refuses DISCORD_TOKEN. Copy it anew.",))
AWAY = "Limner: Discord is not connected, and nobody is answered there. "
SECRET = "a secret of somebody's"


class Platform:
    """One attempt lasts until the test ends it."""

    def __init__(self) -> None:
        self.attempts = 0
        self.up = False
        self.heard = asyncio.Event()
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def live(self) -> None:
        self.attempts += 1
        self._end = asyncio.get_running_loop().create_future()
        self.heard.set()
        await self._end

    async def ends(self, error: BaseException | None = None) -> None:
        self.up = False
        if error is None:
            self._end.set_result(None)
        elif isinstance(error, asyncio.CancelledError):
            self._end.cancel()
        else:
            self._end.set_exception(error)
        await settled()


class Scene:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.platform = Platform()
        self.posted: list[str] = []
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._take))
        hook = SecretStr("https://hooks.example/hunter2")
        self.alerts = WebhookAlerts(hook, http, self.clock)
        self.connection = Connection(
            "Discord", alerts=self.alerts, clock=self.clock, rng=random.Random(1)
        )

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.posted.append(json.loads(request.content)["text"])
        return httpx.Response(204)

    async def passes(self, seconds: float) -> None:
        """Time, a second after the other."""
        for _ in range(int(seconds)):
            self.clock.advance(timedelta(seconds=1))
            await settled()

    async def pause_s(self) -> int:
        """How long it waits until the next attempt."""
        before, waited_s = self.platform.attempts, 0
        while self.platform.attempts == before:
            await self.passes(1)
            waited_s += 1
            assert waited_s < 10_000
        return waited_s

    def state(self) -> str:
        return self.connection.state()["state"]


async def settled() -> None:
    """Everything that can go on without time has gone on."""
    for _ in range(30):
        await asyncio.sleep(0)


@asynccontextmanager
async def connected() -> AsyncIterator[Scene]:
    scene = Scene()
    platform = scene.platform
    async with scene.connection.kept(platform.live, lambda: platform.up, platform.heard):
        yield scene
    await scene.alerts.close()


async def test_every_attempt_that_ends_is_followed_by_another_after_a_longer_pause() -> None:
    async with connected() as scene:
        pauses_s = []
        for _ in range(9):
            await scene.platform.ends(KeyError("bitrate"))
            pauses_s.append(await scene.pause_s())
    least_s = (1, 2, 5, 15, 30, 60, 120, 120, 120)
    # A second passes at a time.
    assert all(a <= b <= a * 1.2 + 1 for a, b in zip(least_s, pauses_s, strict=True)), pauses_s
    assert len({*pauses_s[-3:]}) > 1  # by chance


@pytest.mark.parametrize(
    "error",
    [
        KeyError("x"),
        OSError("reset"),
        Lost("code 4000"),
        ExceptionGroup("several", [ValueError()]),
        asyncio.CancelledError(),
        None,
    ],
    ids=repr,
)
async def test_whatever_ends_an_attempt_another_one_follows(error: BaseException | None) -> None:
    async with connected() as scene:
        await scene.platform.ends(error)
        assert await scene.pause_s() <= 2


async def test_the_pauses_begin_anew_once_it_was_up_for_a_while() -> None:
    async with connected() as scene:
        for _ in range(5):
            await scene.platform.ends(OSError())
            await scene.pause_s()
        scene.platform.up = True
        await scene.passes(30)
        await scene.platform.ends(OSError())
        assert await scene.pause_s() >= 60
        scene.platform.up = True
        await scene.passes(70)
        await scene.platform.ends(OSError())
        assert await scene.pause_s() <= 2


async def test_each_failure_is_logged_once_by_type_and_place_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connected() as scene:
        await scene.platform.ends(ValueError(SECRET))
        [record] = [r for r in caplog.records if r.name == "bot.connection"]
        await scene.pause_s()
    assert record.levelno == logging.WARNING
    said = record.getMessage()
    assert said.startswith("the connection to Discord broke (ValueError at test_connection.py:")
    assert said.endswith("); again in 1 s")
    assert SECRET not in caplog.text


async def test_an_outage_is_told_once_after_two_minutes_and_so_is_its_end() -> None:
    async with connected() as scene:
        scene.platform.up = True
        await scene.passes(100)
        await scene.platform.ends(Lost("code 4000"))
        await scene.passes(115)
        assert scene.posted == []
        await scene.passes(600)
        assert scene.posted == [AWAY + "The last attempt ended with: code 4000."]
        scene.platform.up = True
        await scene.passes(70)
        assert scene.posted[1:] == ["Limner: Discord is connected again."]


async def test_one_that_hangs_is_told_as_well() -> None:
    """An SDK that tries again by itself raises nothing."""
    async with connected() as scene:
        await scene.passes(130)
        assert scene.platform.attempts == 1
        assert scene.posted == [
            "Limner: Discord is not connected, and nobody is answered there. The log may say more."
        ]


async def test_one_that_comes_and_goes_is_told_although_it_is_never_away_for_long() -> None:
    async with connected() as scene:
        for _ in range(8):
            scene.platform.up = True
            await scene.passes(20)
            await scene.platform.ends(OSError())
            await scene.pause_s()
        assert len(scene.posted) == 1


async def test_a_refusal_at_start_is_told_and_ends_nothing() -> None:
    scene = Scene()

    async def live() -> None:
        raise REFUSAL

    async with (
        asyncio.timeout(5),
        scene.connection.kept(live, lambda: False, scene.platform.heard),
    ):
        assert scene.posted == [AWAY + "Discord refuses DISCORD_TOKEN. Copy it anew."]
        assert scene.connection.why == "Discord refuses DISCORD_TOKEN. Copy it anew."


async def test_a_refusal_later_is_told_at_once_and_tried_again_after_a_quarter_of_an_hour(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connected() as scene:
        scene.platform.up = True
        await scene.passes(100)
        await scene.platform.ends(REFUSAL)
        assert (
            "Discord refuses DISCORD_TOKEN. Copy it anew. It is tried again in 15 min."
            in caplog.text
        )
        await scene.passes(1)
        assert scene.posted == [AWAY + "Discord refuses DISCORD_TOKEN. Copy it anew."]
        assert 899 <= await scene.pause_s() <= 1_080
        await scene.platform.ends(REFUSAL)
        assert len(scene.posted) == 1


async def test_its_state_is_a_name_and_a_time() -> None:
    async with connected() as scene:
        assert scene.connection.state() == {
            "state": "connecting",
            "since": "2026-11-22T12:00:00+00:00",
        }
        scene.platform.up = True
        await scene.passes(10)
        assert (scene.state(), scene.connection.is_down) == ("up", False)
        await scene.platform.ends(OSError(SECRET))
        await scene.passes(119)
        assert (scene.state(), scene.connection.is_down) == ("connecting", False)
        await scene.passes(1)
        assert scene.connection.is_down
        assert scene.connection.state() == {
            "state": "down",
            "since": "2026-11-22T12:00:10+00:00",
        }


async def test_the_start_does_not_wait_for_a_platform_that_is_away() -> None:
    scene = Scene()

    async def live() -> None:
        raise OSError

    async with (
        asyncio.timeout(5),
        scene.connection.kept(live, lambda: False, scene.platform.heard),
    ):
        assert scene.state() == "connecting"


async def test_the_end_does_not_wait_for_a_pause() -> None:
    async with asyncio.timeout(5), connected() as scene:
        await scene.platform.ends(REFUSAL)
