"""Block Kit → a page that looks like Slack's client. Pure."""

import base64
import html
import re
from collections.abc import Callable
from typing import Any

from tests.adapters.slack.fake.state import World
from tests.adapters.slack.fake.world import Json, Message, View

_PLAIN_MARK = re.compile("\u2060([*_~`])\u2060")  # beside a WORD JOINER it marks nothing
_DATE = re.compile(r"&lt;!date\^(\d+)\^[^|]*\|([^&]*)&gt;")
_USER = re.compile(r"&lt;@([UW][A-Z0-9]+)(?:\|[^&]*)?&gt;")
_CHANNEL = re.compile(r"&lt;#([CG][A-Z0-9]+)(?:\|[^&]*)?&gt;")
_LINK = re.compile(r"&lt;(https?://[^|&]+)(?:\|([^&]*))?&gt;")

STYLE = """
* { box-sizing: border-box; margin: 0; }
body { background: #fff; font: 15px/1.46 Lato, "DejaVu Sans", Arial, sans-serif; color: #1d1c1d; }
#shown { width: 640px; padding: 14px 18px 16px; background: #fff; }
.who { display: flex; gap: 10px; align-items: flex-start; }
.face { width: 36px; height: 36px; border-radius: 6px; background: #4a154b; color: #fff;
  font: 700 18px/36px sans-serif; text-align: center; flex: none; }
.name b { font-weight: 800; } .app { background: #ebeaeb; border-radius: 2px; color: #616061;
  font: 700 10px/14px sans-serif; padding: 1px 4px; margin-left: 5px; vertical-align: 1px; }
.time, .only { color: #616061; font-size: 12px; margin-left: 6px; } .only { margin: 0 0 4px; }
.blocks { flex: 1; min-width: 0; } .block { margin-top: 8px; }
.block:first-child { margin-top: 2px; }
.section { display: flex; gap: 16px; } .section > .text { flex: 1; min-width: 0; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
blockquote { border-left: 4px solid #ddd; padding-left: 12px; display: block; }
code { background: #f8f8f8; border: 1px solid #e2e2e2; border-radius: 3px; color: #c01343;
  font: 12px/1.5 "DejaVu Sans Mono", monospace; padding: 1px 3px; }
.mention { background: #e8f5fa; color: #1264a3; border-radius: 3px; padding: 0 2px; }
.context { color: #616061; font-size: 13px; }
.context code { font-size: 11px; }
.picture { display: inline-block; width: 270px; margin: 8px 8px 0 0; vertical-align: top; }
.picture img { width: 100%; border-radius: 8px; display: block; }
.alone { width: 360px; }
.small { width: 88px; height: 88px; object-fit: cover; border-radius: 8px; }
.caption { color: #616061; font-size: 12px; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; }
.button { border: 1px solid #bbb; border-radius: 4px; font-weight: 700; font-size: 13px;
  padding: 5px 12px; background: #fff; white-space: nowrap; align-self: flex-start; }
.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.danger { background: #e01e5a; border-color: #e01e5a; color: #fff; }
.menu { font-weight: 400; padding-right: 26px; position: relative; }
.menu::after { content: "▾"; position: absolute; right: 9px; color: #616061; }
.header { font-size: 18px; font-weight: 900; } hr { border: 0; border-top: 1px solid #ddd; }
.frame { border: 1px solid #ddd; border-radius: 8px; } .frame > .body { padding: 6px 24px 16px; }
.title { font-size: 20px; font-weight: 900; padding: 14px 24px; border-bottom: 1px solid #eee; }
.foot { border-top: 1px solid #eee; padding: 14px 24px; display: flex; gap: 10px;
  justify-content: flex-end; }
.field { margin-top: 14px; } .label { font-weight: 700; margin-bottom: 4px; }
.optional { color: #616061; font-weight: 400; }
.input { border: 1px solid #bbb; border-radius: 4px; padding: 7px 11px; color: #1d1c1d; }
.tall { min-height: 62px; } .empty { color: #868686; } .wrong .input { border-color: #e01e5a; }
.hint { color: #616061; font-size: 13px; margin-top: 3px; }
.error { color: #e01e5a; font-size: 13px;
  font-weight: 700; margin-top: 3px; }
.box { display: inline-block; width: 14px; height: 14px;
  border: 1px solid #868686; border-radius: 3px; margin-right: 8px; vertical-align: -2px; }
"""


