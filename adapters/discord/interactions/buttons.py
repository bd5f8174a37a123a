"""What happens when somebody presses a button or picks from a menu, also after a restart."""

import re
from collections.abc import Mapping
from typing import Any, Self

import discord
from discord import ui

from adapters.discord.actions import answers
from adapters.discord.actions.draw import DrawRequest, draw
from adapters.discord.actions.replies import answer, reporting_errors
from adapters.discord.context import Context, Interaction
from adapters.discord.delivery import card_delivery
from adapters.discord.forms.modals import Written
from adapters.discord.forms.reason_forms import report_form
from adapters.discord.forms.request_form import request_form
from adapters.discord.rendering import job_card
from adapters.discord.rendering.custom_ids import TEMPLATE, CustomId, FormId
from bot.domain.asker import Asker
from bot.domain.case import Category
from bot.domain.job_view import JobView
from bot.errors import Conflict, NotFound
from bot.jobs.studio import UPSCALE_STRENGTH, VARY_STRENGTH, CardPlace, enlarged
from bot.request import options
from bot.request.commands import PRIVATE
from bot.request.image_request import ImageRequest
from bot.wording import Code, say

FACTS_TEMPLATE = r"^-# .* · `(?P<job>[0-9a-z]{8})`$"


def context_of(interaction: Interaction) -> Context:
    return interaction.client.here  # type: ignore[attr-defined,no-any-return]  # DiscordBot's own


class Press(ui.DynamicItem[ui.Item[Any]], template=TEMPLATE):
    """Any button or menu of a card; all it knows is in its custom id."""

    def __init__(self, item: ui.Item[Any], pressed: CustomId) -> None:
        super().__init__(item)
        self.pressed = pressed

    @classmethod
    async def from_custom_id(
        cls, _: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        picture = int(match["picture"]) if match["picture"] else None
        return cls(item, CustomId(match["verb"], match["job"], picture))

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
    """One press. Raises BotError."""
    job, number = pressed.job, pressed.picture or 1
    match pressed.verb:
        case "again":
            await again(here, interaction, asker, job)
        case "vary":
            await vary(here, interaction, asker, job, number)
        case "edit":
            await ask_for_changes(here, interaction, asker, job)
        case "files":
            await answers.files(here, interaction, asker, job)
        case "cancel":
            await answers.cancel(here, interaction, asker, job)
        case "look":
            await second_look(here, interaction, asker, job)
        case "more":
            verb, _, which = chosen.partition(":")
            await choose(here, interaction, asker, job, verb, int(which) if which else None)


async def choose(
    here: Context, interaction: Interaction, asker: Asker, job: str, verb: str, number: int | None
) -> None:
    """One line of the menu."""
    match verb:
        case "upscale":
            await upscale(here, interaction, asker, job, number or 1)
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


async def again(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    view = await here.services.studio.show(asker, job)
    request = await here.services.studio.request_of(asker, job)

    async def begin(who: Asker, event_id: str, place: CardPlace) -> JobView:
        return await here.services.studio.again(who, job, event_id=event_id, card=place)

    await draw(here, interaction, asker, DrawRequest(request, begin, view.private))


async def vary(
    here: Context, interaction: Interaction, asker: Asker, job: str, number: int
) -> None:
    view = await with_picture(here, asker, job, number)
    request = await here.services.studio.request_of(asker, job)
    size = {"width": view.width_px, "height": view.height_px}
    wanted = changed(request, {**size, "strength": VARY_STRENGTH})

    async def begin(who: Asker, event_id: str, place: CardPlace) -> JobView:
        return await here.services.studio.vary(who, job, number, event_id=event_id, card=place)

    await draw(here, interaction, asker, DrawRequest(wanted, begin, view.private))


async def upscale(
    here: Context, interaction: Interaction, asker: Asker, job: str, number: int
) -> None:
    view = await with_picture(here, asker, job, number)
    request = await here.services.studio.request_of(asker, job)
    size = enlarged(view.width_px, view.height_px)
    if size is None:
        raise Conflict("largest")
    changes = {"width": size[0], "height": size[1], "num_images": 1}
    wanted = changed(request, {**changes, "strength": UPSCALE_STRENGTH})

    async def begin(who: Asker, event_id: str, place: CardPlace) -> JobView:
        return await here.services.studio.upscale(who, job, number, event_id=event_id, card=place)

    await draw(here, interaction, asker, DrawRequest(wanted, begin, view.private))


async def ask_for_changes(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    """The form with the current values; a form must be the first answer."""
    await here.services.studio.show(asker, job)
    before = await here.services.studio.request_of(asker, job)
    form = request_form("Change and draw", FormId("edit", job), before)
    await interaction.response.send_modal(form)


async def edit(
    here: Context, interaction: Interaction, asker: Asker, job: str, written: Written
) -> None:
    """The form was sent: what was asked before, but for what it says now."""
    studio = here.services.studio
    view = await studio.show(asker, job)
    before = await studio.request_of(asker, job)
    written_values = written.request_values()
    private = written_values.pop(PRIVATE.short) or view.private
    open_again = dict.fromkeys(before.model_fields_set - {"image"})
    changes = {**open_again, "negative_prompt": "", **written_values}
    image = {"image": before.image} if before.image else {}
    request = options.validate({**changes, **image})

    async def begin(who: Asker, event_id: str, place: CardPlace) -> JobView:
        return await studio.edit(who, job, changes, event_id=event_id, card=place, private=private)

    await draw(here, interaction, asker, DrawRequest(request, begin, private))


async def ask_for_reason(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    await here.services.studio.show(asker, job)
    await interaction.response.send_modal(report_form(job))


async def report(
    here: Context,
    interaction: Interaction,
    asker: Asker,
    job: str,
    reason: str,
    category: Category,
) -> None:
    new = await here.services.reactions.report(asker, job, reason, category)
    if new:
        await answer(interaction, say("Thank you. The moderators are told."))
    else:
        await answer(interaction, say("You have reported this before; the moderators know."))


async def second_look(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    await here.services.studio.second_look(asker, job)
    await answer(
        interaction,
        say("Another moderator looks at {} now. You will be told the outcome.", Code(job)),
        colour=job_card.REVIEW,
    )


def changed(request: ImageRequest, changes: Mapping[str, Any]) -> ImageRequest:
    """`request` as if `changes` had been asked for."""
    asked = {name: getattr(request, name) for name in request.model_fields_set}
    return options.validate({**asked, **changes})


async def with_picture(here: Context, asker: Asker, job: str, number: int) -> JobView:
    """Raises NotFound when the picture is gone."""
    view = await here.services.studio.show(asker, job)
    if number not in [picture.number for picture in view.pictures]:
        raise NotFound("picture", f"{job} {number}")
    return view


def job_of(message: discord.Message) -> str:
    """The public id of the result that one of our messages shows. Raises NotFound."""
    texts = card_delivery.texts_in(message)
    for text in texts:
        if found := re.fullmatch(TEMPLATE, text):
            return found["job"]
    # A card in review has no buttons; the id ends its facts.
    for text in texts:
        if found := re.search(FACTS_TEMPLATE, text, re.MULTILINE):
            return found["job"]
    raise NotFound("result_there")
