"""/limner: shown to those who may manage the server, and checked again at every call."""

from typing import Any

import discord
from discord import app_commands

from adapters.discord.commands import autocomplete
from adapters.discord.commands.autocomplete import suggesting
from adapters.discord.commands.settings_commands import (
    block,
    models,
    pause,
    resume,
    settings,
    setup,
    undo,
)
from adapters.discord.commands.signatures import Callback, bound
from adapters.discord.commands.spending_commands import budget, grant, spend
from adapters.discord.context import Context
from bot.wording.settings.commands import COMMANDS, LIMNER

# In the order that Discord shows.
_COMMANDS: tuple[Callback, ...] = (
    setup,
    settings,
    budget,
    models,
    grant,
    block,
    undo,
    spend,
    pause,
    resume,
)


def limner(here: Context) -> app_commands.Group:
    group = app_commands.Group(
        name="limner",
        description=LIMNER,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    for act in _COMMANDS:
        known = COMMANDS[act.__name__]
        callback = app_commands.describe(**known.options)(bound(here, act))
        group.command(description=known.help)(callback)
    chosen: Any = group.get_command("models")
    chosen.autocomplete("model")(suggesting(here, autocomplete.offered))
    return group
