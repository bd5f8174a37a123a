"""A Slack that is overloaded, or refuses the bot later: it goes on, and the owner is told."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from adapters.slack.connection.manifest import SCOPES, manifest
from bot.app.http_server import Open
from tests.adapters.slack.fake.server import FakeSlack, acts, answers, cuts, garbles
from tests.support.clock import FakeClock, Patient
from tests.support.whole_bot import alive, sketching


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        fake.workspace.scopes = {*SCOPES}
        yield fake
        assert fake.unknown == []


@pytest.fixture
def by_socket(fake: FakeSlack, tmp_path: Path) -> dict[str, str]:
    return sketching(tmp_path, **fake.environ)


@pytest.fixture
def over_http(fake: FakeSlack, by_socket: dict[str, str]) -> dict[str, str]:
    """Slack comes to a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    del by_socket["SLACK_APP_TOKEN"]
    url = f"http://127.0.0.1:{port}"
    fake.paste(manifest(public_url=url))
    secret = fake.world.signing_secret
    return {**by_socket, "PORT": port, "PUBLIC_URL": url, "SLACK_SIGNING_SECRET": secret}


async def page(site: Open, path: str) -> httpx.Response:
    async with httpx.AsyncClient(follow_redirects=True) as http:
        return await http.get(site.url + path)


async def is_up(site: Open) -> None:
    async with asyncio.timeout(60):
        while (await page(site, "/health")).json()["platforms"]["slack"]["state"] != "up":  # noqa: ASYNC110  (it is asked over HTTP)
            await asyncio.sleep(0.05)


# aiohttp does not repeat a POST by itself.
TROUBLES = {
    "503": garbles(503, "upstream connect error"),
    "503 in HTML": garbles(503, "<h1>Service Unavailable</h1>", "text/html"),
    "an error": answers("internal_error"),
    "a cut": cuts(),
    "200 of somebody else's": garbles(200, "Please sign in to this network"),
}


@pytest.mark.slow
@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
async def test_one_failed_call_at_start_does_not_make_it_deaf(
    fake: FakeSlack,
    by_socket: dict[str, str],
    method: str,
    trouble: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake.will(method, TROUBLES[trouble])
    async with alive(by_socket, FakeClock(runs=True)) as (_, site):
        assert (await page(site, "/")).status_code == 200
        await is_up(site)
        fake.command("/imagine", "a cat")
        await fake.until(lambda: fake.showing(fake.art), 30)
    assert fake.token not in caplog.text


@pytest.mark.slow
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_one_failed_call_at_start_does_not_make_it_deaf_over_http(
    fake: FakeSlack, over_http: dict[str, str], trouble: str
) -> None:
    fake.will("auth.test", TROUBLES[trouble])
    async with alive(over_http, FakeClock(runs=True)) as (_, site):
        await is_up(site)
        fake.command("/imagine", "a cat")
        await fake.until(lambda: fake.showing(fake.art), 30)


@pytest.mark.slow
async def test_a_token_that_is_refused_later_is_told_and_not_tried_again_and_again(
    fake: FakeSlack, by_socket: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    clock = Patient()
    async with alive(by_socket, clock) as (_, site):
        await is_up(site)
        fake.always("apps.connections.open", answers("invalid_auth"))
        fake.cut()
        await fake.until(lambda: clock.waits)
        said = [r.getMessage() for r in caplog.records if "SLACK_APP_TOKEN" in r.getMessage()]
        assert len(said) == 2
        assert said[0].startswith("Slack refuses SLACK_APP_TOKEN. Make a new one at https://api.")
        assert said[1].startswith("For the owner (slack_down): Slack is not connected, and")
        assert (await page(site, "/health")).status_code == 200
        clock.advance(timedelta(minutes=2))
        assert (await page(site, "/health")).status_code == 503
        assert (await page(site, "/")).status_code == 200
        assert len(fake.called("apps.connections.open")) == 2

        fake.always("apps.connections.open", acts())
        clock.go_on.set()
        await is_up(site)
        assert (await page(site, "/health")).status_code == 200
        fake.command("/imagine", "a cat")
        await fake.until(lambda: fake.showing(fake.art), 30)
    assert fake.token not in caplog.text
