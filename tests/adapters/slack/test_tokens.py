"""Tokens that expire, that Slack refuses, and that were given for a whole organization."""

import asyncio
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from adapters.slack.connection.manifest import manifest
from adapters.slack.connection.transport import LOOK_EVERY_S
from bot.errors import Misconfigured
from tests.adapters.slack.fake.server import (
    Behaviour,
    Exchange,
    FakeSlack,
    acts_and_cuts,
    answers,
    cuts,
    waits,
)
from tests.adapters.slack.test_oauth import (
    Team,
    event_of,
    forgotten,
    is_known,
    says,
    type_imagine,
)
from tests.adapters.slack.transport_harness import (
    PUBLIC_URL,
    TransportHarness,
    settings_of,
    transport_harness,
)
from tests.support.clock import FakeClock

HOURS = timedelta(hours=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(runs=True)


@pytest.fixture
def fake(clock: FakeClock) -> Iterator[FakeSlack]:
    """Slack, with an app whose tokens live for twelve hours."""
    made = manifest(public_url=PUBLIC_URL, many=True)
    made["settings"]["token_rotation_enabled"] = True
    with FakeSlack(now=clock.now) as fake:
        fake.paste(made)
        yield fake


async def calls_slack(here: TransportHarness, team: Team) -> str:
    """Any call for the workspace; what it is told."""
    client = await here.transport.clients.client_for(team.workspace.id)
    return str((await client.auth_test())["team_id"])


def refreshes(fake: FakeSlack) -> int:
    grants = [call.args.get("grant_type") for call in fake.called("oauth.v2.access")]
    return grants.count("refresh_token")


# --- tokens that expire ---------------------------------------------------------------------------


async def test_a_token_is_replaced_before_it_expires(
    fake: FakeSlack, clock: FakeClock, tmp_path: Path
) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"], clock=clock) as here:
        await red.install(here)
        first = red.workspace.token
        assert first.startswith("xoxe.xoxb-")
        for _ in range(30):
            clock.advance(HOURS)
            assert await calls_slack(here, red) == red.workspace.id
            await fake.until(lambda: not _is_replacing(here))
        assert red.workspace.token != first
        assert [call.ok for call in fake.called("auth.test")] == [True] * 31
        assert refreshes(fake) == 3


def _is_replacing(here: TransportHarness) -> bool:
    assert here.transport._many is not None
    return bool(here.transport._many._refreshing)


async def test_one_that_expired_while_the_bot_was_off_is_replaced_when_it_is_used(
    fake: FakeSlack, clock: FakeClock, tmp_path: Path
) -> None:
    red, blue = Team(fake, "Red"), Team(fake, "Blue")
    settings = settings_of(fake)["many"]
    async with transport_harness(fake, tmp_path, settings, clock=clock) as here:
        await red.install(here)
        await blue.install(here)
    clock.advance(400 * HOURS)
    async with transport_harness(fake, tmp_path, settings, clock=clock) as here:
        told = await asyncio.gather(*(calls_slack(here, red) for _ in range(20)))
        assert {*told} == {red.workspace.id}
        assert refreshes(fake) == 1
        await type_imagine(here, red)
        assert [body["bot_token"] for body in here.heard] == [red.workspace.token]
    # And the next start finds the new one.
    async with transport_harness(fake, tmp_path, settings, clock=clock) as here:
        assert await calls_slack(here, red) == red.workspace.id
        assert refreshes(fake) == 1
    kept = (tmp_path / "limner.db").read_bytes()
    assert b"xoxe" not in kept


async def test_a_slack_that_gives_no_new_token_now_is_asked_again(
    fake: FakeSlack, clock: FakeClock, tmp_path: Path
) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"], clock=clock) as here:
        await red.install(here)
        clock.advance(11 * HOURS)
        fake.will("oauth.v2.access", cuts())
        for _ in range(3):
            assert await calls_slack(here, red) == red.workspace.id
            await fake.until(lambda: not _is_replacing(here))
        assert refreshes(fake) == 1  # at most once a minute
        clock.advance(timedelta(minutes=2))
        await calls_slack(here, red)
        await fake.until(lambda: red.workspace.retired)
        assert refreshes(fake) == 2
        clock.advance(2 * HOURS)
        assert await calls_slack(here, red) == red.workspace.id


async def test_a_refresh_that_slack_refuses_is_known_to_health(
    fake: FakeSlack, clock: FakeClock, tmp_path: Path
) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"], clock=clock) as here:
        await red.install(here)
        red.workspace.refresh = "another"
        clock.advance(13 * HOURS)
        await type_imagine(here, red)
        assert here.transport.health() == {"ok": True, "http": {}, "tokens_refused": 1}
        await red.install(here)
        assert await calls_slack(here, red) == red.workspace.id
        assert here.transport.health() == {"ok": True, "http": {}}


async def test_where_the_answer_was_lost_the_token_lasts_as_long_as_it_does_and_then_is_known_dead(
    fake: FakeSlack, clock: FakeClock, tmp_path: Path
) -> None:
    red = Team(fake, "Red")
    settings = settings_of(fake)["many"]
    async with transport_harness(fake, tmp_path, settings, clock=clock) as here:
        await red.install(here)
        clock.advance(11 * HOURS)
        old = red.workspace.token
        fake.will("oauth.v2.access", acts_and_cuts())
        for _ in range(3):
            await calls_slack(here, red)
            await fake.until(lambda: not _is_replacing(here))
            clock.advance(timedelta(minutes=2))
        assert red.workspace.token != old
        assert refreshes(fake) == 2  # it is not asked for ever
    clock.advance(2 * HOURS)
    async with transport_harness(fake, tmp_path, settings, clock=clock) as here:
        with pytest.raises(SlackApiError, match="token_expired"):
            await calls_slack(here, red)
        assert here.transport.health()["tokens_refused"] == 1
        assert refreshes(fake) == 2
        await red.install(here)
        assert await calls_slack(here, red) == red.workspace.id
        assert here.transport.health() == {"ok": True, "http": {}}


async def test_a_stop_waits_for_the_exchange_under_way(
    fake: FakeSlack, clock: FakeClock, tmp_path: Path
) -> None:
    """Slack takes a refresh token once: what it answers must not get lost."""
    red, go_on = Team(fake, "Red"), threading.Event()
    settings = settings_of(fake)["many"]
    async with transport_harness(fake, tmp_path, settings, clock=clock) as here:
        await red.install(here)
        clock.advance(11 * HOURS)
        fake.will("oauth.v2.access", acts_late(go_on))
        await calls_slack(here, red)
        await fake.until(lambda: red.workspace.retired)
        asyncio.get_running_loop().call_later(0.5, go_on.set)
    clock.advance(2 * HOURS)
    async with transport_harness(fake, tmp_path, settings, clock=clock) as here:
        assert await calls_slack(here, red) == red.workspace.id
        assert refreshes(fake) == 1


async def test_a_store_that_fails_for_a_while_loses_no_new_token(
    fake: FakeSlack, clock: FakeClock, tmp_path: Path
) -> None:
    red = Team(fake, "Red")
    settings = settings_of(fake)["many"]
    async with transport_harness(fake, tmp_path, settings, clock=clock) as here:
        await red.install(here)
        clock.advance(11 * HOURS)
        with full_disk(tmp_path):
            await calls_slack(here, red)
            await fake.until(lambda: red.workspace.retired)
            clock.advance(2 * HOURS)
            assert await calls_slack(here, red) == red.workspace.id
        await fake.until(lambda: not _is_replacing(here))
    async with transport_harness(fake, tmp_path, settings, clock=clock) as here:
        assert await calls_slack(here, red) == red.workspace.id
        assert refreshes(fake) == 1


@contextmanager
def full_disk(data_dir: Path) -> Iterator[None]:
    """No installation can be changed meanwhile."""
    with closing(sqlite3.connect(data_dir / "limner.db", isolation_level=None)) as con:
        con.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON installation"
            " BEGIN SELECT raise(FAIL, 'database or disk is full'); END"
        )
        yield
        con.execute("DROP TRIGGER full")


