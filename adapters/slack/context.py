"""What every command, button and modal needs, and who is asking."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.call import Call
from adapters.slack.people import People, Person
from adapters.slack.tasks import Tasks
from adapters.slack.uploads import Uploads
from bot.administration import Administration
from bot.asker import Asker
from bot.claims import Claims
from bot.errors import NotAllowed
from bot.ports import Announcer, Clock
from bot.presets import Presets
from bot.privacy import Privacy
from bot.reactions import Reactions
from bot.studio import Studio


class Clients(Protocol):
    """One workspace's way into the Web API."""

    async def client_for(self, team: str) -> AsyncWebClient:
        """With the workspace's own token. Raises Unreachable where the app was taken off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What the adapter may call of the bot.

    `once` is whether something is seen for the first time, also after a restart.
    """

    studio: Studio
    administration: Administration
    privacy: Privacy
    presets: Presets
    reactions: Reactions
    claims: Claims
    clock: Clock
    once: Callable[[str], Awaitable[bool]]
    contact: str = ""


@dataclass(slots=True)
class Context:
    """One for the whole adapter."""

    rooms: Rooms
    clients: Clients
    announcer: Announcer
    uploads: Uploads
    tasks: Tasks = field(default_factory=Tasks)
    people: People = field(init=False)

    def __post_init__(self) -> None:
        self.people = People(self.rooms.clock)

    async def asker(self, call: Call, *, fresh: bool = False) -> Asker:
        """Who asks, as Slack vouches for them now; `fresh` asks Slack whatever is remembered.

        Raises NotAllowed.
        """
        self.rooms.claims.check("slack", call.team)
        client = await self.clients.client_for(call.team)
        known = await self.people.person(client, call.team, call.person, fresh=fresh)
        place = Asker(platform="slack", community=call.team, channel="", person=call.person)
        settings = await self.rooms.studio.community(place)
        if known.is_stranger and not settings.outsiders:
            raise NotAllowed("outsiders")
        groups = (settings.moderator_role, *settings.role_day_micros, *settings.role_month_micros)
        roles = await self.people.groups(client, call.team, call.person, groups)
        listed = call.person in settings.moderators or settings.moderator_role in roles
        return _asker(call, known, roles, is_moderator=listed and not known.is_stranger)


def _asker(call: Call, known: Person, roles: frozenset[str], *, is_moderator: bool) -> Asker:
    return Asker(
        platform="slack",
        community=call.team,
        channel=call.channel,
        person=call.person,
        name=known.name or call.name,
        roles=roles,
        direct=call.direct,
        is_admin=known.is_admin,
        is_moderator=is_moderator or known.is_admin,
        locale=known.locale,
    )
