"""Workspaces install the bot by themselves, and take it off again."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from adapters.slack.connection.manifest import SCOPES, manifest
from adapters.slack.connection.token_encryption import TokenCipher, UndecryptableToken
from adapters.slack.connection.tokens import Tokens
from adapters.slack.connection.workspaces import ManyWorkspaces
from bot.domain.installation import Installation
from bot.ports import Unreachable
from tests.adapters.slack.fake.http import signature
from tests.adapters.slack.fake.server import FakeSlack, answers, cuts
from tests.adapters.slack.fake.world import Person, Workspace
from tests.adapters.slack.transport_harness import (
    KEY,
    PUBLIC_URL,
    TransportHarness,
    settings_of,
    transport_harness,
)
from tests.support.clock import NOON, FakeClock
from tests.support.fake_service import PATIENCE_S


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    with FakeSlack(now=lambda: NOON) as fake:
        fake.paste(manifest(public_url=PUBLIC_URL, many=True))
        yield fake


class Team:
    """A workspace with an admin and a browser."""

    def __init__(self, fake: FakeSlack, name: str) -> None:
        self.fake = fake
        self.workspace: Workspace = fake.add_workspace(name)
        self.admin: Person = fake.add_person(f"{name}'s admin", self.workspace, admin=True)
        self.cookies: dict[str, str] = {}

    async def begin(self, here: TransportHarness) -> str:
        """Open /slack/install; where Slack's own page is."""
        answer = await here.at("GET", "/install")
        assert answer.status_code == 302
        self.cookies = dict(answer.cookies)
        return answer.headers["location"]

    async def come_back(self, here: TransportHarness, url: str) -> httpx.Response:
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == (
            PUBLIC_URL + "/slack/oauth_redirect"
        )
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie} if cookie else {}
        return await here.at("GET", f"/oauth_redirect?{parts.query}", headers=headers)

    async def install(self, here: TransportHarness) -> httpx.Response:
        url = self.fake.approve(await self.begin(here), self.workspace, by=self.admin)
        return await self.come_back(here, url)


async def type_imagine(here: TransportHarness, team: Team) -> httpx.Response:
    return await says(
        here,
        {
            "command": "/imagine",
            "text": team.workspace.name,
            "team_id": team.workspace.id,
            "user_id": team.admin.id,
            "channel_id": "C1",
            "trigger_id": "1.2",
        },
    )


async def says(
    here: TransportHarness, body: dict[str, Any], *, event: bool = False
) -> httpx.Response:
    text = json.dumps(body) if event else urlencode(body)
    at = str(int(time.time()))
    kind = "application/json" if event else "application/x-www-form-urlencoded"
    headers = {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": signature(here.fake.world.signing_secret, at, text),
    }
    return await here.events(text.encode(), headers)


async def forgotten(here: TransportHarness, team: Team) -> None:
    """Events are acknowledged before anybody acts on them."""
    async with asyncio.timeout(PATIENCE_S):
        while await is_known(here, team):  # noqa: ASYNC110  (it looks into the store)
            await asyncio.sleep(0.01)


async def is_known(here: TransportHarness, team: Team) -> bool:
    try:
        await here.transport.clients.client_for(team.workspace.id)
    except Unreachable:
        return False
    return True


def event_of(team: Team, event: dict[str, Any], id_: str, at: datetime = NOON) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "event_time": int(at.timestamp()),
        "team_id": team.workspace.id,
        "event_id": id_,
        "event": event,
        "authorizations": [],
    }


async def test_two_workspaces_install_it_and_each_is_served_with_its_own_token(
    fake: FakeSlack, tmp_path: Path
) -> None:
    red, blue = Team(fake, "Red"), Team(fake, "Blue")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        first, second = await red.install(here), await blue.install(here)
        assert (first.status_code, second.status_code) == (200, 200)
        assert "Red can draw now" in first.text
    # After a restart everything comes from the store.
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        await type_imagine(here, red)
        await type_imagine(here, blue)
        tokens = {body["text"]: body["bot_token"] for body in here.heard}
        assert tokens == {"Red": red.workspace.token, "Blue": blue.workspace.token}
        client = await here.transport.clients.client_for(blue.workspace.id)
        assert (await client.auth_test())["team_id"] == blue.workspace.id
    assert red.workspace.token != blue.workspace.token
    assert red.workspace.scopes == {*SCOPES}


async def test_no_token_is_readable_in_the_file(fake: FakeSlack, tmp_path: Path) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        await red.install(here)
    kept = (tmp_path / "limner.db").read_bytes()
    assert red.workspace.id.encode() in kept
    assert red.workspace.token.encode() not in kept
    assert b"xoxb-" not in kept


async def test_a_state_is_good_once(fake: FakeSlack, tmp_path: Path) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        page = await red.begin(here)
        assert (
            await red.come_back(here, fake.approve(page, red.workspace, by=red.admin))
        ).status_code == 200
        again = await red.come_back(here, fake.approve(page, red.workspace, by=red.admin))
    assert (again.status_code, "was used before" in again.text) == (401, True)


async def test_a_state_expires(fake: FakeSlack, tmp_path: Path) -> None:
    red, clock = Team(fake, "Red"), FakeClock(auto=True)
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"], clock=clock) as here:
        url = fake.approve(await red.begin(here), red.workspace, by=red.admin)
        await clock.sleep(timedelta(minutes=10).total_seconds())
        late = await red.come_back(here, url)
    assert (late.status_code, "took too long" in late.text) == (401, True)


