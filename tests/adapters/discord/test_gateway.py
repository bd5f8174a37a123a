"""What Discord's gateway may do to a bot: it goes on, and what can't be mended is said."""

import asyncio
import logging
import re
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.slack.connection.manifest import SCOPES
from bot.app.composition import App, Replacements, build_app
from bot.app.http_server import serving
from bot.cli.doctor import Place, examine
from bot.cli.finding import Finding, Mark
from bot.config.settings import Settings
from tests.adapters.discord.fake.people import MODAL_SUBMIT
from tests.adapters.discord.fake.server import FakeDiscord, acts, answers, cuts, waits
from tests.adapters.discord.fake.world import Interaction, Json, Message
from tests.adapters.discord.whole_bot import on_discord
from tests.adapters.slack.fake.server import FakeSlack
from tests.support.clock import Patient
from tests.support.whole_bot import sketching

# A restarted connection asks for a session five seconds after the last one.
RESTART_S = 60.0


@pytest.fixture
def clock() -> Patient:
    return Patient()


@pytest.fixture
def fake(clock: Patient) -> Iterator[FakeDiscord]:
    with FakeDiscord(now=clock.now) as fake:
        yield fake
        assert fake.unknown == []


@pytest.fixture
def environ(fake: FakeDiscord, tmp_path: Path) -> dict[str, str]:
    return sketching(tmp_path, **on_discord(fake))


class Bot:
    def __init__(self, fake: FakeDiscord, app: App, url: str) -> None:
        self.fake = fake
        self.app = app
        self.url = url

    async def answers(self) -> None:
        """Somebody asks until they are answered: a line may break meanwhile."""
        async with asyncio.timeout(RESTART_S):
            while True:
                if self.fake.connected:
                    asked = self.fake.command("help")
                    if said := await self._answer(asked):
                        assert said.text.startswith("### What I can do")
                        return
                await asyncio.sleep(0.05)

    async def _answer(self, asked: Interaction) -> Message | None:
        try:
            await self.fake.until(lambda: asked.original, 5)
        except AssertionError:
            return None
        return asked.original

    async def page(self, path: str = "/") -> httpx.Response:
        async with httpx.AsyncClient(follow_redirects=True) as http:
            return await http.get(self.url + path)

    async def health(self, wanted: Callable[[Any], bool]) -> Any:
        async with asyncio.timeout(RESTART_S):
            while not wanted(told := (await self.page("/health")).json()):  # noqa: ASYNC110  (it is asked over HTTP)
                await asyncio.sleep(0.05)
        return told


@asynccontextmanager
async def alive(fake: FakeDiscord, environ: dict[str, str], clock: Patient) -> AsyncIterator[Bot]:
    async with (
        build_app(Settings.from_env(environ), Replacements(clock=clock)) as app,
        serving(app) as site,
    ):
        yield Bot(fake, app, site.url)


@pytest.fixture
async def bot(fake: FakeDiscord, environ: dict[str, str], clock: Patient) -> AsyncIterator[Bot]:
    async with alive(fake, environ, clock) as bot:
        await bot.health(is_up)
        yield bot


def is_up(told: Any) -> bool:
    return bool(told["platforms"]["discord"]["state"] == "up")


# --- an event that can't be read ---


def voice(fake: FakeDiscord) -> Json:
    """A voice channel without its bitrate."""
    return {
        "id": "77",
        "type": 2,
        "guild_id": str(fake.server.id),
        "name": "a name of somebody's",
        "position": 1,
        "permission_overwrites": [],
        "nsfw": False,
        "parent_id": None,
    }


def nested(fake: FakeDiscord) -> Json:
    """A server deeper than Python can pack, and than a frame of Discord's ever is."""
    deep: Json = {}
    for _ in range(900):
        deep = {"in": deep}
    return {**fake.server.payload(fake.world.bot), "id": "81", "more": deep}


