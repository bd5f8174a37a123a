"""What every command, button and modal needs, and who is asking."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

import discord

from adapters.chat.services import Services
from adapters.discord.delivery.moderators_channel import ModeratorsChannel
from adapters.discord.delivery.pending_cards import PendingCards
from adapters.discord.platform.acknowledgements import Acks
from adapters.discord.platform.roles import roles_of
from adapters.discord.platform.web_api import TROUBLE
from bot.domain.asker import DISCORD, Asker
from bot.errors import NotAllowed

# How long it is remembered which server a person's private messages are charged to.
HOME_REMEMBERED_S = 600.0
# Shorter where it is none, as the person may join one, or draw there.
STRANGER_REMEMBERED_S = 30.0
HOMES_MAX = 1_000
# Discord is asked for a person in so many servers at most, a call for each, within this time of an
# interaction's 3 s. A bot that is in more of them knows only where somebody drew.
HOME_SERVERS_MAX = 10
HOME_TIMEOUT_S = 1.5
# Forms with somebody's picture that may be open at once.
UPLOADS_MAX = 500

log = logging.getLogger(__name__)
Interaction = discord.Interaction[discord.Client]


@dataclass(frozen=True, slots=True)
class Home:
    """A server that pays for somebody's private conversation, with their roles there."""

    community: str
    name: str
    roles: frozenset[str]
    joined_at: datetime | None

    @classmethod
    def of(cls, member: discord.Member) -> Self:
        guild = member.guild  # without a name until it was read
        name = guild.name or str(guild.id)
        return cls(str(guild.id), name, roles_of(member), member.joined_at)


@dataclass(frozen=True, slots=True)
class Homeless:
    """No server pays, for a reason of wording/; or the person has to choose one of `homes`."""

    why: str
    homes: Sequence[Home] = ()


@dataclass(slots=True)
class Homes:
    """Finds the server that pays for somebody's private conversation: one they are a member of.

    It is the one where they last drew, or which they chose since; else the only one; else they are
    asked.
    """

    client: discord.Client
    services: Services
    _known: OrderedDict[int, tuple[float, Home | Homeless]] = field(default_factory=OrderedDict)

    async def of(self, user: int) -> Home | Homeless:
        """The server that pays. Raises NotAllowed where Discord can't say."""
        until_s, home = self._known.get(user, (0.0, None))
        if isinstance(home, Home) and self._server(home.community) is None:
            home = None
        if home is None or self.services.clock.monotonic() >= until_s:
            try:
                async with asyncio.timeout(HOME_TIMEOUT_S):
                    home = await self._find(user)
            except TROUBLE as error:
                log.warning("where a person is a member could not be asked: %r", error)
                raise NotAllowed("home_unknown") from None
            self._remember(user, home)
        return home

    async def choose(self, user: int, community: str) -> Home:
        """The person's own choice, which holds until they draw elsewhere. Raises NotAllowed."""
        try:
            home = await self._at(community, user)
        except TROUBLE:
            raise NotAllowed("home_unknown") from None
        if home is None:
            raise NotAllowed("private_bot")
        now = self.services.clock.now()
        await self.services.communities.choose_home(DISCORD, str(user), community, now)
        self._remember(user, home)
        return home

    def seen(self, user: int, community: str) -> None:
        """The person uses the bot there: it may be their home from now on."""
        _, home = self._known.get(user, (0.0, None))
        if home is not None and getattr(home, "community", "") != community:
            del self._known[user]

    def _remember(self, user: int, home: Home | Homeless) -> None:
        lasts_s = HOME_REMEMBERED_S if isinstance(home, Home) else STRANGER_REMEMBERED_S
        self._known[user] = (self.services.clock.monotonic() + lasts_s, home)
        while len(self._known) > HOMES_MAX:
            self._known.popitem(last=False)

    async def _find(self, user: int) -> Home | Homeless:
        """Raises HTTPException where Discord can't say."""
        known = await self.services.communities.homes_of(DISCORD, str(user), HOME_SERVERS_MAX)
        for community in known:
            if (home := await self._at(community, user)) is not None:
                return home
        allowed = [
            str(guild.id)
            for guild in self.client.guilds
            if self.services.claims.allows(DISCORD, str(guild.id))
        ]
        if len(allowed) > HOME_SERVERS_MAX:
            return Homeless("no_home")
        found = await asyncio.gather(*(self._at(community, user) for community in allowed))
        return await self._only([home for home in found if home is not None])

    async def _only(self, homes: Sequence[Home]) -> Home | Homeless:
        """The only one, of those that an admin has set up where there are such."""
        if not homes:
            return Homeless("not_claimed" if self.services.claims.open else "private_bot")
        set_up = [home for home in homes if await self._is_set_up(home)]
        if len(set_up) > 1:
            return Homeless("which_home", set_up)
        return (set_up or homes)[0]  # where none is set up, they are told so

    async def _is_set_up(self, home: Home) -> bool:
        place = Asker(platform=DISCORD, community=home.community, channel="", person="")
        return (await self.services.studio.community(place)).set_up

    def _server(self, community: str) -> discord.Guild | None:
        """None where the bot isn't any more, or may not be used any more."""
        allowed = self.services.claims.allows(DISCORD, community)
        return self.client.get_guild(int(community)) if allowed else None

    async def _at(self, community: str, user: int) -> Home | None:
        """The server as a home of `user`, None where they or the bot may not use it any more.

        Raises HTTPException where Discord can't say.
        """
        if (guild := self._server(community)) is None:
            return None
        try:
            return Home.of(guild.get_member(user) or await guild.fetch_member(user))
        except (discord.NotFound, discord.Forbidden):
            return None


