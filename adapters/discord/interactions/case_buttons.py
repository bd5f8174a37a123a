"""What moderators do with a case, by the buttons of its card; they work after a restart, too."""

import re
from io import BytesIO
from typing import Any, Self

import discord
from discord import MediaGalleryItem, ui

from adapters.chat import case_controls, moderation
from adapters.chat.custom_ids import CASE, QUEUE, CaseId
from adapters.discord.actions.first_answer import fill, leave_as_it_is, open_form, think, whisper
from adapters.discord.actions.replies import answer, decline, reporting_errors
from adapters.discord.context import Context, Interaction
from adapters.discord.delivery.moderators_channel import past_automod
from adapters.discord.forms.reason_forms import decision_form
from adapters.discord.interactions.buttons import context_of
from adapters.discord.rendering import case_card, job_card
from adapters.discord.rendering.markup import sentence
from bot.domain.asker import DISCORD, Asker
from bot.domain.case import Case, Decision
from bot.errors import BotError, Conflict, NotYours
from bot.images.result import PictureType
from bot.wording import Sentence
from bot.wording.moderation import cases, decisions

# What changes the case, and then the card that was pressed; other presses open something.
_CHANGES = frozenset({"claim", "release", "undo", *Decision}) - set(moderation.ASK_WHY)


class CasePress(ui.DynamicItem[ui.Button[Any]], template=CASE):
    """A button of a case's card; all it knows is in its custom id."""

    def __init__(self, item: ui.Button[Any], pressed: CaseId) -> None:
        super().__init__(item)
        self.pressed = pressed

    @classmethod
    async def from_custom_id(
        cls, _: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item, CaseId.of(match))  # type: ignore[arg-type]  # only buttons carry it

    async def callback(self, interaction: Interaction) -> None:
        here = context_of(interaction)

        async def act() -> None:
            if self.pressed.verb in _CHANGES:
                await leave_as_it_is(interaction)
            await act_on_case(here, interaction, await here.asker(interaction), self.pressed)

        await reporting_errors(interaction, act)


class QueuePick(ui.DynamicItem[ui.Select[Any]], template=QUEUE):
    """The menu of the queue."""

    @classmethod
    async def from_custom_id(cls, _: Interaction, item: ui.Item[Any], __: re.Match[str], /) -> Self:
        return cls(item)  # type: ignore[arg-type]  # only a menu carries it

    async def callback(self, interaction: Interaction) -> None:
        here = context_of(interaction)

        async def act() -> None:
            await show_case(here, interaction, await here.asker(interaction), self.item.values[0])

        await reporting_errors(interaction, act)


async def show_case(here: Context, interaction: Interaction, asker: Asker, case_id: str) -> None:
    """Show a case's card to one moderator alone."""
    case = await here.services.reviews.case(asker, case_id)
    layout = case_card.card(case, here.services.clock.now())
    await whisper(interaction, layout)


async def act_on_case(
    here: Context, interaction: Interaction, asker: Asker, pressed: CaseId
) -> None:
    """Do what a pressed button stands for. Raises BotError; an outdated card is redrawn."""
    case = await here.services.reviews.case(asker, pressed.case)
    if case.is_about(asker):
        raise NotYours("about_you")
    try:
        with here.moderators.pressing(case.id):
            await _act(here, interaction, asker, pressed, case)
    except Conflict as late:
        await _tell_how_it_stands(here, interaction, asker, case.id, late)


async def _act(
    here: Context, interaction: Interaction, asker: Asker, pressed: CaseId, case: Case
) -> None:
    now = here.services.clock.now()
    match pressed.verb:
        case "reveal":
            await _reveal(here, interaction, asker, case)
        case "bare":
            await _show_bare(here, interaction, asker, case, pressed.picture or 1)
        case verb if verb in moderation.ASK_WHY:
            moderation.check_decidable(case, asker, now)
            await open_form(interaction, decision_form(case, Decision(verb)))
        case verb:
            changed = await moderation.act(here.services.reviews, asker, case, verb, now)
            await _redraw(here, interaction, changed)