def press_of_nothing(fake: FakeDiscord) -> Json:
    """A component that was pressed, and isn't named."""
    return {
        "id": "78",
        "application_id": str(fake.world.bot.id),
        "type": 3,
        "token": "a name of somebody's",
        "version": 1,
        "data": {},
        "entitlements": [],
        "authorizing_integration_owners": {},
        "context": 0,
        "attachment_size_limit": 1,
        "user": fake.ann.payload(),
    }


BAD_EVENTS: dict[str, Callable[[FakeDiscord], Json]] = {
    "CHANNEL_CREATE": voice,
    "GUILD_CREATE": lambda fake: {
        **fake.server.payload(fake.world.bot),
        "id": "79",
        "channels": [voice(fake)],
    },
    "GUILD_CREATE nested": nested,
    "GUILD_ROLE_CREATE": lambda fake: {"guild_id": str(fake.server.id), "role": {"id": "80"}},
    "INTERACTION_CREATE": press_of_nothing,
    "THREAD_CREATE": lambda fake: {"guild_id": str(fake.server.id)},
}


@pytest.mark.parametrize("name", BAD_EVENTS)
async def test_an_event_that_cannot_be_read_costs_only_itself(
    fake: FakeDiscord, bot: Bot, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    event = name.partition(" ")[0]
    fake.tell(event, BAD_EVENTS[name](fake))
    await bot.answers()
    assert len(fake.gateway.connections) == 1
    [said] = [r.getMessage() for r in caplog.records if event in r.getMessage()]
    assert re.fullmatch(
        rf"an event of Discord can't be read: {event} \(\w+Error at \w+\.py:\d+\)", said
    )
    assert "somebody" not in caplog.text


async def test_what_is_typed_or_sent_for_another_version_of_the_bot_is_answered(
    fake: FakeDiscord, bot: Bot
) -> None:
    fake.change(lambda: fake.commands.append({**fake.commands[0], "name": "older"}))
    typed = fake.command("older", dict.fromkeys(_required(fake.commands[0]), "a cat"))
    form = {"custom_id": "form:report:abcdefgh", "components": None}
    sent = fake._act(MODAL_SUBMIT, form, None, None)
    await fake.until(lambda: typed.original and sent.original)
    assert typed.original is not None
    assert typed.original.ephemeral
    assert typed.original.text == "This command has changed, so I did nothing. Please type it anew."


def _required(command: Json) -> list[str]:
    return [each["name"] for each in command.get("options", ()) if each.get("required")]


async def test_a_frame_that_is_no_json_costs_a_connection_and_no_more(
    fake: FakeDiscord, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    fake.say('{"op": 0, "t": "a name of somebody\'s"')
    await fake.until(lambda: len(fake.gateway.identifies) == 2, RESTART_S)
    await bot.answers()
    assert "the connection to Discord broke (JSONDecodeError at " in caplog.text
    assert "somebody" not in caplog.text


async def test_an_answer_that_breaks_is_logged_and_the_next_one_comes(
    fake: FakeDiscord, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    fake.will("callback", cuts())
    fake.command("help")
    await fake.until(lambda: fake.operations("callback"))
    await bot.answers()
    assert len(fake.gateway.connections) == 1
    assert [r for r in caplog.records if r.levelno >= logging.WARNING]


# --- a Discord that is overloaded at the start ---


# aiohttp itself repeats a GET once whose line is cut.
TROUBLES = {"503": [answers(503)], "429": [answers(429)], "cut": [cuts(), cuts()]}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("operation", ["login", "application", "gateway"])
async def test_one_failed_call_at_start_does_not_make_it_deaf(
    fake: FakeDiscord,
    environ: dict[str, str],
    clock: Patient,
    operation: str,
    trouble: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake.will(operation, *TROUBLES[trouble])
    async with alive(fake, environ, clock) as bot:
        assert (await bot.page()).status_code == 200
        await bot.answers()
        assert (await bot.page("/health")).status_code == 200
    said = [r for r in caplog.records if "the connection to Discord broke" in r.getMessage()]
    assert len(said) == 1
    assert fake.token not in caplog.text


@pytest.mark.slow
async def test_a_gateway_that_takes_no_line_at_start_is_tried_again(
    fake: FakeDiscord, environ: dict[str, str], clock: Patient, caplog: pytest.LogCaptureFixture
) -> None:
    """discord.py alone tries for ever, each time one call deeper, and logs all earlier failures."""
    fake.turn_away()
    async with alive(fake, environ, clock) as bot:
        async with asyncio.timeout(RESTART_S):
            while "the connection to Discord broke" not in caplog.text:
                assert (await bot.page()).status_code == 200
                await asyncio.sleep(0.1)
        assert "broke (Discord takes no line for shard 0)" in caplog.text
        fake.take_back()
        await bot.answers()
    assert len(fake.gateway.identifies) == 1


# --- lines that are closed ---


@pytest.mark.slow
@pytest.mark.parametrize("code", [1000, 1001, 4000, 4007, 4008, 4009, 4010, 4011])
async def test_a_line_that_is_closed_is_opened_again(
    fake: FakeDiscord, bot: Bot, code: int
) -> None:
    fake.close_lines(code)
    await fake.until(lambda: len(fake.gateway.connections) > 1 and fake.connected, RESTART_S)
    await bot.answers()


@pytest.mark.slow
async def test_buttons_of_before_work_after_a_new_login(fake: FakeDiscord, bot: Bot) -> None:
    done = fake.command("limner setup")
    await fake.until(lambda: done.original)
    asked = fake.command("imagine", {"prompt": "a cat"})
    await fake.until(lambda: asked.original and asked.original.pictures)
    assert asked.original is not None
    fake.close_lines(4011)
    await fake.until(lambda: len(fake.gateway.identifies) == 2, RESTART_S)
    await bot.health(is_up)
    again = fake.press(asked.original, "Again", by=fake.bob)
    await fake.until(lambda: again.original and again.original.pictures)


async def told_the_owner(caplog: pytest.LogCaptureFixture) -> None:
    async with asyncio.timeout(RESTART_S):
        while "For the owner (discord_down): " not in caplog.text:  # noqa: ASYNC110  (it is in a log)
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_as_many_shards_are_taken_as_discord_wants(fake: FakeDiscord, bot: Bot) -> None:
    fake.want_shards(2)
    await fake.until(lambda: fake.connected, RESTART_S)
    told = await bot.health(is_up)
    assert sorted(told["discord"]["shards"]) == ["0", "1"]
    assert [each["shard"] for each in fake.gateway.identifies[-2:]] == [[0, 2], [1, 2]]
    at = {(server.id >> 22) % 2: server for server in fake.world.servers.values()}
    while len(at) < 2:  # the id of a server says when it was made
        server = fake.add_server("Later", owner=fake.ann, created_at=fake.world.now())
        at[(server.id >> 22) % 2] = server
    for server in at.values():
        channel = fake.add_channel("talk", server)
        asked = fake.command("help", at=channel)
        await fake.until(lambda asked=asked: asked.original)  # type: ignore[misc]


@pytest.mark.slow
async def test_what_the_owner_can_do_about_shards_is_said_where_it_lasts(
    fake: FakeDiscord, bot: Bot, clock: Patient, caplog: pytest.LogCaptureFixture
) -> None:
    fake.close_lines(4011, for_good=True)
    await bot.health(lambda told: not is_up(told))
    clock.advance(timedelta(minutes=2))
    await told_the_owner(caplog)
    assert "Discord wants the servers spread over more shards (4011)." in caplog.text
    assert (await bot.page("/health")).status_code == 503
    fake.take_back()
    await bot.answers()


@pytest.mark.slow
async def test_the_last_logins_of_a_day_are_not_used_up(
    fake: FakeDiscord, bot: Bot, clock: Patient, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever takes more than Discord allows loses the token."""
    before = len(fake.gateway.identifies)
    fake.leave_starts(0)
    fake.close_lines(4011)
    await bot.health(lambda told: not is_up(told))
    asked_before = len(fake.operations("gateway"))
    await fake.until(lambda: len(fake.operations("gateway")) >= asked_before + 2, RESTART_S)
    clock.advance(timedelta(minutes=2))
    await told_the_owner(caplog)
    assert "Discord allows 0 more logins with this token for 60 min, and it takes 1." in caplog.text
    assert len(fake.gateway.identifies) == before
    fake.leave_starts(1)
    await bot.answers()
    assert len(fake.gateway.identifies) == before + 1


REFUSALS = {
    4004: "Discord refuses DISCORD_TOKEN. Copy the bot's token anew from https://discord.com/",
    4012: "Discord has given up the version of its gateway that Limner speaks (4012).",
    4013: "Discord doesn't know the intents that Limner names (4013).",
    4014: "Discord refuses the intents that Limner names (4014).",
}


@pytest.mark.slow
@pytest.mark.parametrize("code", REFUSALS)
async def test_what_the_owner_has_to_mend_is_said_and_not_asked_for_again_and_again(
    fake: FakeDiscord, bot: Bot, clock: Patient, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    fake.close_lines(code, for_good=True)
    await fake.until(lambda: clock.waits)
    said = [r.getMessage() for r in caplog.records if REFUSALS[code] in r.getMessage()]
    assert len(said) == 2  # the failure, and what goes to the owner
    assert any(text.startswith("For the owner (discord_down): ") for text in said)
    assert (await bot.page()).status_code == 200
    assert (await bot.page("/health")).status_code == 200
    clock.advance(timedelta(minutes=2))
    assert (await bot.page("/health")).status_code == 503
    assert (await bot.page()).status_code == 200
    assert len(fake.gateway.identifies) == 1

    fake.take_back()
    clock.go_on.set()
    await bot.answers()
    assert (await bot.health(is_up))["ok"]
    assert fake.token not in caplog.text


@pytest.mark.slow
async def test_a_token_that_is_refused_after_an_outage_ends_nothing(
    fake: FakeDiscord,
    environ: dict[str, str],
    clock: Patient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake.will("login", answers(503), answers(401))
    async with alive(fake, environ, clock) as bot:
        await fake.until(lambda: clock.waits)
        assert REFUSALS[4004] in caplog.text
        assert (await bot.page()).status_code == 200
        clock.go_on.set()
        await bot.answers()


@pytest.mark.slow
async def test_a_token_that_is_refused_at_the_start_takes_nothing_along(
    fake: FakeDiscord,
    environ: dict[str, str],
    clock: Patient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake.always("login", answers(401))
    with FakeSlack(now=clock.now) as slack:
        slack.workspace.scopes = {*SCOPES}
        async with alive(fake, {**environ, **slack.environ}, clock) as bot:
            assert clock.waits
            said = [r.getMessage() for r in caplog.records if REFUSALS[4004] in r.getMessage()]
            assert any(text.startswith("For the owner (discord_down): ") for text in said)
            assert (await bot.page()).status_code == 200
            slack.command("/imagine", "a cat")
            await slack.until(lambda: slack.showing(slack.art), 60)
            clock.advance(timedelta(minutes=2))
            assert (await bot.page("/health")).status_code == 503
            fake.always("login", acts())
            clock.go_on.set()
            await bot.answers()
    assert fake.token not in caplog.text


# --- what is told of it ---


async def found_by_doctor(bot: Bot) -> list[Finding]:
    place = Place({}, Path("there is none"))
    async with httpx.AsyncClient() as http:
        found = examine(bot.app.settings, place, http, bot.app.clock.now())
        return [each async for each in found if each.text.startswith(("Bot: ", "Discord: "))]


async def test_the_doctor_asks_the_running_bot_and_says_what_to_do(
    fake: FakeDiscord, environ: dict[str, str], clock: Patient
) -> None:
    fake.will("login", answers(401))
    async with alive(fake, environ, clock) as bot:
        *_, away = await found_by_doctor(bot)
        assert away.mark is Mark.NOTE
        assert away.text.startswith("Discord: not connected since 20")
        assert away.advice.startswith(REFUSALS[4004])
        clock.advance(timedelta(minutes=2))
        assert (await found_by_doctor(bot))[-1].mark is Mark.BAD
        clock.go_on.set()
        await bot.health(is_up)
        *_, there = await found_by_doctor(bot)
        assert there.mark is Mark.GOOD
        assert there.text.startswith("Discord: connected since 20")


async def test_ready_is_said_once_everything_is_at_work(
    fake: FakeDiscord, environ: dict[str, str], clock: Patient
) -> None:
    async with alive(fake, environ, clock) as bot:
        await bot.health(is_up)
        ready = await bot.page("/ready")
        assert (ready.status_code, ready.json()["ok"]) == (200, True)
        assert (ready.json()["database"], ready.json()["drawing"]) == ("up", "up")
        fake.cut(for_good=True)
        await bot.health(lambda told: not is_up(told))
        assert (await bot.page("/ready")).status_code == 200
        clock.advance(timedelta(minutes=2))
        assert (await bot.page("/ready")).status_code == 503


async def test_while_a_platform_is_waited_for_it_is_healthy_and_not_ready(
    fake: FakeDiscord, environ: dict[str, str], clock: Patient
) -> None:
    gate = threading.Event()
    fake.will("login", waits(gate))
    with socket.create_server(("127.0.0.1", 0)) as free:
        environ["PORT"] = str(free.getsockname()[1])
    starting = asyncio.create_task(_until_started(fake, environ, clock))
    try:
        url = f"http://127.0.0.1:{environ['PORT']}"
        await fake.until(lambda: fake.operations("login"))
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"{url}/health")).status_code == 200
            assert (await http.get(f"{url}/ready")).status_code == 503
    finally:
        gate.set()
        assert await starting == 200


async def _until_started(fake: FakeDiscord, environ: dict[str, str], clock: Patient) -> int:
    async with alive(fake, environ, clock) as bot:
        return (await bot.page("/ready")).status_code


async def test_health_names_the_state_and_nothing_else(
    fake: FakeDiscord, bot: Bot, clock: Patient
) -> None:
    told = (await bot.page("/health")).json()
    assert set(told["platforms"]) == {"discord"}
    assert set(told["platforms"]["discord"]) == {"state", "since"}
    fake.cut(for_good=True)
    away = await bot.health(lambda told: not is_up(told))
    assert (away["ok"], away["platforms"]["discord"]["state"]) == (True, "connecting")
    clock.advance(timedelta(minutes=2))
    answer = await bot.page("/health")
    down = answer.json()["platforms"]["discord"]
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert down == {"state": "down", "since": away["platforms"]["discord"]["since"]}


@pytest.mark.slow
async def test_a_discord_that_is_away_leaves_slack_alone(
    fake: FakeDiscord, environ: dict[str, str], clock: Patient
) -> None:
    fake.always("login", answers(503))
    with FakeSlack(now=clock.now) as slack:
        slack.workspace.scopes = {*SCOPES}
        async with alive(fake, {**environ, **slack.environ}, clock) as bot:
            slack.command("/imagine", "a cat")
            await slack.until(lambda: slack.showing(slack.art), 60)
            told = (await bot.page("/health")).json()
    assert told["platforms"]["slack"]["state"] == "up"
    assert told["platforms"]["discord"]["state"] == "connecting"