class Uploads:
    """Pictures in people's messages that a form was opened for, until the bot ends.

    Their addresses are too long for a form's id, and their messages can't be read again: the bot
    doesn't ask for the right to read messages.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, str], discord.Attachment] = OrderedDict()

    def keep(self, person: int, image: discord.Attachment) -> None:
        key = (person, str(image.id))
        self._known[key] = image
        self._known.move_to_end(key)
        while len(self._known) > UPLOADS_MAX:
            self._known.popitem(last=False)

    def of(self, person: int, image: str) -> discord.Attachment | None:
        return self._known.get((person, image))


@dataclass(slots=True)
class Context:
    """What commands, buttons and forms share; an attribute of the client."""

    client: discord.Client
    services: Services
    homes: Homes
    moderators: ModeratorsChannel
    pending_cards: PendingCards
    leave_strangers: Callable[[], Awaitable[None]]
    acks: Acks = field(default_factory=Acks)
    uploads: Uploads = field(default_factory=Uploads)

    async def asker(self, interaction: Interaction) -> Asker:
        """Who asks, by what Discord says in this interaction. Raises NotAllowed."""
        with self.acks.ahead():
            if not is_member_here(interaction):
                return await self._asker_elsewhere(interaction)
            self.services.claims.check(DISCORD, str(interaction.guild_id))
            self.homes.seen(interaction.user.id, str(interaction.guild_id))
            asker = asker_of(interaction, str(interaction.guild_id))
            if asker.is_moderator:
                return asker
            role = (await self.services.studio.community(asker)).moderator_role
            return replace(asker, is_moderator=role in asker.roles)

    async def admin(self, interaction: Interaction) -> Asker:
        """Raises NotAllowed."""
        asker = await self.asker(interaction)
        if not asker.is_admin:
            raise NotAllowed("admins_only")
        return asker

    async def moderator(self, interaction: Interaction) -> Asker:
        """Raises NotAllowed."""
        asker = await self.asker(interaction)
        if not (asker.is_moderator or asker.is_admin):
            raise NotAllowed("moderators_only")
        return asker

    async def _asker_elsewhere(self, interaction: Interaction) -> Asker:
        """The asker in private, or where the bot is no member: a server of theirs pays."""
        home = await self.homes.of(interaction.user.id)
        if isinstance(home, Homeless):
            interaction.extras["homes"] = [(each.community, each.name) for each in home.homes]
            raise NotAllowed(home.why)
        self.services.claims.check(DISCORD, home.community)
        asker = asker_of(interaction, home.community)
        return replace(asker, roles=home.roles, joined_at=home.joined_at)


def is_member_here(interaction: Interaction) -> bool:
    """Whether the bot is a member of the server, rather than only installed by the person."""
    if interaction.guild_id is None:
        return False
    cached = interaction.client.get_guild(interaction.guild_id)
    return interaction.is_guild_integration() or cached is not None


def asker_of(interaction: Interaction, community: str) -> Asker:
    user, permissions = interaction.user, interaction.permissions
    here = interaction.guild_id is not None and str(interaction.guild_id) == community
    return Asker(
        platform=DISCORD,
        community=community,
        channel=str(_channel_that_counts(interaction)),
        person=str(user.id),
        name=user.display_name,
        roles=roles_of(user) if here and isinstance(user, discord.Member) else frozenset(),
        age_restricted=here and _is_age_restricted(interaction),
        direct=not here,
        is_admin=here and permissions.manage_guild,
        is_moderator=here and (permissions.moderate_members or permissions.manage_guild),
        locale=interaction.locale.value,
        account_created_at=user.created_at,
        joined_at=user.joined_at if isinstance(user, discord.Member) and here else None,
    )


def _channel_that_counts(interaction: Interaction) -> int:
    """The channel; for a thread, its parent."""
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return interaction.channel_id or 0


def _is_age_restricted(interaction: Interaction) -> bool:
    """The channel's own mark, or that of a thread's parent."""
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        parent = channel.parent
        return parent is not None and parent.is_nsfw()
    mark = getattr(channel, "is_nsfw", None)
    return bool(mark and mark())
