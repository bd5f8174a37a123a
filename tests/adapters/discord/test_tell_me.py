""" "Tell me" on a card that waits: one private message, once it has ended."""

import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.app.composition import App
from tests.adapters.discord.fake.server import FakeDiscord, acts_and_cuts
from tests.adapters.discord.fake.world import Message, Person
from tests.adapters.discord.test_wire import jobs, worked_off
from tests.adapters.discord.whole_bot import environ_of, set_up
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import FakeDeepInfra, answers
from tests.support.fake_deepinfra import waits as drawing_waits
from tests.support.whole_bot import alive


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(runs=True)


@pytest.fixture
def fake(clock: FakeClock) -> Iterator[FakeDiscord]:
    with FakeDiscord(now=clock.now) as fake:
        yield fake
        assert fake.unknown == []


@pytest.fixture
def drawing() -> Iterator[FakeDeepInfra]:
    with FakeDeepInfra() as drawing:
        yield drawing


@pytest.fixture
async def app(
    fake: FakeDiscord, drawing: FakeDeepInfra, clock: FakeClock, tmp_path: Path
) -> AsyncIterator[App]:
    async with alive(environ_of(fake, drawing, tmp_path), clock) as (app, _):
        await fake.until(lambda: fake.connected and fake.commands)
        await set_up(fake)
        yield app


async def waiting(fake: FakeDiscord) -> Message:
    asked = fake.command("imagine", {"prompt": "a cat"})
    await fake.until(lambda: asked.original and "Drawing" in asked.original.text)
    assert asked.original is not None
    return asked.original


async def presses(fake: FakeDiscord, card: Message, person: Person) -> str:
    act = fake.press(card, "Tell me", by=person)
    await fake.until(lambda: act.original)
    assert act.original is not None
    assert act.original.ephemeral
    return act.original.text


def told(fake: FakeDiscord, person: Person) -> list[str]:
    return [each.text for each in fake.messages if each.channel.recipient is person]


@pytest.mark.parametrize("answer", ["arrives", "is lost"])
async def test_whoever_pressed_is_told_once_with_a_link(
    fake: FakeDiscord, drawing: FakeDeepInfra, app: App, clock: FakeClock, answer: str
) -> None:
    gate = threading.Event()
    drawing.will(drawing_waits(gate))
    card = await waiting(fake)
    [job] = await jobs(fake, app)
    for person in (fake.ann, fake.bob, fake.bob):
        words = f"I write to you, once, when `{job.public_id}` is done."
        assert await presses(fake, card, person) == words
    if answer == "is lost":
        fake.will("send", acts_and_cuts(), acts_and_cuts())
    gate.set()
    await worked_off(fake, app, clock)
    url = f"https://discord.com/channels/{fake.server.id}/{fake.art.id}/{card.id}"
    words = f"`{job.public_id}` is done. [Here it is.](<{url}>)"
    await fake.until(lambda: told(fake, fake.ann) and told(fake, fake.bob))
    await app.studio.delete(job.asker, job.public_id)  # a card changes, and nobody is told again
    await worked_off(fake, app, clock)
    await app.enforcement.look()
    assert (told(fake, fake.ann), told(fake, fake.bob)) == ([words], [words])


async def test_what_ends_without_pictures_is_told_as_well(
    fake: FakeDiscord, drawing: FakeDeepInfra, app: App, clock: FakeClock
) -> None:
    gate = threading.Event()
    drawing.will(drawing_waits(gate, answers(500)))
    card = await waiting(fake)
    await presses(fake, card, fake.ann)
    gate.set()
    await worked_off(fake, app, clock)
    await fake.until(lambda: told(fake, fake.ann))
    assert "couldn't be drawn." in told(fake, fake.ann)[0]


async def test_who_is_told_finds_it_by_its_id_where_the_card_is_deleted(
    fake: FakeDiscord, drawing: FakeDeepInfra, app: App, clock: FakeClock
) -> None:
    gate = threading.Event()
    drawing.will(drawing_waits(gate))
    card = await waiting(fake)
    await presses(fake, card, fake.bob)  # Ann, an admin, may hear of the deletion as well
    fake.remove(card)
    gate.set()
    await worked_off(fake, app, clock)
    await fake.until(lambda: told(fake, fake.bob))
    [job] = await jobs(fake, app)
    assert told(fake, fake.bob) == [f"`{job.public_id}` has ended."]
