"""A start among two thousand servers: who asks meanwhile is answered, and nothing is mixed up."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.platform.event_order import EventOrder
from tests.adapters.discord.fake.gateway import Session
from tests.adapters.discord.fake.server import FakeDiscord
from tests.adapters.discord.fake.world import Role
from tests.adapters.discord.whole_bot import environ_of
from tests.support.fake_deepinfra import FakeDeepInfra
from tests.support.fork_server import ForkServer

SERVERS, CHANNELS, ROLES = 2_000, 40, 20
DISCORD_WAITS_MS = 3_000


class Read:
    """What was read, in its order."""

    def __init__(self) -> None:
        self.order = EventOrder()
        self.seen: list[Any] = []

    def tell(self, event: str, number: int, **more: str) -> None:
        self.order.put_between(event, self.seen.append)({"n": number, **more})

    @property
    def numbers(self) -> list[int]:
        return [data["n"] for data in self.seen]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.seen) < count:  # noqa: ASYNC110  (a turn of the loop each)
                await asyncio.sleep(0)


async def test_an_interaction_overtakes_servers_and_nothing_else_does() -> None:
    read = Read()
    read.tell("READY", 0)
    for number in range(1, 50):
        read.tell("GUILD_CREATE", number)
    read.tell("CHANNEL_CREATE", 50)
    read.tell("INTERACTION_CREATE", 99)
    assert read.numbers == [0, 99]
    await read.until(52)
    assert read.numbers == [0, 99, *range(1, 51)]


async def test_an_interaction_finds_its_own_server() -> None:
    read = Read()
    for number in range(1, 5):
        read.tell("GUILD_CREATE", number, id=str(number))
        read.tell("CHANNEL_CREATE", 10 * number, guild_id=str(number))
    read.tell("INTERACTION_CREATE", 99, guild_id="3")
    assert read.numbers == [3, 30, 99]
    await read.until(9)
    assert read.numbers == [3, 30, 99, 1, 10, 2, 20, 4, 40]


async def test_what_becomes_of_a_server_is_read_in_its_order() -> None:
    read = Read()
    read.tell("GUILD_CREATE", 1, id="1")
    for number, event in enumerate(
        ("GUILD_CREATE", "GUILD_DELETE", "GUILD_CREATE", "GUILD_UPDATE"), 2
    ):
        read.tell(event, number, id="2")
    read.tell("INTERACTION_CREATE", 99, guild_id="2")
    assert read.numbers == [2, 3, 4, 5, 99]
    await read.until(6)


@pytest.mark.parametrize("broken", [None, "text", 7, ["list"]])
def test_what_is_no_object_is_left_to_the_parser(broken: Any) -> None:
    read = Read()
    for event in ("GUILD_CREATE", "INTERACTION_CREATE", "CHANNEL_CREATE"):
        read.order.put_between(event, read.seen.append)(broken)
    assert read.seen == [broken] * 3


async def test_where_nothing_waits_an_event_is_read_at_once() -> None:
    read = Read()
    read.tell("CHANNEL_CREATE", 1)
    assert read.numbers == [1]
    read.tell("GUILD_CREATE", 2)
    await read.until(2)
    read.tell("CHANNEL_CREATE", 3)
    assert read.numbers == [1, 2, 3]


async def test_between_two_servers_others_have_their_turn() -> None:
    read = Read()
    for number in range(100):
        read.tell("GUILD_CREATE", number)
    turns = 0
    while len(read.seen) < 100:
        turns += 1
        await asyncio.sleep(0)
    assert turns >= 100


async def test_what_a_line_told_is_forgotten_with_it() -> None:
    read = Read()
    for number in range(10):
        read.tell("GUILD_CREATE", number)
    read.order.forget()
    read.tell("GUILD_CREATE", 10)
    await read.until(1)
    assert read.numbers == [10]


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer("tests.adapters.discord.crashing_delivery") as server:
        yield server


@pytest.fixture
def crowd() -> Iterator[FakeDiscord]:
    """Two thousand servers with forty channels and twenty roles each: 38 MB of events."""
    fake = FakeDiscord()
    old = fake.world.now() - timedelta(days=900)
    for number in range(SERVERS):
        server = fake.add_server(f"Community {number}", owner=fake.ann, created_at=old)
        server.roles = [Role(fake.world.new_id(), f"role {each}") for each in range(ROLES)]
        for each in range(CHANNELS):
            fake.add_channel(f"channel-{each}", server)
    with fake:
        yield fake


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whoever_asks_while_two_thousand_servers_are_read_is_answered_in_time(
    crowd: FakeDiscord, server: ForkServer, tmp_path: Path
) -> None:
    with FakeDeepInfra() as drawing:
        allowed = ",".join(map(str, crowd.world.servers))
        environ = {**environ_of(crowd, drawing, tmp_path), "ALLOWED_COMMUNITIES": allowed}
        pid = server.begin(tmp_path, environ)
        crowd.wait_for(lambda: crowd.gateway.live)
        session = crowd.gateway.live[0]
        asked = []
        for told in range(1, SERVERS + 1, SERVERS // 8):
            crowd.wait_for(lambda told=told: session.sequence >= told, 120)  # type: ignore[misc]
            asked.append(crowd.command("help"))
        assert session.sequence < SERVERS + len(asked)  # they came in between
        crowd.wait_for(lambda: all(each.answer for each in asked))
        assert max(each.ack_ms for each in asked) < DISCORD_WAITS_MS
        drawn_at_last(crowd, session)
        server.kill(pid)


def drawn_at_last(crowd: FakeDiscord, session: Session) -> None:
    """The servers are there, with their channels."""
    crowd.wait_for(lambda: session.sequence > SERVERS, 120)
    done = crowd.command("limner setup", {"channel": crowd.art})
    crowd.wait_for(lambda: done.original)
    asked = crowd.command("imagine", {"prompt": "a cat"})
    crowd.wait_for(lambda: asked.original and asked.original.pictures, 60)
