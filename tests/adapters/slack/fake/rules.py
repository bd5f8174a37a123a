"""What Slack refuses in blocks, messages and views.

Source: https://docs.slack.dev/reference/block-kit (blocks, block elements, composition objects),
https://docs.slack.dev/reference/views and the methods' own pages.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.adapters.slack.fake.world import Json, walk

MESSAGE_BLOCKS_MAX, VIEW_BLOCKS_MAX = 50, 100
MESSAGE_TEXT_MAX_CHARS = 40_000
METADATA_MAX_BYTES = 16 * 1024
VIEW_MAX_BYTES = 250_000
MODALS_MAX = 3
ID_MAX_CHARS = 255
PICTURES = ("image/png", "image/jpeg", "image/gif")
# Of each kind of block, where it may stand.
PLACES = {
    "actions": {"message", "modal", "home"},
    "context": {"message", "modal", "home"},
    "divider": {"message", "modal", "home"},
    "file": {"message"},
    "header": {"message", "modal", "home"},
    "image": {"message", "modal", "home"},
    "input": {"message", "modal", "home"},
    "markdown": {"message"},
    "rich_text": {"message", "modal", "home"},
    "section": {"message", "modal", "home"},
    "video": {"message", "modal", "home"},
}
# The properties that each block and element must and may have, beside type and block_id.
BLOCKS: dict[str, tuple[set[str], set[str]]] = {
    "actions": ({"elements"}, set()),
    "context": ({"elements"}, set()),
    "divider": (set(), set()),
    "file": ({"external_id", "source"}, set()),
    "header": ({"text"}, set()),
    "image": ({"alt_text"}, {"image_url", "slack_file", "title"}),
    "input": ({"label", "element"}, {"dispatch_action", "hint", "optional"}),
    "markdown": ({"text"}, set()),
    "rich_text": ({"elements"}, set()),
    "section": (set(), {"text", "fields", "accessory", "expand"}),
    "video": ({"alt_text", "title", "thumbnail_url", "video_url"}, {"description"}),
}
_SELECT = {"placeholder", "confirm", "focus_on_load"}
_DATE = {"placeholder", "confirm", "focus_on_load"}
ELEMENTS: dict[str, tuple[set[str], set[str]]] = {
    "button": ({"text", "action_id"}, {"url", "value", "style", "confirm", "accessibility_label"}),
    "checkboxes": ({"options"}, {"initial_options", "confirm", "focus_on_load"}),
    "radio_buttons": ({"options"}, {"initial_option", "confirm", "focus_on_load"}),
    "overflow": ({"options"}, {"confirm"}),
    "static_select": (set(), {"options", "option_groups", "initial_option", *_SELECT}),
    "external_select": (set(), {"initial_option", "min_query_length", *_SELECT}),
    "users_select": (set(), {"initial_user", *_SELECT}),
    "channels_select": (set(), {"initial_channel", "response_url_enabled", *_SELECT}),
    "conversations_select": (
        set(),
        {
            "initial_conversation",
            "default_to_current_conversation",
            "response_url_enabled",
            "filter",
            *_SELECT,
        },
    ),
    "multi_static_select": (
        set(),
        {"options", "option_groups", "initial_options", "max_selected_items", *_SELECT},
    ),
    "multi_external_select": (
        set(),
        {"initial_options", "min_query_length", "max_selected_items", *_SELECT},
    ),
    "multi_users_select": (set(), {"initial_users", "max_selected_items", *_SELECT}),
    "multi_channels_select": (set(), {"initial_channels", "max_selected_items", *_SELECT}),
    "multi_conversations_select": (
        set(),
        {"initial_conversations", "filter", "max_selected_items", *_SELECT},
    ),
    "datepicker": (set(), {"initial_date", *_DATE}),
    "timepicker": (set(), {"initial_time", "timezone", *_DATE}),
    "plain_text_input": (
        set(),
        {
            "initial_value",
            "multiline",
            "min_length",
            "max_length",
            "dispatch_action_config",
            "focus_on_load",
            "placeholder",
        },
    ),
    "number_input": (
        {"is_decimal_allowed"},
        {
            "initial_value",
            "min_value",
            "max_value",
            "dispatch_action_config",
            "focus_on_load",
            "placeholder",
        },
    ),
    "file_input": (set(), {"filetypes", "max_files"}),
    "image": ({"alt_text"}, {"image_url", "slack_file"}),
}
INPUT_ONLY = {"plain_text_input", "number_input", "file_input"}
_CHOICES = {"checkboxes", "radio_buttons"}
# How an image's file stands: "" is usable, else the word of what is wrong.
FileState = Callable[[Mapping[str, str]], str]


class Refused(Exception):
    """An answer with "ok": false; `more` goes into it."""

    def __init__(
        self, error: str, *, status: int = 200, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = headers
        self.more = more


class _Wrong(Exception):
    pass


def check_blocks(blocks: Any, place: str, file_state: FileState, error: str) -> list[Json]:
    """Blocks with the block_ids that Slack adds. Raises Refused(`error`)."""
    try:
        return _blocks(blocks, place, file_state)
    except _Wrong as wrong:
        said = f"[ERROR] {wrong}"
        raise Refused(error, errors=[said], response_metadata={"messages": [said]}) from None


def check_message(text: str, blocks: Any, file_state: FileState) -> list[Json]:
    if len(text) > MESSAGE_TEXT_MAX_CHARS:
        raise Refused("msg_too_long")
    if not text and not blocks:
        raise Refused("no_text")
    return check_blocks(blocks or [], "message", file_state, "invalid_blocks")


def check_metadata(metadata: Any) -> None:
    if set(metadata) != {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_MAX_BYTES:
        raise Refused("metadata_too_large")


def check_view(view: Any, file_state: FileState) -> Json:
    """A view with its block_ids. Raises Refused."""
    if len(json.dumps(view)) > VIEW_MAX_BYTES:
        raise Refused("view_too_large")
    place = view.get("type")
    try:
        _want(place in ("modal", "home"), "a view is a modal or a home")
        _only(
            view,
            {"type", "blocks"},
            {"title", "close", "submit", "private_metadata", "callback_id", "external_id"}
            | {"clear_on_close", "notify_on_close", "submit_disabled"},
            "view",
        )
        _short(view.get("private_metadata", ""), 3000, "private_metadata")
        _short(view.get("callback_id", ""), ID_MAX_CHARS, "callback_id")
        _short(view.get("external_id", ""), ID_MAX_CHARS, "external_id")
        if place == "modal":
            _want("title" in view, "a modal has a title")
            for name in ("title", "close", "submit"):
                if view.get(name) is not None:
                    _text(view[name], 24, name, plain=True)
            has_input = any(block.get("type") == "input" for block in view["blocks"])
            _want(not has_input or view.get("submit"), "a modal with inputs has a submit")
        else:
            _want(not {"title", "submit", "close"} & set(view), "a home has no title or buttons")
    except _Wrong as wrong:
        said = f"[ERROR] {wrong}"
        raise Refused("invalid_arguments", response_metadata={"messages": [said]}) from None
    return {**view, "blocks": check_blocks(view["blocks"], place, file_state, "invalid_arguments")}


def _blocks(blocks: Any, place: str, file_state: FileState) -> list[Json]:
    most = MESSAGE_BLOCKS_MAX if place == "message" else VIEW_BLOCKS_MAX
    _want(isinstance(blocks, list), "blocks are a list")
    _want(len(blocks) <= most, f"no more than {most} items allowed [json-pointer:/blocks]")
    for number, block in enumerate(blocks):
        try:
            _block(block, place, file_state)
        except _Wrong as wrong:
            raise _Wrong(f"{wrong} [json-pointer:/blocks/{number}]") from None
    found = [
        {**block, "block_id": block.get("block_id") or f"b{number}"}
        for number, block in enumerate(blocks)
    ]
    ids = [block["block_id"] for block in found]
    _want(len(ids) == len({*ids}), "block_ids are different from each other")
    return found


def _block(block: Any, place: str, file_state: FileState) -> None:
    kind = block.get("type")
    _want(kind in PLACES and place in PLACES[kind], f"no block {kind!r} in a {place}")
    must, may = BLOCKS[kind]
    _only(block, must | {"type"}, may | {"block_id"}, kind)
    _short(block.get("block_id", ""), ID_MAX_CHARS, "block_id")
    if kind in _OF_BLOCK:
        _OF_BLOCK[kind](block)
    for part in [block] if kind == "image" else []:
        _image(part, file_state)
    for element in _elements(block):
        _element(element, kind, file_state)
    ids = [e["action_id"] for e in _elements(block) if "action_id" in e]
    _want(len(ids) == len({*ids}), "action_ids of a block are different from each other")


def _elements(block: Json) -> Iterator[Json]:
    if block["type"] in ("actions", "context"):
        yield from block["elements"]
    for name in ("accessory", "element"):
        if name in block:
            yield block[name]


def _section(block: Json) -> None:
    _want("text" in block or "fields" in block, "a section has text or fields")
    if "text" in block:
        _text(block["text"], 3000, "text")
    fields = block.get("fields", [])
    _want(len(fields) <= 10 and ("fields" not in block or fields), "1 to 10 fields")
    for each in fields:
        _text(each, 2000, "fields")


def _input(block: Json) -> None:
    _text(block["label"], 2000, "label", plain=True)
    if "hint" in block:
        _text(block["hint"], 2000, "hint", plain=True)


def _actions(block: Json) -> None:
    _want(1 <= len(block["elements"]) <= 25, "1 to 25 elements")
    wrong = [e["type"] for e in block["elements"] if e["type"] in INPUT_ONLY | {"image", "mrkdwn"}]
    _want(not wrong, f"no {wrong} in actions")


def _context(block: Json) -> None:
    _want(1 <= len(block["elements"]) <= 10, "1 to 10 elements")
    wrong = [e for e in block["elements"] if e["type"] not in ("image", "mrkdwn", "plain_text")]
    _want(not wrong, "only text and images in a context")


def _markdown(block: Json) -> None:
    _short(block["text"], 12_000, "text")
    _want(bool(block["text"]), "markdown is not empty")


_OF_BLOCK: dict[str, Callable[[Json], None]] = {
    "section": _section,
    "input": _input,
    "actions": _actions,
    "context": _context,
    "markdown": _markdown,
    "header": lambda block: _text(block["text"], 150, "text", plain=True),
}


def _image(image: Json, file_state: FileState) -> None:
    _want("slack_file" in image or "image_url" in image, "an image has an address or a file")
    _want(not {"slack_file", "image_url"} <= set(image), "an image has no address beside its file")
    _short(image["alt_text"], 2000, "alt_text")
    _want(bool(image["alt_text"]), "alt_text is not empty")
    if "title" in image:
        _text(image["title"], 2000, "title", plain=True)
    if "image_url" in image:
        _short(image["image_url"], 3000, "image_url")
        return
    file = image["slack_file"]
    _want(len(file) == 1 and set(file) <= {"id", "url"}, "slack_file has an id or a url")
    if state := file_state(file):
        raise _Wrong(f"invalid slack file: {state}")


def _element(element: Json, block: str, file_state: FileState) -> None:
    kind = element["type"]
    if kind in ("mrkdwn", "plain_text"):
        _text(element, 3000, "text")
        return
    _want(kind in ELEMENTS, f"no element {kind!r}")
    must, may = ELEMENTS[kind]
    _only(element, must | {"type"}, may | ({"action_id"} if kind != "image" else set()), kind)
    _want(kind not in INPUT_ONLY or block == "input", f"{kind} only in an input")
    _want(block != "input" or kind not in ("button", "overflow"), f"no {kind} in an input")
    _short(element.get("action_id", "x"), ID_MAX_CHARS, "action_id")
    _want(element.get("action_id", "x") != "", "action_id is not empty")
    if kind == "image":
        _image(element, file_state)
    if kind == "button":
        _button(element)
    if "placeholder" in element:
        _text(element["placeholder"], 150, "placeholder", plain=True)
    if "confirm" in element:
        _confirm(element["confirm"])
    _choosing(element)
    _filling(element)


def _button(button: Json) -> None:
    _text(button["text"], 75, "text", plain=True)
    _short(button.get("value", ""), 2000, "value")
    _short(button.get("url", ""), 3000, "url")
    _short(button.get("accessibility_label", ""), 75, "accessibility_label")
    _want(button.get("style", "primary") in ("primary", "danger"), "style is primary or danger")


def _confirm(confirm: Json) -> None:
    _only(confirm, {"title", "text", "confirm", "deny"}, {"style"}, "confirm")
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        _text(confirm[name], most, name, plain=name != "text")


def _choosing(element: Json) -> None:
    kind = element["type"]
    groups = element.get("option_groups", [])
    lists = [element["options"]] if "options" in element else [g["options"] for g in groups]
    most = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}.get(kind, 100)
    if kind.endswith("static_select"):
        _want(("options" in element) != ("option_groups" in element), "options or option_groups")
    _want(len(groups) <= 100, "up to 100 groups")
    for group in groups:
        _text(group["label"], 75, "label", plain=True)
    for options in lists:
        _want(1 <= len(options) <= most, f"1 to {most} options")
        for option in options:
            _option(option, kind)
    offered = [option for options in lists for option in options]
    initial = element.get("initial_options", [])
    if "initial_option" in element:
        initial = [*initial, element["initial_option"]]
    if lists:
        _want("initial_options" not in element or initial, "initial_options are not empty")
        _want(all(o in offered for o in initial), "what is chosen at first is one of the options")


def _option(option: Json, kind: str) -> None:
    _only(option, {"text", "value"}, {"description", "url"}, "option")
    _text(option["text"], 75, "text", plain=kind not in _CHOICES)
    _short(option["value"], 150, "value")
    if "description" in option:
        _text(option["description"], 75, "description", plain=kind not in _CHOICES)


def _filling(element: Json) -> None:
    kind = element["type"]
    if kind == "plain_text_input":
        _want(1 <= element.get("max_length", 1) <= 3000, "max_length is 1 to 3000")
        _want(0 <= element.get("min_length", 0) <= 3000, "min_length is 0 to 3000")
        most = element.get("max_length", 3000)
        _short(element.get("initial_value", ""), most, "initial_value")
    elif kind == "number_input":
        for name in ("min_value", "max_value", "initial_value"):
            _want(isinstance(element.get(name, ""), str), f"{name} is a text")
    elif kind == "file_input":
        _want(1 <= element.get("max_files", 10) <= 10, "max_files is 1 to 10")


def _text(text: Any, most: int, name: str, *, plain: bool = False) -> None:
    _want(isinstance(text, dict) and "text" in text, f"{name} is a text object")
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    _want(text.get("type") in kinds, f"{name} is {' or '.join(kinds)}")
    may = {"emoji"} if text["type"] == "plain_text" else {"verbatim"}
    _only(text, {"type", "text"}, may, name)
    _want(bool(text["text"]), f"{name} must be more than 0 characters")
    _short(text["text"], most, name)


def _short(value: Any, most: int, name: str) -> None:
    _want(isinstance(value, str), f"{name} is a text")
    _want(len(value) <= most, f"{name} must be less than {most + 1} characters")


def _only(part: Json, must: set[str], may: set[str], name: str) -> None:
    given = {key for key in part if key != "type"}
    missing, extra = must - {"type"} - given, given - must - may
    _want(not missing, f"{name}: missing required field {sorted(missing)}")
    _want(not extra, f"{name}: invalid additional property {sorted(extra)}")


def _want(true: object, said: str) -> None:
    if not true:
        raise _Wrong(said)


def slack_files(blocks: list[Json]) -> list[Json]:
    """Those that image blocks show, in order."""
    return [part["slack_file"] for part in walk(blocks) if "slack_file" in part]
