"""Declared options → the parameters of a callback, which is what discord.py reads."""

import inspect
from collections.abc import Iterable, Mapping
from functools import wraps
from typing import Any, Optional

import discord
from discord import app_commands
from discord.app_commands import locale_str

from adapters.discord.actions.replies import reporting_errors
from adapters.discord.context import Context, Interaction
from adapters.discord.platform.limits import CHOICE_NAME_MAX_CHARS, DESCRIPTION_MAX_CHARS
from bot.request.options import Option
from bot.wording.commands import Command

# A callback of discord.py, whose parameters are set below.
Callback = Any


def with_options(callback: Callback, options: Iterable[Option]) -> Callback:
    """`callback(interaction, **values)` as if it had one parameter for each option."""
    wanted = tuple(options)
    parameters = [
        inspect.Parameter(
            "interaction",
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            annotation=discord.Interaction,
        ),
        *map(_parameter, wanted),
    ]
    callback.__signature__ = inspect.Signature(parameters)
    described = {o.short: locale_str(o.help[:DESCRIPTION_MAX_CHARS]) for o in wanted}
    callback = app_commands.describe(**described)(callback)
    listed = {o.short: _choices(o.choices) for o in wanted if o.choices}
    return app_commands.choices(**listed)(callback) if listed else callback


def bound(here: Context, act: Callback) -> Callback:
    """`act(here, interaction, …)` as a callback without `here`, whose errors are shown."""

    @wraps(act)
    async def command(interaction: Interaction, **values: Any) -> None:
        await reporting_errors(interaction, lambda: act(here, interaction, **values))

    _, *parameters = inspect.signature(act).parameters.values()
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return command


def add_command(
    group: app_commands.Group, here: Context, act: Callback, known: Mapping[str, Command]
) -> None:
    """`act` under its own name, with the words of `known`."""
    name = act.__name__.removesuffix("_")
    callback = app_commands.describe(**known[name].options)(bound(here, act))
    group.command(name=name, description=known[name].help)(callback)


def _parameter(option: Option) -> inspect.Parameter:
    annotation = _annotation(option)
    return inspect.Parameter(
        option.short,
        inspect.Parameter.KEYWORD_ONLY,
        annotation=annotation if option.required else Optional[annotation],  # noqa: UP045  (made at run time)
        default=inspect.Parameter.empty if option.required else None,
    )


def _annotation(option: Option) -> Any:
    if option.type is bytes:
        return discord.Attachment
    if option.choices:
        return option.type
    if option.type is str and option.max_length is not None:
        return app_commands.Range[str, option.min_length, option.max_length]
    if option.type in (int, float) and (option.minimum, option.maximum) != (None, None):
        bounds = [None if b is None else option.type(b) for b in (option.minimum, option.maximum)]
        return app_commands.Range[option.type, bounds[0], bounds[1]]
    return option.type


def _choices(values: Iterable[Any]) -> list[app_commands.Choice[Any]]:
    return [app_commands.Choice(name=str(v)[:CHOICE_NAME_MAX_CHARS], value=v) for v in values]


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the person filled in."""
    return {name: value for name, value in values.items() if value is not None}
