"""The commands that draw nothing, each answered to the one who asked."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import discord
from discord import ui

from adapters.discord.actions.replies import answer, to_copy
from adapters.discord.context import Context, Interaction
from adapters.discord.platform.interaction_reply import QUIET
from adapters.discord.platform.limits import REQUEST_MAX_BYTES, REQUEST_RESERVE_BYTES
from adapters.discord.rendering import job_card
from adapters.discord.rendering.markup import code, escaped, sentence
from bot.domain.asker import DISCORD, Asker
from bot.domain.job_view import JobView
from bot.request import forms
from bot.request.commands import COMMANDS, PRIVATE
from bot.request.image_request import ImageRequest
from bot.wording import answers as said


async def files(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    """Answer with the pictures as files, seen only by the asker."""
    studio = here.services.studio
    view = await studio.show(asker, job)
    await interaction.response.defer(thinking=True, ephemeral=True)
    interaction.extras["private"] = True
    count = max(1, len(view.pictures))
    share = (REQUEST_MAX_BYTES - REQUEST_RESERVE_BYTES) // count
    limit_bytes = min(interaction.filesize_limit, share)
    found = [
        await studio.file_within(asker, job, picture.number, limit_bytes)
        for picture in view.pictures
    ]
    lighter = [p.number for p, (_, made) in zip(view.pictures, found, strict=True) if made]
    note = f"\n-# {sentence(job_card.squeezed_note(lighter, count))}" if lighter else ""
    shown: list[ui.Item[Any]] = [ui.File(f"attachment://{file.name}") for file, _ in found]
    layout = job_card.notice(f"The files of {code(job)}{note}", job_card.DONE, *shown)
    await interaction.edit_original_response(
        view=layout,
        attachments=[discord.File(BytesIO(file.data), file.name) for file, _ in found],
        allowed_mentions=QUIET,
    )


async def parameters(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    """Answer with everything that is needed to draw the same again."""
    studio = here.services.studio
    view = await studio.show(asker, job)
    request = await studio.request_of(asker, job)
    exact = said.exact_request(request, view)
    command = typed_command(exact, private=view.private)
    lines = [sentence(line) for line in said.parameters(view, own=asker.person == view.person)]
    text, more, attached = to_copy(command, "command.txt")
    await answer(interaction, "\n".join(lines) + text, *more, files=attached)


def typed_command(request: ImageRequest, *, private: bool) -> str:
    """The command in the form that Discord's client accepts pasted, without a starting image."""
    wanted = [option for option in forms.imagine_options() if request.given(option.name)]
    parts = [(o.short, getattr(request, o.name)) for o in wanted if o.type is not bytes]
    parts += [(PRIVATE.short, private)] if private else []
    return " ".join(["/imagine", *(f"{name}:{value}" for name, value in parts)])


