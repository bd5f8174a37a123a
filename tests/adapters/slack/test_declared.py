"""What the printed manifest declares, done by people against the whole bot; and nothing besides.

Slack sends what was declared, and the bot hears what it registered. The manifest here is the one
that `limner slack manifest` prints, as an owner pastes it.
"""

import ast
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from bot.app.composition import App
from bot.app.system_clock import SystemClock
from bot.domain.community_settings import CommunitySettings
from tests.adapters.slack.fake.http import signature
from tests.adapters.slack.fake.server import FakeSlack
from tests.adapters.slack.fake.world import Act, Json, Message, View
from tests.adapters.slack.test_running import environ_of, for_many, install, over_http
from tests.adapters.slack.whole_bot import health_of, slack_in
from tests.support.whole_bot import alive

ROOT = Path(__file__).parents[3]
PUBLIC_URL = "https://draw.example.org"
WAYS = {"socket": (), "http": ("--http",), "many": ("--many",), "agent": ("--agent",)}
# How somebody's doing arrives over HTTP.
SHORTCUTS = {"global": "shortcut", "message": "message_action"}
# Events that bolt hears by methods that don't name them: message(), function(), assistant().
UNNAMED = ("message", "function_executed", "assistant_thread_started")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the command says, by the way that Slack and the bot meet."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PUBLIC_URL": PUBLIC_URL}

    def manifest(*options: str) -> str:
        return subprocess.run(  # noqa: S603  (our own code)
            [sys.executable, "-m", "bot", "slack", "manifest", *options],
            cwd=tmp_path_factory.mktemp("terminal"),
            env=environ,
            capture_output=True,
            check=True,
            text=True,
            timeout=120,
        ).stdout

    return {way: manifest(*options) for way, options in WAYS.items()}


def declared(made: Json) -> set[str]:
    """All that an app of this manifest can do, by name."""
    features, settings = made["features"], made["settings"]
    return {
        *(f"command {each['command']}" for each in features["slash_commands"]),
        *(f"{each['type']} shortcut {each['callback_id']}" for each in features["shortcuts"]),
        *(f"event {each}" for each in settings["event_subscriptions"]["bot_events"]),
        *(f"{name} is {on}" for name, on in features["app_home"].items()),
        f"interactivity is {settings['interactivity']['is_enabled']}",
        *(f"redirect to {url}" for url in made["oauth_config"].get("redirect_urls", ())),
    }


@dataclass
class Scene:
    fake: FakeSlack
    app: App
    way: str

    async def does(self, act: Act) -> Act:
        """Somebody acts; a listener takes it, and bolt doesn't say that it is unhandled."""
        await self.fake.until(lambda: act.acked or act.status)
        assert act.status == (None if self.way == "socket" else 200)
        return act

    async def opened(self, act: Act, form: str) -> View:
        """The form that opens, once it is filled."""
        await self.does(act)
        await self.fake.until(lambda: act.modal and act.modal.body["callback_id"] == form)
        assert act.modal is not None
        return act.modal

    async def told(self, act: Act) -> str:
        await self.does(act)
        await self.fake.until(lambda: act.replies)
        return act.replies[0].words

    async def draw(self) -> Message:
        await self.does(self.fake.command("/imagine", "a cat --seed 7"))
        return await self.card(1)

    async def card(self, count: int) -> Message:
        """The last of so many cards, once it has its picture."""
        fake = self.fake
        await fake.until(lambda: len(fake.showing(fake.art)) == count)
        return fake.showing(fake.art)[-1]

    async def revoked(self, event: Json) -> None:
        """An event by which Slack says that the app was taken off."""
        assert health_of(self.app)["ok"]
        self.fake.revoke()
        await self.does(self.fake.event(event))
        await self.fake.until(
            lambda: health_of(self.app) == {"ok": False, "token": "token_revoked"}
        )


# --- what people do -------------------------------------------------------------------------------


async def imagine(at: Scene) -> None:
    await at.draw()


async def limner(at: Scene) -> None:
    assert "*/limner quota*" in await at.told(at.fake.command("/limner", "help"))


async def imagine_shortcut(at: Scene) -> None:
    await at.opened(at.fake.shortcut("imagine"), "wish")


async def use_as_start(at: Scene) -> None:
    view = await at.opened(at.fake.use_on(await at.draw(), "use_as_start"), "wish")
    assert "It starts from the picture that you chose." in view.words


async def show_parameters(at: Scene) -> None:
    act = at.fake.use_on(await at.draw(), "show_parameters")
    assert "Seed: `7`" in await at.told(act)


