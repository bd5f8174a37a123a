"""Moderation on the wire: each card of a case and each notice once, and one decision."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.composition import App
from tests.adapters.discord.fake.server import (
    Behaviour,
    FakeDiscord,
    acts,
    acts_and_cuts,
    answers,
    cuts,
)
from tests.adapters.discord.fake.world import (
    USUAL,
    Channel,
    Interaction,
    Message,
    Permission,
    Person,
)
from tests.adapters.discord.whole_bot import environ_of
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import FakeDeepInfra, draws
from tests.support.whole_bot import alive

FLAGGED = draws(nsfw_content_detected=[True])
GRACE = timedelta(seconds=6)
MODERATOR = USUAL | Permission.MODERATE_MEMBERS


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
def mods(fake: FakeDiscord) -> Channel:
    return fake.add_channel("mods", fake.server)


@pytest.fixture
def moderators(fake: FakeDiscord) -> list[Person]:
    found = [fake.add_person(name, created_at=fake.world.now()) for name in ("Mia", "Max")]
    for person in found:
        fake.join(person, fake.server, MODERATOR)
    return found


@pytest.fixture
async def app(
    fake: FakeDiscord, drawing: FakeDeepInfra, mods: Channel, clock: FakeClock, tmp_path: Path
) -> AsyncIterator[App]:
    async with alive(environ_of(fake, drawing, tmp_path), clock) as (app, _):
        await fake.until(lambda: fake.connected and fake.commands)
        done = fake.command("limner setup", {"moderators": mods})
        await fake.until(lambda: done.original)
        yield app


async def withheld(fake: FakeDiscord, drawing: FakeDeepInfra) -> Interaction:
    drawing.will(FLAGGED)
    return fake.command("imagine", {"prompt": "a bather"}, by=fake.bob)


async def worked_off(app: App, clock: FakeClock, by: timedelta = timedelta(seconds=1)) -> None:
    """Until everybody was told; a retry is not waited for but reached by the clock."""
    async with asyncio.timeout(30):
        while await app.store.cases.due_notices(clock.now() + timedelta(days=1), 1):
            clock.advance(by)
            app.enforcement.wake()
            await asyncio.sleep(0.05)


def cards(fake: FakeDiscord, mods: Channel) -> list[Message]:
    return [m for m in fake.messages if m.channel is mods and not m.deleted and not m.ephemeral]


def private(fake: FakeDiscord, person: Person) -> list[Message]:
    return [m for m in fake.messages if m.channel.recipient is person]


BREAKS: dict[str, Callable[[], Behaviour]] = {
    "never": acts,
    "before": cuts,
    "after": acts_and_cuts,
    "fault": lambda: answers(500),
}


@pytest.mark.parametrize("breaks", BREAKS)
async def test_a_case_is_announced_once(
    fake: FakeDiscord,
    app: App,
    drawing: FakeDeepInfra,
    mods: Channel,
    clock: FakeClock,
    breaks: str,
) -> None:
    fake.will("send", BREAKS[breaks]())
    await withheld(fake, drawing)
    await fake.until(lambda: cards(fake, mods))
    await worked_off(app, clock)
    [card] = cards(fake, mods)
    assert card.text.startswith("### Case `")
    assert card.pictures == []
    assert "bather" not in card.text


async def test_a_card_that_arrived_unheard_is_found_long_after_its_nonce_is_forgotten(
    fake: FakeDiscord, app: App, drawing: FakeDeepInfra, mods: Channel, clock: FakeClock
) -> None:
    # discord.py itself tries five times; the bot tries again much later.
    fake.will("send", acts_and_cuts(), *[answers(503) for _ in range(4)])
    await withheld(fake, drawing)
    await fake.until(lambda: cards(fake, mods), 30)
    await worked_off(app, clock, by=timedelta(minutes=30))
    assert len(cards(fake, mods)) == 1


@pytest.mark.parametrize("breaks", BREAKS)
async def test_the_requester_hears_of_a_decision_once(
    fake: FakeDiscord,
    app: App,
    drawing: FakeDeepInfra,
    mods: Channel,
    moderators: list[Person],
    clock: FakeClock,
    breaks: str,
) -> None:
    await withheld(fake, drawing)
    await fake.until(lambda: cards(fake, mods))
    await worked_off(app, clock)
    fake.will("send", BREAKS[breaks]())
    fake.press(cards(fake, mods)[0], "Approve", by=moderators[0])
    await fake.until(lambda: "Shown" in cards(fake, mods)[0].text)
    clock.advance(GRACE)
    app.enforcement.wake()
    await fake.until(lambda: private(fake, fake.bob))
    await worked_off(app, clock)
    [heard] = private(fake, fake.bob)
    assert heard.text.endswith("it is shown now.")
    await fake.until(lambda: fake.showing(fake.art))
    assert len(fake.showing(fake.art)) == 1


async def test_who_takes_no_direct_messages_is_not_tried_for_ever(
    fake: FakeDiscord,
    app: App,
    drawing: FakeDeepInfra,
    mods: Channel,
    moderators: list[Person],
    clock: FakeClock,
) -> None:
    fake.refuse_dms(fake.bob)
    await withheld(fake, drawing)
    await fake.until(lambda: cards(fake, mods))
    fake.press(cards(fake, mods)[0], "Approve", by=moderators[0])
    await fake.until(lambda: "Shown" in cards(fake, mods)[0].text)
    clock.advance(GRACE)
    app.enforcement.wake()
    await fake.until(lambda: fake.showing(fake.art))
    await worked_off(app, clock)
    assert private(fake, fake.bob) == []


async def test_a_channel_that_is_closed_leaves_the_case_to_the_queue(
    fake: FakeDiscord,
    app: App,
    drawing: FakeDeepInfra,
    mods: Channel,
    moderators: list[Person],
    clock: FakeClock,
) -> None:
    fake.forbid(mods, Permission.SEND_MESSAGES)
    await withheld(fake, drawing)
    await fake.until(lambda: "send" in [call.operation for call in fake.calls])
    await worked_off(app, clock)
    asked = fake.command("mod review", by=moderators[0])
    await fake.until(lambda: asked.original)
    assert asked.original is not None
    assert asked.original.ephemeral
    assert "1 picture of" in asked.original.text


ROUNDS = 10


async def test_two_moderators_at_once_one_wins_and_the_other_is_told(
    fake: FakeDiscord,
    app: App,
    drawing: FakeDeepInfra,
    mods: Channel,
    moderators: list[Person],
    clock: FakeClock,
) -> None:
    for number in range(1, ROUNDS + 1):
        await withheld(fake, drawing)
        await fake.until(lambda count=number: len(cards(fake, mods)) == count)  # type: ignore[misc]
        card = cards(fake, mods)[-1]
        message = await asyncio.to_thread(at_once, fake, card, moderators)
        assert message.text.startswith("Another moderator has decided this already.")
        clock.advance(GRACE)
        app.enforcement.wake()
        await fake.until(lambda count=number: len(private(fake, fake.bob)) == count)  # type: ignore[misc]
    await worked_off(app, clock)
    assert len(private(fake, fake.bob)) == ROUNDS
    await fake.until(lambda: len(fake.showing(fake.art)) == ROUNDS)
    decided = await app.store.cases.figures("discord", str(fake.server.id), clock.now())
    assert (decided.open, decided.decided) == (0, ROUNDS)


async def test_a_decision_counts_though_the_database_is_busy_longer_than_discord_waits(
    fake: FakeDiscord,
    app: App,
    drawing: FakeDeepInfra,
    mods: Channel,
    moderators: list[Person],
    clock: FakeClock,
) -> None:
    await withheld(fake, drawing)
    await fake.until(lambda: cards(fake, mods))
    [card] = cards(fake, mods)
    with sqlite3.connect(app.settings.database_path) as other:
        other.execute("BEGIN IMMEDIATE")
        pressed = fake.press(card, "Approve", by=moderators[0])
        await fake.until(lambda: pressed.answer)
        clock.advance(timedelta(seconds=4))
        other.rollback()
    other.close()
    await fake.until(lambda: "**Shown** by" in card.text)


def at_once(fake: FakeDiscord, card: Message, moderators: list[Person]) -> Message:
    """Both press in the same moment; what the slower one is told."""
    before = {message.id for message in fake.messages}
    for verb, person in zip(("Approve", "Blur"), moderators, strict=True):
        fake.press(card, verb, by=person)

    def told() -> list[Message]:
        return [m for m in fake.messages if m.id not in before and m.ephemeral]

    fake.wait_for(told)
    [message] = told()
    return message