async def favourite(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    kept = await here.services.reactions.favour(asker, job)
    words = sentence(said.favoured(job, kept=kept))
    await answer(interaction, f"{words}\n-# /show lists them.")


async def delete(
    here: Context, interaction: Interaction, asker: Asker, job: str, number: int | None
) -> None:
    await here.services.studio.delete(asker, job, number)
    await answer(interaction, said.deleted(job, number))


async def cancel(here: Context, interaction: Interaction, asker: Asker, job: str = "") -> None:
    view = await here.services.studio.cancel(asker, job)
    await answer(interaction, said.cancelled(view.public_id))


async def quota(here: Context, interaction: Interaction, asker: Asker) -> None:
    first, *rest = said.quota(await here.services.studio.quota(asker), DISCORD)
    lines = [f"### {sentence(first)}", *(f"-# {sentence(line)}" for line in rest)]
    await answer(interaction, "\n".join(lines), colour=job_card.DONE)


async def show(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    """Show one result, or a list of the asker's own and favourite ones."""
    if job:
        await _show_one(here, interaction, asker, job)
        return
    own = await here.services.studio.history(asker, limit=10)
    liked = await here.services.reactions.favourites(asker)
    lines = ["### Your newest", *_listed(own)]
    if liked:
        lines += ["### Your favourites", *_listed(liked[:10])]
    await answer(interaction, "\n".join(lines))


def _listed(views: Sequence[JobView]) -> list[str]:
    return [sentence(line) for line in said.listed(views)]


async def _show_one(here: Context, interaction: Interaction, asker: Asker, job: str) -> None:
    studio = here.services.studio
    view = await studio.show(asker, job)
    await interaction.response.defer(thinking=True, ephemeral=True)
    interaction.extras["private"] = True
    share = (REQUEST_MAX_BYTES - REQUEST_RESERVE_BYTES) // max(1, len(view.pictures))
    limit_bytes = min(interaction.filesize_limit, share)
    found = [
        (await studio.file_within(asker, view.public_id, p.number, limit_bytes))[0]
        for p in view.pictures
    ]
    shown = [
        job_card.Shown(number=p.number, name=f.name, alt=p.alt, spoiler=p.spoiler)
        for p, f in zip(view.pictures, found, strict=True)
    ]
    await interaction.edit_original_response(
        view=job_card.card(view, shown),
        attachments=[discord.File(BytesIO(file.data), file.name) for file in found],
        allowed_mentions=QUIET,
    )


async def models(here: Context, interaction: Interaction, asker: Asker) -> None:
    known = await here.services.studio.models(asker)
    lines = ["### Models"]
    for line, about in said.models(known):
        lines += [sentence(line), *([f"-# {sentence(about)}"] if about else [])]
    if left := len(known[said.MODELS_SHOWN :]):
        lines.append(f"-# and {left} more; the list of /imagine finds them.")
    await answer(interaction, "\n".join(lines))


async def help_(here: Context, interaction: Interaction) -> None:
    lines = ["### What I can do"]
    offered = ("imagine", "show", "quota", "models", "cancel", "settings")
    lines += [f"**/{c.name}** {c.help}" for c in COMMANDS if c.name in offered]
    lines.append("**/privacy** take along or erase what is kept about you")
    held = interaction.permissions
    if interaction.guild_id and held.manage_guild:
        lines.append("**/limner** set up and run the bot on this server")
    if interaction.guild_id and (held.moderate_members or held.manage_guild):
        lines.append("**/mod** look after pictures and people on this server")
    lines.append(
        "-# Under each result: Again, Edit, Files, Vary, and more in the menu. Under any message: "
        "Apps → Use as starting image."
    )
    if here.services.contact:
        lines.append(f"-# The bot owner: {escaped(here.services.contact)}")
    await answer(interaction, "\n".join(lines))


# --- privacy ------------------------------------------------------------------------------------


async def privacy(interaction: Interaction) -> None:
    """A card with what is kept, and buttons to export and to erase it."""
    kept, warning = map(sentence, said.PRIVACY)
    words = f"### What I keep about you\n{kept}\n-# {warning}"
    await answer(interaction, words, ui.ActionRow(*privacy_buttons()))


def privacy_buttons() -> list[ui.Button[ui.LayoutView]]:
    return [
        ui.Button(label="Export", custom_id="privacy:export", style=discord.ButtonStyle.primary),
        ui.Button(label="Erase", custom_id="privacy:erase", style=discord.ButtonStyle.danger),
    ]


async def export(here: Context, interaction: Interaction) -> None:
    """Everything about the asker as one archive; what doesn't fit is counted."""
    await interaction.response.defer(thinking=True, ephemeral=True)
    interaction.extras["private"] = True
    limit_bytes = min(interaction.filesize_limit, REQUEST_MAX_BYTES - REQUEST_RESERVE_BYTES)
    person = str(interaction.user.id)
    archive, left_out = await here.services.privacy.archive(DISCORD, person, limit_bytes)
    name = "limner-export.zip"
    note = f"\n-# {left_out} pictures didn't fit; /show gives each of them." if left_out else ""
    await interaction.edit_original_response(
        view=job_card.notice(
            f"This is what I keep about you.{note}", job_card.DONE, ui.File(f"attachment://{name}")
        ),
        attachments=[discord.File(BytesIO(archive), name)],
        allowed_mentions=QUIET,
    )


async def ask_to_erase(interaction: Interaction) -> None:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow(
        ui.Button(
            label="Erase everything",
            custom_id="privacy:erase-now",
            style=discord.ButtonStyle.danger,
        )
    )
    await answer(
        interaction,
        "Erase your prompts, pictures and messages on every server? This can't be undone.",
        row,
        colour=job_card.FAILED,
    )


async def erase(here: Context, interaction: Interaction) -> None:
    await interaction.response.defer(thinking=True, ephemeral=True)
    interaction.extras["private"] = True
    erased = await here.services.privacy.erase(DISCORD, str(interaction.user.id))
    words = said.erased(erased)
    await interaction.edit_original_response(
        view=job_card.notice(sentence(words), job_card.DONE), allowed_mentions=QUIET
    )
