"""What the message box can complete, as JSON for the page's script."""

from collections.abc import Sequence
from typing import Any

from adapters.web.rendering.tables import short_range
from bot.domain.model import Model
from bot.request.commands import COMMANDS, RATIO, SHORTHANDS, SIZE, Command
from bot.request.options import Option

_SIZES = ("768x768", "768x512", "512x768", "512x512", "1024x1024", "1024x576", "576x1024")
_RATIOS = ("1:1", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16")
# A range with this few values is listed.
_LISTED_MAX = 8


def completions(models: Sequence[Model]) -> dict[str, Any]:
    names = [model.name for model in models]
    return {"commands": [_command(command, names) for command in COMMANDS]}


def _command(command: Command, models: list[str]) -> dict[str, Any]:
    first = command.arguments[0] if command.arguments else None
    return {
        "name": command.name,
        "help": command.help,
        "takes_id": first is not None and first.name == "id",
        "words": list(first.choices) if first is not None else [],
        "options": [_option(option, models) for option in typed_options(command)],
    }


def typed_options(command: Command) -> tuple[Option, ...]:
    """The options that are typed as flags: not the prompt, nor the image."""
    typed = (o for o in command.options if o.chat and not o.required and o.type is not bytes)
    return (*typed, *(SHORTHANDS if command.options else ()))


def _option(option: Option, models: list[str]) -> dict[str, Any]:
    return {
        "flag": option.short,
        "spellings": list(option.spellings),
        "help": option.help,
        "range": short_range(option),
        "values": models if option.name == "model" else _values(option),
    }


def _values(option: Option) -> list[str]:
    if option is SIZE:
        return list(_SIZES)
    if option is RATIO:
        return list(_RATIOS)
    if option.choices:
        return [str(choice) for choice in option.choices]
    low, high = option.minimum, option.maximum
    if option.type is int and low is not None and high is not None and high - low < _LISTED_MAX:
        return [str(value) for value in range(int(low), int(high) + 1)]
    return []
