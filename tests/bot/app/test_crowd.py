"""More connections than there is room for, on real sockets: who makes room, and who is served."""

import asyncio
import contextlib
import resource
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from adapters.incoming import AT_ONCE_OF_ONE_MAX, network_of
from adapters.terminal import control_socket
from adapters.terminal.client import RemoteBot, client
from bot.app.listener import CONNECTIONS_MAX, Patient, Room, listen, listening
from bot.app.system_clock import SystemClock
from bot.urls import is_loopback
from tests.adapters.slack.fake.server import FakeSlack
from tests.adapters.slack.test_running import for_many
from tests.support.whole_bot import alive, sketching

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
CROWD = 2_000


@pytest.fixture
def many_files() -> Iterator[None]:
    """Both ends of the crowd are files of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CROWD + 1_024
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"needs {wanted} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def large() -> AsyncIterator[bytes]:
    """More than the buffers of both kernels hold."""
    for _ in range(500):
        yield b"x" * 65_536


class Site:
    """An app whose answers take as long as a test wants, and its address."""

    def __init__(self) -> None:
        self.port = 0
        self.began = asyncio.Event()
        self.gate = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if scope["path"] == "/slow":
            self.began.set()
            await self.gate.wait()
        size = len(await request.body())
        if scope["path"] == "/large":
            await StreamingResponse(large())(scope, receive, send)
        else:
            await PlainTextResponse(str(size))(scope, receive, send)

    async def connected(self, stack: AsyncExitStack, words: str = "", near: str = "") -> Stream:
        """A connection from `near`, an address of this machine, that has said `words`."""
        address = (near, 0) if near else None
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=address, limit=1024
        )
        stack.callback(writer.close)
        writer.write(words.replace("\n", "\r\n").encode())
        await writer.drain()
        return reader, writer


@asynccontextmanager
async def site(**room: Any) -> AsyncIterator[Site]:
    here = Site()
    with listen("127.0.0.1", 0, names="PORT") as listener:
        here.port = listener.getsockname()[1]
        async with listening(here, listener, room=Room(**room)):
            yield here


async def is_open(stream: Stream, host: str = "x") -> bool:
    """Whether the server still answers on this line, after what is under way has arrived."""
    reader, writer = stream
    try:
        writer.write(f"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        async with asyncio.timeout(30):
            return (await reader.readline()).startswith(b"HTTP/1.1 200")
    except ConnectionError:
        return False


async def ended(stream: Stream) -> None:
    """Wait until the server has closed this line."""
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(30):
            while await stream[0].read(1 << 20):
                pass


BODY = "POST / HTTP/1.1\nHost: x\nContent-Length: 9\n\n12"
WAYS_TO_WAIT = {
    "saying nothing": "",
    "never ending the headers": "GET / HTTP/1.1\nHost: x\nX: ",
    "never ending the body": BODY,
    "never taking the answer": "GET /large HTTP/1.1\nHost: x\n\n",
}


@pytest.mark.parametrize("how", WAYS_TO_WAIT)
async def test_whoever_lets_us_wait_longest_makes_room(how: str) -> None:
    async with site(in_all=8) as here, AsyncExitStack() as stack:
        crowd = [await here.connected(stack, WAYS_TO_WAIT[how]) for _ in range(30)]
        served = await here.connected(stack)
        assert await is_open(served)
        for each in crowd[:20]:  # not the last ones, for which there is room
            await ended(each)


async def test_who_is_being_served_is_not_sent_away() -> None:
    async with site(in_all=4) as here, AsyncExitStack() as stack:
        reader, _ = await here.connected(stack, "GET /slow HTTP/1.1\nHost: x\n\n")
        await here.began.wait()
        crowd = [await here.connected(stack) for _ in range(30)]
        assert await is_open(crowd[-1])
        here.gate.set()
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


async def test_a_body_that_goes_on_arriving_is_not_cut_for_those_that_stand_still() -> None:
    async with site(in_all=8) as here, AsyncExitStack() as stack:
        head = "POST / HTTP/1.1\nHost: x\nContent-Length: 60\n\n"
        reader, writer = await here.connected(stack, head)
        for _ in range(60):
            writer.write(b"x")
            assert await is_open(await here.connected(stack))
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


async def test_one_address_takes_no_room_from_another() -> None:
    """An idle line of somebody else is older than the whole crowd, and stays."""
    async with site(in_all=60, of_one=8, is_many=lambda _: False) as here, AsyncExitStack() as held:
        other = await here.connected(held, near="127.0.0.3")
        crowd = [await here.connected(held, near="127.0.0.2") for _ in range(50)]
        assert [await is_open(each) for each in crowd] == [False] * 42 + [True] * 8
        assert await is_open(other)


async def test_a_proxy_of_this_machine_may_bring_many() -> None:
    async with site(in_all=60, of_one=8) as here, AsyncExitStack() as stack:
        crowd = [await here.connected(stack) for _ in range(50)]
        assert all([await is_open(each) for each in crowd])


def own_address() -> str:
    """Where this machine reaches itself as if it were another one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        with contextlib.suppress(OSError):
            probe.connect(("203.0.113.1", 9))  # chooses an address, and sends nothing
        found = str(probe.getsockname()[0])
    if found == "0.0.0.0" or is_loopback(found):  # noqa: S104  (read, not bound)
        pytest.skip("this machine has no address but loopback")
    return found


