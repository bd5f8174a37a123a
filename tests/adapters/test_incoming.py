"""Who is asked in, how far a body is read, and for how long."""

import asyncio
from collections.abc import Iterable
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from adapters.incoming import (
    AT_ONCE_OF_ONE_MAX,
    AtDoor,
    Bounded,
    Door,
    FairShare,
    Patience,
    Site,
    TooLarge,
    TooSlow,
    announces_more,
    client_address,
)


def pieces(*sizes: int, ends: bool = True) -> Receive:
    """A client that sends so much at a time, and then leaves or says nothing more."""
    last = len(sizes) - 1
    messages: Iterable[Message] = iter(
        {"type": "http.request", "body": bytes(size), "more_body": not ends or at < last}
        for at, size in enumerate(sizes)
    )

    async def receive() -> Message:
        for message in messages:
            return message
        if not ends:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    return receive


async def read(receive: Receive, max_bytes: int, **patience: Any) -> list[int]:
    bounded = Bounded(receive, max_bytes, Patience(**patience))
    found = []
    while (message := await bounded())["type"] == "http.request":
        found.append(len(message["body"]))
    return found


async def test_a_body_up_to_the_bound_is_read_and_the_client_may_leave() -> None:
    assert await read(pieces(4, 6), 10) == [4, 6]
    assert await read(pieces(0), 0) == [0]


@pytest.mark.parametrize("sizes", [(11,), (4, 7), (10, 1)])
async def test_a_body_that_grows_beyond_it_is_too_large(sizes: tuple[int, ...]) -> None:
    with pytest.raises(TooLarge):
        await read(pieces(*sizes, ends=False), 10)


async def test_a_client_that_says_nothing_is_too_slow() -> None:
    with pytest.raises(TooSlow):
        await read(pieces(4, ends=False), 10, silence_s=0.01)


async def test_a_client_that_never_ends_is_too_slow_although_it_goes_on() -> None:
    async def drop() -> Message:
        await asyncio.sleep(0.001)
        return {"type": "http.request", "body": b"x", "more_body": True}

    with pytest.raises(TooSlow):
        await read(drop, 10**9, whole_s=0.1)


async def test_whoever_waits_for_the_answer_may_take_any_time() -> None:
    left = asyncio.Event()

    async def receive() -> Message:
        if not left.is_set():
            left.set()
            return {"type": "http.request", "body": b"x", "more_body": False}
        await asyncio.sleep(0.2)
        return {"type": "http.disconnect"}

    assert await read(receive, 10, silence_s=0.05, whole_s=0.05) == [1]


@pytest.mark.parametrize(
    ("length", "is_more"),
    [("0", False), ("10", False), ("11", True), ("9" * 4_000, True), ("-1", True), ("", True)],
)
def test_the_announced_length_is_compared(length: str, *, is_more: bool) -> None:
    assert announces_more({"content-length": length}, 10) is is_more


def test_without_an_announced_length_the_body_decides() -> None:
    assert not announces_more({"transfer-encoding": "chunked"}, 10)


HERE = Site()
ABROAD = Site(host="0.0.0.0")  # noqa: S104  (read, not bound)
NAMED = Site(public_url="https://draw.example.org")
PROXIED = Site(trusted_proxies=[ip_network("127.0.0.1")])


@pytest.mark.parametrize(
    ("site", "host", "is_ours"),
    [
        (ABROAD, "192.168.1.5:8765", True),  # an address can't be pointed elsewhere
        (ABROAD, "[2001:db8::1]:8765", True),
        (ABROAD, "localhost:8765", True),
        (ABROAD, "elsewhere.example", False),
        (ABROAD, "192.168.1.5.elsewhere.example", False),
        (Site(host="Limner.Lan"), "limner.lan:8765", True),
        (Site(host="Limner.Lan"), "other.lan:8765", False),
        (NAMED, "draw.example.org", True),
        (NAMED, "DRAW.example.org.:443", True),
        (NAMED, "127.0.0.1:8765", True),
        (NAMED, "192.168.1.5:8765", False),
        (NAMED, "", False),
    ],
)
def test_a_server_answers_to_its_own_names(site: Site, host: str, *, is_ours: bool) -> None:
    assert site.knows(host) is is_ours


@pytest.mark.parametrize(
    ("site", "method", "headers", "status"),
    [
        (HERE, "POST", {}, 200),
        (HERE, "POST", {"Sec-Fetch-Site": "same-origin"}, 200),
        (HERE, "POST", {"Origin": "http://127.0.0.1:8765"}, 200),
        (HERE, "POST", {"Origin": "http://127.0.0.1:8766"}, 403),
        (HERE, "POST", {"Origin": "null"}, 403),
        (HERE, "POST", {"Origin": "http://["}, 403),
        (HERE, "POST", {"Origin": ""}, 403),
        (HERE, "POST", {"Origin": "http://127.0.0.1:8765/"}, 403),
        (HERE, "POST", {"Sec-Fetch-Site": "cross-site"}, 403),
        (HERE, "POST", {"Sec-Fetch-Site": "same-site"}, 403),
        (HERE, "GET", {"Sec-Fetch-Site": "cross-site"}, 200),
        (HERE, "DELETE", {"Origin": "https://elsewhere.example"}, 403),
        # A proxy that names itself, as many do.
        (NAMED, "POST", {"Origin": "https://draw.example.org"}, 200),
        (NAMED, "POST", {"Origin": "https://elsewhere.example"}, 403),
        (NAMED, "POST", {"X-Forwarded-For": "192.0.2.7"}, 200),
        (HERE, "GET", {"X-Forwarded-For": "192.0.2.7"}, 403),
        # A proxy that is named makes the page no less public than one that isn't.
        (PROXIED, "GET", {"X-Forwarded-For": "192.0.2.7"}, 403),
        (HERE, "GET", {"Host": "elsewhere.example"}, 421),
        (HERE, "POST", {"Content-Length": "11"}, 413),
        (HERE, "POST", {"Content-Length": "10"}, 200),
    ],
)
async def test_who_comes_in_is_decided_by_headers_alone(
    site: Site, method: str, headers: dict[str, str], status: int
) -> None:
    assert await answered(Door(site=site, max_bytes=10), method, headers) == status


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {"Sec-Fetch-Site": "same-origin"}, 200),
        ("POST", {"Origin": "https://draw.example.org"}, 200),
        ("POST", {"Sec-Fetch-Site": "none"}, 403),
        ("POST", {}, 403),
        ("GET", {}, 200),
    ],
)
async def test_where_pages_alone_come_in_a_program_does_not(
    method: str, headers: dict[str, str], status: int
) -> None:
    door = Door(site=NAMED, max_bytes=10, for_pages=True)
    assert await answered(door, method, headers) == status


