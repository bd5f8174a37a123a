"""/limner budget, grant and spend."""

from functools import partial

import discord
from discord import app_commands
from discord.app_commands import Choice

from adapters.chat.admin_input import DOLLARS_MAX
from adapters.discord.actions.replies import answer
from adapters.discord.context import Context, Interaction
from adapters.discord.forms.arguments import Dollars, budget_changes
from adapters.discord.rendering import job_card
from bot.domain.asker import DISCORD
from bot.domain.budgets import Window
from bot.domain.pricing import MICROS_PER_DOLLAR
from bot.wording.settings import commands as said


@app_commands.choices(whose=[Choice(name=name, value=whose) for whose, name in said.WHOSE.items()])
async def budget(
    here: Context,
    interaction: Interaction,
    whose: str = "server",
    role: discord.Role | None = None,
    day: Dollars | None = None,
    month: Dollars | None = None,
) -> None:
    asker = await here.admin(interaction)
    changes = partial(budget_changes, whose, role, day, month)
    known = await here.services.administration.change(asker, changes)
    await answer(interaction, said.budgets(known, DISCORD))


@app_commands.choices(
    window=[Choice(name=name, value=window) for window, name in said.WINDOWS.items()]
)
async def grant(
    here: Context,
    interaction: Interaction,
    member: discord.Member,
    amount: app_commands.Range[float, 0.0001, DOLLARS_MAX],
    window: str = "day",
) -> None:
    asker, micros = await here.admin(interaction), round(amount * MICROS_PER_DOLLAR)
    span: Window = "month" if window == "month" else "day"
    person, event = str(member.id), str(interaction.id)
    await here.services.administration.grant(asker, person, span, micros, event)
    await answer(interaction, said.granted(person, micros, span), colour=job_card.DONE)


async def spend(here: Context, interaction: Interaction) -> None:
    found = await here.services.administration.spend(await here.admin(interaction))
    await answer(interaction, said.spent(found, DISCORD))
