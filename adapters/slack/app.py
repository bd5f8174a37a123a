"""Puts the adapter's parts together, and keeps the bot connected to Slack until it stops."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

from adapters.chat.nearly_used import NearlyUsed
from adapters.chat.services import Services
from adapters.slack.commands import registration
from adapters.slack.connection.clients import new_session
from adapters.slack.connection.manifest import SCOPES
from adapters.slack.connection.transport import SlackSettings, Transport
from adapters.slack.context import Context
from adapters.slack.delivery.moderators_channel import ModeratorsChannel
from adapters.slack.delivery.pending_cards import PendingCards
from adapters.slack.delivery.remote_files import RemoteFiles
from adapters.slack.delivery.response_urls import ResponseUrls
from adapters.slack.delivery.surface import SlackSurface
from adapters.slack.delivery.uploads import Uploads
from adapters.slack.platform.members import Members
from adapters.slack.platform.names import SlackNames
from adapters.slack.platform.once import Once, once_in
from adapters.slack.platform.roles import SlackRoles
from adapters.slack.platform.scopes import Scopes
from adapters.slack.platform.web_api import Clients
from bot.connection import Connection
from bot.domain.asker import SLACK
from bot.platforms import Platform
from bot.proxy import Proxy

# When the bot stops, what was acknowledged and is not done yet gets this long.
DRAIN_S = 5.0


@asynccontextmanager
async def running(
    services: Services,
    settings: SlackSettings,
    connection: Connection,
    rng: random.Random,
    proxy: Proxy,
) -> AsyncIterator[None]:
    """Connect, and stay connected until the block ends. Raises Misconfigured.

    While Slack can't be reached, it is tried again; a token that Slack refuses raises.
    """
    async with new_session(proxy) as session:
        clock, installations = services.clock, services.installations
        once = once_in(installations, clock)
        transport = Transport(settings, installations, clock, session, once=once, rng=rng)
        here, surface = build_context(
            services, transport.clients, once, pictures_in_thread=settings.pictures_in_thread
        )
        registration.register(transport.app, here)
        await services.cards.look_again(SLACK, clock.now())
        keeping = (
            asyncio.create_task(here.remote_files.run(), name="files on Slack"),
            asyncio.create_task(here.pending_cards.run(), name="cards that are no job's on Slack"),
            asyncio.create_task(transport.look_after_token(), name="the token of Slack"),
        )

        def trust(team: str) -> None:
            """The owner set this workspace's token, so that its admins need no code."""
            services.claims.trust(SLACK, team)

        endpoint = transport.http_endpoint
        platform = replace(
            platform_of(here, surface),
            connection=connection,
            health=transport.health,
            app=endpoint and endpoint.router,
        )
        try:
            with services.platforms.added(platform):
                async with connection.kept(
                    partial(transport.run, trust), transport.is_up, transport.ready
                ):
                    yield
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)
            await transport.close()
            await here.tasks.close(DRAIN_S)
            await here.moderators.close()
            await surface.close()


def build_context(
    services: Services, clients: Clients, once: Once, *, pictures_in_thread: bool = False
) -> tuple[Context, SlackSurface]:
    """All parts of the adapter but the connection to Slack."""
    clock = services.clock
    uploads, members = Uploads(clock), Members(clock)
    remote_files = RemoteFiles(services.remote_files, clients, uploads, clock)
    response_urls = ResponseUrls(clock)
    surface = SlackSurface(
        clients,
        services.studio,
        clock,
        uploads=uploads,
        remote_files=remote_files,
        response_urls=response_urls,
        shared=services.shared,
        once=once,
        nearly_used=NearlyUsed(SLACK, services.chat, clock),
        members=members,
        pictures_in_thread=pictures_in_thread,
    )
    moderators = ModeratorsChannel(clients, services.studio, services.reviews, clock, once)
    pending_cards = PendingCards(services.pending_cards, clients, clock, once)
    here = Context(
        services=services,
        clients=clients,
        once=once,
        moderators=moderators,
        uploads=uploads,
        remote_files=remote_files,
        response_urls=response_urls,
        pending_cards=pending_cards,
        members=members,
        scopes=Scopes(clock),
        wanted_scopes=frozenset(SCOPES),
    )
    return here, surface


def platform_of(here: Context, surface: SlackSurface) -> Platform:
    """The adapter as the rest of the bot sees it, but for the connection to Slack."""
    services = here.services
    return Platform(
        name=SLACK,
        surface=surface,
        announcer=here.moderators,
        roles=SlackRoles(here.clients, here.members, services.studio, services.claims),
        names=SlackNames(here.clients, services.clock),
    )
