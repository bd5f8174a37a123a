"""The commands, declared once. Platforms register them, text is parsed against them, help prints
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.request.options import OPTIONS, Option

PRIVATE = Option(
    name="private", short="private", type=bool, default=False, help="only you see the result"
)
# Shorthands in text; each sets the options that it stands for.
SIZE = Option(name="size", short="size", type=str, help="width and height at once, like 768x512")
RATIO = Option(
    name="ar",
    short="ar",
    also=("aspect", "aspect_ratio", "ratio"),
    type=str,
    help="shape of the picture, like 3:2",
)
SHORTHANDS = (SIZE, RATIO)

_NO_DEFAULT = ("prompt", "image", "seed", "webhook")


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One word after a command. `type` int is a picture's number, from 1."""

    name: str
    help: str
    type: type = str
    required: bool = True
    choices: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        return self.name.upper() if self.required else f"[{self.name.upper()}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    name: str
    help: str
    options: tuple[Option, ...] = ()
    arguments: tuple[Argument, ...] = ()

    @property
    def spellings(self) -> Mapping[str, Option]:
        """The options of this command by everything that may stand after the dashes."""
        known = (*self.options, *SHORTHANDS) if self.options else ()
        return {spelling: option for option in known for spelling in option.spellings}

    @property
    def usage(self) -> str:
        words = [argument.usage for argument in self.arguments]
        words += [option.name.upper() for option in self.options if option.required]
        words += ["[--OPTION VALUE …]"] if self.options else []
        return " ".join((f"/{self.name}", *words))


_JOB = Argument(name="id", help="the short id under a result")
_PICTURE = Argument(name="number", help="which picture of the result, from 1", type=int)

IMAGINE = Command(
    name="imagine",
    help="draw pictures from a description",
    options=(*OPTIONS, PRIVATE),
)
AGAIN = Command(name="again", help="draw the same once more with a new seed", arguments=(_JOB,))
VARY = Command(name="vary", help="draw a variation of one picture", arguments=(_JOB, _PICTURE))
SHOW = Command(name="show", help="show a result with all its details", arguments=(_JOB,))
CANCEL = Command(
    name="cancel",
    help="stop a picture that waits or is being drawn",
    arguments=(Argument(name="id", help="which one; your newest if left out", required=False),),
)
DELETE = Command(
    name="delete",
    help="take down your own pictures",
    arguments=(
        _JOB,
        Argument(name="number", help="which picture; all if left out", type=int, required=False),
    ),
)
QUOTA = Command(name="quota", help="see what you can still draw today and this month")
MODELS = Command(name="models", help="see the models, their ranges and prices")
SETTINGS = Command(
    name="settings",
    help="see or set the options that you want every time",
    options=tuple(option for option in OPTIONS if option.name not in _NO_DEFAULT),
    arguments=(Argument(name="reset", help="forget them all", required=False, choices=("reset",)),),
)
_MEMBERS = (IMAGINE, AGAIN, VARY, SHOW, CANCEL, DELETE, QUOTA, MODELS, SETTINGS)
HELP = Command(
    name="help",
    help="see the commands, or how one of them works",
    arguments=(
        Argument(
            name="command",
            help="which command",
            required=False,
            choices=(*(command.name for command in _MEMBERS), "help"),
        ),
    ),
)
# What everybody may use.
COMMANDS = (*_MEMBERS, HELP)
BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}
