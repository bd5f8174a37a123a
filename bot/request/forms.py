"""The options as forms offer them: a field for each, or one field for all as typed text."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.errors import BadRequest, Problem
from bot.request import command_parser
from bot.request.command_parser import Parsed
from bot.request.commands import IMAGINE, SETTINGS
from bot.request.image_request import ImageRequest
from bot.request.options import BY_SPELLING, Option

STYLE_NAME_MAX_CHARS = 32

STYLE = Option(
    name="style",
    short="style",
    type=str,
    help="a named way to draw: one of ours, or one that you saved",
    max_length=STYLE_NAME_MAX_CHARS,
)
SIZE = Option(
    name="size", short="size", type=str, help="like 768x512, or a shape like 3:2", max_length=20
)
SAVE_AS = Option(
    name="save_as",
    short="save_as",
    type=str,
    help="keep these options as a style of this name, not as your defaults",
    max_length=STYLE_NAME_MAX_CHARS,
)
RESET = Option(name="reset", short="reset", type=bool, help="forget all your defaults")
JOB = Option(name="id", short="id", type=str, help="the short id under a result", max_length=20)
SIZES = ("768x768", "960x640", "640x960", "1024x576", "576x1024", "1024x768", "768x1024", "512x512")
# The order of fields: first what to draw, then how.
_ORDER = (
    "prompt",
    "style",
    "no",
    "image",
    "images",
    "size",
    "model",
    "private",
    "seed",
    "steps",
    "guidance",
    "strength",
    "width",
    "height",
    "lora",
    "compel",
)
# Stands in for the prompt where only options are written or read.
_PICTURE = "picture"


def imagine_options() -> list[Option]:
    """The options in a form for a new picture."""
    known = {o.short: o for o in (*IMAGINE.options, STYLE, SIZE) if o.chat}
    return [known[name] for name in _ORDER]


def settings_options() -> list[Option]:
    """The options that people may keep as their defaults, or in a style."""
    return [option for option in SETTINGS.options if option.chat]


def written_options(request: ImageRequest) -> str:
    """The options of `request` as text, without its words."""
    bare = request.fitted({"prompt": _PICTURE})
    kept = bare.model_fields_set - {"negative_prompt", "image", "webhook"}
    values = {name: getattr(bare, name) for name in kept}
    wordless = ImageRequest.model_construct(_fields_set=kept, **values)
    return command_parser.format(wordless).removeprefix(f"/imagine {_PICTURE}").strip()


def read_options(text: str) -> tuple[dict[str, Any], bool]:
    """Options as people type them, by field name, and whether it is to be private.

    Raises BadRequest.
    """
    command_parser.check_length(text)
    parsed = command_parser.parse(f"/imagine {_PICTURE} {text}")
    fields = dict(parsed.fields)
    if (words := fields.pop("prompt", _PICTURE)) != _PICTURE:
        got = words.removeprefix(_PICTURE).strip()
        data = {"got": got[:40], "usage": "--size 768x512 --steps 30"}
        raise BadRequest((Problem("", "extra_words", data),))
    return fields, parsed.private


def read_prompt(values: Mapping[str, Any]) -> Parsed:
    """`values` of a form, with the options that were typed inside of its prompt.

    What has a field of its own that was filled in counts. Raises BadRequest.
    """
    parsed = command_parser.parse(f"/imagine {values.get('prompt') or ''}")
    filled = {
        BY_SPELLING[name].name if name in BY_SPELLING else name: value
        for name, value in values.items()
        if name != "prompt" and value not in (None, "")
    }
    return replace(parsed, fields={**parsed.fields, **filled})


def read_size(text: str) -> dict[str, Any]:
    """A size like 768x512 or a shape like 3:2, by field name. Raises BadRequest."""
    command_parser.check_length(text)
    flag = "ar" if ":" in text else "size"
    return read_options(f"--{flag} {text.strip().partition(' ')[0]}")[0]
