"""The options of a request, read from ImageRequest, and the check of what people filled in."""

import re
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
# Longer than any meaningful number, or yes and no.
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
    def is_number(self) -> bool:
        return self.type in (int, float)

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


def validate(fields: Mapping[str, Any], *, typed: bool = True) -> ImageRequest:
    """`fields` by option name, as typed by people or sent by platforms, as a request.

    Numbers and yes/no may come as text. None and "" leave an option open, b"" does not. People may
    also type "random" for a seed; where `typed` is False, only what the API declares is taken.

    Raises:
        BadRequest: one Problem for each wrong option.
    """
    filled = {}
    problems = []
    for key, value in fields.items():
        option = BY_SPELLING.get(key)
        if option is None:
            problems.append(Problem("", "unknown_option", {"got": shown(key), "nearest": None}))
        elif not _is_open(value) and not (typed and _is_any(option, value)):
            try:
                filled[option.name] = _as_typed(option, value)
            except ValueError:
                code = "not_yes_or_no" if option.type is bool else "not_a_number"
                problems.append(Problem(option.name, code, _data(code, option, value)))
    try:
        request = ImageRequest.model_validate(filled)
    except ValidationError as error:
        problems += map(_problem, error.errors(include_url=False))
        raise BadRequest(tuple(sorted(problems, key=_place))) from None
    if problems:
        raise BadRequest(tuple(sorted(problems, key=_place)))
    return request


def _place(problem: Problem) -> int:
    """What no option is named for comes first, then the order of the options."""
    return _PLACES.get(problem.option, -1)


_PLACES = {name: place for place, name in enumerate(BY_NAME)}


def _is_open(value: Any) -> bool:
    """Blanks leave an option open; longer texts are not read for it. A file is given, also an empty
    one.
    """
    if not isinstance(value, str):
        return value is None
    return len(value) <= NUMBER_MAX_CHARS and not value.strip()


def _is_any(option: Option, value: Any) -> bool:
    """Whether a seed is none in particular, as other tools write it."""
    return option.name == "seed" and (value == -1 or str(value)[:10].strip().lower() in _ANY_SEED)


_ANY_SEED = ("-1", "random", "rand", "auto")


def _as_typed(option: Option, value: Any) -> Any:
    """`value` as pydantic shall read it, so that a text is taken for what it is in JSON.

    7,5 is 7.5, as many countries write it, and 512px is 512. Raises ValueError for what is no
    number, but pydantic would take for one: true and 1_000.
    """
    if option.type not in (int, float, bool):
        return value
    if isinstance(value, str) and len(value) > NUMBER_MAX_CHARS:
        raise ValueError("too long")
    if option.type is bool:
        return str(value).strip().lower() if isinstance(value, str | float) else value
    if isinstance(value, str):
        return _number(value.strip().lower().removesuffix("px"), option.type)
    if isinstance(value, bool):
        raise ValueError("a yes or no")  # noqa: TRY004  (one error for all that are no numbers)
    return value


def _number(text: str, kind: type) -> str | float:
    """`text` as a number; digits alone stay text, which pydantic reads exactly and with a bound."""
    if kind is float:
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        raise ValueError("no number")
    return text if text.lstrip("+-").isdecimal() else float(text)


_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?")


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
