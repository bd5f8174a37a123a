"""The bot on Slack: everything in its place, connected until it stops."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from adapters.slack import commands
from adapters.slack.clients import new_session
from adapters.slack.context import Clients, Context, Rooms
from adapters.slack.door import Door
from adapters.slack.lent import Lent
from adapters.slack.moderators import ModeratorsChannel
from adapters.slack.names import SlackNames
from adapters.slack.openings import Openings
from adapters.slack.people import People
from adapters.slack.roles import SlackRoles
from adapters.slack.surface import SlackSurface
from adapters.slack.transport import SlackSettings, Transport
from adapters.slack.uploads import Uploads
from adapters.slack.workspaces import PLATFORM
from bot.books import InstallationBooks
from bot.errors import Misconfigured

# The start waits this long for a first word; a Slack that is away is waited for beside it.
START_TIMEOUT_S = 5.0
# What was acknowledged and is not done yet gets this long when the bot stops.
DRAIN_S = 5.0

log = logging.getLogger(__name__)


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
    rooms: Rooms, books: InstallationBooks, settings: SlackSettings
) -> AsyncIterator[SlackBot]:
    """Connected, or on the way there, until the block ends. Raises Misconfigured.

    A Slack that can't be reached is waited for; a token that it refuses is the owner's matter.
    """
    async with new_session() as session:
        transport = Transport(settings, books, rooms.clock, session, once=rooms.once)
        here, surface = furnished(rooms, transport.clients)
        commands.register(transport.app, here)
        keeping = (
            asyncio.create_task(here.lent.run(), name="what was lent on Slack"),
            asyncio.create_task(here.openings.run(), name="cards that are no job's on Slack"),
        )

        def trust(team: str) -> None:
            """Whose token the owner has set needs no code."""
            rooms.claims.trust(PLATFORM, team)

        connected = asyncio.create_task(_connect(transport, trust), name="slack")
        try:
            await _first_contact(transport, connected)
            connected.add_done_callback(_say_if_broken)
            names = SlackNames(here.clients, here.rooms.clock)
            yield SlackBot(transport, surface, here, roles_of(here), names)
        finally:
            for task in (connected, *keeping):
                task.cancel()
            await asyncio.gather(connected, *keeping, return_exceptions=True)
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


def _say_if_broken(connected: asyncio.Task[None]) -> None:
    if not connected.cancelled() and (trouble := connected.exception()):
        log.critical("the connection to Slack ended for good: %s", trouble)


async def _connect(transport: Transport, trust: Callable[[str], None]) -> None:
    """Its group of tasks says everything as a group; what the owner did wrong comes out alone."""
    try:
        await transport.run(trust)
    except* Misconfigured as wrong:
        raise _first(wrong) from None


def _first(group: BaseExceptionGroup[Misconfigured]) -> Misconfigured:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, Misconfigured)
    return error


async def _first_contact(transport: Transport, connected: asyncio.Task[None]) -> None:
    """Wait a while for a word of Slack, and hear at once of a token that is no good."""
    ready = asyncio.create_task(transport.ready.wait())
    try:
        await asyncio.wait(
            [ready, connected], timeout=START_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        ready.cancel()
    if connected.done():
        connected.result()
