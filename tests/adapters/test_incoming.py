"""How far a body is read, and for how long."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from starlette.types import Message, Receive

from adapters.incoming import Bounded, Patience, TooLarge, TooSlow, announces_more


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