def acts_late(event: threading.Event) -> Behaviour:
    """Does it, and says so once the test sets `event`."""

    async def behave(exchange: Exchange) -> web.Response:
        answer = exchange.act()
        await exchange.wait(event)
        return answer

    return behave


async def test_an_installation_during_the_exchange_wins(
    fake: FakeSlack, clock: FakeClock, tmp_path: Path
) -> None:
    red, go_on = Team(fake, "Red"), threading.Event()
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"], clock=clock) as here:
        await red.install(here)
        clock.advance(11 * HOURS)
        fake.will("oauth.v2.access", waits(go_on, answers("fatal_error")))
        await calls_slack(here, red)
        await fake.until(lambda: refreshes(fake))
        await red.install(here)
        newest = red.workspace.token
        go_on.set()
        await fake.until(lambda: not _is_replacing(here))
        assert (await here.transport.clients.client_for(red.workspace.id)).token == newest


# --- a whole organization -------------------------------------------------------------------------


def test_an_organizations_token_is_refused_at_the_start(tmp_path: Path) -> None:
    with FakeSlack() as fake:
        fake.workspace.enterprise, fake.workspace.org_wide = "E1", True
        with pytest.raises(Misconfigured) as refused:
            asyncio.run(_starts(fake, tmp_path))
    assert "a whole organization" in str(refused.value)


async def _starts(fake: FakeSlack, data_dir: Path) -> None:
    async with transport_harness(fake, data_dir, settings_of(fake)["socket"]) as here:
        await here.transport.run(here.teams.append)


