"""The buttons of the privacy card: for whoever presses them, about themselves."""

import re
from typing import Any, Self

from discord import ui

from adapters.discord.actions import answers
from adapters.discord.actions.replies import reporting_errors
from adapters.discord.context import Interaction
from adapters.discord.interactions.buttons import context_of


class PrivacyPress(
    ui.DynamicItem[ui.Button[Any]], template=r"privacy:(?P<verb>export|erase|erase-now)"
):
    def __init__(self, item: ui.Button[Any], verb: str) -> None:
        super().__init__(item)
        self.verb = verb

    @classmethod
    async def from_custom_id(
        cls, _: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item, match["verb"])  # type: ignore[arg-type]  # only buttons carry it

    async def callback(self, interaction: Interaction) -> None:
        here = context_of(interaction)

        async def act() -> None:
            if self.verb == "export":
                await answers.export(here, interaction)
            elif self.verb == "erase":
                await answers.ask_to_erase(interaction)
            else:
                await answers.erase(here, interaction)

        await reporting_errors(interaction, act)
