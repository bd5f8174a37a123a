"""The chat platforms that are switched on, each imported only then."""

# ruff: noqa: PLC0415  (see above)

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from pydantic import SecretStr

from bot.app.composition import App
from bot.connection import Connection


@asynccontextmanager
async def chatting(app: App) -> AsyncIterator[None]:
    """Connected until the block ends. Raises Misconfigured."""
    async with AsyncExitStack() as stack:
        if app.settings.discord_token:
            await stack.enter_async_context(_discord(app, app.settings.discord_token))
        if app.settings.slack_is_on:
            await stack.enter_async_context(_slack(app))
        yield


@asynccontextmanager
async def _discord(app: App, token: SecretStr) -> AsyncIterator[None]:
    from adapters.discord.app import DiscordSettings, running
    from adapters.discord.context import Services

    services = Services(
        studio=app.studio,
        administration=app.administration,
        privacy=app.privacy,
        presets=app.presets,
        reactions=app.reactions,
        reviews=app.reviews,
        claims=app.claims,
        notes=app.store.owner,
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
    async with running(services, settings, _connection(app, "Discord")) as bot:
        app.surfaces["discord"] = bot.surface
        app.announcers["discord"] = bot.moderators
        app.roles["discord"] = bot.roles
        app.names["discord"] = bot.names
        app.health["discord"] = bot.health
        yield


@asynccontextmanager
async def _slack(app: App) -> AsyncIterator[None]:
    from adapters.slack.app import running
    from adapters.slack.connection.transport import SlackSettings
    from adapters.slack.context import Services

    deliveries = app.store.installations

    async def once(topic: str) -> bool:
        return await deliveries.take_delivery(f"slack:{topic}", app.clock.now())

    services = Services(
        studio=app.studio,
        administration=app.administration,
        privacy=app.privacy,
        presets=app.presets,
        reactions=app.reactions,
        reviews=app.reviews,
        claims=app.claims,
        notes=app.store.owner,
        pending_cards=app.store.pending_cards,
        cards=app.store.cards,
        clock=app.clock,
        once=once,
        contact=app.settings.operator_contact,
        links=app.links if app.settings.is_public else None,
    )
    known = app.settings
    settings = SlackSettings(
        bot_token=_text(known.slack_bot_token),
        app_token=_text(known.slack_app_token),
        signing_secret=_text(known.slack_signing_secret),
        client_id=known.slack_client_id,
        client_secret=_text(known.slack_client_secret),
        token_keys=tuple(map(_text, known.slack_token_keys)),
        public_url=known.public_url or "",
        api_url=known.slack_api_url or "",
    )
    connection = _connection(app, "Slack")
    async with running(services, app.store.installations, settings, connection, app.rng) as bot:
        app.surfaces["slack"] = bot.surface
        app.announcers["slack"] = bot.moderators
        app.roles["slack"] = bot.roles
        app.names["slack"] = bot.names
        app.health["slack"] = bot.health
        if bot.http_endpoint is not None:
            app.mounts["slack"] = bot.http_endpoint.router
        yield
        app.mounts.pop("slack", None)


def _connection(app: App, platform: str) -> Connection:
    made = Connection(platform, alerts=app.alerts, clock=app.clock, rng=app.rng)
    app.connections[platform.lower()] = made
    return made


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