async def report(at: Scene) -> None:
    """A case for the moderators comes of it, in their channel."""
    fake = at.fake
    settings = CommunitySettings(set_up=True, moderator_channel=fake.private.id)
    now = at.app.clock.now()
    team = fake.workspace.id
    await at.app.store.people.change_community("slack", team, lambda _: settings, "test", now)
    view = await at.opened(fake.use_on(await at.draw(), "report", by=fake.bob), "report")
    await at.does(fake.submit(view, {"category": "real_person", "reason": "my face"}))
    await fake.until(lambda: fake.within(fake.private))
    assert "my face" in fake.within(fake.private)[0].words


async def open_home(at: Scene) -> None:
    await at.does(at.fake.open_home())
    await at.fake.until(lambda: at.fake.home(at.fake.ann))


async def press_in_the_home(at: Scene) -> None:
    await open_home(at)
    home = at.fake.home(at.fake.ann)
    assert home is not None
    await at.opened(at.fake.press(home, "home:imagine"), "wish")


async def mention(at: Scene) -> None:
    act = at.fake.write(f"{at.fake.mention} a fox")
    await at.does(act)
    assert "a fox" in (await at.card(1)).words


async def write_to_the_bot(at: Scene) -> None:
    fake = at.fake
    await at.does(fake.write("a fox", at=fake.direct(fake.ann)))
    await fake.until(lambda: fake.showing(fake.direct(fake.ann)))


async def uninstall(at: Scene) -> None:
    await at.revoked({"type": "app_uninstalled"})


async def revoke(at: Scene) -> None:
    tokens = {"oauth": [], "bot": [at.fake.workspace.bot.id]}
    await at.revoked({"type": "tokens_revoked", "tokens": tokens})


async def read_ones_messages(at: Scene) -> None:
    fake = at.fake
    await at.does(fake.command("/imagine", "a cat --private"))
    await fake.until(lambda: fake.showing(fake.direct(fake.ann)))


async def type_in_ones_messages(at: Scene) -> None:
    fake = at.fake
    await at.does(fake.command("/imagine", "a cat", at=fake.direct(fake.ann)))
    await fake.until(lambda: fake.showing(fake.direct(fake.ann)))


async def press_and_send(at: Scene) -> None:
    view = await at.opened(at.fake.press(await at.draw(), "Edit"), "wish")
    await at.does(at.fake.submit(view, {"prompt": "a dog"}))
    assert "a dog" in (await at.card(2)).words


DRIVERS: dict[str, Callable[[Scene], Awaitable[None]]] = {
    "command /imagine": imagine,
    "command /limner": limner,
    "global shortcut imagine": imagine_shortcut,
    "message shortcut use_as_start": use_as_start,
    "message shortcut show_parameters": show_parameters,
    "message shortcut report": report,
    "event app_home_opened": open_home,
    "event app_mention": mention,
    "event app_uninstalled": uninstall,
    "event message.im": write_to_the_bot,
    "event tokens_revoked": revoke,
    "home_tab_enabled is True": press_in_the_home,
    "messages_tab_enabled is True": read_ones_messages,
    "messages_tab_read_only_enabled is False": type_in_ones_messages,
    "interactivity is True": press_and_send,
}
REDIRECT = f"redirect to {PUBLIC_URL}/slack/oauth_redirect"


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake
        assert fake.unknown == []


@asynccontextmanager
async def scene(fake: FakeSlack, folder: Path, way: str, text: str) -> AsyncIterator[Scene]:
    """The whole bot beside a Slack that knows of it by `text`, at the bot's own address."""
    environ = {"socket": environ_of, "http": over_http}[way](fake, folder)
    fake.paste(json.loads(text.replace(PUBLIC_URL, environ.get("PUBLIC_URL", ""))))
    fake.workspace.scopes = fake.world.app.scopes
    async with alive(environ, SystemClock()) as (app, _):
        yield Scene(fake, app, way)


# --- the manifest against the listeners -----------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_somebody_here_does_everything_that_is_declared(printed: dict[str, str], way: str) -> None:
    redirects = {REDIRECT} if way == "many" else set()
    assert declared(json.loads(printed[way])) == {*DRIVERS} | redirects


