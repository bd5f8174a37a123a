"""The real services with the real discord.py client, on a Discord in the same process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import discord
import simcord
from PIL import Image
from simcord import ChannelHandle, GuildHandle, MemberActor
from simcord.backend.models import ResponseKind

from adapters.discord.app import DiscordBot, DiscordSettings
from adapters.discord.rendering.form_ids import FormId
from bot.app.chat_platforms import services_of
from bot.domain.asker import DISCORD
from bot.domain.budgets import Budgets
from bot.domain.community_settings import CommunitySettings
from bot.ports import Roles
from tests.support.bot_harness import BotHarness, bot_harness
from tests.support.clock import FakeClock

MANAGE_SERVER = discord.Permissions(manage_guild=True)
MODAL = 9  # the answer to an interaction that opens a form
SIMCORD_STARTS_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class DiscordHarness:
    core: BotHarness
    env: simcord.Env
    bot: DiscordBot
    guild: GuildHandle
    channel: ChannelHandle
    ann: MemberActor
    admin: MemberActor

    async def draw(self, who: MemberActor | None = None, **options: Any) -> Any:
        """Draw and wait for the card."""
        count = len(self.done()) + 1
        await (who or self.ann).slash(self.channel, "imagine", **{"prompt": "a cat", **options})
        return (await self.shown(count))[-1]

    async def set_up(self, **settings: Any) -> None:
        await self.core.store.people.change_community(
            "discord",
            str(self.guild.id),
            lambda _: CommunitySettings(set_up=True, **settings),
            "test",
            self.core.clock.now(),
        )

    @property
    def roles(self) -> Roles:
        found = self.core.platforms.roles(DISCORD)
        assert found is not None
        return found

    async def shown(self, count: int = 1) -> list[Any]:
        """Wait until this many cards have come to rest; the messages of the channel."""
        await self.until(lambda: len(self.done()) >= count)
        return self.done()

    async def until(self, condition: Callable[[], object]) -> None:
        """Reading a channel is slow: look less often."""
        async with asyncio.timeout(30):
            while not condition():  # noqa: ASYNC110  (it looks at messages)
                await asyncio.sleep(0.02)

    def done(self) -> list[dict[str, Any]]:
        """What is in the channel and holds a gallery."""
        return [m for m in self.messages() if "media_gallery" in kinds(m)]

    def messages(self) -> list[Any]:
        return list(self.channel.history())


def text_of(message: Any) -> str:
    """Everything that a message says."""
    parts = [getattr(each, "content", "") or "" for each in walked(message.components)]
    return "\n".join(filter(None, parts))


def told(said: Any) -> str:
    """What an interaction was answered; the card that was pressed is no answer."""
    return "\n".join(text_of(reply.message) for reply in answers_to(said))


def answers_to(said: Any) -> list[Any]:
    pressed = said._interaction.response_kind is ResponseKind.DEFERRED_UPDATE
    own = [] if pressed or said.response is None else [said.response]
    return [*own, *said.followups]


def custom_ids(message: Any) -> list[str]:
    found = [getattr(each, "custom_id", None) for each in walked(message.components)]
    return [each for each in found if each]


def png(side_px: int = 16) -> bytes:
    file = BytesIO()
    Image.new("RGB", (side_px, side_px), (200, 40, 40)).save(file, "PNG")
    return file.getvalue()


def kinds(message: Any) -> list[str]:
    """The kinds of a message's components, outside in."""
    return [each.type.name for each in walked(message.components)]


def walked(components: list[Any]) -> list[Any]:
    found = []
    for each in components:
        found += [each, *walked(list(getattr(each, "children", ())))]
    return found


class Patient:
    """A backend whose pauses the simulated Discord does not wait for."""

    def __init__(self, backend: Any, found: list[Any]) -> None:
        self._backend = backend
        self._found = found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    async def draw(self, request: Any, on_progress: Any, *, address: str) -> Any:
        drawing = self._backend.draw(request, on_progress, address=address)
        if not self._found or self._backend.may_finish.is_set():
            return await drawing
        return await self._found[1].external_wait(drawing, reason="painting")


class SimulatedClock(FakeClock):
    """A clock whose sleepers the simulated Discord does not wait for."""

    env: simcord.Env | None = None

    async def sleep(self, delay_s: float) -> None:
        if self.env is None:
            await super().sleep(delay_s)
            return
        try:
            await self.env.external_wait(super().sleep(delay_s), reason="the clock")
        except simcord.SetupError:  # not a task of the adapter's
            await super().sleep(delay_s)


@asynccontextmanager
async def discord_harness(
    data_dir: Path,
    budgets: Budgets | None = None,
    *,
    set_up: bool = True,
    claimed: bool = True,
    user_installs: bool = False,
    around_backend: Callable[[Any], Any] = lambda backend: backend,
    **how: Any,
) -> AsyncIterator[DiscordHarness]:
    found: list[Any] = []
    clock = SimulatedClock(SIMCORD_STARTS_AT)

    @asynccontextmanager
    async def adapter(core: BotHarness) -> AsyncIterator[None]:
        settings = DiscordSettings(token="token", user_installs=user_installs)
        bot = DiscordBot(services_of(core), settings, shard_count=1)
        core.platforms.add(bot.platform())
        async with simcord.run(bot) as env:
            clock.env = env
            with env.time_context():
                found.extend([bot, env])
                yield
                await bot.moderators.close()
                await bot.surface.close()

    async with bot_harness(
        data_dir,
        budgets,
        clock=clock,
        adapter=adapter,
        allowed_communities=("900000000000000001",) if claimed else (),
        around_backend=lambda backend: Patient(around_backend(backend), found),
        **how,
    ) as core:
        bot, env = found
        env.backend.bot_user.name = "Limner"
        guild = env.create_guild("Limners")
        if claimed:
            core.claims._named = frozenset({str(guild.id)})
        channel = guild.create_text_channel("art")
        ann = guild.add_member(env.create_user("ann"))
        chief = guild.create_role("chief", permissions=MANAGE_SERVER)
        admin = guild.add_member(env.create_user("ada"), roles=[chief])
        here = DiscordHarness(core, env, bot, guild, channel, ann, admin)
        if set_up:
            await here.set_up()
        yield here
        missed = unheard(here)
        assert not missed, f"nobody listens to {missed}"


def unheard(here: DiscordHarness) -> set[str]:
    """The custom ids of what somebody could press, choose or send, and the bot doesn't take."""
    bodies = [request.json for request in here.env.http_requests if isinstance(request.json, dict)]
    forms = {body["data"]["custom_id"] for body in bodies if body.get("type") == MODAL}
    messages = [body for body in bodies if body.get("type") != MODAL]
    shown = {part["custom_id"] for part in objects(messages) if "custom_id" in part}
    known = here.bot._connection._view_store._dynamic_items
    heard = {each for each in shown if any(pattern.fullmatch(each) for pattern in known)}
    return (shown - heard) | {each for each in forms if FormId.read(each) is None}


def objects(body: Any) -> Iterator[dict[str, Any]]:
    """Every object inside, the outer before the inner."""
    if isinstance(body, dict):
        yield body
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    for each in inner:
        yield from objects(each)
