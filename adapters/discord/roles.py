"""Whether somebody moderates a server at this moment: Discord is asked, and soon asked again."""

import asyncio
import logging
from collections import OrderedDict

import discord

from bot.asker import Asker
from bot.claims import Claims
from bot.ports import Clock
from bot.studio import Studio

# Who is no moderator any more stays one on the page for this long at most.
REMEMBERED_S = 30.0
REMEMBERED_MAX = 1_000
TIMEOUT_S = 3.0

log = logging.getLogger(__name__)


class DiscordRoles:
    """Implements ports.Roles."""

    def __init__(
        self, client: discord.Client, studio: Studio, claims: Claims, clock: Clock
    ) -> None:
        self._client = client
        self._studio = studio
        self._claims = claims
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], tuple[float, bool]] = OrderedDict()

    async def moderates(self, community: str, person: str) -> bool:
        """False also where Discord can't say: nobody gets in on a guess."""
        key, now_s = (community, person), self._clock.monotonic()
        known = self._known.get(key)
        if known is None or now_s > known[0]:
            known = (now_s + REMEMBERED_S, await self._ask(community, person))
            self._known[key] = known
            while len(self._known) > REMEMBERED_MAX:
                self._known.popitem(last=False)
        return known[1]

    async def _ask(self, community: str, person: str) -> bool:
        if not (community.isdigit() and person.isdigit()):
            return False
        guild = self._client.get_guild(int(community))
        if guild is None or not self._claims.allows("discord", community):
            return False
        try:
            async with asyncio.timeout(TIMEOUT_S):
                member = await guild.fetch_member(int(person))
        except discord.NotFound:
            return False
        except (discord.DiscordException, OSError, TimeoutError) as error:
            log.warning("Discord can't say who moderates server %s: %r", community, error)
            return False
        held = member.guild_permissions
        if held.moderate_members or held.manage_guild:
            return True
        asker = Asker(platform="discord", community=community, channel="", person=person)
        role = (await self._studio.community(asker)).moderator_role
        return bool(role) and role in [str(each.id) for each in member.roles]
