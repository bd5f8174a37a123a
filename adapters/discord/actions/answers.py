"""The commands that draw nothing, each answered to the one who asked."""

from io import BytesIO
from typing import Any

import discord
from discord import ui

from adapters.discord.actions.first_answer import fill, think
from adapters.discord.actions.replies import answer
from adapters.discord.context import Context, Interaction
from adapters.discord.platform.limits import limit_of_each
from adapters.discord.rendering import job_card
from adapters.discord.rendering.copied_words import to_copy
from adapters.discord.rendering.markup import sentence
from bot.domain.asker import DISCORD, Asker
from bot.domain.job_view import JobView
from bot.request import forms
from bot.request.commands import PRIVATE
from bot.request.image_request import ImageRequest
from bot.wording import answers as said
from bot.wording import labels, lines
from bot.wording.budgets import cost
from bot.wording.cards import squeezed
from bot.wording.help import overview
from bot.wording.parts import Small


async def files(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    """Answer with the pictures as files, seen only by the asker."""
    studio = here.services.studio
    view = await studio.show(asker, job)
    await think(interaction, private=True)
    sent, lighter = await _pictures_of(here, interaction, asker, view)
    note = (Small(squeezed(lighter, len(sent))),) if lighter else ""
    words = sentence(lines(said.files_of(job), note))
    shown: list[ui.Item[Any]] = [ui.File(f"attachment://{file.filename}") for file in sent]
    await fill(interaction, job_card.notice(words, job_card.DONE, *shown), sent)


async def _pictures_of(
    here: Context, interaction: Interaction, asker: Asker, view: JobView
) -> tuple[list[discord.File], list[int]]:
    """The pictures as they go out, and the numbers of those that were made lighter."""
    limit_bytes = limit_of_each(interaction.filesize_limit, len(view.pictures))
    sent, lighter = list[discord.File](), list[int]()
    for picture in view.pictures:
        file, made = await here.services.studio.file_within(
            asker, view.public_id, picture.number, limit_bytes
        )
        sent.append(discord.File(BytesIO(file.data), file.name))
        lighter += [picture.number] if made else []
    return sent, lighter


async def parameters(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    """Answer with everything that is needed to draw the same again."""
    studio = here.services.studio
    view = await studio.show(asker, job)
    request = await studio.request_of(asker, job)
    exact = said.exact_request(request, view)
    command = typed_command(exact, private=view.private)
    words = sentence(said.parameters(view, own=asker.person == view.person))
    text, more, attached = to_copy(command, "command.txt")
    await answer(interaction, words + text, *more, files=attached)


def typed_command(request: ImageRequest, *, private: bool) -> str:
    """The command in the form that Discord's client accepts pasted, without a starting image."""
    wanted = [option for option in forms.imagine_options() if request.given(option.name)]
    parts = [(o.short, getattr(request, o.name)) for o in wanted if o.type is not bytes]
    parts += [(PRIVATE.short, private)] if private else []
    return " ".join(["/imagine", *(f"{name}:{value}" for name, value in parts)])


async def favourite(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    kept = await here.services.reactions.favour(asker, job)
    await answer(interaction, said.favoured(job, DISCORD, kept=kept))


async def delete(
    here: Context, interaction: Interaction, asker: Asker, job: str, number: int | None
) -> None:
    await here.services.studio.delete(asker, job, number)
    await answer(interaction, said.deleted(job, number))


async def cancel(here: Context, interaction: Interaction, asker: Asker, job: str = "") -> None:
    view = await here.services.studio.cancel(asker, job)
    await answer(interaction, said.cancelled(view.public_id, free=not view.quote_micros))


async def quota(here: Context, interaction: Interaction, asker: Asker) -> None:
    found = await here.services.studio.quota(asker)
    await answer(interaction, said.quota(found, DISCORD), colour=job_card.DONE)


async def show(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    """Show one result, or a list of the asker's own and favourite ones."""
    if job:
        await _show_one(here, interaction, asker, job)
        return
    own = await here.services.studio.history(asker, limit=said.LISTED)
    liked = await here.services.reactions.favourites(asker)
    await answer(interaction, said.results(own, liked[: said.LISTED], DISCORD))


async def _show_one(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    view = await here.services.studio.show(asker, job)
    await think(interaction, private=True)
    sent, _ = await _pictures_of(here, interaction, asker, view)
    shown = [
        job_card.Shown(number=p.number, name=f.filename, alt=p.alt, spoiler=p.spoiler)
        for p, f in zip(view.pictures, sent, strict=True)
    ]
    # A private card says it itself.
    paid = view.cost_micros if asker.person == view.person and not view.private else None
    layout = job_card.card(view, shown, notes=[cost(paid)] if paid else [])
    await fill(interaction, layout, sent)


async def models(here: Context, interaction: Interaction, asker: Asker) -> None:
    known = await here.services.studio.models(asker)
    await answer(interaction, said.models(known, DISCORD))


async def help_(here: Context, interaction: Interaction) -> None:
    held, is_here = interaction.permissions, bool(interaction.guild_id)
    words = overview(
        DISCORD,
        contact=here.services.contact,
        admin=is_here and held.manage_guild,
        moderator=is_here and (held.moderate_members or held.manage_guild),
    )
    await answer(interaction, words)


# --- privacy ------------------------------------------------------------------------------------


async def privacy(here: Context, interaction: Interaction) -> None:
    """A card with what is kept, and buttons to export and to erase it."""
    words = said.privacy(here.services.privacy.moderation)
    await answer(interaction, words, ui.ActionRow(*privacy_buttons()))


def privacy_buttons() -> list[ui.Button[ui.LayoutView]]:
    primary, danger = discord.ButtonStyle.primary, discord.ButtonStyle.danger
    return [
        ui.Button(label=labels.EXPORT, custom_id="privacy:export", style=primary),
        ui.Button(label=labels.ERASE, custom_id="privacy:erase", style=danger),
    ]


async def export(here: Context, interaction: Interaction) -> None:
    """Everything about the asker as one archive; what doesn't fit is counted."""
    await think(interaction, private=True)
    limit_bytes = limit_of_each(interaction.filesize_limit, 1)
    person = str(interaction.user.id)
    archive, left_out = await here.services.privacy.archive(DISCORD, person, limit_bytes)
    name = "limner-export.zip"
    words = sentence(said.exported(left_out, DISCORD))
    layout = job_card.notice(words, job_card.DONE, ui.File(f"attachment://{name}"))
    await fill(interaction, layout, [discord.File(BytesIO(archive), name)])


async def ask_to_erase(interaction: Interaction) -> None:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow(
        ui.Button(
            label=labels.ERASE_EVERYTHING,
            custom_id="privacy:erase-now",
            style=discord.ButtonStyle.danger,
        )
    )
    await answer(
        interaction,
        said.erase_question(DISCORD),
        row,
        colour=job_card.FAILED,
    )


async def erase(here: Context, interaction: Interaction) -> None:
    await think(interaction, private=True)
    erased = await here.services.privacy.erase(DISCORD, str(interaction.user.id))
    await fill(interaction, job_card.notice(sentence(said.erased(erased)), job_card.DONE))
