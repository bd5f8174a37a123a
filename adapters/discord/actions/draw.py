"""From a command, a button or a form to a job: pre-flight, acknowledgement, hold."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord.context import Context, Interaction, is_member_here
from adapters.discord.delivery.card_address import CardAddress
from adapters.discord.delivery.card_delivery import expiry_of
from adapters.discord.platform.limits import NEEDED
from bot.domain.asker import DISCORD, Asker
from bot.domain.job_view import JobView
from bot.errors import BadRequest, CantPost, Problem
from bot.images.header import IMAGE_MAX_BYTES
from bot.jobs.studio import CardPlace
from bot.request import options
from bot.request.commands import PRIVATE
from bot.request.forms import SIZE, STYLE, read_size
from bot.request.image_request import ImageRequest

# Discord waits 3 s for the acknowledgement; what takes longer than this is not waited for.
PREFLIGHT_S = 1.0
DOWNLOAD_S = 15.0
IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp")

Begin = Callable[[Asker, str, CardPlace], Awaitable[JobView]]
# Brings a starting image; slow, and so only after the acknowledgement.
Fetch = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """`request` is what the pre-flight looks at; `begin` makes the job of it."""

    request: ImageRequest
    begin: Begin
    private: bool = False


async def draw_new(
    here: Context,
    interaction: Interaction,
    asker: Asker,
    values: dict[str, Any],
    fetch: Fetch | None = None,
) -> None:
    """`values` are options by the names that people see, or fields of a request."""
    private = bool(values.pop(PRIVATE.short, False))
    if size := values.pop(SIZE.short, ""):
        values = {**read_size(size), **values}
    if style := values.pop(STYLE.short, ""):
        values = await here.services.presets.apply(asker, style, values)
    request = options.validate(values)

    async def begin(who: Asker, event_id: str, place: CardPlace) -> JobView:
        wanted = request if fetch is None else _with_image(request, await fetch())
        return await here.services.studio.imagine(
            who, wanted, event_id=event_id, card=place, private=private
        )

    await draw(here, interaction, asker, DrawRequest(request, begin, private))


def _with_image(request: ImageRequest, image: bytes) -> ImageRequest:
    asked = {name: getattr(request, name) for name in request.model_fields_set}
    return options.validate({**asked, "image": image})


async def draw(here: Context, interaction: Interaction, asker: Asker, drawing: DrawRequest) -> None:
    """Refuse first and privately, or acknowledge and queue. Raises BotError."""
    if not drawing.private:
        refuse_where_mute(interaction)
    with here.acks.ahead():
        async with asyncio.timeout(PREFLIGHT_S):
            await here.services.studio.quote(asker, drawing.request)
        interaction.extras["private"] = drawing.private
        reply = await interaction.response.defer(thinking=True, ephemeral=drawing.private)
    await here.acks.given()
    message = reply.message_id if reply is not None else None
    place = CardPlace(DISCORD, address_of(interaction, message, drawing).to_record())
    await drawing.begin(asker, str(interaction.id), place)


def address_of(interaction: Interaction, message: int | None, drawing: DrawRequest) -> CardAddress:
    guild = interaction.guild_id or 0
    direct = interaction.context.dm_channel
    return CardAddress(
        application_id=interaction.application_id,
        person=interaction.user.id,
        token=interaction.token,
        token_expires_at=expiry_of(interaction.created_at),
        guild=guild,
        channel=interaction.channel_id or 0,
        message=message or 0,
        private=drawing.private,
        reachable=direct or is_member_here(interaction),
        file_limit_bytes=interaction.filesize_limit,
    )


def refuse_where_mute(interaction: Interaction) -> None:
    """Raises CantPost where the bot could not bring the result: nothing is drawn for nobody."""
    if not is_member_here(interaction):
        return
    held = interaction.app_permissions
    needed = dict(NEEDED)
    if isinstance(interaction.channel, discord.Thread):
        needed["send_messages_in_threads"] = "Send Messages in Threads"
        del needed["send_messages"]
    missing = tuple(words for name, words in needed.items() if not getattr(held, name))
    if missing:
        raise CantPost(missing=missing)


def check_attachment(image: discord.Attachment) -> None:
    """What can be said of a picture before it is fetched. Raises BadRequest."""
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
    except (discord.HTTPException, TimeoutError, OSError):
        raise BadRequest((Problem("image", "image_gone", {}),)) from None
