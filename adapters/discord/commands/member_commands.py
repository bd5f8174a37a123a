"""The commands of members, registered from their one declaration."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from adapters.discord.actions import answers
from adapters.discord.actions.draw import check_attachment, draw_new, fetched
from adapters.discord.actions.replies import answer, reporting_errors
from adapters.discord.commands import autocomplete
from adapters.discord.commands.autocomplete import suggesting
from adapters.discord.commands.signatures import given, with_options
from adapters.discord.context import Context, Interaction
from adapters.discord.interactions import message_menu
from bot.domain.asker import DISCORD, Asker
from bot.request import forms
from bot.request.commands import BY_NAME
from bot.request.options import Option
from bot.wording import answers as said
from bot.wording import labels

Tree = app_commands.CommandTree[Any]
Act = Callable[[Context, Interaction, Asker, dict[str, Any]], Awaitable[None]]

# Discord's client forgets a command once it was sent; longer prompts are given back.
WORTH_GIVING_BACK_CHARS = 80


def settings_options() -> list[Option]:
    return [*forms.settings_options(), forms.SAVE_AS, forms.RESET]


def register(tree: Tree, here: Context) -> None:
    """Every command of members, and the menu on a message."""
    imagine = _command(tree, "imagine", forms.imagine_options(), _doing(here, _imagine))
    imagine.autocomplete("model")(suggesting(here, autocomplete.models))
    imagine.autocomplete("style")(suggesting(here, autocomplete.styles))
    imagine.autocomplete("lora")(suggesting(here, autocomplete.loras))
    imagine.autocomplete("size")(suggesting(here, autocomplete.sizes))
    show = _command(tree, "show", [forms.JOB], _doing(here, _show))
    show.autocomplete("id")(suggesting(here, autocomplete.own_jobs))
    cancel = _command(tree, "cancel", [forms.JOB], _doing(here, _cancel))
    cancel.autocomplete("id")(suggesting(here, autocomplete.open_jobs))
    settings = _command(tree, "settings", settings_options(), _doing(here, _settings))
    settings.autocomplete("model")(suggesting(here, autocomplete.models))
    settings.autocomplete("lora")(suggesting(here, autocomplete.loras))
    _command(tree, "quota", [], _doing(here, _quota))
    _command(tree, "models", [], _doing(here, _models))
    _command(tree, "help", [], _help(here), labels.HELP_MEANS)
    _command(tree, "privacy", [], _privacy(here), labels.PRIVACY_MEANS)
    message_menu.register(tree, here)


def _command(
    tree: Tree,
    name: str,
    wanted: list[Option],
    callback: Callable[..., Awaitable[None]],
    about: str = "",
) -> app_commands.Command[Any, Any, Any]:
    described = about or BY_NAME[name].help
    command: app_commands.Command[Any, Any, Any] = app_commands.Command(
        name=locale_str(name),
        description=locale_str(described),
        callback=with_options(callback, wanted),
    )
    tree.add_command(command)
    return command


# --- commands -----------------------------------------------------------------------------------


def _doing(here: Context, act: Act) -> Callable[..., Awaitable[None]]:
    """`act` as a callback of Discord: it gets asker and values, and reports errors."""

    async def command(interaction: Interaction, **values: Any) -> None:
        async def run() -> None:
            await act(here, interaction, await here.asker(interaction), given(values))

        await reporting_errors(interaction, run)

    return command


async def _imagine(
    here: Context, interaction: Interaction, asker: Asker, values: dict[str, Any]
) -> None:
    if len(values["prompt"]) >= WORTH_GIVING_BACK_CHARS:
        interaction.extras["written"] = values["prompt"]
    image: discord.Attachment | None = values.pop("image", None)
    if image is None:
        await draw_new(here, interaction, asker, values)
    else:
        check_attachment(image)
        await draw_new(here, interaction, asker, values, lambda: fetched(image))


async def _show(
    here: Context, interaction: Interaction, asker: Asker, values: dict[str, Any]
) -> None:
    await answers.show(here, interaction, asker, values.get(forms.JOB.short, ""))


async def _cancel(
    here: Context, interaction: Interaction, asker: Asker, values: dict[str, Any]
) -> None:
    await answers.cancel(here, interaction, asker, values.get(forms.JOB.short, ""))


async def _settings(
    here: Context, interaction: Interaction, asker: Asker, values: dict[str, Any]
) -> None:
    """Keep the given options as defaults; without any, show those that are kept."""
    studio = here.services.studio
    if name := values.pop(forms.SAVE_AS.short, ""):
        await here.services.presets.save(asker, name, values)
        kept_as = name.strip().lower()
        await answer(interaction, said.style_kept(kept_as, DISCORD, saved=bool(values)))
        return
    if values.pop(forms.RESET.short, False):
        await studio.set_defaults(asker, values)
    elif values:
        await studio.set_defaults(asker, {**await studio.defaults(asker), **values})
    await answer(interaction, said.own_defaults(await studio.defaults(asker), DISCORD))


async def _quota(here: Context, interaction: Interaction, asker: Asker, _: dict[str, Any]) -> None:
    await answers.quota(here, interaction, asker)


async def _models(here: Context, interaction: Interaction, asker: Asker, _: dict[str, Any]) -> None:
    await answers.models(here, interaction, asker)


# Also where the bot may not be used: people may always see and erase what is kept of them.


def _help(here: Context) -> Callable[..., Awaitable[None]]:
    async def help_(interaction: Interaction) -> None:
        await reporting_errors(interaction, lambda: answers.help_(here, interaction))

    return help_


def _privacy(here: Context) -> Callable[..., Awaitable[None]]:
    async def privacy(interaction: Interaction) -> None:
        await reporting_errors(interaction, lambda: answers.privacy(here, interaction))

    return privacy
