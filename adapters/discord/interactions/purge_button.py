"""The button that takes down what a member drew lately; it works after a restart, too."""

import re
from datetime import datetime
from typing import Any, Self

import discord
from discord import ui

from adapters.chat.custom_ids import PURGE, PurgeId
from adapters.discord.actions.first_answer import fill, leave_as_it_is
from adapters.discord.actions.replies import answer, reporting_errors
from adapters.discord.context import Context, Interaction
from adapters.discord.interactions.buttons import context_of
from adapters.discord.rendering import job_card
from adapters.discord.rendering.markup import sentence
from bot.domain.asker import Asker
from bot.wording.moderation import commands


class PurgePress(ui.DynamicItem[ui.Button[Any]], template=PURGE):
    def __init__(self, item: ui.Button[Any], pressed: PurgeId) -> None:
        super().__init__(item)
        self.pressed = pressed

    @classmethod
    async def from_custom_id(
        cls, _: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item, PurgeId.of(match))  # type: ignore[arg-type]  # only buttons carry it

    async def callback(self, interaction: Interaction) -> None:
        here = context_of(interaction)

        async def act() -> None:
            await leave_as_it_is(interaction)
            asker, whom = await here.asker(interaction), self.pressed.person
            done = await here.services.sanctions.purge(asker, whom, self.pressed.since)
            layout = job_card.notice(sentence(commands.purged(whom, done)), job_card.DONE)
            await fill(interaction, layout)

        await reporting_errors(interaction, act)


async def ask(
    here: Context, interaction: Interaction, asker: Asker, person: str, since: datetime
) -> None:
    """Say how much would be taken down, with the button that does it."""
    since = since.replace(microsecond=0)  # as the button says it
    found = await here.services.sanctions.purgeable(asker, person, since)
    words = commands.purge_question(person, found)
    if not found.pictures:
        await answer(interaction, words)
        return
    button: ui.Button[Any] = ui.Button(
        label=commands.purge(found),
        style=discord.ButtonStyle.danger,
        custom_id=str(PurgeId(person, since)),
    )
    await answer(interaction, words, ui.ActionRow(button), colour=job_card.FAILED)
