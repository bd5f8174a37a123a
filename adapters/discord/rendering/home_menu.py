"""The menu of servers, one of which pays for what somebody draws in private."""

from collections.abc import Sequence

import discord
from discord import ui

from adapters.discord.platform.limits import SELECT_OPTION_MAX_CHARS
from bot.text import one_line
from bot.wording.labels import CHOOSE_HOME

HOME = "home"


def home_menu(homes: Sequence[tuple[str, str]]) -> ui.ActionRow[ui.LayoutView]:
    """`homes` are ids and names."""
    options = [
        discord.SelectOption(label=one_line(name, SELECT_OPTION_MAX_CHARS), value=community)
        for community, name in homes
    ]
    return ui.ActionRow(ui.Select(custom_id=HOME, placeholder=CHOOSE_HOME, options=options))