def message_page(message: Message, world: World) -> str:
    """A message of the bot as one of its readers sees it."""
    only = '<div class="only">Only visible to you</div>' if message.ephemeral else ""
    head = '<div class="name"><b>Limner</b><span class="app">APP</span>'
    at = f'<span class="time">{message.edits[0].at:%H:%M}</span></div>' if message.edits else ""
    body = f'<div class="blocks">{head}{at}{only}{_blocks(message.blocks, world)}</div>'
    return _page(f'<div class="who"><div class="face">L</div>{body}</div>')


def view_page(view: View, world: World) -> str:
    """A form with what was said about its fields, or somebody's Home."""
    drawn = _blocks(view.blocks, world, view.body)
    if view.type == "home":
        return _page(f'<div class="blocks">{drawn}</div>')
    title = html.escape(view.body["title"]["text"])
    foot = "".join(
        f'<span class="button {style}">{html.escape(view.body[name]["text"])}</span>'
        for name, style in (("close", ""), ("submit", "primary"))
        if view.body.get(name)
    )
    return _page(
        f'<div class="frame"><div class="title">{title}</div>'
        f'<div class="body">{drawn}</div><div class="foot">{foot}</div></div>'
    )


def _page(inner: str) -> str:
    return f"<!doctype html><style>{STYLE}</style><div id=shown>{inner}</div>"


def _blocks(blocks: list[Json], world: World, sent: Json | None = None) -> str:
    """`sent` has what was filled in, and the errors about it, by the names of fields."""
    filled, errors = (sent or {}).get("filled", {}), (sent or {}).get("errors", {})
    pictures = sum(block["type"] == "image" for block in blocks)
    made = []
    for block in blocks:
        if block["type"] == "input":
            name = block["block_id"]
            made.append(_field(block, filled.get(name, ""), errors.get(name, "")))
        elif block["type"] == "image":
            made.append(_picture(block, world, "picture" if pictures > 1 else "picture alone"))
        else:
            made.append(f'<div class="block">{_DRAWN[block["type"]](block, world)}</div>')
    return "".join(made)


def _section(block: Json, world: World) -> str:
    accessory = block.get("accessory")
    beside = ""
    if accessory:
        is_image = accessory["type"] == "image"
        beside = _picture(accessory, world, "small") if is_image else _element(accessory)
    return (
        f'<div class="section"><div class="text">{_text(block["text"], world)}</div>{beside}</div>'
    )


def _actions(block: Json, world: World) -> str:
    del world
    return f'<div class="actions">{"".join(map(_element, block["elements"]))}</div>'


def _context(block: Json, world: World) -> str:
    lines = "<br>".join(_text(each, world) for each in block["elements"])
    return f'<div class="context text">{lines}</div>'


def _header(block: Json, world: World) -> str:
    return f'<div class="header">{_text(block["text"], world)}</div>'


def _divider(block: Json, world: World) -> str:
    del block, world
    return "<hr>"


_DRAWN: dict[str, Callable[[Json, World], str]] = {
    "section": _section,
    "actions": _actions,
    "context": _context,
    "header": _header,
    "divider": _divider,
}


def _picture(block: Json, world: World, style: str) -> str:
    file = world.file_of(block["slack_file"])
    assert file is not None
    assert file.data is not None
    source = f"data:{file.media_type};base64,{base64.b64encode(file.data).decode()}"
    if style == "small":
        return f'<img class="small" src="{source}">'
    caption = html.escape(file.title or file.name)
    return f'<div class="{style}"><div class="caption">{caption} ▾</div><img src="{source}"></div>'


