"""What happens when somebody presses a button or picks from a menu, also after a restart."""

import re
from typing import Any, Self

import discord
from discord import ui

from adapters.chat.custom_ids import RESULT, CustomId
from adapters.chat.result_controls import plan_of
from adapters.discord.actions import answers
from adapters.discord.actions.draw import draw
from adapters.discord.actions.first_answer import fill, leave_as_it_is, open_form
from adapters.discord.actions.replies import answer, reporting_errors
from adapters.discord.context import Context, Interaction
from adapters.discord.delivery import card_delivery
from adapters.discord.forms.modals import Written
from adapters.discord.forms.reason_forms import report_form
from adapters.discord.forms.request_form import request_form
from adapters.discord.rendering import job_card
from adapters.discord.rendering.form_ids import FormId
from adapters.discord.rendering.markup import sentence
from bot.domain.asker import Asker
from bot.domain.case import Category
from bot.errors import NotFound
from bot.jobs.drafts import Edit, Plan, Upscale
from bot.request.commands import PRIVATE
from bot.request.forms import read_prompt
from bot.wording import answers as said
from bot.wording import labels
from bot.wording.moderation import commands, reports

FACTS_TEMPLATE = r"^-# .* · `(?P<job>[0-9a-z]{8})`$"


def context_of(interaction: Interaction) -> Context:
    return interaction.client.here  # type: ignore[attr-defined,no-any-return]  # DiscordBot's own


class Press(ui.DynamicItem[ui.Item[Any]], template=RESULT):
    """Any button or menu of a card; all it knows is in its custom id."""

    def __init__(self, item: ui.Item[Any], pressed: CustomId) -> None:
        super().__init__(item)
        self.pressed = pressed

    @classmethod
    async def from_custom_id(
        cls, _: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item, CustomId.of(match))

    async def callback(self, interaction: Interaction) -> None:
        chosen = self.item.values[0] if isinstance(self.item, ui.Select) else ""
        here = context_of(interaction)

        async def act() -> None:
            asker = await here.asker(interaction)
            await act_on(here, interaction, asker, self.pressed, chosen)

        await reporting_errors(interaction, act)


async def act_on(
    here: Context, interaction: Interaction, asker: Asker, pressed: CustomId, chosen: str
) -> None:
    """Do what a pressed button or menu stands for. Raises BotError."""
    job = pressed.job
    if plan := plan_of(pressed):
        await redraw(here, interaction, asker, plan)
        return
    match pressed.verb:
        case "edit":
            await ask_for_changes(here, interaction, asker, job)
        case "tell":
            await tell_me(here, interaction, asker, job)
        case "files":
            await answers.files(here, interaction, asker, job)
        case "cancel":
            await answers.cancel(here, interaction, asker, job)
        case "look":
            await second_look(here, interaction, asker, job)
        case "takedown":
            await take_down(here, interaction, asker, job)
        case "more":
            verb, _, which = chosen.partition(":")
            await choose(here, interaction, asker, job, verb, int(which) if which else None)


async def choose(
    here: Context, interaction: Interaction, asker: Asker, job: str, verb: str, number: int | None
) -> None:
    """Do what was chosen in the menu."""
    match verb:
        case "upscale":  # of cards from before it was a button
            await redraw(here, interaction, asker, Upscale(job, number or 1))
        case "favourite":
            await answers.favourite(here, interaction, asker, job)
        case "parameters":
            await answers.parameters(here, interaction, asker, job)
        case "look":
            await second_look(here, interaction, asker, job)
        case "report":
            await ask_for_reason(here, interaction, asker, job)
        case "delete":
            await answers.delete(here, interaction, asker, job, number)


async def redraw(here: Context, interaction: Interaction, asker: Asker, what: Plan) -> None:
    draft = await here.services.studio.plan(asker, what)
    await draw(here, interaction, asker, draft)


async def ask_for_changes(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    """Open the form with the current values; Discord accepts one as the first answer only."""
    await here.services.studio.show(asker, job)
    before = await here.services.studio.request_of(asker, job)
    form = request_form(labels.CHANGE_AND_DRAW, FormId("edit", job), before)
    await open_form(interaction, form)


async def edit(
    here: Context, interaction: Interaction, asker: Asker, job: str, written: Written
) -> None:
    """Draw what a sent form asks for, based on the earlier result."""
    values = written.request_values()
    private = values.pop(PRIVATE.short)
    typed = read_prompt(values)
    wanted = Edit(
        job,
        {"negative_prompt": "", **typed.fields},
        private=private or typed.private,
        notes=typed.notes,
    )
    await redraw(here, interaction, asker, wanted)


async def ask_for_reason(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    await here.services.studio.show(asker, job)
    await open_form(interaction, report_form(job))


async def report(
    here: Context,
    interaction: Interaction,
    asker: Asker,
    job: str,
    reason: str,
    category: Category,
) -> None:
    new = await here.services.reactions.report(asker, job, reason, category)
    await answer(interaction, reports.reported(new=new))


async def tell_me(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    waits = await here.services.studio.tell_me(asker, job)
    await answer(interaction, said.tells_you(job, waits=waits))


async def second_look(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    await here.services.studio.second_look(asker, job)
    await answer(interaction, reports.second_look(job), colour=job_card.REVIEW)


async def take_down(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    """From the moderators' channel: the notice says who did it."""
    await leave_as_it_is(interaction)
    await here.services.sanctions.take_down(asker, job)
    layout = job_card.notice(sentence(commands.taken_down(job, asker.person)), job_card.DONE)
    await fill(interaction, layout)


def job_of(message: discord.Message) -> str:
    """The public id of the result that one of our messages shows. Raises NotFound."""
    texts = card_delivery.texts_in(message)
    for text in texts:
        if pressed := CustomId.read(text):
            return pressed.job
    # A card in review has no buttons; the id ends its facts.
    for text in texts:
        if found := re.search(FACTS_TEMPLATE, text, re.MULTILINE):
            return found["job"]
    raise NotFound("result_there")
