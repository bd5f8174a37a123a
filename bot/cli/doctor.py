"""`limner doctor`: what is on and off, whether it works, and what to do about it.

A finding is one line, with what to do below it. Nothing is changed.
"""

import asyncio
import os
import shutil
import socket
import sqlite3
import stat
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx

from adapters import outgoing_http
from adapters.terminal import control_socket
from adapters.terminal.client import RemoteBot, client
from adapters.terminal.protocol import State
from bot.cli.discord_manifest import discord_invite
from bot.cli.doctor_api import SCOPED_KEY, examine_api
from bot.cli.doctor_moderation import examine_moderation
from bot.cli.doctor_slack import examine_slack
from bot.cli.finding import Finding, Mark, bad, good, note
from bot.cli.output import answer
from bot.config import logs
from bot.config.fields import MEGABYTE
from bot.config.settings import Settings, misspelled
from bot.errors import Misconfigured
from bot.wording import money
from storage.database.database import Lock, has_wal_reset_bug
from storage.sqlite_store import open_for_reading
from storage.tables import notes


@dataclass(frozen=True, slots=True)
class Place:
    """Where `limner` was started: its environment and the file that may add to it."""

    environ: Mapping[str, str]
    env_file: Path


def doctor(env_file: Path, environ: Mapping[str, str]) -> int:
    try:
        settings = Settings.from_env(environ)
    except Misconfigured as error:
        findings = [Finding(Mark.BAD, problem) for problem in error.problems]
        answer(*findings)
    else:
        logs.configure(settings, "error")  # problems are shown as findings instead
        findings = asyncio.run(_examine(settings, env_file, environ))
    wrong = sum(finding.mark is Mark.BAD for finding in findings)
    answer("", f"{wrong} to mend." if wrong else "Nothing to mend.")
    return 1 if wrong else 0


async def _examine(settings: Settings, env_file: Path, environ: Mapping[str, str]) -> list[Finding]:
    findings = []
    async with outgoing_http.client(settings.proxy) as http:
        async for finding in examine(settings, Place(environ, env_file), http, datetime.now(UTC)):
            answer(finding)
            findings.append(finding)
    return findings


async def examine(
    settings: Settings, place: Place, http: httpx.AsyncClient, now: datetime
) -> AsyncIterator[Finding]:
    """All findings, in the order in which somebody would set things up."""
    for finding in _variables(settings, place):
        yield finding
    if settings.resolved_backend == "api":
        async for finding in examine_api(settings, http, now):
            yield finding
    elif settings.resolved_backend == "local":
        from bot.cli.doctor_engine import examine_engine  # noqa: PLC0415  (only where it is on)

        for finding in examine_engine(settings, place.environ):
            yield finding
    else:
        yield good(
            "Pictures: labelled sketches, free, drawn on this machine.",
            f"For real pictures put DEEPINFRA_TOKEN=… into .env. {SCOPED_KEY}",
        )
    for finding in (
        *_budgets(settings),
        *_page(settings),
        *_chat(settings),
        *examine_moderation(settings),
    ):
        yield finding
    async for finding in examine_slack(settings, http):
        yield finding
    for finding in _proxy(settings):
        yield finding
    running = await _running(settings)
    about_data = (*_paused(settings), *_data(settings), _sqlite())
    for finding in (*running, *about_data, *_owner(settings, now)):
        yield finding


def _variables(settings: Settings, place: Place) -> Iterator[Finding]:
    for sentence in (*misspelled(place.environ), *settings.notices()):
        yield note(sentence)
    if place.env_file.exists() and _others_may_read(place.env_file):
        yield bad(f"{place.env_file} can be read by others.", f"chmod 600 {place.env_file}")


def _proxy(settings: Settings) -> Iterator[Finding]:
    if settings.https_proxy:
        proxy = urlsplit(settings.proxy.url)
        but = f", but for {', '.join(settings.no_proxy)}" if settings.no_proxy else ""
        yield good(
            f"Proxy: public https addresses are called through {proxy.hostname}{but}.",
            "Plain http, this machine, private addresses and webhooks are called directly.",
        )


def _budgets(settings: Settings) -> Iterator[Finding]:
    if settings.resolved_backend != "api":
        return
    budgets = settings.budgets
    yield good(
        f"Budgets: a person {_limit(budgets.person_day)} a day and "
        f"{_limit(budgets.person_month)} a month, a server or workspace "
        f"{_limit(budgets.community_day)} a day and {_limit(budgets.community_month)} a month, "
        f"everybody together {_limit(budgets.operator_month)} a month."
    )
    if (strangers := settings.strangers_budgets) is not None:
        yield good(
            f"Each server or workspace that PUBLIC alone lets in: "
            f"{_limit(strangers.community_day)} a day and "
            f"{_limit(strangers.community_month)} a month, all of them together "
            f"{_limit(strangers.strangers_month)} a month."
        )
    if budgets.operator_month is None:
        yield note(
            "Nothing limits what everybody together may spend.",
            "Set BUDGET_OPERATOR_MONTH to an amount in dollars.",
        )


def _page(settings: Settings) -> Iterator[Finding]:
    if not settings.playground:
        yield good("Page: off (PLAYGROUND).")
        return
    who = "with a sign-in" if settings.is_public else "for this machine only"
    where = " or this machine's address" if settings.is_everywhere else ""
    yield good(f"Page: {settings.page_url}{where}, {who}.")
    url = urlsplit(settings.page_url)
    if settings.is_public and url.scheme == "http":
        yield note(
            "Whoever signs in to the page sends the token unencrypted.",
            "Put a proxy with https in front and set PUBLIC_URL=https://…",
        )

    if settings.public_url and not settings.trusted_proxies:
        yield note(
            "Behind a proxy everybody seems to come from its address: ten wrong sign-ins of a "
            "stranger keep you out for a minute.",
            "Set TRUSTED_PROXIES to the proxy's address; on this machine that is 127.0.0.1.",
        )


