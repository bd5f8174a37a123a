"""The chat platforms; each is imported only if it is switched on."""

# ruff: noqa: PLC0415  (see above)

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from pydantic import SecretStr

from adapters.chat.services import Services
from bot.app.composition import App
from bot.connection import Connection


@asynccontextmanager
async def chatting(app: App) -> AsyncIterator[None]:
    """Stay connected to the platforms until the block ends. Raises Misconfigured."""
    async with AsyncExitStack() as stack:
        if app.settings.discord_token:
            await stack.enter_async_context(_discord(app))
        if app.settings.slack_is_on:
            await stack.enter_async_context(_slack(app))
        yield


def _discord(app: App) -> AbstractAsyncContextManager[object]:
    from adapters.discord.app import DiscordSettings, running

    known = app.settings
    settings = DiscordSettings(
        token=_text(known.discord_token),
        api_url=known.discord_api_url or "",
        gateway_url=known.discord_gateway_url or "",
        user_installs=known.user_installs,
    )
    return running(services_of(app), settings, _connection(app, "Discord"), known.proxy)


def _slack(app: App) -> AbstractAsyncContextManager[object]:
    from adapters.slack.app import running
    from adapters.slack.connection.transport import SlackSettings

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
        pictures_in_thread=known.slack_pictures_in_thread,
    )
    return running(services_of(app), settings, _connection(app, "Slack"), app.rng, known.proxy)


def services_of(app: App) -> Services:
    """What of `app` a chat platform's adapter may call."""
    return Services(
        platforms=app.platforms,
        studio=app.studio,
        administration=app.administration,
        privacy=app.privacy,
        presets=app.presets,
        reactions=app.reactions,
        reviews=app.reviews,
        sanctions=app.sanctions,
        words=app.words,
        claims=app.claims,
        shared=app.shared,
        communities=app.store.communities,
        notes=app.store.owner,
        chat=app.store.chat,
        cards=app.store.cards,
        pending_cards=app.store.pending_cards,
        remote_files=app.store.remote_files,
        installations=app.store.installations,
        clock=app.clock,
        contact=app.settings.operator_contact,
        links=app.links if app.settings.is_public else None,
    )


def _connection(app: App, platform: str) -> Connection:
    return Connection(platform, alerts=app.alerts, clock=app.clock, rng=app.rng)


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
