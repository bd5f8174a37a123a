"""Servers come and go, on the wire; and one whose moderators can't be told anything."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from bot.app.composition import App
from bot.domain.case import CaseState
from storage.ledger_check import faults
from tests.adapters.discord.fake.server import FakeDiscord
from tests.adapters.discord.fake.world import USUAL, Channel, Message, Permission
from tests.adapters.discord.whole_bot import environ_of
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import FakeDeepInfra, draws, waits
from tests.support.whole_bot import alive

FLAGGED = draws(nsfw_content_detected=[True])
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
def environ(fake: FakeDiscord, drawing: FakeDeepInfra, tmp_path: Path) -> dict[str, str]:
    return environ_of(fake, drawing, tmp_path)


@pytest.fixture
async def app(
    fake: FakeDiscord, environ: dict[str, str], mods: Channel, clock: FakeClock
) -> AsyncIterator[App]:
    del mods  # there from the start
    async with alive(environ, clock) as (app, _):
        await fake.until(lambda: fake.connected and fake.commands)
        yield app


async def asked(fake: FakeDiscord, words: str, **options: object) -> str:
    done = fake.command(words, options)
    await fake.until(lambda: done.original and not done.original.loading)
    assert done.original is not None
    assert done.original.ephemeral
    return done.original.text


async def _open(app: App, clock: FakeClock) -> int:
    return len(await app.store.cases.queue(None, None, [CaseState.OPEN], clock.now()))


async def withheld(fake: FakeDiscord, drawing: FakeDeepInfra, app: App, clock: FakeClock) -> None:
    """A picture that waits for a moderator, and everybody told of it who can be."""
    count = await _open(app, clock)
    drawing.will(FLAGGED)
    fake.command("imagine", {"prompt": "a bather"}, by=fake.bob)
    async with asyncio.timeout(30):
        while await _open(app, clock) == count:  # noqa: ASYNC110  (it reads)
            await asyncio.sleep(0.02)
        while await app.store.cases.due_notices(clock.now() + timedelta(days=1), 1):
            clock.advance(timedelta(seconds=1))
            app.enforcement.wake()
            await asyncio.sleep(0.02)


def said_in(fake: FakeDiscord, channel: Channel) -> list[Message]:
    return [m for m in fake.messages if m.channel is channel and not m.ephemeral]


def said_to(fake: FakeDiscord, who: object) -> list[str]:
    return [m.text for m in fake.messages if m.channel.recipient is who]


def gone(app: App, server: int) -> list[tuple[int]]:
    with closing(sqlite3.connect(app.settings.database_path)) as con:
        sql = "SELECT forgotten FROM departure WHERE community = ?"
        return con.execute(sql, (str(server),)).fetchall()


# --- moderators who can't be told -----------------------------------------------------------------


async def test_a_lost_moderators_channel_is_said_in_the_system_channel_once_a_day(
    fake: FakeDiscord, app: App, drawing: FakeDeepInfra, mods: Channel, clock: FakeClock
) -> None:
    lobby = fake.add_channel("lobby", fake.server)
    fake.change(lambda: setattr(fake.server, "system_channel", lobby))
    fake.invite(fake.server)  # tells the bot of both
    said = await asked(fake, "limner setup", moderators=mods)
    assert "⚠ I can't" not in said
    assert "⚠ Nobody" not in said
    fake.remove_channel(mods)
    for _ in range(3):
        await withheld(fake, drawing, app, clock)
    [told] = said_in(fake, lobby)
    lost = f"⚠ I can't post in <#{mods.id}>: it is gone, or closed to me."
    assert told.text.startswith("For the admins: there is something for your moderators.")
    assert lost in told.text
    assert "bather" not in told.text
    assert lost in await asked(fake, "limner settings")
    clock.advance(timedelta(days=1))
    await withheld(fake, drawing, app, clock)
    assert len(said_in(fake, lobby)) == 2


async def test_without_a_system_channel_whoever_ran_setup_is_told(
    fake: FakeDiscord, app: App, drawing: FakeDeepInfra, clock: FakeClock
) -> None:
    said = await asked(fake, "limner setup", flagged="review")
    never = "⚠ Nobody hears of pictures that wait for a moderator, of reports and of budgets."
    assert never in said
    assert never in await asked(fake, "limner settings", flagged="review")
    await withheld(fake, drawing, app, clock)
    [told] = said_to(fake, fake.ann)
    assert never in told
    assert "/limner settings moderators:" in told


async def test_where_no_admin_can_be_told_the_case_waits_all_the_same(
    fake: FakeDiscord, app: App, drawing: FakeDeepInfra, clock: FakeClock
) -> None:
    await asked(fake, "limner setup")
    fake.refuse_dms(fake.ann)
    await withheld(fake, drawing, app, clock)
    assert said_to(fake, fake.ann) == []
    assert "1 picture of" in await asked(fake, "mod review")


async def test_a_channel_that_is_chosen_later_is_heard(
    fake: FakeDiscord, app: App, drawing: FakeDeepInfra, mods: Channel, clock: FakeClock
) -> None:
    await asked(fake, "limner setup")
    await withheld(fake, drawing, app, clock)
    said = await asked(fake, "limner settings", moderators=mods)
    assert "⚠ Nobody" not in said
    assert "1 case waits for a moderator already: `/mod review`" in said
    await withheld(fake, drawing, app, clock)
    assert len(said_in(fake, mods)) == 1
    fake.forbid(mods, Permission.SEND_MESSAGES)
    assert "⚠ I can't post in" in await asked(fake, "limner settings")


def _old(fake: FakeDiscord) -> datetime:
    """When a server was made that is older than the bot."""
    return fake.server.members[fake.ann.id].joined_at


# --- coming and going -----------------------------------------------------------------------------


async def test_a_server_that_removes_the_bot_is_noted_and_may_come_back(
    fake: FakeDiscord, app: App
) -> None:
    await asked(fake, "limner setup")
    fake.kick(fake.server)
    await fake.until(lambda: gone(app, fake.server.id) == [(0,)])
    fake.invite(fake.server)
    await fake.until(lambda: gone(app, fake.server.id) == [])


async def test_one_that_removes_it_while_it_is_down_is_noted_at_the_start(
    fake: FakeDiscord, environ: dict[str, str], clock: FakeClock
) -> None:
    async with alive(environ, clock):
        await fake.until(lambda: fake.connected and fake.commands)
        await asked(fake, "limner setup")
    fake.change(lambda: setattr(fake.server, "has_bot", False))
    async with alive(environ, clock) as (app, _):
        await fake.until(lambda: gone(app, fake.server.id) == [(0,)])
        clock.advance(timedelta(days=31))
        await app.departures.forget_due()
        assert gone(app, fake.server.id) == [(1,)]
        assert not (await app.store.people.community("discord", str(fake.server.id))).set_up


async def test_the_owner_lets_a_server_in_and_shuts_it_out_while_the_bot_runs(
    fake: FakeDiscord, app: App
) -> None:
    theirs = fake.add_server("Theirs", owner=fake.bob, created_at=_old(fake), has_bot=False)
    lobby = fake.add_channel("lobby", theirs)
    await app.claims.let_in("discord", str(theirs.id))
    fake.invite(theirs)
    done = fake.command("limner setup", by=fake.bob, at=lobby)
    await fake.until(lambda: done.original)
    assert done.original is not None
    assert done.original.text.startswith("### Limner is set up here")
    await app.claims.shut_out("discord", str(theirs.id))
    await app.platforms.leave("discord", str(theirs.id))
    await fake.until(lambda: theirs in fake.world.left)
    await fake.until(lambda: gone(app, theirs.id) == [(0,)])


async def test_the_only_server_is_left_once_it_is_shut_out(
    fake: FakeDiscord, environ: dict[str, str], clock: FakeClock
) -> None:
    """Nobody may use the bot then, so it waits for its code again, but not there."""
    theirs = fake.add_server("Theirs", owner=fake.bob, created_at=_old(fake))
    async with alive({**environ, "ALLOWED_COMMUNITIES": ""}, clock) as (app, _):
        await fake.until(lambda: fake.connected and fake.commands)
        await asked(fake, "limner setup", code=app.claims.code)
        await fake.until(lambda: theirs in fake.world.left)
        await app.claims.shut_out("discord", str(fake.server.id))
        await app.platforms.leave("discord", str(fake.server.id))
        await fake.until(lambda: fake.server in fake.world.left)
        assert app.claims.code
        assert gone(app, fake.server.id) == [(0,)]
        fake.invite(fake.server)
        await fake.until(lambda: fake.world.left.count(fake.server) == 2)
        fake.invite(theirs)  # its admins may type the code
        await fake.until(lambda: theirs.has_bot)


async def test_an_outage_is_no_departure(fake: FakeDiscord, app: App) -> None:
    await asked(fake, "limner setup")
    server = fake.server.id
    fake.tell("GUILD_DELETE", {"id": str(server), "unavailable": True})
    await asked(fake, "limner settings")
    assert gone(app, server) == []


async def test_in_private_a_server_that_took_the_bot_off_pays_no_more(
    fake: FakeDiscord, environ: dict[str, str], clock: FakeClock, drawing: FakeDeepInfra
) -> None:
    private = fake.direct(fake.bob)
    async with alive(environ, clock) as (app, _):
        await fake.until(lambda: fake.connected and fake.commands)
        await asked(fake, "limner setup")
        fake.command("imagine", {"prompt": "a cat"}, by=fake.bob, at=private)
        await fake.until(lambda: len(drawing.received) == 1)
        fake.kick(fake.server)
        await fake.until(lambda: gone(app, fake.server.id) == [(0,)])
        done = fake.command("imagine", {"prompt": "a dog"}, by=fake.bob, at=private)
        await fake.until(lambda: done.original and not done.original.loading)
        assert done.original is not None
        assert "can't draw for you here" in done.original.text
        assert len(drawing.received) == 1


async def test_what_is_drawn_while_the_owner_shuts_its_server_out_is_paid_and_kept(
    fake: FakeDiscord, app: App, drawing: FakeDeepInfra
) -> None:
    await asked(fake, "limner setup")
    goes_on = Event()
    drawing.will(waits(goes_on))
    done = fake.command("imagine", {"prompt": "a cat"}, by=fake.bob)
    await fake.until(lambda: drawing.received)
    await app.claims.shut_out("discord", str(fake.server.id))
    await app.platforms.leave("discord", str(fake.server.id))
    await fake.until(lambda: fake.server in fake.world.left)
    goes_on.set()
    # The reply of the command still works, for a quarter of an hour.
    await fake.until(lambda: done.original and done.original.pictures)
    with closing(sqlite3.connect(app.settings.database_path)) as con:
        [(state, paid)] = con.execute("SELECT state, bill > 0 FROM job").fetchall()
        assert (state, paid) == ("produced", 1)
        assert con.execute("SELECT sum(held) FROM account").fetchall() == [(0,)]
        assert faults(con) == []


async def test_a_public_bot_stays_where_it_is_invited(
    fake: FakeDiscord, environ: dict[str, str], clock: FakeClock, drawing: FakeDeepInfra
) -> None:
    theirs = fake.add_server("Theirs", owner=fake.bob, created_at=_old(fake), has_bot=False)
    lobby = fake.add_channel("lobby", theirs)
    async with alive({**environ, "PUBLIC": "yes", "BUDGET_PUBLIC_DAY": "0"}, clock):
        await fake.until(lambda: fake.connected and fake.commands)
        fake.invite(theirs)
        done = fake.command("limner setup", by=fake.bob, at=lobby)
        await fake.until(lambda: done.original)
        refused = fake.command("imagine", {"prompt": "a cat"}, by=fake.bob, at=lobby)
        await fake.until(lambda: refused.original)
        assert refused.original is not None
        assert "budget" in refused.original.text
        assert theirs not in fake.world.left
        assert drawing.received == []
