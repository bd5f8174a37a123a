"""Makes blocks and elements of Block Kit that keep Slack's limits. Pure."""

from collections.abc import Sequence
from typing import Any

from adapters.slack.platform import limits
from adapters.slack.rendering.markup import fitting, units

Block = dict[str, Any]
Element = dict[str, Any]
BAR_CELLS = 12


def section(words: str, accessory: Element | None = None) -> Block:
    """A section; `words` are mrkdwn."""
    block: Block = {"type": "section", "text": mrkdwn(words)}
    return {**block, "accessory": accessory} if accessory else block


def header(words: str) -> Block:
    return {"type": "header", "text": plain_text(words, limits.HEADER_MAX_CHARS)}


def small(*lines: str) -> Block:
    """Small print; `lines` are mrkdwn."""
    return {"type": "context", "elements": [mrkdwn("\n".join(lines))]}


def actions(elements: Sequence[Element]) -> Block:
    return {"type": "actions", "elements": list(elements[: limits.ACTIONS_ELEMENTS_MAX])}


def image(file: str, alt: str) -> Block:
    """An uploaded picture; an empty `alt`, which Slack refuses, becomes "Picture"."""
    shown = cut(alt, limits.ALT_TEXT_USED_CHARS) or "Picture"
    return {"type": "image", "slack_file": {"id": file}, "alt_text": shown}


def bar(fraction: float) -> str:
    """How much of something there is, as mrkdwn."""
    filled = round(min(max(fraction, 0.0), 1.0) * BAR_CELLS)
    return f"{'▰' * filled}{'▱' * (BAR_CELLS - filled)}"


def divider() -> Block:
    return {"type": "divider"}


def button(label: str, action_id: str, *, style: str = "", value: str = "") -> Element:
    made: Element = {
        "type": "button",
        "text": plain_text(label, limits.BUTTON_TEXT_MAX_CHARS),
        "action_id": action_id,
        "value": value or action_id,
    }
    return {**made, "style": style} if style else made


def asking(element: Element, title: str, text: str, yes: str) -> Element:
    """`element` with a dialog that asks for confirmation."""
    confirm = {
        "title": plain_text(title, limits.CONFIRM_TITLE_MAX_CHARS),
        "text": plain_text(text, limits.CONFIRM_TEXT_MAX_CHARS),
        "confirm": plain_text(yes, limits.CONFIRM_BUTTON_MAX_CHARS),
        "deny": plain_text("Keep", limits.CONFIRM_BUTTON_MAX_CHARS),
        "style": "danger",
    }
    return {**element, "confirm": confirm}


def option(label: str, value: str) -> Element:
    return {
        "text": plain_text(label, limits.OPTION_TEXT_MAX_CHARS),
        "value": value[: limits.OPTION_VALUE_MAX_CHARS],
    }


def select(
    action_id: str, options: Sequence[Element], *, placeholder: str = "", initial: str = ""
) -> Element:
    """A menu; `initial` is the value of the option that is chosen at first."""
    shown = list(options[: limits.SELECT_OPTIONS_MAX])
    made: Element = {"type": "static_select", "action_id": action_id, "options": shown}
    if placeholder:
        made["placeholder"] = plain_text(placeholder, limits.PLACEHOLDER_MAX_CHARS)
    chosen = [each for each in shown if each["value"] == initial]
    return {**made, "initial_option": chosen[0]} if chosen else made


def multi_select(
    action_id: str, options: Sequence[Element], *, initial: Sequence[str] = (), most: int
) -> Element:
    """A menu to choose up to `most` of; `initial` are the values that are chosen at first."""
    shown = list(options[: limits.SELECT_OPTIONS_MAX])
    made: Element = {
        "type": "multi_static_select",
        "action_id": action_id,
        "options": shown,
        "max_selected_items": most,
    }
    chosen = [each for each in shown if each["value"] in initial]
    return {**made, "initial_options": chosen} if chosen else made