def _chat(settings: Settings) -> Iterator[Finding]:
    if settings.discord_token is None:
        yield good("Discord: off (no DISCORD_TOKEN).")
    elif invite := discord_invite(settings.discord_token.get_secret_value()):
        yield good(f"Discord: on. Add it to a server: {invite}")
        yield from _communities(settings)
    else:
        yield bad(
            "Discord: DISCORD_TOKEN doesn't look like a bot's token.",
            "Copy it anew from https://discord.com/developers/applications (Bot, Reset Token).",
        )


def _communities(settings: Settings) -> Iterator[Finding]:
    if settings.public:
        yield good("Servers: any may use it (PUBLIC).", "limner discord manifest has the rest.")
    elif settings.allowed_communities:
        yield good(f"Servers: {', '.join(settings.allowed_communities)} may use it.")
    else:
        yield good("Servers: the first whose admin types the code that `limner run` shows.")


async def _running(settings: Settings) -> list[Finding]:
    """Whether a bot is at work on this folder and how it is, or whether one could start."""
    address = control_socket.find(control_socket.path_of(settings.database_path))
    if address is not None:
        async with client(address) as http:
            remote = RemoteBot(http)
            if bot := await remote.who():
                found = good(f"Bot: {bot.version} is running at {bot.url}.")
                state = await remote.state()
                return [found, *(_parts(state) if state else ())]
    return [_not_running(settings)]


def _parts(state: State) -> Iterator[Finding]:
    """What the running bot says of its parts."""
    if not state.database:
        yield bad("Bot: its database takes nothing.", "Its log says why; the disk may be full.")
    if not state.drawing:
        yield note("Bot: nothing can be drawn at the moment; requests wait.", "Look at its log.")
    for loop in state.loops_down:
        yield bad(f"Bot: its {loop} ended and is begun again soon.", "Look at its log.")
    for each in state.platforms:
        name = each.name.capitalize()
        if each.state == "up":
            yield good(f"{name}: connected since {each.since}.")
        else:
            found = bad if each.state == "down" else note
            yield found(f"{name}: not connected since {each.since}.", each.why)


def _not_running(settings: Settings) -> Finding:
    if settings.database_path.with_suffix(".lock").exists():
        lock = Lock(settings.database_path)
        try:
            lock.take()
        except Misconfigured:
            return bad(
                f"Bot: another process has locked {settings.database_path} and does not answer.",
                "Wait a moment if it is starting or stopping; else end that process.",
            )
        lock.release()
    if not _is_free(settings.host, settings.port):
        return bad(
            f"Bot: not running, and something else listens on {settings.host}, "
            f"port {settings.port}.",
            "Set PORT to a free one.",
        )
    return good("Bot: not running.", "limner run starts it.")


def _paused(settings: Settings) -> Iterator[Finding]:
    if not settings.database_path.exists():
        return
    try:
        with closing(open_for_reading(settings.database_path)) as con:
            paused = notes.read(con, "paused")
    except sqlite3.Error as error:
        why = "If it is damaged, restore a backup with `limner restore`."
        yield bad(f"Database: {settings.database_path} can't be read ({error}).", why)
        return
    if paused:
        yield note("Paused: nobody can ask for pictures.", "limner resume takes requests again.")


def _data(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.exists():
        yield good(f"Data: {folder.absolute()} will be made at the first start.")
        folder = folder.absolute().parent
    elif not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        why = "Set DATA_DIR to a folder that this user may write."
        yield bad(f"Data: {folder.absolute()} can't be written.", why)
        return
    elif _others_may_read(folder):
        yield bad(
            f"Data: {folder.absolute()} holds prompts and pictures and can be read by others.",
            f"chmod 700 {folder}",
        )
    else:
        yield good(f"Data: {folder.absolute()}")
    yield _disk(settings, folder)


def _disk(settings: Settings, folder: Path) -> Finding:
    while not folder.exists():
        folder = folder.parent
    free_mb = shutil.disk_usage(folder).free // MEGABYTE
    if free_mb < settings.min_free_disk_mb:
        return bad(
            f"Disk: {free_mb:,} MB free, fewer than MIN_FREE_DISK_MB "
            f"({settings.min_free_disk_mb:,}); nothing will be drawn.",
            "Make room, or lower RETENTION_DAYS.",
        )
    return good(f"Disk: {free_mb:,} MB free.")


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version
    if not has_wal_reset_bug(sqlite3.sqlite_version_info[:3]):
        return good(f"SQLite: {version}.")
    return note(
        f"SQLite: {version} can corrupt a file that two connections write (the WAL-reset bug). "
        "Limner writes through one connection and locks the file, so it is safe here.",
        "Don't open the database for writing with another program; 3.51.3 has the mend.",
    )


def _owner(settings: Settings, now: datetime) -> Iterator[Finding]:
    there = now.astimezone(ZoneInfo(settings.timezone))
    yield good(f"Time zone: {settings.timezone}, where it is {there:%H:%M}; a day ends at 00:00.")
    if settings.alert_webhook_url is None:
        yield note("Alerts: in the log only.", "Set ALERT_WEBHOOK_URL to be told elsewhere.")
    else:
        yield good("Alerts: posted to ALERT_WEBHOOK_URL.")
    if not settings.operator_contact:
        yield note("Nobody learns how to reach you.", "Set OPERATOR_CONTACT; /help shows it.")


def _limit(micros: int | None) -> str:
    return "no limit" if micros is None else money(micros)


def _others_may_read(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError:
        return False
    return True
