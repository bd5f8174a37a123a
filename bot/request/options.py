"""The options of a request, read from ImageRequest, and the check of what people filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from types import NoneType, UnionType
from typing import Any, get_args

from annotated_types import Ge, Le, MinLen
from pydantic import StringConstraints, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.errors import BadRequest, InvalidValue, Problem
from bot.request.image_request import Choices, Flags, ImageRequest
from bot.text import shortened

# How much of a wrong value is repeated, enough to recognise it.
GOT_MAX_CHARS = 40
GOT_MAX_BITS = 128
GOT_READ_CHARS = 1_000
# Longer than any meaningful number; a text that is cut is no number.
NUMBER_MAX_CHARS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a command; `name` is the field's, `short` what people type."""

    name: str
    short: str
    help: str
    type: type
    also: tuple[str, ...] = ()
    required: bool = False
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Any, ...] = ()
    min_length: int | None = None
    max_length: int | None = None
    chat: bool = True

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that may stand after the dashes, the main one first."""
        return tuple(dict.fromkeys((self.short, self.name, *self.also)))


def _option(name: str, field: FieldInfo) -> Option:
    found = {type(mark): mark for mark in field.metadata}
    flags: Flags = found[Flags]
    words = found.get(StringConstraints, StringConstraints())
    return Option(
        name=name,
        short=flags.short,
        also=flags.also,
        chat=flags.chat,
        help=field.description or "",
        type=_type(field.annotation),
        required=field.is_required(),
        default=None if field.is_required() else field.default,
        minimum=found[Ge].ge if Ge in found else None,
        maximum=found[Le].le if Le in found else None,
        choices=found[Choices].values if Choices in found else (),
        min_length=found[MinLen].min_length if MinLen in found else None,
        max_length=words.max_length,
    )


def _type(annotation: Any) -> type:
    """The type of an option: int for `int | None`, which may stay empty."""
    if isinstance(annotation, UnionType):
        (annotation,) = (arm for arm in get_args(annotation) if arm is not NoneType)
    assert isinstance(annotation, type)
    return annotation


OPTIONS = tuple(_option(name, field) for name, field in ImageRequest.model_fields.items())
BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}
BY_SPELLING: Mapping[str, Option] = {
    spelling: option for option in OPTIONS for spelling in option.spellings
}


def validate(fields: Mapping[str, Any]) -> ImageRequest:
    """`fields` by option name, as typed by people or sent by platforms, as a request.

    Numbers and yes/no may come as text. None and "" leave an option open.

    Raises:
        BadRequest: one Problem for each wrong option.
    """
    filled = {}
    unknown = []
    for key, value in fields.items():
        option = BY_SPELLING.get(key)
        if option is None:
            unknown.append(Problem("", "unknown_option", {"got": shown(key), "nearest": None}))
        elif not _is_open(value):
            filled[option.name] = _as_typed(option, value)
    try:
        request = ImageRequest.model_validate(filled)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise BadRequest((*unknown, *map(_problem, details))) from None
    if unknown:
        raise BadRequest(tuple(unknown))
    return request


def _is_open(value: Any) -> bool:
    return value is None or (isinstance(value, str | bytes) and not value.strip())


def _as_typed(option: Option, value: Any) -> Any:
    """`value` with 7,5 as 7.5, as many countries write it, and without the px of 512px."""
    if isinstance(value, str) and option.type in (int, float, bool):
        value = shortened(value.strip(), NUMBER_MAX_CHARS).lower().removesuffix("px")
        return value.replace(",", ".") if option.type is float else value
    return value


def _problem(detail: ErrorDetails) -> Problem:
    option = BY_NAME[str(detail["loc"][0])]
    got, context = detail["input"], detail.get("ctx", {})
    wrong = context.get("error")
    if isinstance(wrong, InvalidValue):
        return wrong.problem(option.name)
    code = _CODES.get(detail["type"], "not_text")
    return Problem(option.name, code, _data(code, option, got))


def _data(code: str, option: Option, got: Any) -> dict[str, Any]:
    if code == "missing":
        return {}
    if code == "too_long":
        return {"limit": option.max_length, "got": len(got)}
    if code in ("out_of_range", "not_a_number"):
        bounds = {"minimum": option.minimum, "maximum": option.maximum}
        return {**bounds, "got": shown(got), "whole": option.type is int}
    return {"got": shown(got)}


def shown(got: Any) -> Any:
    """A wrong value as it may be repeated: short, JSON-ready, "" for a file's bytes."""
    if isinstance(got, float):
        return got if isfinite(got) else str(got)
    if isinstance(got, int):
        return got if got.bit_length() <= GOT_MAX_BITS else "…"
    if isinstance(got, str):
        text = "".join(filter(str.isprintable, got[:GOT_READ_CHARS]))
        return shortened(text, GOT_MAX_CHARS)
    return ""


# pydantic's error types → codes of our Problems.
_CODES = {
    "missing": "missing",
    "string_too_short": "missing",
    "string_too_long": "too_long",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "finite_number": "not_a_number",
    "int_type": "not_a_number",
    "int_parsing": "not_a_number",
    "int_parsing_size": "out_of_range",
    "int_from_float": "not_a_number",
    "float_type": "not_a_number",
    "float_parsing": "not_a_number",
    "bool_type": "not_yes_or_no",
    "bool_parsing": "not_yes_or_no",
}