@pytest.mark.parametrize(("named", "served"), [("yes", 130), ("no", AT_ONCE_OF_ONE_MAX)])
async def test_a_named_proxy_on_another_machine_may_bring_many(
    named: str, served: int, tmp_path: Path
) -> None:
    """The whole bot; whoever isn't named has room for so many."""
    address = own_address()
    proxies = address if named == "yes" else "203.0.113.0/24"
    environ = sketching(tmp_path, HOST=address, TRUSTED_PROXIES=proxies)
    async with alive(environ, SystemClock()) as (_, server), AsyncExitStack() as stack:
        crowd = []
        for _ in range(130):
            crowd.append(await asyncio.open_connection(address, httpx.URL(server.url).port))
            stack.callback(crowd[-1][1].close)
        answered = [await is_open(each, address) for each in reversed(crowd)]  # all have come in
        assert answered.count(True) == served


class Hasty(Patient):
    """Lets a large answer wait for its client without pausing the app."""

    headers_timeout_s = 60.0
    write_timeout_s = 0.3
    gone: asyncio.Event

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=64_000_000)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.gone.set()


async def test_a_line_that_is_to_be_closed_does_not_wait_for_a_client_that_reads_nothing() -> None:
    """What is left to send may be too little to stop the writing, and is never taken."""
    Hasty.gone = asyncio.Event()
    answer = PlainTextResponse("x" * 32_000_000)
    with listen("127.0.0.1", 0, names="PORT") as listener, socket.socket() as reader:
        reader.settimeout(0)
        async with listening(answer, listener, protocol=Hasty):
            loop = asyncio.get_running_loop()
            await loop.sock_connect(reader, listener.getsockname())
            wanted = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            await loop.sock_sendall(reader, wanted)
            await asyncio.wait_for(Hasty.gone.wait(), 30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_what_one_client_has_of_the_addresses_is_one_network(one: str, other: str) -> None:
    assert network_of(one) == network_of(other)


def test_other_clients_are_other_networks() -> None:
    several = ("2001:db8:1:2::1", "2001:db8:1:3::1", "192.0.2.1", "192.0.2.2")
    assert len(set(map(network_of, several))) == 4


SLOW = {
    "silent": "",
    "headers": "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
    "sign-ins": (
        "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\ntoken"
    ),
    "events": (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "X-Slack-Request-Timestamp: 1\r\nContent-Length: 9000\r\n\r\n{"
    ),
}


@pytest.mark.slow
@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize("slow", SLOW)
async def test_two_thousand_slow_lines_of_one_client_keep_nobody_out(
    slow: str, tmp_path: Path
) -> None:
    """The whole bot, with a page that asks for a sign-in and Slack over HTTP."""
    with FakeSlack() as fake:
        async with (
            alive(for_many(fake, tmp_path), SystemClock()) as (app, _),
            AsyncExitStack() as stack,
        ):
            own = control_socket.find(control_socket.path_of(app.settings.database_path))
            assert own is not None
            terminal = RemoteBot(await stack.enter_async_context(client(own)))
            running = await terminal.who()
            assert running is not None
            url = httpx.URL(running.url)
            crowd = []
            for _ in range(CROWD):
                reader, writer = await asyncio.open_connection("127.0.0.1", url.port)
                writer.write(SLOW[slow].encode())
                crowd.append((reader, writer))
                stack.callback(writer.close)
            async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=10) as http:
                for path in ("/health", "/login", "/static/main.js"):
                    assert (await http.get(path)).status_code == 200
            await terminal.pause(paused=True)
            for each in crowd[: CROWD - CONNECTIONS_MAX]:
                await ended(each)
