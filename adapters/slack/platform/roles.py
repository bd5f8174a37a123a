"""Asks Slack what rights somebody has in a workspace at this moment."""

import logging

from adapters.slack.platform.members import Members, is_moderator
from adapters.slack.platform.web_api import TROUBLE, Clients, code_of
from bot.accounts.community_claims import CommunityClaims
from bot.domain.asker import SLACK, Asker
from bot.jobs.studio import Studio

log = logging.getLogger(__name__)


class SlackRoles:
    """Implements ports.Roles."""

    def __init__(
        self, clients: Clients, members: Members, studio: Studio, claims: CommunityClaims
    ) -> None:
        self._clients = clients
        self._members = members
        self._studio = studio
        self._claims = claims

    async def moderates(self, community: str, person: str) -> bool:
        """Whether they may moderate now; False where Slack doesn't answer."""
        if not self._claims.allows(SLACK, community):
            return False
        place = Asker(platform=SLACK, community=community, channel="", person=person)
        settings = await self._studio.community(place)
        try:
            client = await self._clients.client_for(community)
            known = await self._members.person(client, community, person, fresh=True)
            wanted = (settings.moderator_role,)
            roles = await self._members.groups(client, community, person, wanted, fresh=True)
        except TROUBLE as error:
            why = code_of(error) or type(error).__name__
            log.warning("Slack can't say who moderates workspace %s: %s", community, why)
            return False
        return is_moderator(settings, person, known, roles)

    async def administers(self, community: str, person: str) -> bool:
        """Whether they are an owner or admin now; False where Slack doesn't answer."""
        if not self._claims.allows(SLACK, community):
            return False
        try:
            client = await self._clients.client_for(community)
            known = await self._members.person(client, community, person, fresh=True)
        except TROUBLE as error:
            why = code_of(error) or type(error).__name__
            log.warning("Slack can't say who administers workspace %s: %s", community, why)
            return False
        return known.is_admin
