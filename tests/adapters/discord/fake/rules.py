"""What Discord refuses in a payload, with its own status and code.

Source: Discord's reference of messages, components, application commands and JSON error codes.
"""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from tests.adapters.discord.fake.world import COMPONENTS_V2, FILE_MAX_BYTES, Json, walk

FILES_MAX = 10
REQUEST_MAX_BYTES = 25 * 1024 * 1024
COMPONENTS_MAX = 40
CONTENT_MAX_CHARS = 2_000
TEXTS_MAX_CHARS = 4_000
ALT_MAX_CHARS = 1_024
CUSTOM_ID_MAX_CHARS = 100
NONCE_MAX_CHARS = 25

ROW, BUTTON, SELECT, INPUT, SECTION, TEXT, THUMBNAIL = 1, 2, 3, 4, 9, 10, 11
GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 12, 13, 14, 17, 18
SELECTS = {3, 5, 6, 7, 8}
ONLY_V2 = {SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER}


class Refused(Exception):
    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


def invalid(where: str, why: str) -> Refused:
    """A field that is wrong."""
    errors = {where: {"_errors": [{"code": "INVALID", "message": why}]}}
    return Refused(400, 50035, "Invalid Form Body", errors)


def check_files(sizes_bytes: Collection[int], kept: int) -> None:
    if len(sizes_bytes) + kept > FILES_MAX:
        raise invalid("attachments", f"Must be {FILES_MAX} or fewer in length.")
    if any(size > FILE_MAX_BYTES for size in sizes_bytes) or sum(sizes_bytes) > REQUEST_MAX_BYTES:
        raise Refused(413, 40005, "Request entity too large")


def check_message(payload: Json, *, was_v2: bool, file_names: Collection[str]) -> None:
    """`file_names` are those of the files that the message will have."""
    is_v2 = was_v2 or bool((payload.get("flags") or 0) & COMPONENTS_V2)
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if is_v2 and payload.get(name):
            raise invalid(name, "Cannot be used with MessageFlags.IS_COMPONENTS_V2.")
    if len(payload.get("content") or "") > CONTENT_MAX_CHARS:
        raise invalid("content", f"Must be {CONTENT_MAX_CHARS} or fewer in length.")
    if len(payload.get("nonce") or "") > NONCE_MAX_CHARS:
        raise invalid("nonce", f"Must be {NONCE_MAX_CHARS} or fewer in length.")
    components = payload.get("components") or []
    check_components(components, is_v2=is_v2, file_names=file_names)


def check_components(components: list[Json], *, is_v2: bool, file_names: Collection[str]) -> None:
    parts = list(walk(components))
    if len(parts) > COMPONENTS_MAX:
        raise invalid("components", f"{len(parts)} of {COMPONENTS_MAX} components.")
    if sum(len(p["content"]) for p in parts if p["type"] == TEXT) > TEXTS_MAX_CHARS:
        raise invalid("components", f"More than {TEXTS_MAX_CHARS} characters of text.")
    if not is_v2 and (len(components) > 5 or any(p["type"] != ROW for p in components)):
        raise invalid("components", "Only 5 rows without MessageFlags.IS_COMPONENTS_V2.")
    custom_ids = [p["custom_id"] for p in parts if "custom_id" in p]
    if len(set(custom_ids)) < len(custom_ids):
        raise invalid("components", "Component custom id cannot be duplicated.")
    for part in parts:
        if part["type"] in ONLY_V2 and not is_v2:
            raise invalid("components", "Needs MessageFlags.IS_COMPONENTS_V2.")
        _check_part(part, file_names)


def _check_part(part: Json, file_names: Collection[str]) -> None:
    within("custom_id", part.get("custom_id"), 1, CUSTOM_ID_MAX_CHARS)
    check = _CHECKS.get(part["type"])
    if check is not None:
        check(part)
    for item in (*part.get("items", ()), part):
        for media in (item[name] for name in ("media", "file") if name in item):
            _check_media(media, item, file_names)


def _check_row(part: Json) -> None:
    inside = part["components"]
    within("components", inside, 1, 5 if all(p["type"] == BUTTON for p in inside) else 1)


