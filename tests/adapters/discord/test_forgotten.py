"""What a person or a moderator had taken away is found in no message on Discord any more."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.app.composition import App
from bot.cleanup import retire
from bot.domain.asker import DISCORD, Asker
from bot.domain.case import GRACE, Category, Decision
from bot.domain.retention import Retention
from tests.adapters.discord.fake.server import FakeDiscord
from tests.adapters.discord.fake.world import Message, Person
from tests.adapters.discord.whole_bot import environ_of, set_up
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import FakeDeepInfra
from tests.support.whole_bot import alive

MARK = "zq-mark"


def left(fake: FakeDiscord, marks: list[bytes]) -> Iterator[str]:
    """Where any of `marks` is: words, or pictures by their bytes."""
    for message in fake.messages:
        if message.deleted or message.ephemeral:
            continue
        said = f"{message.content} {message.components} {message.embeds} {message.nonce}".encode()
        yield from ("words" for mark in marks if mark in said)
        for file in message.files:
            held = f"{file.name} {file.description}".encode() + file.data
            yield from ("a file" for mark in marks if mark in held)


@asynccontextmanager
async def a_bot(tmp_path: Path) -> AsyncIterator[tuple[App, FakeDiscord, FakeClock]]:
    clock = FakeClock(runs=True)
    with FakeDiscord() as fake, FakeDeepInfra() as drawing:
        async with alive(environ_of(fake, drawing, tmp_path), clock) as (app, _):
            await fake.until(lambda: fake.connected and fake.commands)
            await set_up(fake)
            yield app, fake, clock


async def drawn(fake: FakeDiscord, prompt: str, **options: object) -> Message:
    asked = fake.command("imagine", {"prompt": prompt, **options})
    await fake.until(lambda: asked.original and asked.original.pictures)
    assert asked.original is not None
    return asked.original


def who(fake: FakeDiscord, person: Person, *, is_moderator: bool = False) -> Asker:
    return Asker(
        platform=DISCORD,
        community=str(fake.server.id),
        channel="",
        person=str(person.id),
        is_moderator=is_moderator,
    )


async def test_nothing_is_left_of_who_erased_themselves(tmp_path: Path) -> None:
    async with a_bot(tmp_path) as (app, fake, _):
        first = await drawn(fake, f"{MARK} in the channel")
        await drawn(fake, f"{MARK} twice", images=2)
        marks = [MARK.encode(), *(file.data for file in first.files)]
        assert {*left(fake, marks)} == {"words", "a file"}  # the search itself finds
        await app.privacy.erase(DISCORD, str(fake.ann.id))
        await fake.until(lambda: not [*left(fake, marks)])


async def test_no_picture_is_left_of_what_is_too_old(tmp_path: Path) -> None:
    async with a_bot(tmp_path) as (app, fake, clock):
        card = await drawn(fake, f"{MARK} in the channel")
        marks = [MARK.encode(), *(file.data for file in card.files)]
        clock.advance(timedelta(days=31))
        await retire(app.store, app.pictures, clock, Retention(results=timedelta(days=30)))
        await fake.until(lambda: not [*left(fake, marks)])
        assert not card.deleted


async def test_no_picture_is_left_of_what_a_moderator_removed(tmp_path: Path) -> None:
    async with a_bot(tmp_path) as (app, fake, clock):
        card = await drawn(fake, f"{MARK} in the channel")
        pictures = [file.data for file in card.files]
        assert [*left(fake, pictures)]
        moderator = who(fake, fake.bob, is_moderator=True)
        (job,) = await app.store.jobs.jobs_of(who(fake, fake.ann), None, 9)
        await app.reactions.report(moderator, job.public_id, "no", Category.HATE)
        (case,) = await app.reviews.queue(moderator)
        await app.reviews.decide(moderator, case.id, Decision.REMOVE, "no")
        clock.advance(GRACE)
        await fake.until(lambda: not [*left(fake, pictures)])
