"""The bot on Discord: connects, registers commands, leaves servers where it isn't allowed."""

import asyncio
import hashlib
import json
import logging
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.chat.nearly_used import NearlyUsed
from adapters.chat.services import Services
from adapters.discord.actions.replies import reporting_errors
from adapters.discord.commands import member_commands
from adapters.discord.commands.mod_commands import mod
from adapters.discord.commands.settings_commands import limner
from adapters.discord.context import Context, Homes, Interaction
from adapters.discord.delivery.card_address import link_of
from adapters.discord.delivery.moderators_channel import ModeratorsChannel
from adapters.discord.delivery.pending_cards import PendingCards
from adapters.discord.delivery.surface import DiscordSurface
from adapters.discord.interactions import form_submissions
from adapters.discord.interactions.buttons import Press
from adapters.discord.interactions.case_buttons import CasePress, QueuePick
from adapters.discord.interactions.home_pick import HomePick
from adapters.discord.interactions.privacy_buttons import PrivacyPress
from adapters.discord.interactions.purge_button import PurgePress
from adapters.discord.platform.channels import can_speak
from adapters.discord.platform.event_order import EventOrder
from adapters.discord.platform.interaction_reply import QUIET
from adapters.discord.platform.names import DiscordNames
from adapters.discord.platform.roles import DiscordRoles
from adapters.discord.platform.translation import Words
from adapters.discord.platform.web_api import TROUBLE
from adapters.discord.rendering import job_card
from adapters.discord.rendering.markup import sentence
from bot.connection import Connection, Lost, told
from bot.domain.asker import DISCORD
from bot.errors import Conflict, Misconfigured
from bot.platforms import Platform
from bot.proxy import Proxy
from bot.wording.answers import PRIVATE_BOT
from bot.wording.installation import (
    DISCORD_INTENTS,
    DISCORD_PRIVILEGED,
    DISCORD_REFUSES,
    DISCORD_SHARDS,
    DISCORD_VERSION,
    no_logins,
)

# To see channels, to post and find results again, and to fall back where a reply has expired.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
# How often discord.py may try to open one shard before the whole connection is opened again.
LAUNCHES_MAX = 3
_SYNCED = "discord_commands"
SCOPES = ("bot", "applications.commands")
# Close codes after which every attempt would end the same way. 4010 and 4011 are about shards; they
# are not among them, because each attempt asks for the number of shards anew.
# https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
_REFUSALS = {
    4004: DISCORD_REFUSES,
    4012: DISCORD_VERSION,
    4013: DISCORD_INTENTS,
    4014: DISCORD_PRIVILEGED,
}

_SHARDS = (4010, 4011)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """`api_url` and `gateway_url` are "" for Discord's own."""

    token: str
    api_url: str = ""
    gateway_url: str = ""
    user_installs: bool = False