def picker(kind: str, name: str, chosen: str | Sequence[str], *, most: int = 0) -> Element:
    """Slack's own menu of people or channels; `most` is for kinds that take several."""
    made: Element = {"type": kind, "action_id": name}
    initial = {
        "multi_conversations_select": "initial_conversations",
        "conversations_select": "initial_conversation",
        "multi_users_select": "initial_users",
    }[kind]
    if chosen:
        made[initial] = chosen if isinstance(chosen, str) else list(chosen)
    if kind != "multi_users_select":
        made["filter"] = {"include": ["public", "private"], "exclude_bot_users": True}
    return {**made, "max_selected_items": most} if most else made


def field(
    name: str, label: str, element: Element, *, hint: str = "", optional: bool = True
) -> Block:
    """A field of a form; its block id is `name`, so that errors about it are shown there."""
    made: Block = {
        "type": "input",
        "block_id": name,
        "label": plain_text(label, limits.INPUT_LABEL_MAX_CHARS),
        "element": element,
        "optional": optional,
    }
    return {**made, "hint": plain_text(hint, limits.INPUT_HINT_MAX_CHARS)} if hint else made


def text_input(
    name: str, *, initial: str = "", multiline: bool = False, max_chars: int = 0, example: str = ""
) -> Element:
    most = min(max_chars or limits.TEXT_INPUT_MAX_CHARS, limits.TEXT_INPUT_MAX_CHARS)
    made: Element = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": multiline,
        "max_length": most,
    }
    if initial:
        made["initial_value"] = cut(initial, most)
    if example:
        made["placeholder"] = plain_text(example, limits.PLACEHOLDER_MAX_CHARS)
    return made


def number_input(
    name: str, initial: str, *, most: str, least: str = "0", decimal: bool = False
) -> Element:
    made: Element = {
        "type": "number_input",
        "action_id": name,
        "is_decimal_allowed": decimal,
        "min_value": least,
        "max_value": most,
    }
    return {**made, "initial_value": initial} if initial else made


def modal(
    callback_id: str, title: str, blocks: Sequence[Block], *, submit: str, metadata: str = ""
) -> dict[str, Any]:
    """A form. Slack sends `metadata` back with it."""
    assert len(metadata) <= limits.PRIVATE_METADATA_MAX_CHARS
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, limits.VIEW_TITLE_MAX_CHARS),
        "submit": plain_text(submit, limits.VIEW_BUTTON_MAX_CHARS),
        "close": plain_text("Cancel", limits.VIEW_BUTTON_MAX_CHARS),
        "private_metadata": metadata,
        "blocks": list(blocks[: limits.VIEW_BLOCKS_MAX]),
    }


def mrkdwn(words: str) -> Element:
    """`words`, cut to the limit; `verbatim` keeps Slack from making links of bare addresses."""
    shown = words if units(words) <= limits.TEXT_MAX_CHARS else _cut_lines(words)
    return {"type": "mrkdwn", "text": shown or " ", "verbatim": True}


def _cut_lines(words: str) -> str:
    """As many whole lines as fit: a line that is cut might break its markup."""
    kept = ""
    for line in words.split("\n"):
        if units(kept) + units(line) + 2 > limits.TEXT_MAX_CHARS:
            break
        kept += line + "\n"
    return f"{kept}…"


def plain_text(words: str, max_chars: int) -> Element:
    return {"type": "plain_text", "text": cut(words, max_chars) or " ", "emoji": False}


def cut(text: str, max_chars: int) -> str:
    return fitting(text, max_chars, str)


def sections(lines: Sequence[str]) -> list[Block]:
    """Lines of mrkdwn in as few sections as possible, each line in one section."""
    grouped: list[str] = []
    for line in lines:
        if grouped and units(grouped[-1]) + units(line) + 1 <= limits.TEXT_MAX_CHARS:
            grouped[-1] += f"\n{line}"
        else:
            grouped.append(line)
    return [section(words) for words in grouped]
