"""What admins typed → changes of a server's settings. Pure."""

from typing import Any

import discord
from discord import app_commands

from adapters.chat.admin_input import DOLLARS_MAX
from bot.domain.community_settings import CommunitySettings
from bot.domain.pricing import MICROS_PER_DOLLAR

Dollars = app_commands.Range[float, 0.0, DOLLARS_MAX]


def in_micros(**dollars: float | None) -> dict[str, Any]:
    return {n: round(v * MICROS_PER_DOLLAR) for n, v in dollars.items() if v is not None}


def budget_changes(
    whose: str,
    role: discord.Role | None,
    day: float | None,
    month: float | None,
    known: CommunitySettings,
) -> dict[str, Any]:
    if role is not None:
        key = str(role.id)
        days = in_micros(**{key: day})
        months = in_micros(**{key: month})
        changes: dict[str, Any] = {}
        if days:
            changes["role_day_micros"] = {**known.role_day_micros, **days}
        if months:
            changes["role_month_micros"] = {**known.role_month_micros, **months}
        return changes
    if whose == "member":
        return in_micros(person_day_micros=day, person_month_micros=month)
    return in_micros(day_micros=day, month_micros=month)