def _element(part: Json) -> str:
    if part["type"] == "button":
        words = html.escape(part["text"]["text"])
        return f'<span class="button {part.get("style", "")}">{words}</span>'
    chosen = part.get("initial_option") or {}
    words = (chosen.get("text") or part.get("placeholder") or {}).get("text", "Choose an option")
    return f'<span class="button menu">{html.escape(words)}</span>'


# --- a form ---------------------------------------------------------------------------------------


def _field(block: Json, filled: str, error: str) -> str:
    part = block["element"]
    label = html.escape(block["label"]["text"])
    if block.get("optional"):
        label += ' <span class="optional">(optional)</span>'
    below = (
        f'<div class="hint">{html.escape(block["hint"]["text"])}</div>' if "hint" in block else ""
    )
    if error:
        below = f'<div class="error">{html.escape(error)}</div>'
    return (
        f'<div class="field {"wrong" if error else ""}"><div class="label">{label}</div>'
        f"{_input(part, filled)}{below}</div>"
    )


def _input(part: Json, filled: str) -> str:
    kind = part["type"]
    if kind == "checkboxes":
        options = [html.escape(each["text"]["text"]) for each in part["options"]]
        return "".join(f'<div><span class="box"></span>{each}</div>' for each in options)
    if kind == "file_input":
        return '<span class="button">Add file</span>'
    value = filled or _initial(part)
    words = value or part.get("placeholder", {}).get("text", "") or _EMPTY.get(kind, " ")
    style = "input" + ("" if value else " empty") + (" tall" if part.get("multiline") else "")
    return f'<div class="{style}">{html.escape(str(words)) or "&nbsp;"}</div>'


_EMPTY = {
    "static_select": "Choose an option",
    "conversations_select": "Choose a conversation",
    "multi_conversations_select": "Choose conversations",
    "multi_users_select": "Choose people",
    "multi_static_select": "Choose options",
    "plain_text_input": "Write something",
    "number_input": "Enter a number",
}


def _initial(part: Json) -> Any:
    option = part.get("initial_option")
    if option:
        return option["text"]["text"]
    channel = part.get("initial_conversation")
    return "# art" if channel else part.get("initial_value", "")


# --- words ----------------------------------------------------------------------------------------


def _text(text: Json, world: World) -> str:
    if text["type"] == "plain_text":
        return html.escape(text["text"])
    return "".join(map(_line, _marked(text["text"], world).split("\n"))).removesuffix("\n")


def _line(line: str) -> str:
    if line.startswith("&gt; "):
        return f"<blockquote>{line.removeprefix('&gt; ')}</blockquote>"
    return f"{line}\n"


def _marked(words: str, world: World) -> str:
    """Slack's entities are HTML's as well; `&gt; ` at the start of a line is its own quote."""
    marked = words.replace("<", "&lt;").replace(">", "&gt;")
    marked = _PLAIN_MARK.sub(lambda found: f"&#{ord(found[1])};", marked)
    marked = _DATE.sub(lambda found: found[2], marked)
    marked = _USER.sub(lambda found: _mention(f"@{_name(found[1], world)}"), marked)
    marked = _CHANNEL.sub(lambda found: _mention(f"#{_channel(found[1], world)}"), marked)
    marked = _LINK.sub(lambda found: f"<u>{found[2] or found[1]}</u>", marked)
    marked = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", marked)
    return re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"<b>\1</b>", marked)


def _mention(words: str) -> str:
    return f'<span class="mention">{words}</span>'


def _name(person: str, world: World) -> str:
    known = world.person(person)
    return known.name.lower() if known else person


def _channel(channel: str, world: World) -> str:
    found = [w.channels[channel].name for w in world.workspaces.values() if channel in w.channels]
    return found[0] if found else channel
