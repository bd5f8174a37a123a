"""A platform that comes to us is answered once it has begun, and until it ends."""

import asyncio
import random

import httpx
from starlette.responses import PlainTextResponse

from bot.app.http_server import _Later
from bot.connection import Connection
from bot.domain.asker import SLACK
from bot.platforms import Platform, Platforms
from tests.support.bot_harness import FakeAlerts, FakeSurface
from tests.support.clock import FakeClock


async def test_a_platform_asks_to_come_again_until_its_first_word_was_heard() -> None:
    platforms, heard = Platforms(), asyncio.Event()
    transport = httpx.ASGITransport(_Later(platforms, SLACK))
    connection = Connection(SLACK, alerts=FakeAlerts(), clock=FakeClock(), rng=random.Random(1))
    platform = Platform(
        name=SLACK,
        surface=FakeSurface(),
        connection=connection,
        app=PlainTextResponse("it is here"),
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://limner.test") as http:

        async def status() -> int:
            return (await http.post("/slack/events")).status_code

        async def live() -> None:
            statuses.append(await status())
            heard.set()
            await asyncio.Event().wait()

        statuses = [await status()]
        with platforms.added(platform):
            async with connection.kept(live, heard.is_set, heard):
                statuses.append(await status())
        statuses.append(await status())
    assert statuses == [503, 503, 200, 503]
