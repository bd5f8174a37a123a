"""The real services behind the real bolt app, in a workspace of the fake Slack."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.app import build_context, platform_of
from adapters.slack.commands import registration
from adapters.slack.connection.clients import Authorize, new_client
from adapters.slack.connection.own_workspace import at_home
from adapters.slack.connection.tokens import Tokens
from adapters.slack.connection.workspaces import OneWorkspace
from adapters.slack.context import Context
from adapters.slack.delivery.surface import SlackSurface
from adapters.slack.platform.once import once_in
from adapters.slack.platform.pacing import Pace, PacedClient
from bot.app.chat_platforms import services_of
from bot.domain.asker import SLACK, Asker
from bot.domain.budgets import Budgets
from bot.domain.community_settings import CommunitySettings
from bot.moderation.review_links import ReviewLinks
from bot.ports import Roles
from tests.adapters.slack.fake.server import FakeSlack
from tests.adapters.slack.fake.world import Act, Channel, Message, Person, View
from tests.support.bot_harness import BotHarness, bot_harness
from tests.support.clock import FakeClock


@dataclass
class OneToken:
    """Implements Clients: the way into one workspace, and into others by their ids."""

    client: PacedClient
    one: OneWorkspace
    others: dict[str, PacedClient] = field(default_factory=dict)

    async def home(self, named: Sequence[str], enterprise: str) -> str:
        other = next((team for team in named if team in self.others), "")
        return other or await self.one.home(named, enterprise)

    async def client_for(self, team: str) -> PacedClient:
        return self.others.get(team, self.client)


@dataclass
class SlackHarness:
    core: BotHarness
    fake: FakeSlack
    here: Context
    surface: SlackSurface

    async def draw(
        self, text: str = "a cat", *, by: Person | None = None, at: Channel | None = None
    ) -> Message:
        """Draw and wait for the card with its pictures, and for whatever is said beside it."""
        seen = self.fake.showing(at or self.fake.art)
        count = sum(each.author.bot for each in seen)
        await asyncio.to_thread(lambda: self.fake.command("/imagine", text, by=by, at=at))
        card = (await self.shown(count + 1, at))[-1]
        await self.fake.until(lambda: not self.core.outbox._busy)
        return card

    async def shown(self, count: int = 1, at: Channel | None = None) -> list[Message]:
        """Wait until so many cards show pictures, and their controls."""

        def cards() -> list[Message]:
            seen = self.fake.showing(at or self.fake.art)
            return [each for each in seen if each.author.bot and has_buttons(each)]

        await self.fake.until(lambda: len(cards()) >= count)
        return cards()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait, while the outbox looks again and again for what is due."""
        async with asyncio.timeout(20):
            while not condition():
                self.core.outbox.wake()
                await asyncio.sleep(0.05)

    async def begins(self, text: str = "a cat") -> Message:
        """A card whose picture is being painted until the test lets go."""
        self.core.backend.may_finish.clear()
        await self.does(lambda: self.fake.command("/imagine", text))
        await self.until(lambda: self.core.backend.busy)
        return self.fake.within(self.fake.art)[-1]

    def finish(self) -> None:
        self.core.backend.may_finish.set()

    async def does(self, act: Callable[[], Act]) -> Act:
        """Somebody acts, and all that follows of it comes to its end."""
        done = await asyncio.to_thread(act)
        await self.fake.until(lambda: done.acked)
        # bolt makes the listener's task before it acknowledges, and the loop has turned since:
        # what goes on after the acknowledgement has begun.
        await self.fake.until(lambda: not self.here.tasks.busy)
        return done

    async def told(self, act: Callable[[], Act]) -> str:
        """What the one who acts is told, seen by nobody else."""
        person = (done := await self.does(act)).person
        replies = [each.words for each in done.replies]
        return "\n".join(replies or [m.words for m in self.fake.seen_by(person)][-1:])

    async def limner(self, text: str, *, by: Person | None = None) -> str:
        return await self.told(lambda: self.fake.command("/limner", text, by=by))

    async def modal(self, act: Callable[[], Act]) -> View:
        view = (await self.does(act)).modal
        assert view is not None
        return view

    async def set_up(self, **settings: Any) -> None:
        await self.core.store.people.change_community(
            "slack",
            self.fake.workspace.id,
            lambda _: CommunitySettings(set_up=True, **settings),
            "test",
            self.core.clock.now(),
        )

    def asker(self, person: Person) -> Asker:
        team = self.fake.workspace.id
        return Asker(platform="slack", community=team, channel="", person=person.id)

    def admin(self) -> Asker:
        return replace(self.asker(self.fake.ann), is_admin=True)

    @property
    def roles(self) -> Roles:
        found = self.core.platforms.roles(SLACK)
        assert found is not None
        return found

    @property
    def drawn(self) -> int:
        return len(self.core.backend.drawn)