async def test_an_organization_is_refused_on_the_page(fake: FakeSlack, tmp_path: Path) -> None:
    red = Team(fake, "Red")
    red.workspace.enterprise, red.workspace.org_wide = "E1", True
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        answer = await red.install(here)
        assert answer.status_code == 400
        assert "in a workspace, not in a whole organization" in answer.text
        assert await here.store.installations.installed("slack") == []


# --- tokens that are dead -------------------------------------------------------------------------


async def test_a_late_event_never_deletes_a_newer_token(
    fake: FakeSlack, clock: FakeClock, tmp_path: Path
) -> None:
    """However close together they are, and also while Slack can't be asked."""
    red, blue = Team(fake, "Red"), Team(fake, "Blue")
    off = {"type": "app_uninstalled"}
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"], clock=clock) as here:
        for team in (red, blue):
            await team.install(here)
        fake.will("auth.test", cuts())
        asked = len(fake.called("auth.test"))
        await says(here, event_of(red, off, "Ev1", clock.now()), event=True)
        await fake.until(lambda: len(fake.called("auth.test")) > asked)
        fake.revoke(blue.workspace)
        await says(here, event_of(blue, off, "Ev2", clock.now()), event=True)
        await forgotten(here, blue)
        assert await is_known(here, red)


async def test_it_is_asked_again_where_slack_can_not_say_whether_it_is_dead(
    fake: FakeSlack, tmp_path: Path
) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        await red.install(here)
        fake.revoke(red.workspace)
        fake.will("auth.test", cuts(), answers("fatal_error"))
        event = event_of(red, {"type": "app_uninstalled"}, "Ev1")
        await says(here, event, event=True)
        await forgotten(here, red)


async def test_a_workspace_whose_token_had_expired_is_known_to_have_left(
    fake: FakeSlack, clock: FakeClock, tmp_path: Path
) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"], clock=clock) as here:
        await red.install(here)
        clock.advance(20 * HOURS)
        fake.revoke(red.workspace)
        event = event_of(red, {"type": "app_uninstalled"}, "Ev1", clock.now())
        fake.always("auth.test", answers("token_expired"))
        await says(here, event, event=True)
        await forgotten(here, red)


async def test_a_token_that_no_key_opens_is_not_deleted_for_an_old_event(
    fake: FakeSlack, tmp_path: Path
) -> None:
    """Whether Slack takes it can't be asked; the key is only missing in the settings."""
    red = Team(fake, "Red")
    settings = settings_of(fake)["many"]
    async with transport_harness(fake, tmp_path, settings) as here:
        await red.install(here)
    other = replace(settings, token_keys=("b" * 40,))
    async with transport_harness(fake, tmp_path, other) as here:
        event = event_of(red, {"type": "app_uninstalled"}, "Ev1")
        await says(here, event, event=True)
        await here.transport._workspaces.taken_off(red.workspace.id)
    async with transport_harness(fake, tmp_path, settings) as here:
        assert await calls_slack(here, red) == red.workspace.id


async def test_health_counts_the_tokens_that_slack_refuses(fake: FakeSlack, tmp_path: Path) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        await red.install(here)
        fake.will("auth.test", answers("account_inactive"))
        with pytest.raises(Exception, match="account_inactive"):
            await calls_slack(here, red)
        assert here.transport.health() == {"ok": True, "http": {}, "tokens_refused": 1}
        await calls_slack(here, red)
        assert here.transport.health() == {"ok": True, "http": {}}


async def test_health_knows_that_the_only_token_is_dead_though_no_event_says_so(
    tmp_path: Path,
) -> None:
    clock = FakeClock()
    with FakeSlack() as fake:
        async with transport_harness(
            fake, tmp_path, settings_of(fake)["socket"], clock=clock
        ) as here:
            await fake.until(lambda: fake.connected and here.teams)
            looking = asyncio.create_task(here.transport.look_after_token())
            await _look(fake, clock)
            assert here.transport.health() == {"ok": True, "socket": {"connected": True}}
            fake.revoke()
            await _look(fake, clock)
            await fake.until(lambda: not here.transport.is_up())
            assert here.transport.health() == {"ok": False, "token": "token_revoked"}
            fake.workspace.revoked = False
            await _look(fake, clock)
            await fake.until(here.transport.is_up)
            looking.cancel()


async def _look(fake: FakeSlack, clock: FakeClock) -> None:
    before = len(fake.called("auth.test"))
    await fake.until(lambda: clock.sleeps(LOOK_EVERY_S))
    clock.advance(LOOK_EVERY_S)
    await fake.until(lambda: len(fake.called("auth.test")) > before)


async def test_a_token_never_shows_in_the_log(
    fake: FakeSlack, clock: FakeClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"], clock=clock) as here:
        await red.install(here)
        red.workspace.refresh = "another"
        clock.advance(13 * HOURS)
        with pytest.raises(Exception, match="token_expired"):
            await calls_slack(here, red)
    assert "invalid_refresh_token" in caplog.text
    assert not re.search(r"xox[be]", caplog.text)
