"""Declared option → field of a form; what people filled in → values. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from adapters.slack.platform import limits
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block, Element
from adapters.slack.rendering.markup import units
from bot.request.forms import SIZE, SIZES, STYLE, read_size
from bot.request.options import Option
from bot.wording import labels, option_default, option_facts, short_model

# Options that change the price: Slack tells at once when one of them changes in a form.
PRICED = frozenset({"num_images", SIZE.name, STYLE.name, "model", "num_inference_steps"})
FILE_TYPES = ("png", "jpg", "jpeg", "webp")
# Longer texts get a field of several lines.
_LONG_CHARS = 300
_PREFIX = "wish:"  # don't change: forms that people have open carry it
# The field for the name of the style that a form is saved as.
SAVE_AS = "save_as"


def option_field(
    option: Option, *, initial: Any = None, choices: Sequence[tuple[str, str]] = ()
) -> Block:
    """The field for `option`; `choices`, label and value, are for options that declare none."""
    kept = is_too_long(option, initial)
    element = _element(option, None if kept else initial, choices)
    label = labels.FIELDS.get(option.name, option.short)
    made = blocks.field(
        option.name,
        label,
        {**element, "action_id": f"{_PREFIX}{option.name}"},
        hint=labels.TOO_LONG_TO_SHOW if kept else _hint(option, label, element["type"]),
        optional=kept or not option.required,
    )
    return {**made, "dispatch_action": True} if option.name in PRICED else made


def is_too_long(option: Option, initial: Any) -> bool:
    """Whether a text is too long for its field. It is not cut, as that would change the request."""
    most = min(option.max_length or limits.TEXT_INPUT_MAX_CHARS, limits.TEXT_INPUT_MAX_CHARS)
    return isinstance(initial, str) and units(initial) > most


def _hint(option: Option, label: str, kind: str) -> str:
    """The hint below the field: "" for a checkbox, which shows its help; no bounds for a menu."""
    if kind == "checkboxes":
        return ""
    facts = option_facts(option)
    if kind == "static_select":
        facts = option_default(option)
        if option is SIZE:  # its help is about typing
            return facts
    says_nothing_new = option.help.casefold() == label.casefold()
    known = [] if says_nothing_new else [option.help]
    hint = " · ".join(filter(None, (*known, facts)))
    return hint[:1].upper() + hint[1:]


def _element(option: Option, initial: Any, choices: Sequence[tuple[str, str]]) -> Element:
    known = list(choices) or [(str(value), str(value)) for value in option.choices]
    if option.type is bytes:
        return {"type": "file_input", "filetypes": list(FILE_TYPES), "max_files": 1}
    if option.type is bool:
        return _checkbox(option, checked=bool(initial))
    if known:
        offered = [blocks.option(label, value) for label, value in known]
        return blocks.select("", offered, initial="" if initial is None else str(initial))
    if option.type in (int, float):
        return _number(option, initial)
    most = option.max_length or 0
    return blocks.text_input(
        "", initial=str(initial or ""), multiline=most > _LONG_CHARS, max_chars=most
    )


def _checkbox(option: Option, *, checked: bool) -> Element:
    on = blocks.option(option.help, "on")
    made: Element = {"type": "checkboxes", "options": [on]}
    return {**made, "initial_options": [on]} if checked else made


def _number(option: Option, initial: Any) -> Element:
    made: Element = {"type": "number_input", "is_decimal_allowed": option.type is float}
    bounds = {"min_value": option.minimum, "max_value": option.maximum, "initial_value": initial}
    return made | {name: _digits(v) for name, v in bounds.items() if v is not None}


def _digits(value: float) -> str:
    """All digits of `value`, without an exponent."""
    return f"{Decimal(str(value)):f}".removesuffix(".0")


def size_choices(current: str = "") -> list[tuple[str, str]]:
    """Labels and values of the usual sizes, and of `current`."""
    known = dict.fromkeys((*((current,) if current else ()), *SIZES))
    return [(size.replace("x", " × "), size) for size in known]


def model_choices(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(short_model(name), name) for name in names]


def values_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, by field name; a file is Slack's own record of it."""
    found: dict[str, Any] = {}
    ticked = _ticked_at_first(view)
    for name, elements in (view.get("state") or {}).get("values", {}).items():
        for element in elements.values():
            value = _value(element)
            if value not in (None, "", []) and (value is not False or name in ticked):
                found[name] = value
    return found


def _ticked_at_first(view: Mapping[str, Any]) -> set[str]:
    """Boxes that were ticked at first: only in these does an empty box mean "no"."""
    return {
        block["block_id"]
        for block in view.get("blocks", ())
        if (block.get("element") or {}).get("initial_options")
    }


def _value(element: Mapping[str, Any]) -> Any:
    kind = element.get("type", "")
    if kind in _HELD_IN:
        return element.get(_HELD_IN[kind])
    if kind == "checkboxes":
        return bool(element.get("selected_options"))
    if kind == "static_select":
        return (element.get("selected_option") or {}).get("value")
    if kind == "multi_static_select":
        return [each["value"] for each in element.get("selected_options") or ()]
    return element.get("value")


_HELD_IN = {
    "file_input": "files",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "multi_users_select": "selected_users",
}


def with_size(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with the field `size` turned into width and height. Raises BadRequest."""
    rest = dict(values)
    size = rest.pop(SIZE.name, "")
    return {**read_size(size), **rest} if size else rest


def block_for(option: str, view: Mapping[str, Any]) -> str:
    """The block that shows errors about `option`, "" where the form has none."""
    known = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    places = (option, *_ASKED_AS.get(option, ()))
    return next((place for place in places if place in known), "")


# Other names of the fields that ask for an option.
_ASKED_AS = {"width": ("size",), "height": ("size",), "style": (SAVE_AS,)}
