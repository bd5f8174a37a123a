"""A card that somebody deletes by hand stays away; the bot finds out when it would edit it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.app.composition import App
from bot.domain.job import Job, JobState
from tests.adapters.discord.fake.people import Upload
from tests.adapters.discord.fake.server import FakeDiscord, answers
from tests.adapters.discord.fake.world import Channel, Interaction, Message
from tests.adapters.discord.test_wire import DEAD, jobs, worked_off
from tests.adapters.discord.whole_bot import environ_of
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import FakeDeepInfra
from tests.support.fake_deepinfra import waits as drawing_waits
from tests.support.whole_bot import alive


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(runs=True, wakes=True)


@pytest.fixture
def fake(clock: FakeClock) -> Iterator[FakeDiscord]:
    with FakeDiscord(now=clock.now) as fake:
        yield fake
        assert fake.unknown == []


@pytest.fixture
def mods(fake: FakeDiscord) -> Channel:
    return fake.add_channel("mods", fake.server)


@pytest.fixture
def gate() -> threading.Event:
    return threading.Event()


@pytest.fixture
async def app(
    fake: FakeDiscord, mods: Channel, gate: threading.Event, clock: FakeClock, tmp_path: Path
) -> AsyncIterator[App]:
    """One drawing at a time, each held until `gate` is set."""
    with FakeDeepInfra() as drawing:
        drawing.always(drawing_waits(gate))
        environ = environ_of(fake, drawing, tmp_path) | {"MAX_RUNNING": "1"}
        async with alive(environ, clock) as (app, _):
            await fake.until(lambda: fake.connected and fake.commands)
            done = fake.command("limner setup", {"moderators": mods})
            await fake.until(lambda: done.original)
            yield app
            gate.set()


async def asked(fake: FakeDiscord, prompt: str) -> tuple[Interaction, Message]:
    interaction = fake.command("imagine", {"prompt": prompt, "images": 2})
    await fake.until(lambda: interaction.original)
    assert interaction.original is not None
    return interaction, interaction.original


async def job_of(fake: FakeDiscord, app: App, prompt: str) -> Job:
    return next(job for job in await jobs(fake, app) if job.request.prompt == prompt)


def said_in(fake: FakeDiscord, channel: Channel) -> list[Message]:
    return [each for each in fake.messages if each.channel is channel and not each.deleted]


@pytest.mark.parametrize("token", ["lives", "dead"])
async def test_a_job_that_waits_is_cancelled_and_free(
    fake: FakeDiscord,
    app: App,
    clock: FakeClock,
    gate: threading.Event,
    mods: Channel,
    token: str,
) -> None:
    await asked(fake, "a cat")
    _, card = await asked(fake, "a dog")
    await fake.until(lambda: "in line" in card.text)
    fake.remove(card)
    if token == "dead":
        clock.jump(DEAD)
    await fake.until(lambda: fake.operations("edit original", "edit")[-1].status == 404)
    async with asyncio.timeout(20):
        while (await job_of(fake, app, "a dog")).state is JobState.RESERVED:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    gate.set()
    await worked_off(fake, app, clock)
    dog = await job_of(fake, app, "a dog")
    assert (dog.state, dog.cost_micros) == (JobState.CANCELLED, 0)
    assert [each.text for each in said_in(fake, fake.art) if "a dog" in each.text] == []
    assert said_in(fake, mods) == []


async def test_what_is_drawn_is_not_posted_again_and_show_has_it(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event, mods: Channel
) -> None:
    _, card = await asked(fake, "a cat")
    fake.remove(card)
    gate.set()
    await worked_off(fake, app, clock)
    assert fake.showing(fake.art) == []
    assert fake.operations("send") == []
    job = await job_of(fake, app, "a cat")
    assert job.state is JobState.PRODUCED
    shown = fake.command("show", {"id": job.public_id})
    await fake.until(lambda: shown.original and shown.original.pictures)


async def test_nor_is_it_in_a_thread_that_was_archived_since(
    fake: FakeDiscord, app: App, clock: FakeClock, gate: threading.Event, mods: Channel
) -> None:
    fake.post(Upload("a.png", b"meow", "image/png"), at=fake.thread)
    interaction = fake.command("imagine", {"prompt": "a cat"}, at=fake.thread)
    await fake.until(lambda: interaction.original)
    assert interaction.original is not None
    fake.remove(interaction.original)
    clock.jump(DEAD)
    fake.always("edit", answers(400, 50083, "Tried to perform an operation on an archived thread"))
    gate.set()
    await worked_off(fake, app, clock)
    assert not [m for m in fake.messages if m.pictures and m.author is fake.world.bot]
    await fake.until(lambda: said_in(fake, mods))


@pytest.mark.parametrize("when", ["before", "after"])
async def test_moderators_take_it_down_everywhere_with_one_press(
    fake: FakeDiscord,
    app: App,
    clock: FakeClock,
    gate: threading.Event,
    mods: Channel,
    when: str,
) -> None:
    """It is found deleted when the result would be shown, or when something changes later."""
    _, card = await asked(fake, "a cat")
    if when == "before":
        fake.remove(card)
    gate.set()
    await worked_off(fake, app, clock)
    job = await job_of(fake, app, "a cat")
    if when == "after":
        fake.remove(card)
        await app.studio.delete(job.asker, job.public_id, 1)
    await fake.until(lambda: said_in(fake, mods))
    [notice] = said_in(fake, mods)
    assert job.public_id in notice.text
    fake.press(notice, "Take down everywhere", by=fake.ann)
    await fake.until(lambda: "is taken down everywhere, by" in notice.text)
    assert [control for control in notice.controls if control.get("custom_id")] == []
    again = fake.command("show", {"id": job.public_id}, by=fake.ann)
    await fake.until(lambda: again.original and not again.original.loading)
    assert again.original is not None
    assert again.original.pictures == []
