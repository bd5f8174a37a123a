"""Rights of people in a server; Discord is asked each time."""

import asyncio

import discord

from bot.accounts.community_claims import CommunityClaims
from bot.domain.asker import DISCORD, Asker
from bot.jobs.studio import Studio

TIMEOUT_S = 3.0


def roles_of(member: discord.Member) -> frozenset[str]:
    """The ids of a member's roles, also on a server whose roles the gateway has yet to tell.

    `Member.roles` leaves those out.
    """
    return frozenset({str(member.guild.id), *map(str, member._roles)})  # noqa: SLF001


class DiscordRoles:
    """Implements ports.Roles."""

    def __init__(self, client: discord.Client, studio: Studio, claims: CommunityClaims) -> None:
        self._client = client
        self._studio = studio
        self._claims = claims

    async def moderates(self, community: str, person: str) -> bool:
        """Whether a person has the permission or the chosen role."""
        member = await self._member(community, person)
        if member is None:
            return False
        held = member.guild_permissions
        if held.moderate_members or held.manage_guild:
            return True
        asker = Asker(platform=DISCORD, community=community, channel="", person=person)
        role = (await self._studio.community(asker)).moderator_role
        return role in roles_of(member)

    async def administers(self, community: str, person: str) -> bool:
        """Whether a person has the permission for /limner."""
        member = await self._member(community, person)
        return member is not None and member.guild_permissions.manage_guild

    async def _member(self, community: str, person: str) -> discord.Member | None:
        """The member; None if there is none, and for servers where the bot isn't allowed."""
        if not (community.isdigit() and person.isdigit()):
            return None
        guild = self._client.get_guild(int(community))
        if guild is None or not self._claims.allows(DISCORD, community):
            return None
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await guild.fetch_member(int(person))
        except discord.NotFound:
            return None