async def answered(door: Door, method: str, headers: dict[str, str]) -> int:
    """The status behind `door`. Of whoever is refused, nothing is read."""
    read: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        read.append(len(await Request(scope, receive).body()))
        await PlainTextResponse()(scope, receive, send)

    transport = httpx.ASGITransport(AtDoor(app, door=door))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as http:
        answer = await http.request(method, "/", headers=headers, content=b"x" * 10)
    assert read == ([10] if answer.status_code == 200 else [])
    return answer.status_code


TRUSTED = [ip_network(each) for each in ("127.0.0.1/32", "10.0.0.0/8", "::1/128")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "sender"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # anybody can write this
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),  # two headers are one list
        ("127.0.0.1", ["203.0.113.9, 10.1.2.3"], "203.0.113.9"),  # two proxies in a row
        ("127.0.0.1", ["10.9.9.9, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        ("127.0.0.1", ["10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", ["203.0.113.9, unknown"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9,"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
        ("127.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("::1", ["2001:db8::1"], "2001:db8::1"),
        ("::ffff:127.0.0.1", ["203.0.113.9"], "203.0.113.9"),  # of a socket that listens on "::"
        ("fe80::1%eth0", ["203.0.113.9"], "fe80::1"),
        ("", [], ""),
    ],
)
def test_whoever_sent_it_is_read_from_the_right_across_trusted_proxies(
    peer: str, forwarded: list[str], sender: str
) -> None:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    scope = {"type": "http", "client": (peer, 5_555), "headers": headers}
    assert client_address(scope, TRUSTED) == sender


def test_a_unix_socket_has_no_address() -> None:
    assert client_address({"type": "http", "client": None, "headers": []}, TRUSTED) == ""


@pytest.mark.parametrize(
    ("peer", "many"),
    [
        ("127.0.0.1", True),  # a proxy of this machine, named or not
        ("::ffff:127.0.0.1", True),
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("192.0.2.7", False),
        ("", False),
    ],
)
def test_many_come_through_this_machine_and_through_named_proxies(peer: str, *, many: bool) -> None:
    assert Site(trusted_proxies=TRUSTED).brings_many(peer) is many


class Held:
    """Requests that are open until `end` is called, behind a fair share of `site`."""

    def __init__(self, site: Site) -> None:
        self._share = FairShare(self._app, site)
        self._gate, self._began = asyncio.Event(), asyncio.Semaphore(0)
        self._open: list[asyncio.Task[int]] = []

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._began.release()
        await self._gate.wait()
        await PlainTextResponse()(scope, receive, send)

    async def status(self, peer: str, forwarded: str = "") -> int:
        transport = httpx.ASGITransport(self._share, client=(peer, 1))
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://limner.test") as http:
            return (await http.get("/", headers=headers)).status_code

    async def begin(self, peer: str, forwarded: str = "") -> None:
        self._open.append(asyncio.create_task(self.status(peer, forwarded)))
        await asyncio.wait_for(self._began.acquire(), 60)

    async def end(self) -> set[int]:
        self._gate.set()
        return set(await asyncio.gather(*self._open))


async def test_one_client_has_only_so_many_requests_open() -> None:
    """Also from several addresses of its network; a proxy of this machine brings those of many."""
    held = Held(ABROAD)
    for number in range(1, AT_ONCE_OF_ONE_MAX + 1):
        await held.begin(f"2001:db8::{number:x}")
    for _ in range(AT_ONCE_OF_ONE_MAX + 1):
        await held.begin("127.0.0.1", "192.0.2.7")
    await held.begin("192.0.2.7")
    assert await held.status("2001:db8::ffff") == 503
    assert await held.end() == {200}
    assert await held.status("2001:db8::ffff") == 200


async def test_whoever_comes_through_a_named_proxy_is_counted_apart() -> None:
    """Not by what they write themselves; the proxy's own requests are not counted."""
    held = Held(Site(public_url="https://draw.example.org", trusted_proxies=TRUSTED))
    for _ in range(AT_ONCE_OF_ONE_MAX):
        await held.begin("10.1.2.3", "192.0.2.7")
    assert await held.status("10.1.2.3", "198.51.100.1, 192.0.2.7") == 503
    assert await held.status("127.0.0.1", "192.0.2.7") == 503
    await held.begin("10.1.2.3", "192.0.2.8")
    for _ in range(AT_ONCE_OF_ONE_MAX + 1):
        await held.begin("10.1.2.3")
    assert await held.end() == {200}
