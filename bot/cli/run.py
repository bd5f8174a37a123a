"""`limner run`."""

import asyncio
import logging
import signal
import sqlite3
import sys
from importlib.metadata import version
from urllib.parse import urlsplit

from bot.accounts.community_claims import CommunityClaims
from bot.app.composition import build_app
from bot.app.http_server import serving
from bot.cli.discord_manifest import discord_invite
from bot.cli.output import make_data_dir, say, telling
from bot.config import logs
from bot.config.settings import Settings
from storage.database.database import has_wal_reset_bug

log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    logs.configure(settings)
    with telling():
        asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    make_data_dir(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with build_app(settings) as app, serving(app) as opened:
        _greet(settings, opened.url, opened.sign_in_url)
        _invite(settings, app.claims)
        await stop.wait()
        for number in (signal.SIGINT, signal.SIGTERM):  # a second one ends it at once
            loop.remove_signal_handler(number)
        say(f"Stopping. What is being drawn gets {settings.drain_s:.0f} s to finish.")


def _greet(settings: Settings, url: str, sign_in_url: str) -> None:
    for sentence in settings.notices():
        log.warning(sentence)
    if has_wal_reset_bug(sqlite3.sqlite_version_info[:3]):
        log.info("SQLite %s has the WAL-reset bug; see limner doctor", sqlite3.sqlite_version)
    backend = {"api": "by the API", "sketch": "as free sketches (no key is set)"}
    drawn = backend.get(settings.resolved_backend, "on this machine")
    say(f"Limner {version('limner')} draws {drawn}. Data: {settings.data_dir.absolute()}")
    if not settings.playground:
        return
    say(f"Open {url}")
    if settings.is_everywhere:
        say(f"From elsewhere, open this machine's address, port {urlsplit(url).port}.")
    if sign_in_url and sys.stderr.isatty():  # never into a log
        say(f"Sign in, once and within 15 minutes, at {sign_in_url}")
        say("`limner web login` prints another.")
    elif sign_in_url:
        say("Sign in with the address that `limner web login` prints.")


def _invite(settings: Settings, claims: CommunityClaims) -> None:
    """Print how a server or workspace adds the bot, and how it claims it."""
    for place in claims.shut_though_named:
        say(f"{place} is in ALLOWED_COMMUNITIES, but `limner community forget` shut it out.")
    if settings.slack_client_id:
        say(f"Add it to your Slack workspace: {settings.public_url}/slack/install")
        if claims.code:
            say(f"Then type there: /limner setup {claims.code}")
    if settings.discord_token is None:
        return
    invite = discord_invite(settings.discord_token.get_secret_value())
    say(f"Add it to your Discord server: {invite or _ASK_DISCORD}")
    if claims.code:
        say(f"Then type there: /limner setup code:{claims.code}")
    else:
        say("Then type there: /limner setup")


_ASK_DISCORD = "its page in Discord's developer portal has the link (Installation)."
