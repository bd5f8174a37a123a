"""The menu on a message: draw from its picture, see its parameters, report it."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from adapters.discord.actions import answers
from adapters.discord.actions.draw import check_attachment, draw_new, fetched
from adapters.discord.actions.first_answer import open_form
from adapters.discord.actions.replies import reporting_errors
from adapters.discord.context import Context, Interaction
from adapters.discord.forms.modals import Written
from adapters.discord.forms.request_form import request_form
from adapters.discord.interactions.buttons import ask_for_reason, job_of
from adapters.discord.rendering.form_ids import FormId
from bot.domain.asker import Asker
from bot.errors import BadRequest, NotFound, Problem
from bot.images.header import IMAGE_MAX_BYTES, IMAGE_TYPES
from bot.wording import labels

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
OnMessage = Callable[[Context, Interaction, Asker, discord.Message], Awaitable[None]]


def register(tree: app_commands.CommandTree[Any], here: Context) -> None:
    for name, act in (
        (labels.START_FROM, start_from),
        (labels.SHOW_PARAMETERS, show_parameters),
        (labels.REPORT_IMAGE, report),
    ):
        tree.add_command(
            app_commands.ContextMenu(name=locale_str(name), callback=_on_message(here, act))
        )


def _on_message(here: Context, act: OnMessage) -> Any:
    async def on_message(interaction: Interaction, message: discord.Message) -> None:
        async def run() -> None:
            await act(here, interaction, await here.asker(interaction), message)

        await reporting_errors(interaction, run)

    return on_message


async def show_parameters(
    here: Context, interaction: Interaction, asker: Asker, message: discord.Message
) -> None:
    await answers.parameters(here, interaction, asker, job_of(message))


async def report(
    here: Context, interaction: Interaction, asker: Asker, message: discord.Message
) -> None:
    await ask_for_reason(here, interaction, asker, job_of(message))


# --- a starting image ---------------------------------------------------------------------------


async def start_from(
    here: Context, interaction: Interaction, asker: Asker, message: discord.Message
) -> None:
    """Start from the asker's own upload or a picture of the bot, not from others' photographs."""
    own = interaction.client.user
    if own is not None and message.author.id == own.id:
        await _start_from_result(here, interaction, asker, job_of(message))
    elif message.author.id == interaction.user.id:
        await _start_from_upload(here, interaction, message)
    else:
        raise BadRequest((Problem("image", "not_your_image", {}),))


async def _start_from_result(
    here: Context, interaction: Interaction, asker: Asker, job: str
) -> None:
    view = await here.services.studio.show(asker, job)
    numbers = [picture.number for picture in view.pictures]
    if not numbers:
        raise NotFound("picture", job)
    form = request_form(labels.DRAW_FROM, FormId("start", job), pictures=numbers)
    await open_form(interaction, form)


async def _start_from_upload(
    here: Context, interaction: Interaction, message: discord.Message
) -> None:
    image = _picture_of(message)
    here.uploads.keep(interaction.user.id, image)
    form = request_form(labels.DRAW_FROM, FormId("upload", str(image.id)))
    await open_form(interaction, form)


def _picture_of(message: discord.Message) -> discord.Attachment:
    for attachment in filter(_is_picture, message.attachments):
        check_attachment(attachment)
        return attachment
    raise BadRequest((Problem("image", "no_image_there", {}),))


def _is_picture(attachment: discord.Attachment) -> bool:
    """Whether it is a picture, by its media type, or by its name if Discord has none."""
    if kind := (attachment.content_type or "").partition(";")[0]:
        return kind in IMAGE_TYPES
    return attachment.filename.lower().endswith(IMAGE_SUFFIXES)


async def draw_from_result(
    here: Context, interaction: Interaction, asker: Asker, job: str, written: Written
) -> None:
    """Draw from the stored picture of a result, once the form was sent."""
    number = written.number
    view = await here.services.studio.show(asker, job)
    if number not in [picture.number for picture in view.pictures]:
        raise NotFound("picture", f"{job} {number}")

    async def fetch() -> bytes:
        file, _ = await here.services.studio.file_within(asker, job, number, IMAGE_MAX_BYTES)
        return file.data

    await draw_new(here, interaction, asker, written.request_values(), fetch)


async def draw_from_upload(
    here: Context, interaction: Interaction, asker: Asker, upload: str, written: Written
) -> None:
    """Draw from an upload, once the form was sent; after a restart it isn't known any more."""
    image = here.uploads.of(interaction.user.id, upload)
    if image is None:
        raise BadRequest((Problem("image", "start_forgotten", {}),))
    await draw_new(here, interaction, asker, written.request_values(), lambda: fetched(image))