def has_buttons(message: Message) -> bool:
    return any(each["action_id"].startswith("again:") for each in message.controls)


def job_in(message: Message) -> str:
    return str(message.control("Again")["action_id"]).split(":")[1]


@asynccontextmanager
async def slack_harness(
    data_dir: Path,
    budgets: Budgets | None = None,
    *,
    fake: FakeSlack | None = None,
    trusted: bool = True,
    hurry: float = 1.0,
    clock: FakeClock | None = None,
    links: ReviewLinks | None = None,
    pictures_in_thread: bool = False,
    **how: Any,
) -> AsyncIterator[SlackHarness]:
    with fake or FakeSlack() as slack:
        found: list[Any] = []

        @asynccontextmanager
        async def adapter(core: BotHarness) -> AsyncIterator[None]:
            async with aiohttp.ClientSession() as session:
                pace, team = Pace(core.clock, random.Random(1)), slack.workspace.id
                client = new_client(session, slack.api_url, pace, team=team, token=slack.token)
                connected = _connected(core, slack, client, links, in_thread=pictures_in_thread)
                async with connected as (here, surface):
                    found.extend([here, surface])
                    yield

        async with bot_harness(
            data_dir,
            budgets,
            clock=clock or FakeClock(runs=True, hurry=hurry),
            adapter=adapter,
            allowed_communities=(),
            **how,
        ) as core:
            here, surface = found
            if trusted:
                core.claims.trust("slack", slack.workspace.id)
            yield SlackHarness(core, slack, here, surface)
            await surface.close()
            await here.tasks.close(5.0)
        assert slack.unknown == []


@asynccontextmanager
async def _connected(
    core: BotHarness,
    slack: FakeSlack,
    client: PacedClient,
    links: ReviewLinks | None,
    *,
    in_thread: bool,
) -> AsyncIterator[tuple[Context, SlackSurface]]:
    services = replace(services_of(core), links=links)
    once = once_in(core.store.installations, core.clock)
    one = OneWorkspace(slack.token, Tokens(client, "", "", core.clock))
    clients = OneToken(client, one)
    here, surface = build_context(services, clients, once, pictures_in_thread=in_thread)
    core.platforms.add(platform_of(here, surface))
    await one.learn(client)
    slack.calls.clear()
    app = AsyncApp(
        client=client,
        before_authorize=at_home(clients.home),
        authorize=Authorize(one),  # type: ignore[arg-type]  # bolt takes either
    )
    registration.register(app, here)
    handler: Any = AsyncSocketModeHandler(app, slack.world.app_token)
    await handler.connect_async()
    deleting = asyncio.create_task(here.remote_files.run())
    try:
        yield here, surface
        missed = await unheard(app, slack.world.offered)
        assert not missed, f"nobody listens to {missed}"
    finally:
        deleting.cancel()
        await asyncio.gather(deleting, return_exceptions=True)
        await handler.close_async()


async def unheard(app: AsyncApp, offered: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """What somebody could press, send or close, and nobody listens to."""
    return [each for each in sorted(offered) if not await _is_heard(app, *each)]


async def _is_heard(app: AsyncApp, kind: str, id_: str) -> bool:
    """Whether bolt finds a listener; it is not called."""
    view = {"type": "modal", "callback_id": id_}
    body = {"type": kind, "actions": [{"action_id": id_}], "view": view}
    request, answer = AsyncBoltRequest(mode="socket_mode", body=body), BoltResponse(status=200)
    for listener in app._async_listeners:
        if await listener.async_matches(req=request, resp=answer):
            return True
    return False
