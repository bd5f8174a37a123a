"""What every command, button and form needs, and who is asking."""

from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.services import Services
from adapters.slack.delivery.moderators_channel import ModeratorsChannel
from adapters.slack.delivery.pending_cards import PendingCards
from adapters.slack.delivery.remote_files import RemoteFiles
from adapters.slack.delivery.response_urls import ResponseUrls
from adapters.slack.delivery.uploads import Uploads
from adapters.slack.platform.background_tasks import BackgroundTasks
from adapters.slack.platform.call import Call
from adapters.slack.platform.members import Members, Person, is_moderator
from adapters.slack.platform.once import Once
from adapters.slack.platform.scopes import Scopes
from adapters.slack.platform.web_api import Clients
from bot.domain.asker import SLACK, Asker
from bot.domain.community_settings import CommunitySettings
from bot.errors import NotAllowed


@dataclass(slots=True)
class Context:
    """One object for the whole adapter."""

    services: Services
    clients: Clients
    once: Once
    moderators: ModeratorsChannel
    uploads: Uploads
    remote_files: RemoteFiles
    response_urls: ResponseUrls
    pending_cards: PendingCards
    members: Members
    scopes: Scopes
    wanted_scopes: frozenset[str]  # what the app asks for when it is installed
    tasks: BackgroundTasks = field(default_factory=BackgroundTasks)

    async def asker(self, call: Call, *, fresh: bool = False) -> Asker:
        """Who asks, as Slack knows them; `fresh` asks Slack even where an answer is remembered.

        Raises NotAllowed.
        """
        self.services.claims.check(SLACK, call.team)
        client = await self.clients.client_for(call.team)
        known = await self.members.person(client, call.team, call.person, fresh=fresh)
        place = Asker(platform=SLACK, community=call.team, channel="", person=call.person)
        settings = await self.services.studio.community(place)
        if known.is_stranger and not settings.outsiders:
            raise NotAllowed("outsiders")
        roles = await self._groups(client, call, settings, fresh=fresh)
        moderates = is_moderator(settings, call.person, known, roles)
        return _asker(call, known, roles, is_moderator=moderates)

    async def _groups(
        self, client: AsyncWebClient, call: Call, settings: CommunitySettings, *, fresh: bool
    ) -> frozenset[str]:
        """The person's user groups that the settings name. `fresh` holds for the moderators' group
        only: for budgets and trust an answer of half a minute ago will do, as Slack limits calls.
        """
        who = (client, call.team, call.person)
        moderating = await self.members.groups(*who, (settings.moderator_role,), fresh=fresh)
        rest = (*settings.trusted_roles, *settings.role_day_micros, *settings.role_month_micros)
        return moderating | await self.members.groups(*who, rest)

    async def admin(self, call: Call) -> Asker:
        """The caller, if Slack says now that they are an admin. Raises NotAllowed."""
        asker = await self.asker(call, fresh=True)
        if not asker.is_admin:
            raise NotAllowed("admins_only")
        return asker

    async def moderator(self, call: Call) -> Asker:
        """The caller, if Slack says now that they may moderate. Raises NotAllowed."""
        asker = await self.asker(call, fresh=True)
        if not asker.is_moderator:
            raise NotAllowed("moderators_only")
        return asker


def _asker(call: Call, known: Person, roles: frozenset[str], *, is_moderator: bool) -> Asker:
    return Asker(
        platform=SLACK,
        community=call.team,
        channel=call.channel,
        person=call.person,
        name=known.name or call.name,
        roles=roles,
        direct=call.direct,
        is_admin=known.is_admin,
        is_moderator=is_moderator,
        locale=known.locale,
    )
