"""The bot that runs beside this command, if any."""

# ruff: noqa: PLC0415  (a command beside a running bot pays for a client, not for a bot)

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TypeVar

from adapters.terminal import control_socket
from adapters.terminal.client import RemoteBot, client
from bot.accounts.owner import Owner
from bot.cli.output import make_data_dir, telling
from bot.config import logs
from bot.config.settings import Settings
from bot.errors import Misconfigured

T = TypeVar("T")

# The command logs only problems: everything else it says itself.
COMMAND_LOG_LEVEL = "warning"


@asynccontextmanager
async def running_bot(settings: Settings) -> AsyncIterator[RemoteBot | None]:
    """The bot that runs on this DATA_DIR, None if none answers. Raises Misconfigured."""
    address = control_socket.find(control_socket.path_of(settings.database_path))
    if address is None:
        yield None
        return
    async with client(address) as http:
        bot = RemoteBot(http)
        found = await bot.who()
        if found is not None and found.version != (own := version("limner")):
            why = f"The bot that runs is {found.version}, this is {own}. Restart the bot."
            raise Misconfigured((why,))
        yield bot if found else None


def as_owner(settings: Settings, do: Callable[[RemoteBot | Owner], Awaitable[T]]) -> T:
    """Let the running bot `do` it, or do it on the store itself."""

    async def either() -> T:
        async with running_bot(settings) as remote:
            if remote is not None:
                return await do(remote)
        from bot.app.composition import build_app

        make_data_dir(settings)
        async with build_app(settings) as app:
            return await do(Owner(app.administration, app.privacy, app.claims))

    logs.configure(settings, COMMAND_LOG_LEVEL)
    with telling():
        return asyncio.run(either())
