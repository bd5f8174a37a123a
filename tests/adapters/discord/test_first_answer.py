"""Whatever the bot is busy with, each interaction is answered within Discord's three seconds."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.app.composition import App
from bot.app.system_clock import SystemClock
from tests.adapters.discord.fake.server import FakeDiscord, acts_and_cuts
from tests.adapters.discord.fake.world import USUAL, Interaction, Message, Permission
from tests.adapters.discord.whole_bot import environ_of, set_up
from tests.support.fake_deepinfra import FakeDeepInfra
from tests.support.killed_bots import rows
from tests.support.whole_bot import alive

DISCORD_WAITS_MS = 3_000
SLOW = "I am slow at the moment"
PROMPT = "a lighthouse " * 10
STAFF = USUAL | Permission.MANAGE_GUILD | Permission.MODERATE_MEMBERS


@pytest.fixture
def fake() -> Iterator[FakeDiscord]:
    with FakeDiscord(now=SystemClock().now) as fake:
        yield fake
        assert fake.unknown == []


@pytest.fixture
async def app(fake: FakeDiscord, tmp_path: Path) -> AsyncIterator[App]:
    fake.join(fake.ann, fake.server, STAFF)
    with FakeDeepInfra() as drawing:
        async with alive(environ_of(fake, drawing, tmp_path), SystemClock()) as (app, _):
            await fake.until(lambda: fake.connected and fake.commands)
            await set_up(fake)
            yield app


@contextmanager
def busy(app: App) -> Iterator[None]:
    """Somebody else writes the database: reads go on, and whoever wants to write waits."""
    other = sqlite3.connect(app.settings.database_path)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


async def drawn(fake: FakeDiscord) -> Message:
    asked = fake.command("imagine", {"prompt": "a cat"})
    await fake.until(lambda: asked.original and asked.original.pictures)
    assert asked.original is not None
    return asked.original


async def sent_form(fake: FakeDiscord, card: Message) -> Interaction:
    opened = fake.choose(card, "more:", "report", by=fake.bob)
    await fake.until(lambda: opened.modal)
    return opened


WRITING: dict[str, tuple[Callable[[FakeDiscord, Message], Interaction], str]] = {
    "pause": (lambda fake, _: fake.command("limner pause"), "Paused."),
    "resume": (lambda fake, _: fake.command("limner resume"), "again"),
    "budget": (lambda fake, _: fake.command("limner budget", {"day": 3.0}), "$3.00"),
    "settings": (
        lambda fake, _: fake.command("limner settings", {"flagged": "spoiler"}),
        "Indecent pictures",
    ),
    "own settings": (lambda fake, _: fake.command("settings", {"steps": 30}), "30"),
    "block": (lambda fake, _: fake.command("mod block", {"member": fake.bob}), "can't draw here"),
    "favourite": (lambda fake, card: fake.choose(card, "more:", "favourite"), "favourite"),
    "delete": (lambda fake, card: fake.choose(card, "more:", "delete"), "deleted"),
}


@pytest.mark.slow
async def test_what_has_to_be_written_first_is_acknowledged_and_then_answered(
    fake: FakeDiscord, app: App
) -> None:
    card = await drawn(fake)
    opened = await sent_form(fake, await drawn(fake))
    with busy(app):
        asked = {name: act(fake, card) for name, (act, _) in WRITING.items()}
        asked["report"] = fake.submit(opened, {"category": "other"})
        await fake.until(lambda: all(each.answer for each in asked.values()))
        assert {SLOW in told(each) for each in asked.values()} == {True}
        assert max(each.ack_ms for each in asked.values()) < DISCORD_WAITS_MS
    for name, each in asked.items():
        await fake.until(lambda each=each: SLOW not in told(each))  # type: ignore[misc]
        words = WRITING[name][1] if name in WRITING else "Thank you"
        assert words in told(each), (name, told(each))
        assert each.followups == []


def told(asked: Interaction) -> str:
    assert asked.original is not None
    assert asked.original.ephemeral
    return asked.original.text


async def test_a_request_that_waits_too_long_is_refused_with_its_words_and_leaves_nothing(
    fake: FakeDiscord, app: App
) -> None:
    with busy(app):
        asked = fake.command("imagine", {"prompt": PROMPT})
        await fake.until(lambda: asked.answer)
        assert asked.ack_ms < DISCORD_WAITS_MS
        assert SLOW in told(asked)
        assert PROMPT.strip() in told(asked)
    await fake.until(lambda: "Too many people ask at once" in told(asked))
    assert PROMPT.strip() in told(asked)
    await fake.until(lambda: not rows(app.settings.data_dir, "SELECT 1 FROM opening"))
    assert rows(app.settings.data_dir, "SELECT 1 FROM job") == []


async def test_a_private_request_that_waited_is_drawn_in_its_place(
    fake: FakeDiscord, app: App
) -> None:
    with busy(app):
        asked = fake.command("imagine", {"prompt": PROMPT, "private": True})
        await fake.until(lambda: asked.answer)
        assert SLOW in told(asked)
    await fake.until(lambda: asked.original and asked.original.pictures)
    assert SLOW not in told(asked)
    assert len([m for m in fake.messages if m.pictures]) == 1


async def test_an_acknowledgement_whose_answer_was_lost_leaves_no_card_that_thinks(
    fake: FakeDiscord, app: App
) -> None:
    fake.will("callback", acts_and_cuts())
    asked = fake.command("imagine", {"prompt": PROMPT})
    await fake.until(lambda: asked.original and not asked.original.loading)
    assert asked.original is not None
    assert asked.original.text.startswith("I was stopped before I could take this up.")
    await fake.until(lambda: any(m.ephemeral and PROMPT.strip() in m.text for m in asked.followups))
    await fake.until(lambda: not rows(app.settings.data_dir, "SELECT 1 FROM opening"))
    assert rows(app.settings.data_dir, "SELECT 1 FROM job") == []


async def test_who_is_answered_in_time_hears_of_no_slowness(fake: FakeDiscord, app: App) -> None:
    for _ in range(3):
        asked = fake.command("limner settings", {"strike_days": 30})
        await fake.until(lambda asked=asked: asked.original)  # type: ignore[misc]
        assert SLOW not in told(asked)
    assert [call for call in fake.operations("edit original") if call.json] == []
