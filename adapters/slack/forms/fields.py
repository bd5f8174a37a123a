"""A declared option → a field of a form, and what people filled in → values. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from adapters.slack.platform import limits
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block, Element
from adapters.slack.rendering.markup import units
from bot.request.forms import SIZE, SIZES, read_size
from bot.request.options import Option
from bot.wording import labels, option_default, option_facts, short_model

# A change of these changes the price: the form hears of it at once.
PRICED = frozenset({"num_images", "size", "model", "num_inference_steps"})
FILE_TYPES = ("png", "jpg", "jpeg", "webp")
# From here on a text has several lines.
_LONG_CHARS = 300
_PREFIX = "wish:"  # also in forms that people have open
# The name under which a form of options keeps them.
SAVE_AS = "save_as"


def option_field(
    option: Option, *, initial: Any = None, choices: Sequence[tuple[str, str]] = ()
) -> Block:
    """`choices` are label and value, where the declaration leaves them open."""
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
    """Whether a text has no room in its field. It is never cut: half of it would be another."""
    most = min(option.max_length or limits.TEXT_INPUT_MAX_CHARS, limits.TEXT_INPUT_MAX_CHARS)
    return isinstance(initial, str) and units(initial) > most


def _hint(option: Option, label: str, kind: str) -> str:
    """What the field itself doesn't say: a checkbox has its help beside it, a menu its choices."""
    if kind == "checkboxes":
        return ""
    facts = option_facts(option)
    if kind == "static_select":
        facts = option_default(option)
        if option is SIZE:  # its help says how it is typed
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
    """All digits that it has, and no exponent."""
    return f"{Decimal(str(value)):f}".removesuffix(".0")


def size_choices(current: str = "") -> list[tuple[str, str]]:
    """Label and value; a size that is in use is among them."""
    known = dict.fromkeys((*((current,) if current else ()), *SIZES))
    return [(size.replace("x", " × "), size) for size in known]


def model_choices(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(short_model(name), name) for name in names]


def values_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, by the name of its field; files are Slack's own records of them."""
    found: dict[str, Any] = {}
    ticked = _ticked_at_first(view)
    for name, elements in (view.get("state") or {}).get("values", {}).items():
        for element in elements.values():
            value = _value(element)
            if value not in (None, "", []) and (value is not False or name in ticked):
                found[name] = value
    return found


def _ticked_at_first(view: Mapping[str, Any]) -> set[str]:
    """An empty box says "no" only where it was ticked; elsewhere nobody thought of it."""
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
    """`values` with the one field for size as width and height. Raises BadRequest."""
    rest = dict(values)
    size = rest.pop(SIZE.name, "")
    return {**read_size(size), **rest} if size else rest


def block_for(option: str, view: Mapping[str, Any]) -> str:
    """The block beside which a sentence about `option` stands, "" where the form has none."""
    known = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    places = (option, *_ASKED_AS.get(option, ()))
    return next((place for place in places if place in known), "")


# Where an option is asked for under another name.
_ASKED_AS = {"width": ("size",), "height": ("size",), "style": (SAVE_AS,)}
