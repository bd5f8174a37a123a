"""Asks Slack what rights somebody has in a workspace at this moment."""

import asyncio

from adapters.slack.platform.members import Members, is_moderator
from adapters.slack.platform.web_api import Clients
from bot.accounts.community_claims import CommunityClaims
from bot.domain.asker import SLACK, Asker
from bot.jobs.studio import Studio

# The review page waits for the answer.
ASK_TIMEOUT_S = 5.0


class SlackRoles:
    """Implements ports.Roles. Its questions raise TROUBLE of web_api.py."""

    def __init__(
        self, clients: Clients, members: Members, studio: Studio, claims: CommunityClaims
    ) -> None:
        self._clients = clients
        self._members = members
        self._studio = studio
        self._claims = claims

    async def moderates(self, community: str, person: str) -> bool:
        """Whether they may moderate now."""
        async with asyncio.timeout(ASK_TIMEOUT_S):
            return await self._moderates(community, person)

    async def _moderates(self, community: str, person: str) -> bool:
        if not self._claims.allows(SLACK, community):
            return False
        place = Asker(platform=SLACK, community=community, channel="", person=person)
        settings = await self._studio.community(place)
        client = await self._clients.client_for(community)
        known = await self._members.person(client, community, person, fresh=True)
        if is_moderator(settings, person, known, frozenset()):
            return True  # groups are asked for as little as may be: Slack counts that
        wanted = (settings.moderator_role,)
        roles = await self._members.groups(client, community, person, wanted, fresh=True)
        return is_moderator(settings, person, known, roles)

    async def administers(self, community: str, person: str) -> bool:
        """Whether they are an owner or admin now."""
        if not self._claims.allows(SLACK, community):
            return False
        async with asyncio.timeout(ASK_TIMEOUT_S):
            client = await self._clients.client_for(community)
            return (await self._members.person(client, community, person, fresh=True)).is_admin
