"""From a command, a button or a form to a job: pre-flight, acknowledgement, hold."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord

from adapters.discord.actions.first_answer import think
from adapters.discord.context import Context, Interaction, is_member_here
from adapters.discord.delivery.card_address import CardAddress
from adapters.discord.delivery.card_delivery import expiry_of
from adapters.discord.delivery.pending_cards import FREE, INTERACTION
from adapters.discord.platform.limits import NEEDED, NEEDED_IN_THREADS
from adapters.discord.platform.web_api import TROUBLE
from bot.domain.asker import DISCORD, Asker
from bot.domain.job import job_key
from bot.domain.pending_card import PendingCard
from bot.errors import BadRequest, CantPost, Problem
from bot.images.header import IMAGE_MAX_BYTES, IMAGE_TYPES
from bot.jobs.drafts import CardPlace, Draft
from bot.request import options
from bot.request.commands import PRIVATE
from bot.request.forms import SIZE, STYLE, read_prompt, read_size

# The time for checks before the acknowledgement, for which Discord waits 3 s:
# https://docs.discord.com/developers/interactions/receiving-and-responding
PREFLIGHT_S = 1.0
DOWNLOAD_S = 15.0

# Fetches a starting image; as it is slow, it is called after the acknowledgement.
Fetch = Callable[[], Awaitable[bytes]]


async def draw_new(
    here: Context,
    interaction: Interaction,
    asker: Asker,
    values: dict[str, Any],
    fetch: Fetch | None = None,
) -> None:
    """`values` are options by the names that people see, or fields of a request."""
    private = bool(values.pop(PRIVATE.short, False))
    typed = read_prompt(values)
    values, private = typed.fields, private or typed.private
    if size := values.pop(SIZE.short, ""):
        values = {**read_size(size), **values}
    if style := values.pop(STYLE.short, ""):
        values = await here.services.presets.apply(asker, style, values)
    draft = Draft(options.validate(values), private, notes=typed.notes)
    await draw(here, interaction, asker, draft, fetch)


async def draw(
    here: Context,
    interaction: Interaction,
    asker: Asker,
    draft: Draft,
    fetch: Fetch | None = None,
) -> None:
    """Refuse privately, or acknowledge and queue the job. Raises BotError.

    Until the job is there `reporting_errors` knows of the pending card by `extras["pending"]`, then
    of the job by `extras["job"]`; `extras["costs"]` is whether something could have been charged.
    """
    if not draft.private:
        refuse_where_mute(interaction)
    with here.acks.ahead():
        quote = await here.services.studio.quote(asker, draft.request, within_s=PREFLIGHT_S)
        interaction.extras["costs"] = quote.micros > 0
        pending = await _announced(here, interaction, asker, draft)
        message = await think(interaction, private=draft.private)
    await here.acks.given()
    place = CardPlace(DISCORD, address_of(interaction, message, draft).to_record())
    if fetch is not None:
        draft = draft.starting_from(await fetch())
    view = await here.services.studio.submit(asker, draft, event_id=str(interaction.id), card=place)
    here.pending_cards.made(pending)
    del interaction.extras["pending"]
    interaction.extras["job"] = view.public_id


async def _announced(here: Context, interaction: Interaction, asker: Asker, draft: Draft) -> str:
    """Store what is asked for before anybody is told that it is taken up. Returns the job's key."""
    event, address = str(interaction.id), address_of(interaction, 0, draft).to_record()
    typed = interaction.type is not discord.InteractionType.component
    card = PendingCard(
        key=job_key(DISCORD, asker.community, event),
        platform=DISCORD,
        community=asker.community,
        channel=asker.channel,
        at=here.services.clock.now(),
        person=asker.person,
        address={**address, INTERACTION: interaction.id, FREE: not interaction.extras["costs"]},
        words=interaction.extras.get("written") or (draft.request.prompt if typed else ""),
    )
    interaction.extras["pending"] = card.key
    await here.pending_cards.announce(card)
    return card.key


def address_of(interaction: Interaction, message: int, draft: Draft) -> CardAddress:
    guild = interaction.guild_id or 0
    direct = interaction.context.dm_channel
    return CardAddress(
        application_id=interaction.application_id,
        person=interaction.user.id,
        token=interaction.token,
        token_expires_at=expiry_of(interaction.created_at),
        guild=guild,
        channel=interaction.channel_id or 0,
        message=message,
        private=draft.private,
        reachable=direct or is_member_here(interaction),
        file_limit_bytes=interaction.filesize_limit,
    )


def refuse_where_mute(interaction: Interaction) -> None:
    """Raises CantPost where the bot could not post the result, so that nothing is drawn in vain."""
    if not is_member_here(interaction):
        return
    held = interaction.app_permissions
    is_thread = isinstance(interaction.channel, discord.Thread)
    needed = NEEDED_IN_THREADS if is_thread else NEEDED
    missing = tuple(words for name, words in needed.items() if not getattr(held, name))
    if missing:
        raise CantPost(missing=missing)


def check_attachment(image: discord.Attachment) -> None:
    """Check type and size of a picture before it is fetched. Raises BadRequest."""
    if not image.size:
        raise BadRequest((Problem("image", "image_empty", {}),))
    kind = (image.content_type or "").partition(";")[0]
    if kind and kind not in IMAGE_TYPES:
        raise BadRequest((Problem("image", "image_type", {}),))
    if image.size > IMAGE_MAX_BYTES:
        raise BadRequest((Problem("image", "image_too_large", {}),))


async def fetched(image: discord.Attachment) -> bytes:
    """The bytes of a picture. Raises BadRequest."""
    check_attachment(image)
    try:
        async with asyncio.timeout(DOWNLOAD_S):
            return await image.read()
    except TROUBLE:
        raise BadRequest((Problem("image", "image_gone", {}),)) from None
