"""/limner reset: what admins set, taken back, so that the bot owner's defaults hold again."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice

from adapters.discord.actions.replies import answer
from adapters.discord.context import Context, Interaction
from bot.domain.asker import DISCORD
from bot.domain.community_settings import CommunitySettings
from bot.wording.settings import commands as said

# What each choice gives back to its default.
_FIELDS = {
    "server_budget": ("day_micros", "month_micros"),
    "member_budget": ("person_day_micros", "person_month_micros"),
    "role_budgets": ("role_day_micros", "role_month_micros"),
    "channels": ("channels",),
    "moderators": ("moderator_channel",),
    "role": ("moderator_role",),
    "trusted": ("trusted_roles",),
    "flagged_here": ("flagged_channels",),
}


@app_commands.choices(what=[Choice(name=name, value=what) for what, name in said.RESETS.items()])
async def reset(
    here: Context, interaction: Interaction, what: str, role: discord.Role | None = None
) -> None:
    asker, administration = await here.admin(interaction), here.services.administration
    kept = await administration.change(asker, partial(_changes, what, role))
    hearing = await here.moderators.hearing(asker.community)
    await answer(interaction, said.shown(kept, DISCORD, hearing))


def _changes(what: str, role: discord.Role | None, known: CommunitySettings) -> dict[str, Any]:
    usual = CommunitySettings()
    if what == "role_budgets" and role is not None:
        key = str(role.id)
        return {
            name: {each: limit for each, limit in getattr(known, name).items() if each != key}
            for name in _FIELDS[what]
        }
    return {name: getattr(usual, name) for name in _FIELDS[what]}