class DiscordBot(discord.AutoShardedClient):
    """One for all servers. `here` is what commands and buttons find on `interaction.client`."""

    def __init__(self, services: Services, settings: DiscordSettings, **given: Any) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=QUIET,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            **given,
        )
        self._settings = settings
        self._services = services
        self._launches: Counter[int] = Counter()
        self.logged_in = asyncio.Event()
        communities, clock = services.communities, services.clock
        nearly_used = NearlyUsed(DISCORD, services.chat, clock)
        self.surface = DiscordSurface(self, services.studio, communities, clock, nearly_used)
        self.moderators = ModeratorsChannel(self, services.studio, services.reviews, services.clock)
        self.pending_cards = PendingCards(self, services.pending_cards, services.clock)
        self.here = Context(
            self,
            services,
            Homes(self, services),
            self.moderators,
            self.pending_cards,
            self.leave_strangers,
        )
        self.tree: app_commands.CommandTree[DiscordBot] = app_commands.CommandTree(
            self,
            fallback_to_global=True,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=settings.user_installs
            ),
            allowed_installs=app_commands.AppInstallationType(
                guild=True, user=settings.user_installs
            ),
        )
        self.tree.on_error = _unreadable  # type: ignore[method-assign]
        member_commands.register(self.tree, self.here)
        self.tree.add_command(limner(self.here))
        self.tree.add_command(mod(self.here))
        # discord.py finds its parsers by name and calls them without a guard: what one raises ends
        # the client. It has no hook for that; every websocket is handed this dict.
        self._events, parsers = EventOrder(), self._connection.parsers
        for event, parse in tuple(parsers.items()):
            in_turn = self._events.put_between(event, _forgiving(event, parse))
            parsers[event] = _forgiving(event, in_turn)

    def platform(self, connection: Connection | None = None) -> Platform:
        """Discord as the rest of the bot uses it."""
        return Platform(
            name=DISCORD,
            surface=self.surface,
            announcer=self.moderators,
            roles=DiscordRoles(self, self._services.studio, self._services.claims),
            names=DiscordNames(self),
            link=link_of,
            connection=connection,
            health=self.health,
            leave=self.leave_by_id,
            setup_required=True,
        )

    # --- the connection to Discord --------------------------------------------------------------

    async def live(self) -> None:
        """Log in and stay until the connection ends. Raises Misconfigured, Lost, anything else."""
        try:
            async with self:
                await self.login(self._settings.token)
                self.logged_in.set()
                await self.connect()
        except discord.LoginFailure:
            raise Misconfigured((DISCORD_REFUSES,)) from None
        except discord.PrivilegedIntentsRequired:
            raise Misconfigured((_REFUSALS[4014],)) from None
        except discord.ConnectionClosed as closed:
            raise _reason(closed.code) from None
        except discord.HTTPException as error:
            raise Lost(f"{type(error).__name__}, status {error.status}") from None
        finally:
            self._forget()

    def _forget(self) -> None:
        """Reset the client, so that the next login asks for everything, like the first one."""
        self._events.forget()
        self.clear()
        self.http.connector = discord.utils.MISSING  # it was closed with the session
        self.shard_count = None  # type: ignore[assignment]  # discord.py's own "not known yet"
        self._launches.clear()

    async def launch_shards(self) -> None:
        """Launch as many shards as Discord wants now. Raises Lost.

        Not where fewer logins are left for today: whoever takes too many loses the bot's token.
        https://docs.discord.com/developers/events/gateway#session-start-limit-object
        """
        shards, _, starts = await self.http.get_bot_gateway()
        if starts["remaining"] < shards:
            minutes = round(starts["reset_after"] / 60_000)
            raise Lost(no_logins(starts["remaining"], shards, minutes))
        self.shard_count = shards
        await super().launch_shards()

    async def launch_shard(self, gateway: Any, shard_id: int, *, initial: bool = False) -> None:
        """Launch a shard, LAUNCHES_MAX times at most: discord.py itself would retry for ever, each
        time logging all failures before.
        """
        self._launches[shard_id] += 1
        if self._launches[shard_id] > LAUNCHES_MAX:
            raise Lost(f"Discord takes no line for shard {shard_id}") from None
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Press, PrivacyPress, CasePress, QueuePick, PurgePress, HomePick)
        await self.tree.set_translator(Words())
        await self.sync_if_changed()

    async def payload(self) -> list[dict[str, Any]]:
        """All commands exactly as they are registered."""
        translator = self.tree.translator
        found = self.tree.get_commands()
        if translator is None:
            return [command.to_dict(self.tree) for command in found]
        return [await command.get_translated_payload(self.tree, translator) for command in found]

    async def sync_if_changed(self) -> None:
        """Register the commands if they differ from the last time, as that is slow and limited."""
        text = json.dumps(await self.payload(), sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        name = f"{_SYNCED}:{self.application_id}"
        if await self._services.notes.note(name) == digest:
            return
        try:
            await self.tree.sync()
        except discord.HTTPException:
            log.exception("the commands could not be registered; the next start tries again")
            return
        await self._services.notes.write_note(name, digest)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Handle forms, as discord.py would only know those that were opened since its start."""
        if interaction.type is discord.InteractionType.modal_submit:
            await form_submissions.submitted(interaction)

    # --- where it may be ------------------------------------------------------------------------

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._came(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self._came(guild)

    async def _came(self, guild: discord.Guild) -> None:
        if not await self.leave_if_stranger(guild):
            await self._services.communities.came(DISCORD, str(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed, or the server deleted; of an outage Discord says something else."""
        now = self._services.clock.now()
        await self._services.communities.left(DISCORD, str(guild.id), now)

    async def on_ready(self) -> None:
        """All servers are known now, also those that could not be reached: no other has the bot."""
        here = [str(guild.id) for guild in self.guilds]
        await self._services.communities.present(DISCORD, here, self._services.clock.now())
        await self.leave_strangers()

    async def leave_by_id(self, community: str) -> None:
        """As `leave_if_stranger`."""
        if (guild := self.get_guild(int(community))) is not None:
            await self.leave_if_stranger(guild)

    async def leave_strangers(self) -> None:
        for guild in self.guilds:
            await self.leave_if_stranger(guild)

    async def leave_if_stranger(self, guild: discord.Guild) -> bool:
        """Leave a server where the bot isn't allowed, with a message, once it was claimed.

        Returns whether it may not be there.
        """
        if self._services.claims.tolerates(DISCORD, str(guild.id)):
            return False
        try:
            if (channel := _where_to_speak(guild)) is not None:
                await channel.send(
                    view=job_card.notice(sentence(PRIVATE_BOT)), allowed_mentions=QUIET
                )
            await guild.leave()
        except TROUBLE as error:
            log.warning("server %s could not be left: %s", guild.id, told(error))
        return True

    # --- health ---------------------------------------------------------------------------------

    def health(self) -> Mapping[str, Any]:
        """Whether the connection is up, with each shard's state and heartbeat lag."""
        shards = {}
        for number, shard in self.shards.items():
            if number >= (self.shard_count or 0):
                continue  # it belongs to an earlier connection
            latency_s = shard.latency
            shards[str(number)] = {
                "connected": not shard.is_closed(),
                "heartbeat_lag_ms": round(latency_s * 1000) if _is_known(latency_s) else None,
            }
        connected = bool(shards) and all(shard["connected"] for shard in shards.values())
        return {"ok": connected and self.is_ready(), "shards": shards}

    def is_up(self) -> bool:
        return bool(self.health()["ok"])


async def _unreadable(interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
    """Answer a command that Discord's client still has from another version of the bot."""
    log.warning("a command can't be read: %s", told(error))
    if interaction.type is not discord.InteractionType.autocomplete:

        async def refuse() -> None:
            raise Conflict("command")

        await reporting_errors(interaction, refuse)


def _forgiving(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    """`parse` that logs and skips events that can't be read."""

    def parse_or_leave_out(data: Any) -> None:
        try:
            parse(data)
        except Exception as error:  # noqa: BLE001  (its text may hold what somebody wrote)
            log.warning("an event of Discord can't be read: %s (%s)", event, told(error))

    return parse_or_leave_out


def _reason(code: int) -> Exception:
    """The error to raise for a close code: Misconfigured or Lost."""
    if code in _REFUSALS:
        return Misconfigured((_REFUSALS[code],))
    return Lost(DISCORD_SHARDS if code in _SHARDS else f"Discord closed it with code {code}")


def _is_known(latency_s: float) -> bool:
    return 0 <= latency_s < float("inf")


def _where_to_speak(guild: discord.Guild) -> discord.TextChannel | None:
    for channel in (guild.system_channel, *guild.text_channels):
        if channel is not None and can_speak(channel):
            return channel
    return None


@asynccontextmanager
async def running(
    services: Services, settings: DiscordSettings, connection: Connection, proxy: Proxy
) -> AsyncIterator[None]:
    """Stay connected, or keep trying, until the block ends."""
    if settings.api_url:
        Route.BASE = settings.api_url.rstrip("/")
    if settings.gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = type(DiscordWebSocket.DEFAULT_GATEWAY)(
            settings.gateway_url
        )
    api_url, gateway_url = Route.BASE, str(DiscordWebSocket.DEFAULT_GATEWAY)
    # discord.py has one proxy for both, and asks the environment for none.
    bot = DiscordBot(services, settings, proxy=proxy.of(api_url) if proxy.of(gateway_url) else None)
    sweeping = asyncio.create_task(
        bot.pending_cards.run(bot.logged_in), name="cards that are no job's on Discord"
    )
    with services.platforms.added(bot.platform(connection)):
        async with connection.kept(bot.live, bot.is_up, bot.logged_in):
            try:
                yield
            finally:
                sweeping.cancel()
                await asyncio.wait([sweeping])
                await bot.moderators.close()
                await bot.surface.close()


# --- the invitation -----------------------------------------------------------------------------


def application_id_of(token: str) -> int | None:
    """The application's id is the first part of its bot's token."""
    first = token.partition(".")[0]
    try:
        return int(urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except ValueError:
        return None


def invite_url(application_id: int) -> str:
    """The address where a server's admin adds the bot, with only the permissions it needs."""
    query = {
        "client_id": application_id,
        "scope": " ".join(SCOPES),
        "permissions": PERMISSIONS.value,
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"
