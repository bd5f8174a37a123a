"""No body is read before it is known who sent it: at every route of every app, on a real socket."""

import asyncio
import re
import resource
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, Mount

from adapters.api.app import Terms
from bot.app.listener import Patient, listen, listening, own_url
from bot.app.system_clock import SystemClock
from tests.adapters.api.fake_engine import FakeEngine, opened
from tests.adapters.api.server import Raw
from tests.adapters.slack.fake.server import FakeSlack
from tests.adapters.slack.test_running import for_many
from tests.support.whole_bot import alive, sketching

MEGABYTE = 1024 * 1024
BODY_BYTES = 300 * MEGABYTE
PIECE = b"x" * 64 * 1024
# What the two kernels and the client hold besides what the server took.
ON_THE_WAY_BYTES = 12 * MEGABYTE
# Of the whole process, the client in it; the body is 300 MB.
GROWTH_MAX_BYTES = 64 * MEGABYTE
REFUSALS = {401, 403, 404, 405, 413, 421}
Framing = Literal["announced", "chunked"]


@dataclass(frozen=True)
class Way:
    method: str
    path: str


@dataclass(frozen=True)
class Served:
    """An app that answers at `url`."""

    url: str
    routes: Sequence[BaseRoute]


Server = Callable[[Path], AbstractAsyncContextManager[Served]]


