"""What somebody picks of the menu of servers: the one that pays for their private pictures."""

import re
from typing import Any, Self

from discord import ui

from adapters.discord.actions.replies import answer, reporting_errors
from adapters.discord.context import Interaction
from adapters.discord.interactions.buttons import context_of
from adapters.discord.rendering import job_card
from adapters.discord.rendering.home_menu import HOME
from bot.wording.answers import home_chosen


class HomePick(ui.DynamicItem[ui.Select[Any]], template=HOME):
    @classmethod
    async def from_custom_id(cls, _: Interaction, item: ui.Item[Any], __: re.Match[str], /) -> Self:
        return cls(item)  # type: ignore[arg-type]  # only a menu carries it

    async def callback(self, interaction: Interaction) -> None:
        here = context_of(interaction)

        async def act() -> None:
            home = await here.homes.choose(interaction.user.id, self.item.values[0])
            await answer(interaction, home_chosen(home.name), colour=job_card.DONE)

        await reporting_errors(interaction, act)
