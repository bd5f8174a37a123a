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
from adapters.slack.connection.http_endpoint import HttpEndpoint
from adapters.slack.connection.transport import SlackSettings, Transport
from adapters.slack.connection.workspaces import PLATFORM
from adapters.slack.context import Context, Services
from adapters.slack.delivery.moderators_channel import ModeratorsChannel
from adapters.slack.delivery.pending_cards import PendingCards
from adapters.slack.delivery.private_files import PrivateFiles
from adapters.slack.delivery.surface import SlackSurface
from adapters.slack.delivery.uploads import Uploads
from adapters.slack.platform.members import Members
from adapters.slack.platform.names import SlackNames
from adapters.slack.platform.roles import SlackRoles
from adapters.slack.platform.web_api import Clients
from bot.connection import Connection
from bot.store import InstallationStore

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
    def http_endpoint(self) -> HttpEndpoint | None:
        """Where Slack comes in over HTTP; None in Socket Mode."""
        return self.transport.http_endpoint

    def health(self) -> Mapping[str, Any]:
        return self.transport.health()


@asynccontextmanager
async def running(
    services: Services,
    store: InstallationStore,
    settings: SlackSettings,
    connection: Connection,
    rng: random.Random,
) -> AsyncIterator[SlackBot]:
    """Connected, or on the way there, until the block ends. Raises Misconfigured.

    A Slack that can't be reached is waited for; a token that it refuses is the owner's matter.
    """
    async with new_session() as session:
        transport = Transport(settings, store, services.clock, session, once=services.once, rng=rng)
        here, surface = build_context(services, transport.clients)
        registration.register(transport.app, here)
        keeping = (
            asyncio.create_task(here.private_files.run(), name="private files on Slack"),
            asyncio.create_task(here.pending_cards.run(), name="cards that are no job's on Slack"),
        )

        def trust(team: str) -> None:
            """Whose token the owner has set needs no code."""
            services.claims.trust(PLATFORM, team)

        try:
            async with connection.kept(
                partial(transport.run, trust), transport.is_up, transport.ready
            ):
                names = SlackNames(here.clients, here.services.clock)
                yield SlackBot(transport, surface, here, roles_of(here), names)
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)
            await transport.close()
            await here.tasks.close(DRAIN_S)
            await here.moderators.close()
            await surface.close()


def build_context(services: Services, clients: Clients) -> tuple[Context, SlackSurface]:
    """Everything of the adapter but the line to Slack."""
    clock = services.clock
    uploads = Uploads(clock)
    private_files = PrivateFiles(services.notes, clients, uploads, clock)
    surface = SlackSurface(
        clients,
        services.studio,
        clock,
        uploads=uploads,
        private_files=private_files,
        once=services.once,
    )
    moderators = ModeratorsChannel(clients, services.studio, services.reviews, clock, services.once)
    services.reviews.watchers.append(moderators.changed)
    pending_cards = PendingCards(services.pending_cards, clients, clock)
    return Context(
        services, clients, moderators, uploads, private_files, pending_cards, Members(clock)
    ), surface


def roles_of(here: Context) -> SlackRoles:
    return SlackRoles(here.clients, here.members, here.services.studio, here.services.claims)
