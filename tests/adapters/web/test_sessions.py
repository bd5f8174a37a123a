"""How sessions begin and end: the whole bot on a real socket, as people reach it."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from adapters.terminal import control_socket
from adapters.terminal.client import RemoteBot, client
from adapters.web.context import OWNER
from bot.app.composition import App
from bot.app.http_server import Open
from bot.jobs.drafts import CardPlace, Draft
from bot.platforms import Platform
from tests.adapters.web.harness import Vouched
from tests.bot.moderation.test_reviews import MOD
from tests.support.bot_harness import FakeSurface, prompted
from tests.support.clock import FakeClock
from tests.support.whole_bot import alive, sketching

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Bot:
    app: App
    site: Open
    clock: FakeClock
    roles: Vouched
    terminal: RemoteBot
    port: int
    _browsers: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, **headers: str) -> httpx.AsyncClient:
        found = httpx.AsyncClient(base_url=f"http://[::1]:{self.port}", headers=headers, timeout=10)
        self._browsers.append(found)
        return found

    async def close(self) -> None:
        for browser in self._browsers:
            await browser.aclose()


@asynccontextmanager
async def public_bot(tmp_path: Path, **settings: str) -> AsyncIterator[Bot]:
    clock, roles = FakeClock(runs=True), Vouched({("c1", "mod")})
    environ = sketching(tmp_path, HOST="::", **settings)
    async with alive(environ, clock) as (app, site):
        app.platforms.add(Platform(name="discord", surface=FakeSurface(), roles=roles))
        address = control_socket.find(control_socket.path_of(app.settings.database_path))
        assert address is not None
        async with client(address) as http:
            terminal = RemoteBot(http)
            running = await terminal.who()
            assert running is not None
            bot = Bot(app, site, clock, roles, terminal, httpx.URL(running.url).port or 0)
            try:
                yield bot
            finally:
                await bot.close()


async def open_link(browser: httpx.AsyncClient, link: str) -> httpx.Response:
    """What the page behind a link sends, which alone sees what stands behind the "#"."""
    address, _, token = link.partition("#")
    assert (await browser.get(address)).status_code == 200
    return await browser.post(address, data={"token": token}, headers=SAME_ORIGIN)


async def enter(bot: Bot) -> httpx.AsyncClient:
    browser = bot.browser()
    assert (await open_link(browser, bot.app.links.new(MOD))).status_code == 303
    return browser


async def test_the_link_of_the_start_signs_in_once(tmp_path: Path) -> None:
    async with public_bot(tmp_path) as bot:
        first, second = bot.browser(), bot.browser()
        assert (await open_link(first, bot.site.sign_in_url)).status_code == 303
        assert "Playground" in (await first.get("/")).text
        refused = await open_link(second, bot.site.sign_in_url)
        assert (refused.status_code, "limner web login" in refused.text) == (403, True)
        assert (await second.get("/")).status_code == 303
        # Whoever is signed in just goes on, and the terminal has another one.
        assert (await open_link(first, bot.site.sign_in_url)).status_code == 303
        assert (await open_link(second, await bot.terminal.sign_in_url())).status_code == 303


async def test_links_end_after_fifteen_minutes(tmp_path: Path) -> None:
    async with public_bot(tmp_path) as bot:
        links = (await bot.terminal.sign_in_url(), bot.app.links.new(MOD))
        bot.clock.advance(timedelta(minutes=14, seconds=50))
        late = [await bot.terminal.sign_in_url(), bot.app.links.new(MOD)]
        bot.clock.advance(timedelta(seconds=10))
        assert [(await open_link(bot.browser(), link)).status_code for link in links] == [403, 403]
        assert [(await open_link(bot.browser(), link)).status_code for link in late] == [303, 303]


async def test_revoking_voids_links_and_ends_sessions_and_their_streams(tmp_path: Path) -> None:
    async with public_bot(tmp_path) as bot:
        unused = (await bot.terminal.sign_in_url(), bot.app.links.new(MOD))
        owner, moderator = bot.browser(), await enter(bot)
        await open_link(owner, bot.site.sign_in_url)
        assert (await moderator.get("/review")).status_code == 200
        async with owner.stream("GET", "/events") as stream:
            lines = stream.aiter_lines()
            assert (await anext(lines)).startswith("retry:")
            assert await bot.terminal.revoke_sessions() == 2
            async with asyncio.timeout(5):  # the next heartbeat is 15 seconds away
                said = [line async for line in lines]
        assert "".join(said).count("event:") == 1  # the hello alone
        assert (await owner.get("/")).status_code == 303
        assert (await moderator.get("/review")).status_code == 403
        for link in unused:
            assert (await open_link(bot.browser(), link)).status_code == 403


async def test_a_stream_ends_when_its_person_signs_out_elsewhere(tmp_path: Path) -> None:
    async with public_bot(tmp_path) as bot:
        owner = bot.browser()
        await open_link(owner, bot.site.sign_in_url)
        page = (await owner.get("/")).text
        token = page.partition('X-Form-Token": "')[2].partition('"')[0]
        async with owner.stream("GET", "/events") as stream:
            lines = stream.aiter_lines()
            await anext(lines)
            signed_out = await owner.post("/logout", headers={"X-Form-Token": token, **SAME_ORIGIN})
            assert signed_out.headers["hx-redirect"] == "/login"
            async with asyncio.timeout(5):
                assert [line async for line in lines]
        again = await owner.get("/events", headers={"Accept": "text/event-stream"})
        assert again.status_code == 401


async def test_a_browser_that_shuts_in_the_middle_of_a_stream_leaves_the_rest_alone(
    tmp_path: Path,
) -> None:
    async with public_bot(tmp_path) as bot:
        owner = bot.browser()
        await open_link(owner, bot.site.sign_in_url)
        cookie = f"limner_session={owner.cookies['limner_session']}"
        reader, writer = await asyncio.open_connection("::1", bot.port)
        request = f"GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n"
        writer.write(request.encode())
        await reader.readuntil(b"event: hello")
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        assert await bot.terminal.revoke_sessions() == 1
        assert (await owner.get("/")).status_code == 303


FROM_ELSEWHERE = {"X-Forwarded-For": "203.0.113.9"}


async def guesses(bot: Bot, path: str, headers: dict[str, str], count: int = 11) -> list[int]:
    browser = bot.browser(**headers)
    return [
        (await browser.post(path, data={"token": f"no-{n}"}, headers=SAME_ORIGIN)).status_code
        for n in range(count)
    ]


@pytest.mark.parametrize("path", ["/login", "/review/enter"])
async def test_a_stranger_who_guesses_keeps_nobody_out_behind_a_proxy(
    tmp_path: Path, path: str
) -> None:
    async with public_bot(tmp_path, TRUSTED_PROXIES="::1") as bot:
        assert await guesses(bot, path, FROM_ELSEWHERE) == [403] * 10 + [429]
        # Whatever they write themselves stands further left than what the proxy adds.
        forged = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
        assert await guesses(bot, path, forged, 1) == [429]
        assert await guesses(bot, path, {"X-Forwarded-For": "198.51.100.1"}, 1) == [403]
        link = bot.site.sign_in_url if path == "/login" else bot.app.links.new(MOD)
        assert (await open_link(bot.browser(), link)).status_code == 303


async def test_a_proxy_that_is_not_named_is_not_believed(tmp_path: Path) -> None:
    async with public_bot(tmp_path, TRUSTED_PROXIES="192.0.2.0/24") as bot:
        assert await guesses(bot, "/login", FROM_ELSEWHERE, 10) == [403] * 10
        assert await guesses(bot, "/login", {"X-Forwarded-For": "198.51.100.1"}, 1) == [429]


async def test_whoever_guesses_at_one_door_uses_up_nothing_at_the_other(tmp_path: Path) -> None:
    async with public_bot(tmp_path) as bot:
        await guesses(bot, "/review/enter", {})
        assert (await open_link(bot.browser(), bot.site.sign_in_url)).status_code == 303
    async with public_bot(tmp_path) as bot:
        await guesses(bot, "/login", {})
        await enter(bot)


async def test_a_result_is_seen_from_outside_by_its_link_alone(tmp_path: Path) -> None:
    async with public_bot(tmp_path, PUBLIC_URL="https://limner.example") as bot:
        draft, place = Draft(prompted("a cat")), CardPlace("web", {"person": OWNER.person})
        view = await bot.app.studio.submit(OWNER, draft, event_id="e1", card=place)
        async with asyncio.timeout(60):
            done = [each async for each in bot.app.studio.watch(view.key)][-1]
        assert done.link.startswith(f"https://limner.example/j/{view.public_id}.")
        name = done.link.rpartition("/")[2]
        stranger = bot.browser(Host="limner.example")
        for path in (f"/j/{name}", f"/p/{name}/1", f"/t/{name}/1/512"):
            answer = await stranger.get(path)
            assert (answer.status_code, answer.headers["cache-control"]) == (
                200,
                "private, no-cache",
            )
        assert (await stranger.get(f"/j/{view.public_id}")).status_code == 303
        await bot.app.studio.delete(OWNER, view.public_id)
        assert (await stranger.get(f"/p/{name}/1")).status_code == 404