def _check_button(part: Json) -> None:
    within("label", part.get("label"), 0, 80)
    is_link = part["style"] == 5
    if not part.get("url" if is_link else "custom_id"):
        raise invalid("url" if is_link else "custom_id", "This field is required.")
    if not part.get("label") and not part.get("emoji"):
        raise invalid("label", "A button needs a label or an emoji.")


def _check_select(part: Json) -> None:
    within("placeholder", part.get("placeholder"), 0, 150)
    within("options", part.get("options"), 1, 25)
    for option in part.get("options", ()):
        within("label", option["label"], 1, 100)
        within("value", option["value"], 1, 100)
        within("description", option.get("description"), 0, 100)


def _check_section(part: Json) -> None:
    within("components", part["components"], 1, 3)
    if part["accessory"]["type"] not in (BUTTON, THUMBNAIL):
        raise invalid("accessory", "A button or a thumbnail.")


_CHECKS: dict[int, Callable[[Json], None]] = {
    ROW: _check_row,
    BUTTON: _check_button,
    SECTION: _check_section,
    TEXT: lambda part: within("content", part["content"], 1, TEXTS_MAX_CHARS),
    GALLERY: lambda part: within("items", part["items"], 1, 10),
    CONTAINER: lambda part: within("components", part["components"], 1, COMPONENTS_MAX),
    **dict.fromkeys(SELECTS, _check_select),
}


def _check_media(media: Json, item: Json, file_names: Collection[str]) -> None:
    within("description", item.get("description"), 0, ALT_MAX_CHARS)
    scheme, _, name = media["url"].partition("://")
    if scheme == "attachment" and name not in file_names:
        raise invalid("media", "The unfurled media attachment was not found.")
    if scheme not in ("attachment", "http", "https"):
        raise invalid("media", "Scheme must be one of ('http', 'https', 'attachment').")


def check_modal(modal: Json) -> None:
    within("title", modal["title"], 1, 45)
    within("custom_id", modal["custom_id"], 1, CUSTOM_ID_MAX_CHARS)
    within("components", modal["components"], 1, 5)
    for part in walk(modal["components"]):
        within("label", part.get("label"), 0, 45)
        within("description", part.get("description"), 0, 100)
        within("custom_id", part.get("custom_id"), 1, CUSTOM_ID_MAX_CHARS)
        if part["type"] == INPUT:
            within("placeholder", part.get("placeholder"), 0, 100)
            within("value", part.get("value"), 0, part.get("max_length") or 4_000)


def check_choices(choices: list[Json]) -> None:
    within("choices", choices, 0, 25)
    for choice in choices:
        within("name", choice["name"], 1, 100)
        if isinstance(choice["value"], str):
            within("value", choice["value"], 1, 100)


_COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
CHAT_INPUT = 1


def check_commands(commands: list[Json]) -> None:
    names = [(command.get("type", CHAT_INPUT), command["name"]) for command in commands]
    if len(set(names)) < len(names):
        raise invalid("name", "Application command names must be unique.")
    for command in commands:
        if command.get("type", CHAT_INPUT) == CHAT_INPUT:
            _check_command(command)
        else:
            for name in _every(command, "name"):
                within("name", name, 1, 32)


def _check_command(command: Json) -> None:
    for name in _every(command, "name"):
        if not _COMMAND_NAME.fullmatch(name) or name != name.lower():
            raise invalid("name", f"String value did not match the pattern: {name!r}")
    for description in _every(command, "description"):
        within("description", description, 1, 100)
    options = command.get("options") or []
    within("options", options, 0, 25)
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        raise invalid("options", "Required options must come before the others.")
    for option in options:
        _check_command(option)
        check_choices(option.get("choices") or [])


def _every(record: Json, name: str) -> Iterable[str]:
    yield record[name]
    yield from (record.get(f"{name}_localizations") or {}).values()


def within(where: str, value: Any, least: int, most: int) -> None:
    if value is not None and not least <= len(value) <= most:
        raise invalid(where, f"Must be between {least} and {most} in length.")