async def test_another_browser_can_not_finish_it(fake: FakeSlack, tmp_path: Path) -> None:
    """Who is lured into somebody else's link has not the cookie."""
    red, victim = Team(fake, "Red"), Team(fake, "Victim")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        url = fake.approve(await red.begin(here), red.workspace, by=red.admin)
        answer = await victim.come_back(here, url)
        assert (answer.status_code, "not the browser" in answer.text) == (400, True)
        with pytest.raises(Unreachable):
            await here.transport.clients.client_for(red.workspace.id)


async def test_whoever_declines_reads_what_to_do(fake: FakeSlack, tmp_path: Path) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        answer = await red.come_back(here, fake.decline(await red.begin(here)))
    assert f"Nothing was installed. To try again, open {PUBLIC_URL}/slack/install." in answer.text


@pytest.mark.parametrize(("behaviour", "status"), [(answers("invalid_code"), 401), (cuts(), 502)])
async def test_a_slack_that_refuses_or_is_away_ends_with_a_sentence(
    fake: FakeSlack, tmp_path: Path, behaviour: Any, status: int
) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        fake.will("oauth.v2.access", behaviour)
        answer = await red.install(here)
    assert (answer.status_code, "/slack/install again" in answer.text) == (status, True)


async def test_pages_hold_no_markup_from_outside(fake: FakeSlack, tmp_path: Path) -> None:
    red = Team(fake, "<script>alert(1)</script>")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        answer = await red.install(here)
    assert "<script>" not in answer.text
    assert answer.headers["content-security-policy"] == "default-src 'none'"


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U1"]}},
    ],
)
async def test_a_workspace_that_takes_it_off_is_forgotten(
    fake: FakeSlack, tmp_path: Path, event: dict[str, Any]
) -> None:
    red, blue = Team(fake, "Red"), Team(fake, "Blue")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        await red.install(here)
        await blue.install(here)
        fake.revoke(red.workspace)
        assert (await says(here, event_of(red, event, "Ev1"), event=True)).status_code == 200
        await forgotten(here, red)
        await here.transport.clients.client_for(blue.workspace.id)
        refused = await type_imagine(here, red)
        assert refused.text == (
            "I am not installed in this workspace any more. An admin can install me again: "
            f"{PUBLIC_URL}/slack/install"
        )
        assert here.heard == []


class SlowToAnswer:
    """A store of installations whose first answer stays on its way."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.is_on_its_way = asyncio.Event()
        self.may_arrive = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def installation(self, platform: str, team: str) -> Installation | None:
        found: Installation | None = await self._store.installation(platform, team)
        if not self.is_on_its_way.is_set():
            self.is_on_its_way.set()
            await self.may_arrive.wait()
        return found


async def test_what_was_read_before_it_was_taken_off_is_not_remembered(
    fake: FakeSlack, tmp_path: Path
) -> None:
    red = Team(fake, "Red")
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        await red.install(here)
        store = SlowToAnswer(here.store.installations)
        clock, cipher = FakeClock(auto=True), TokenCipher((KEY,))
        tokens = Tokens(here.transport.clients.bare, "", "", clock)
        workspaces = ManyWorkspaces(store, cipher, tokens, clock)
        finding = asyncio.create_task(workspaces.find(red.workspace.id))
        await store.is_on_its_way.wait()
        fake.revoke(red.workspace)
        await workspaces.taken_off(red.workspace.id)
        store.may_arrive.set()
        await finding
        assert await workspaces.find(red.workspace.id) is None


async def test_an_event_from_before_it_was_installed_anew_changes_nothing(
    fake: FakeSlack, tmp_path: Path
) -> None:
    """Slack repeats what nobody acknowledged, for up to an hour; its clock says nothing here."""
    red, blue = Team(fake, "Red"), Team(fake, "Blue")
    late = event_of(red, {"type": "app_uninstalled"}, "Ev1", NOON + timedelta(seconds=5))
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        await red.install(here)
        await blue.install(here)
        await says(here, late, event=True)
        fake.revoke(blue.workspace)
        await says(here, event_of(blue, {"type": "app_uninstalled"}, "Ev2"), event=True)
        await forgotten(here, blue)  # and so the earlier event was looked at, too
        await type_imagine(here, red)
        assert [body["bot_token"] for body in here.heard] == [red.workspace.token]


async def test_a_persons_own_token_that_is_revoked_changes_nothing(
    fake: FakeSlack, tmp_path: Path
) -> None:
    red = Team(fake, "Red")
    event = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}
    async with transport_harness(fake, tmp_path, settings_of(fake)["many"]) as here:
        await red.install(here)
        await says(here, event_of(red, event, "Ev1"), event=True)
        await type_imagine(here, red)
        assert [body["bot_token"] for body in here.heard] == [red.workspace.token]


async def test_a_key_can_be_replaced(fake: FakeSlack, tmp_path: Path) -> None:
    red = Team(fake, "Red")
    settings = settings_of(fake)["many"]
    async with transport_harness(fake, tmp_path, settings) as here:
        await red.install(here)
    newer = replace(settings, token_keys=("another key, as long as it has to be", KEY))
    async with transport_harness(fake, tmp_path, newer) as here:
        await here.transport.clients.client_for(red.workspace.id)
    without = replace(settings, token_keys=("another key, as long as it has to be",))
    async with transport_harness(fake, tmp_path, without) as here:
        with pytest.raises(Unreachable):
            await here.transport.clients.client_for(red.workspace.id)


def test_what_was_sealed_can_not_be_changed() -> None:
    cipher = TokenCipher([KEY])
    sealed = cipher.encrypt("xoxb-1")
    assert cipher.decrypt(sealed) == "xoxb-1"
    with pytest.raises(UndecryptableToken):
        cipher.decrypt(sealed[:-4] + b"AAA=")