async def decide_with_reason(
    here: Context,
    interaction: Interaction,
    asker: Asker,
    case_id: str,
    decision: Decision,
    reason: str,
) -> None:
    """Decide with the reason of a sent form. Raises BotError; an outdated card is redrawn."""
    try:
        with here.moderators.pressing(case_id):
            decided = await here.services.reviews.decide(asker, case_id, decision, reason)
    except Conflict as late:
        await _tell_how_it_stands(here, interaction, asker, case_id, late)
        return
    await _redraw(here, interaction, decided)
    if decision is Decision.ESCALATE:
        words = decisions.decided(decided, here.services.contact)
        await answer(interaction, words, colour=job_card.FAILED)


# --- the card that was pressed ------------------------------------------------------------------


async def _redraw(here: Context, interaction: Interaction, case: Case) -> None:
    """Redraw the pressed card; revealed pictures beside it are removed."""

    async def draw(*, with_words: bool) -> None:
        await fill(
            interaction, case_card.card(case, here.services.clock.now(), with_words=with_words)
        )

    is_drawn = await leave_as_it_is(interaction)
    if is_drawn:
        await past_automod(draw)
    pressed = interaction.message
    if pressed is not None and not pressed.flags.ephemeral:
        here.moderators.remember(case.id, pressed.channel.id, pressed.id)

    async def redraw(changed: Case) -> None:
        if pressed is not None and pressed.flags.ephemeral:
            await fill(interaction, case_card.card(changed, here.services.clock.now()))

    here.moderators.follow(case, pressed.id if pressed and is_drawn else 0, redraw)


async def _tell_how_it_stands(
    here: Context, interaction: Interaction, asker: Asker, case_id: str, error: BotError
) -> None:
    """Somebody was faster: redraw the card, and tell the one who pressed who it was."""
    case = await here.services.reviews.case(asker, case_id)
    await _redraw(here, interaction, case)
    words = cases.too_late(case, error, here.services.clock.now(), DISCORD)
    await decline(interaction, sentence(words))


# --- looking ------------------------------------------------------------------------------------


async def _reveal(here: Context, interaction: Interaction, asker: Asker, case: Case) -> None:
    """Show blurred pictures and the prompt to one moderator; private prompts are audited."""
    reviews = here.services.reviews
    prompt = await reviews.prompt(asker, case.id)
    await think(interaction, private=True)
    blurred = {
        each.number: await reviews.blurred(asker, case.id, each.number)
        for each in case.pictures
        if each.there
    }
    files = [discord.File(BytesIO(data), f"blurred-{n}.webp") for n, data in blurred.items()]
    words = cases.revealed(case, prompt, job_card.PROMPT_SHOWN_MAX_CHARS)
    more = [case_controls.bare(case), *case_controls.decisions(case)]
    await _show_files(interaction, words, files, more)


async def _show_bare(
    here: Context, interaction: Interaction, asker: Asker, case: Case, number: int
) -> None:
    """Show one unblurred picture to one moderator; it is audited."""
    await think(interaction, private=True)
    found = await here.services.reviews.reveal(asker, case.id, number)
    if len(found.data) > interaction.filesize_limit:
        layout = job_card.notice(sentence(cases.TOO_LARGE), job_card.FAILED)
        await fill(interaction, layout)
        return
    name = f"case-{case.id}-{number}{PictureType(found.media_type).suffix}"
    file = discord.File(BytesIO(found.data), name)
    words = cases.seen_bare(case, number)
    await _show_files(interaction, words, [file], case_controls.decisions(case))


async def _show_files(
    interaction: Interaction,
    words: Sentence,
    files: list[discord.File],
    more: list[case_controls.Row],
) -> None:
    gallery: ui.MediaGallery[Any] = ui.MediaGallery(
        *(MediaGalleryItem(f"attachment://{file.filename}") for file in files)
    )
    layout = job_card.notice(sentence(words), job_card.REVIEW, gallery, *case_card.rows(more))
    await fill(interaction, layout, files)
