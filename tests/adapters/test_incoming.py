"""Who is asked in, how far a body is read, and for how long."""

import asyncio
from collections.abc import Iterable
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
        (HERE, "POST", {"Sec-Fetch-Site": "cross-site"}, 403),
        (HERE, "POST", {"Sec-Fetch-Site": "same-site"}, 403),
        (HERE, "GET", {"Sec-Fetch-Site": "cross-site"}, 200),
        (HERE, "DELETE", {"Origin": "https://elsewhere.example"}, 403),
        # A proxy that names itself, as many do.
        (NAMED, "POST", {"Origin": "https://draw.example.org"}, 200),
        (NAMED, "POST", {"Origin": "https://elsewhere.example"}, 403),
        (NAMED, "POST", {"X-Forwarded-For": "192.0.2.7"}, 200),
        (HERE, "GET", {"X-Forwarded-For": "192.0.2.7"}, 403),
        (HERE, "GET", {"Host": "elsewhere.example"}, 421),
        (HERE, "POST", {"Content-Length": "11"}, 413),
        (HERE, "POST", {"Content-Length": "10"}, 200),
    ],
)
async def test_who_comes_in_is_decided_by_headers_alone(
    site: Site, method: str, headers: dict[str, str], status: int
) -> None:
    read: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        read.append(len(await Request(scope, receive).body()))
        await PlainTextResponse()(scope, receive, send)

    door = AtDoor(app, door=Door(site=site, max_bytes=10))
    transport = httpx.ASGITransport(door)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as http:
        answer = await http.request(method, "/", headers=headers, content=b"x" * 10)
    assert answer.status_code == status
    assert read == ([10] if status == 200 else [])


async def test_one_client_has_only_so_many_requests_open() -> None:
    """Also from several addresses of its network; a proxy of this machine brings those of many."""
    gate, waiting = asyncio.Event(), asyncio.Semaphore(0)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        waiting.release()
        await gate.wait()
        await PlainTextResponse()(scope, receive, send)

    share = FairShare(app)

    async def status(address: str) -> int:
        transport = httpx.ASGITransport(share, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://limner.test") as http:
            return (await http.get("/")).status_code

    both = [f"2001:db8::{number:x}" for number in range(1, AT_ONCE_OF_ONE_MAX + 1)]
    both += ["127.0.0.1"] * (AT_ONCE_OF_ONE_MAX + 1) + ["192.0.2.7"]
    held = [asyncio.create_task(status(each)) for each in both]
    for _ in held:
        await asyncio.wait_for(waiting.acquire(), 60)
    assert await status("2001:db8::ffff") == 503
    gate.set()
    assert set(await asyncio.gather(*held)) == {200}
    assert await status("2001:db8::ffff") == 200
