"""The chat platforms that are switched on, each imported only then."""

# ruff: noqa: PLC0415  (see above)

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr

from bot.app import App


@asynccontextmanager
async def chatting(app: App) -> AsyncIterator[None]:
    """Connected until the block ends. Raises Misconfigured."""
    async with AsyncExitStack() as stack:
        if app.settings.discord_token:
            await stack.enter_async_context(_discord(app, app.settings.discord_token))
        yield


@asynccontextmanager
async def _discord(app: App, token: SecretStr) -> AsyncIterator[None]:
    from adapters.discord.app import DiscordSettings, running
    from adapters.discord.context import Rooms

    rooms = Rooms(
        studio=app.studio,
        administration=app.administration,
        privacy=app.privacy,
        presets=app.presets,
        reactions=app.reactions,
        reviews=app.reviews,
        claims=app.claims,
        notes=app.books.owner,
        clock=app.clock,
        contact=app.settings.operator_contact,
        links=app.links if app.settings.is_public else None,
    )
    settings = DiscordSettings(
        token=token.get_secret_value(),
        api_url=app.settings.discord_api_url or "",
        gateway_url=app.settings.discord_gateway_url or "",
        user_installs=app.settings.user_installs,
    )
    async with running(rooms, settings) as bot:
        app.surfaces["discord"] = bot.surface
        app.announcers["discord"] = bot.moderators
        app.roles["discord"] = bot.roles
        app.health["discord"] = bot.health
        yield
