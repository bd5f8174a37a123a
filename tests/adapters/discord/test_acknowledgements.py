"""While somebody still waits to be acknowledged, nobody's job begins."""

import asyncio

import pytest

from adapters.discord.platform.acknowledgements import Acks

LONG_S = 60.0


async def test_who_was_acknowledged_waits_for_the_others() -> None:
    acks, begun = Acks(LONG_S), list[str]()

    async def one() -> None:
        with acks.ahead():
            pass
        await acks.given()
        begun.append("one")

    with acks.ahead():
        task = asyncio.create_task(one())
        for _ in range(10):
            await asyncio.sleep(0)
        assert begun == []
    await task
    assert begun == ["one"]


async def test_between_two_parts_of_a_pre_flight_nobody_begins() -> None:
    acks, begun = Acks(LONG_S), list[str]()

    async def one() -> None:
        await acks.given()
        begun.append("one")

    with acks.ahead():
        task = asyncio.create_task(one())
        await asyncio.sleep(0)
    with acks.ahead():
        for _ in range(10):
            await asyncio.sleep(0)
        assert begun == []
    await task


async def test_an_acknowledgement_that_never_comes_holds_nobody_up_for_long() -> None:
    acks = Acks()
    with acks.ahead():
        async with asyncio.timeout(20):
            await acks.given()


async def test_a_refusal_counts_as_an_answer() -> None:
    acks = Acks(LONG_S)
    with pytest.raises(LookupError), acks.ahead():
        raise LookupError
    async with asyncio.timeout(20):
        await acks.given()
