"""Coming and going: tokens, health, a Slack that is away, and HTTP from the outside."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from adapters.slack.connection.manifest import manifest
from bot.app.composition import build_app
from bot.app.http_server import serving
from bot.app.system_clock import SystemClock
from bot.config.settings import Settings
from storage.sqlite_store import open_for_reading
from tests.adapters.slack.fake.server import FakeSlack, answers, waits
from tests.adapters.slack.fake.world import Person, Workspace
from tests.adapters.slack.whole_bot import health_of
from tests.support.whole_bot import alive, sketching

KEY = "a key of more than thirty-two characters"


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake
        assert fake.unknown == []


def environ_of(fake: FakeSlack, data_dir: Path) -> dict[str, str]:
    return sketching(data_dir, **fake.environ)


def over_http(fake: FakeSlack, data_dir: Path) -> dict[str, str]:
    """Slack comes to a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = environ_of(fake, data_dir)
    del environ["SLACK_APP_TOKEN"]
    return {
        **environ,
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SLACK_SIGNING_SECRET": fake.world.signing_secret,
    }


def for_many(fake: FakeSlack, data_dir: Path) -> dict[str, str]:
    environ = over_http(fake, data_dir)
    del environ["SLACK_BOT_TOKEN"]
    return {
        **environ,
        "SLACK_CLIENT_ID": fake.world.client_id,
        "SLACK_CLIENT_SECRET": fake.world.client_secret,
        "SLACK_TOKEN_KEYS": KEY,
    }


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("auth.test", "Slack refuses SLACK_BOT_TOKEN. Copy it anew from "),
        ("apps.connections.open", "Slack refuses SLACK_APP_TOKEN. Make a new one at "),
    ],
)
async def test_a_token_that_slack_refuses_is_said_at_start_and_ends_nothing(
    fake: FakeSlack, tmp_path: Path, method: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    fake.always(method, answers("invalid_auth"))
    async with (
        build_app(Settings.from_env(environ_of(fake, tmp_path))) as app,
        serving(app) as site,
        httpx.AsyncClient() as http,
    ):
        told = (await http.get(f"{site.url}/health")).json()
    assert told["platforms"]["slack"]["state"] == "connecting"
    assert [r for r in caplog.records if said in r.getMessage() and "owner" in r.getMessage()]


@pytest.mark.slow
async def test_a_slack_that_is_away_holds_up_neither_the_page_nor_the_end(
    fake: FakeSlack, tmp_path: Path
) -> None:
    away = {**environ_of(fake, tmp_path), "SLACK_API_URL": "http://127.0.0.1:9"}
    async with (
        asyncio.timeout(30),
        alive(away, SystemClock()) as (_, site),
        httpx.AsyncClient() as http,
    ):
        state = (await http.get(f"{site.url}/health")).json()
    assert (state["ok"], state["slack"]["ok"]) == (True, False)


async def test_health_tells_whether_slack_reaches_us(fake: FakeSlack, tmp_path: Path) -> None:
    async with (
        asyncio.timeout(20),
        alive(environ_of(fake, tmp_path), SystemClock()) as (_, site),
        httpx.AsyncClient() as http,
    ):
        state = (await http.get(f"{site.url}/health")).json()["slack"]
        assert state == {"ok": True, "socket": {"connected": True}}
        fake.shut()
        fake.cut()
        while (await http.get(f"{site.url}/health")).json()["slack"]["ok"]:  # noqa: ASYNC110  (it is asked over HTTP)
            await asyncio.sleep(0.02)


async def test_it_draws_by_socket_mode(fake: FakeSlack, tmp_path: Path) -> None:
    """With the scopes of the manifest and none more; whose token is set needs no code."""
    async with alive(environ_of(fake, tmp_path), SystemClock()):
        fake.command("/imagine", "a cat --images 2")
        await fake.until(lambda: fake.showing(fake.art), 20)
    assert len(fake.showing(fake.art)[0].pictures) == 1


async def test_it_draws_over_http(fake: FakeSlack, tmp_path: Path) -> None:
    environ = over_http(fake, tmp_path)
    fake.paste(manifest(public_url=environ["PUBLIC_URL"]))
    async with alive(environ, SystemClock()):
        act = fake.command("/imagine", "a cat --images 2")
        await fake.until(lambda: fake.showing(fake.art), 20)
    assert act.status == 200
    assert len(fake.showing(fake.art)[0].pictures) == 1


async def test_a_repeated_mention_is_answered_once(fake: FakeSlack, tmp_path: Path) -> None:
    """By the id of its event, which is stored: also after a restart."""
    environ = over_http(fake, tmp_path)
    fake.paste(manifest(public_url=environ["PUBLIC_URL"]))
    async with alive(environ, SystemClock()):
        act = fake.write(f"{fake.mention} a fox", by=fake.gil)
        await fake.until(lambda: fake.seen_by(fake.gil))
        fake.repeat(act, 2)
        await fake.until(lambda: len(act.acks) == 3)
    async with alive(environ, SystemClock()):
        fake.repeat(act)
        await fake.until(lambda: len(act.acks) == 4)
        fake.write(f"{fake.mention} another fox", by=fake.gil)
        await fake.until(lambda: len(fake.seen_by(fake.gil)) > 1)
    assert len(fake.seen_by(fake.gil)) == 2


async def test_slack_repeats_an_event_until_the_bot_has_started(
    fake: FakeSlack, tmp_path: Path
) -> None:
    environ = over_http(fake, tmp_path)
    fake.paste(manifest(public_url=environ["PUBLIC_URL"]))
    fake.http.waits_s = 2.0
    act = fake.open_home()
    await fake.until(lambda: act.status == 0)
    async with alive(environ, SystemClock()):
        await fake.until(lambda: fake.home(fake.ann))
    assert act.status == 200


async def test_a_forged_request_is_401_from_the_outside(fake: FakeSlack, tmp_path: Path) -> None:
    environ = over_http(fake, tmp_path)
    fake.paste(manifest(public_url=environ["PUBLIC_URL"]))
    fake.http.secret = "somebody else's"
    async with alive(environ, SystemClock()):
        act = fake.command("/imagine", "a cat")
        await fake.until(lambda: act.status)
        assert (act.status, fake.messages) == (401, [])


@pytest.mark.slow
async def test_two_workspaces_install_it_and_draw_each_on_its_own_account(
    fake: FakeSlack, tmp_path: Path
) -> None:
    environ = for_many(fake, tmp_path)
    fake.paste(manifest(public_url=environ["PUBLIC_URL"], many=True))
    teams = [fake.add_workspace("Red"), fake.add_workspace("Blue")]
    environ["ALLOWED_COMMUNITIES"] = ",".join(team.id for team in teams)
    async with alive(environ, SystemClock()):
        for team in teams:
            admin = fake.add_person(f"{team.name}'s admin", team, admin=True)
            await install(fake, environ["PUBLIC_URL"], team, admin)
            art = fake.add_channel("art", admin, at=team)
            fake.invite_bot(art, team)
            fake.command("/imagine", team.name, by=admin, at=art)
            await fake.until(lambda art=art: fake.showing(art), 20)  # type: ignore[misc]
    posts = fake.called("chat.postMessage")
    assert {post.token for post in posts} == {team.token for team in teams}
    assert spenders(tmp_path) == {team.id for team in teams}


async def install(fake: FakeSlack, url: str, team: Workspace, admin: Person) -> None:
    async with httpx.AsyncClient(base_url=url) as browser:
        page = await browser.get("/slack/install")
        # The cookie is for https only; here the test carries it.
        cookie = page.headers["set-cookie"].partition(";")[0]
        back = fake.approve(page.headers["location"], team, by=admin)
        done = await browser.get(back.removeprefix(url), headers={"Cookie": cookie})
        assert done.status_code == 200, done.text


def spenders(data_dir: Path) -> set[str]:
    con = open_for_reading(data_dir / "limner.db")
    try:
        rows = con.execute("SELECT community FROM principal WHERE kind = 'person'").fetchall()
    finally:
        con.close()
    return {community for (community,) in rows}


async def test_an_uninstalled_bot_says_so_in_its_health(fake: FakeSlack, tmp_path: Path) -> None:
    async with alive(environ_of(fake, tmp_path), SystemClock()) as (app, _):
        fake.uninstall()
        await fake.until(lambda: health_of(app) == {"ok": False, "token": "token_revoked"})


async def test_what_was_acknowledged_is_answered_although_the_bot_stops(
    fake: FakeSlack, tmp_path: Path
) -> None:
    """It comes too late to be drawn, and nobody waits for nothing."""
    gate = threading.Event()
    fake.will("users.info", waits(gate))
    environ = environ_of(fake, tmp_path)
    async with asyncio.timeout(30), build_app(Settings.from_env(environ)) as app:
        open_ = asyncio.Event()
        stop = asyncio.Event()

        async def run() -> None:
            async with serving(app):
                open_.set()
                await stop.wait()

        running = asyncio.create_task(run())
        await open_.wait()
        act = fake.command("/imagine", "a cat")
        await fake.until(lambda: act.acked and fake.called("users.info"))
        stop.set()
        await asyncio.sleep(0.1)  # it is stopping now
        gate.set()
        await running
    said = "\n".join(message.words for message in (*fake.seen_by(fake.ann), *act.replies))
    assert "I am about to restart" in said
    assert fake.within(fake.art) == []


async def test_an_event_that_slack_repeats_over_http_counts_once(
    fake: FakeSlack, tmp_path: Path
) -> None:
    environ = over_http(fake, tmp_path)
    fake.paste(manifest(public_url=environ["PUBLIC_URL"]))
    async with alive(environ, SystemClock()):
        event = {"type": "app_home_opened", "user": fake.ann.id, "tab": "home", "channel": "D1"}
        act = fake.event(event, times=5)
        await fake.until(lambda: len(act.acks) == 5)
        await fake.until(lambda: fake.called("views.publish"))
    assert len(fake.called("views.publish")) == 1