def ways(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[Way]:
    """Every address below, by each of its methods and by POST, for which most have no use."""
    for route in iter_route_contexts(routes):
        inner = route.original_route
        if isinstance(inner, Mount):
            yield from ways(inner.routes, prefix + inner.path)
            yield Way("POST", f"{prefix}{inner.path}/no-such-page")
        else:
            yield from ways_of(route, prefix)


def ways_of(route: RouteContext, prefix: str) -> Iterator[Way]:
    assert route.path is not None
    path = re.sub(r"\{[^}]*\}", "1", prefix + route.path)
    for method in sorted({*(route.methods or ()), "POST"} - {"HEAD"}):
        yield Way(method, path)


@asynccontextmanager
async def bot_of_this_machine(data_dir: Path) -> AsyncIterator[Served]:
    async with alive(sketching(data_dir), SystemClock()) as (_, server):
        yield Served(server.url, server.app.routes)


@asynccontextmanager
async def bot_of_many_workspaces(data_dir: Path) -> AsyncIterator[Served]:
    """With a page that asks for a sign-in, and Slack over HTTP."""
    with FakeSlack() as fake:
        async with alive(for_many(fake, data_dir), SystemClock()) as (_, server):
            yield Served(server.url, server.app.routes)


@asynccontextmanager
async def engine(_: Path) -> AsyncIterator[Served]:
    async with engine_with() as served:
        yield served


@asynccontextmanager
async def engine_without_keys(_: Path) -> AsyncIterator[Served]:
    async with engine_with(Terms()) as served:
        yield served


@asynccontextmanager
async def engine_with(terms: Terms | None = None) -> AsyncIterator[Served]:
    server = opened(FakeEngine(), terms=terms)
    with listen("127.0.0.1", 0, names="PORT") as listener:
        url = own_url("127.0.0.1", listener.getsockname()[1])
        async with listening(server.app, listener):
            yield Served(url, server.app.routes)
    await server.close()


# Whoever has no key is a stranger there.
SERVERS = {each.__name__: each for each in (bot_of_this_machine, bot_of_many_workspaces, engine)}
FOREIGN = {
    "name": ("Host: elsewhere.example",),
    "page": ("Origin: https://elsewhere.example", "Sec-Fetch-Site: cross-site"),
    "page that an old browser shows": ("Origin: https://elsewhere.example",),
    "page without a name": ("Origin: null",),
}


def head(url: str, way: Way, framing: Framing, *lines: str) -> bytes:
    length = f"Content-Length: {BODY_BYTES}"
    own = () if any(each.startswith("Host:") for each in lines) else (host_of(url),)
    first = (
        f"{way.method} {way.path} HTTP/1.1",
        *own,
        "Content-Type: application/json",
        length if framing == "announced" else "Transfer-Encoding: chunked",
    )
    return "\r\n".join((*first, *lines, "", "")).encode()


def host_of(url: str) -> str:
    return f"Host: {url.removeprefix('http://')}"


def framed(piece: bytes, framing: Framing) -> bytes:
    return piece if framing == "announced" else b"%x\r\n%b\r\n" % (len(piece), piece)


def memory_bytes() -> int:
    """What this process holds in memory. Source: proc(5), statm."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


async def sent_until_refused(client: Raw, framing: Framing) -> int:
    """Go on sending as fast as it goes; how much that was when the server took no more."""
    sent = 0
    while sent < BODY_BYTES:
        try:
            async with asyncio.timeout(5):
                await client.say(framed(PIECE, framing))
        except (ConnectionError, TimeoutError):
            break  # the line is cut, or nobody reads
        sent += len(PIECE)
    return sent


@pytest.mark.slow
@pytest.mark.parametrize("framing", ["announced", "chunked"])
@pytest.mark.parametrize("server", SERVERS)
async def test_a_strangers_body_is_answered_before_it_is_read_and_never_taken(
    server: str, framing: Framing, tmp_path: Path
) -> None:
    """The answer comes although the rest of the body is not sent."""
    async with SERVERS[server](tmp_path) as served:
        found = list(dict.fromkeys(ways(served.routes)))
        before_bytes = memory_bytes()
        for way in found:
            async with Raw(served.url) as client:
                await client.say(head(served.url, way, framing) + framed(PIECE, framing))
                status = await client.status(timeout_s=60)
                assert status in REFUSALS or way.method == "GET", (way, status)
                taken = await sent_until_refused(client, framing)
                assert taken <= Patient.rest_max_bytes + ON_THE_WAY_BYTES, (way, taken)
                assert memory_bytes() - before_bytes < GROWTH_MAX_BYTES, way
    assert len(found) > 15


def is_refused(server: Server, foreign: str, way: Way, status: int) -> bool:
    if server is engine_without_keys:
        return status == 403
    if foreign == "name" and server is not engine:
        return status == 421
    return status in REFUSALS or way.method == "GET"


@pytest.mark.slow
@pytest.mark.parametrize("framing", ["announced", "chunked"])
@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize(
    "server", [bot_of_this_machine, bot_of_many_workspaces, engine, engine_without_keys]
)
async def test_what_names_or_sends_us_from_elsewhere_is_refused_before_its_body(
    server: Server, foreign: str, framing: Framing, tmp_path: Path
) -> None:
    """A page may link to one of ours; an engine with keys takes them in the place of a name."""
    async with server(tmp_path) as served:
        for way in dict.fromkeys(ways(served.routes)):
            async with Raw(served.url) as client:
                await client.say(head(served.url, way, framing, *FOREIGN[foreign]))
                status = await client.status(timeout_s=60)
                assert is_refused(server, foreign, way, status), (way, status)


async def test_every_door_is_among_those_that_are_tried(tmp_path: Path) -> None:
    """The walk goes through routers, mounts, and what is mounted while the bot runs."""
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(bot_of_many_workspaces(tmp_path))
        its_engine = await stack.enter_async_context(engine(tmp_path))
        of_the_bot, of_the_engine = set(ways(bot.routes)), set(ways(its_engine.routes))
    assert of_the_bot >= {
        Way("GET", "/health"),
        Way("POST", "/slack/events"),
        Way("GET", "/slack/install"),
        Way("POST", "/login"),
        Way("POST", "/say"),
        Way("POST", "/review/enter"),
        Way("POST", "/review/cases/1/decide"),
        Way("POST", "/static/no-such-page"),
    }
    assert of_the_engine >= {
        Way("POST", "/v1/inference/1"),
        Way("POST", "/v1/images/edits"),
        Way("POST", "/v1/request-costs"),
        Way("GET", "/health"),
    }


@pytest.mark.parametrize("framing", ["announced", "chunked"])
@pytest.mark.parametrize("path", ["/login", "/review/enter"])
async def test_who_signs_in_sends_little(path: str, framing: Framing, tmp_path: Path) -> None:
    """Whoever says that the page itself sent it is read, up to what a token needs."""
    async with bot_of_many_workspaces(tmp_path) as served, Raw(served.url) as client:
        form = "Content-Type: application/x-www-form-urlencoded"
        lines = head(served.url, Way("POST", path), framing, "Sec-Fetch-Site: same-origin")
        lines = lines.replace(b"Content-Type: application/json", form.encode())
        await client.say(lines + framed(PIECE, framing))
        assert await client.status(timeout_s=60) == 413


async def test_a_slack_that_signs_nothing_sends_little(tmp_path: Path) -> None:
    async with bot_of_many_workspaces(tmp_path) as served, Raw(served.url) as client:
        way = Way("POST", "/slack/events")
        lines = head(served.url, way, "chunked", "X-Slack-Request-Timestamp: 1")
        await client.say(lines + framed(PIECE, "chunked") * 17)
        assert await client.status(timeout_s=60) == 413


async def test_a_refused_picture_that_was_sent_to_its_end_leaves_the_line_open(
    tmp_path: Path,
) -> None:
    """Many clients read the answer only then; the next request on the line is served."""
    async with bot_of_this_machine(tmp_path) as served, Raw(served.url) as client:
        host = f"Host: {served.url.removeprefix('http://')}"
        size_bytes = 13 * MEGABYTE
        await client.say(
            f"POST /say HTTP/1.1\r\n{host}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Length: {size_bytes}\r\n\r\n".encode()
            + bytes(size_bytes)
            + f"GET /health HTTP/1.1\r\n{host}\r\nConnection: close\r\n\r\n".encode()
        )
        heard = await client.heard(timeout_s=60)
    assert re.findall(rb"HTTP/1.1 (\d+)", heard) == [b"413", b"200"]
