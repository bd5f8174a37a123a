"""The bot on Slack: everything in its place, connected until it stops."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from adapters.slack.commands import registration
from adapters.slack.connection.clients import new_session
from adapters.slack.connection.http_endpoint import Door
from adapters.slack.connection.transport import SlackSettings, Transport
from adapters.slack.connection.workspaces import PLATFORM
from adapters.slack.context import Context, Rooms
from adapters.slack.delivery.moderators_channel import ModeratorsChannel
from adapters.slack.delivery.pending_cards import Openings
from adapters.slack.delivery.private_files import Lent
from adapters.slack.delivery.surface import SlackSurface
from adapters.slack.delivery.uploads import Uploads
from adapters.slack.platform.members import People
from adapters.slack.platform.names import SlackNames
from adapters.slack.platform.roles import SlackRoles
from adapters.slack.platform.web_api import Clients
from bot.connection import Connection
from bot.store import InstallationBooks

# What was acknowledged and is not done yet gets this long when the bot stops.
DRAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class SlackBot:
    """One for all workspaces."""

    transport: Transport
    surface: SlackSurface
    here: Context
    roles: SlackRoles
    names: SlackNames

    @property
    def moderators(self) -> ModeratorsChannel:
        return self.here.moderators

    @property
    def door(self) -> Door | None:
        """Where Slack comes in over HTTP; None in Socket Mode."""
        return self.transport.door

    def health(self) -> Mapping[str, Any]:
        return self.transport.health()


@asynccontextmanager
async def running(
    rooms: Rooms,
    books: InstallationBooks,
    settings: SlackSettings,
    connection: Connection,
    rng: random.Random,
) -> AsyncIterator[SlackBot]:
    """Connected, or on the way there, until the block ends. Raises Misconfigured.

    A Slack that can't be reached is waited for; a token that it refuses is the owner's matter.
    """
    async with new_session() as session:
        transport = Transport(settings, books, rooms.clock, session, once=rooms.once, rng=rng)
        here, surface = furnished(rooms, transport.clients)
        registration.register(transport.app, here)
        keeping = (
            asyncio.create_task(here.lent.run(), name="what was lent on Slack"),
            asyncio.create_task(here.openings.run(), name="cards that are no job's on Slack"),
        )

        def trust(team: str) -> None:
            """Whose token the owner has set needs no code."""
            rooms.claims.trust(PLATFORM, team)

        try:
            async with connection.kept(
                partial(transport.run, trust), transport.is_up, transport.ready
            ):
                names = SlackNames(here.clients, here.rooms.clock)
                yield SlackBot(transport, surface, here, roles_of(here), names)
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)
            await transport.close()
            await here.tasks.close(DRAIN_S)
            await here.moderators.close()
            await surface.close()


def furnished(rooms: Rooms, clients: Clients) -> tuple[Context, SlackSurface]:
    """Everything of the adapter but the line to Slack."""
    clock = rooms.clock
    uploads = Uploads(clock)
    lent = Lent(rooms.notes, clients, uploads, clock)
    surface = SlackSurface(
        clients, rooms.studio, clock, uploads=uploads, lent=lent, once=rooms.once
    )
    moderators = ModeratorsChannel(clients, rooms.studio, rooms.reviews, clock, rooms.once)
    rooms.reviews.watchers.append(moderators.changed)
    openings = Openings(rooms.openings, clients, clock)
    return Context(rooms, clients, moderators, uploads, lent, openings, People(clock)), surface


def roles_of(here: Context) -> SlackRoles:
    return SlackRoles(here.clients, here.people, here.rooms.studio, here.rooms.claims)