@pytest.mark.parametrize("way", WAYS)
def test_the_manifest_has_no_part_that_nobody_here_looks_at(
    printed: dict[str, str], way: str
) -> None:
    """Unfurled domains, workflow steps, functions and the like would need a listener, too."""
    made = json.loads(printed[way])
    features, settings = made["features"], made["settings"]
    assert {*made} == {"display_information", "features", "oauth_config", "settings"}
    agent = {"agent_view"} if way == "agent" else set()
    assert {*features} == {"app_home", "bot_user", "shortcuts", "slash_commands"} | agent
    assert {*made["oauth_config"]} <= {"scopes", "redirect_urls"}
    assert {*made["oauth_config"]["scopes"]} == {"bot"}
    assert {*settings["event_subscriptions"]} <= {"bot_events", "request_url"}
    assert {*settings["interactivity"]} <= {"is_enabled", "request_url"}
    flags = ("org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled")
    assert {*settings} == {"event_subscriptions", "interactivity", *flags}
    assert {name for name in flags if settings[name]} == (
        {"socket_mode_enabled"} if way in ("socket", "agent") else set()
    )


@pytest.mark.slow
@pytest.mark.parametrize("way", ["socket", "http"])
@pytest.mark.parametrize("name", DRIVERS)
async def test_what_is_declared_has_its_effect(
    printed: dict[str, str], fake: FakeSlack, tmp_path: Path, way: str, name: str
) -> None:
    async with scene(fake, tmp_path, way, printed[way]) as at:
        await DRIVERS[name](at)


async def test_a_workspace_comes_back_to_where_the_manifest_says(
    printed: dict[str, str], fake: FakeSlack, tmp_path: Path
) -> None:
    environ = for_many(fake, tmp_path)
    url = environ["PUBLIC_URL"]
    fake.paste(json.loads(printed["many"].replace(PUBLIC_URL, url)))
    team = fake.add_workspace("Red")
    admin = fake.add_person("Red's admin", team, admin=True)
    async with alive(environ, SystemClock()):
        await install(fake, url, team, admin)
    assert team.token.startswith("xoxb-")


# --- the listeners against the manifest -----------------------------------------------------------


def names() -> set[str]:
    """Every word in the adapter's source: whatever it listens to is among them."""
    trees = [ast.parse(file.read_text("utf-8")) for file in (ROOT / "adapters/slack").rglob("*.py")]
    texts = {
        part.value
        for tree in trees
        for part in ast.walk(tree)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    return {text for text in texts if re.fullmatch(r"[\w/:.-]{1,60}", text)}


def tries(fake: FakeSlack, name: str) -> Iterator[tuple[str, Json, bool]]:
    """By what it would be in the manifest: a request of this name, and whether it is an event."""
    team = {"team_id": fake.workspace.id, "user_id": fake.ann.id, "user_name": "ann"}
    command = f"/{name.removeprefix('/')}"
    yield f"command {command}", {**team, "command": command, "text": ""}, False
    person = {"team": {"id": fake.workspace.id}, "user": {"id": fake.ann.id}}
    for kind, arrives_as in SHORTCUTS.items():
        what = {**person, "type": arrives_as, "callback_id": name, "message": {}}
        yield f"{kind} shortcut {name}", {"payload": json.dumps(what)}, False
    options = {**person, "type": "block_suggestion", "action_id": name, "block_id": name}
    yield f"options for {name}", {"payload": json.dumps(options)}, False
    event = {"type": name, "user": fake.ann.id, "text": "hello", "channel": fake.art.id}
    yield f"event {name}", {**team, "type": "event_callback", "event": event}, True


async def is_heard(http: httpx.AsyncClient, secret: str, body: Json, *, event: bool) -> bool:
    """Whether a listener takes a signed request. bolt answers 404 where none does."""
    text = json.dumps(body) if event else urlencode(body)
    now = str(int(time.time()))
    headers = {
        "Content-Type": "application/json" if event else "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": signature(secret, now, text),
    }
    answer = await http.post("/events", content=text, headers=headers)
    assert answer.status_code in (200, 404), answer.text
    return answer.status_code == 200


@pytest.mark.slow
async def test_nothing_is_listened_to_that_is_not_declared(
    printed: dict[str, str], fake: FakeSlack, tmp_path: Path
) -> None:
    # All kinds of messages come by one name, and Slack sends those of its kind only.
    known = {*declared(json.loads(printed["http"])), "event message"}
    found, secret = [], fake.world.signing_secret
    async with scene(fake, tmp_path, "http", printed["http"]) as at:
        endpoint: Any = slack_in(at.app).app
        wire = httpx.ASGITransport(app=endpoint)
        async with httpx.AsyncClient(transport=wire, base_url="http://bot") as http:
            for name in sorted({*names(), *UNNAMED}):
                for what, body, event in tries(fake, name):
                    if what not in known and await is_heard(http, secret, body, event=event):
                        found.append(what)
    assert found == []
