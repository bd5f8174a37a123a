"""JobView → the exact payload of a message. Pure: nothing is read or sent here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from discord import ButtonStyle, MediaGalleryItem, SelectOption, ui

from adapters.chat.custom_ids import CustomId
from adapters.discord.platform.limits import MEDIA_DESCRIPTION_MAX_CHARS
from adapters.discord.rendering.markup import code, escaped, quoted, sentence
from bot.domain.job_view import JobView, Phase
from bot.jobs.drafts import enlarged
from bot.request.options import BY_NAME
from bot.text import shortened
from bot.wording import Sentence, deed, notes_of, say, short_model, status

# One TextDisplay holds it; escaping may double it, and 4,000 are the most in a message.
PROMPT_SHOWN_MAX_CHARS = 1_500
OPTION_MAX_CHARS = 120
BAR_CELLS = 12
FAILED = 0xD9534F
WAITING = 0x8A8F98
DRAWING = 0x4C8BF5
DONE = 0x3BA55D
REVIEW = 0xF0B232
_COLOURS = {
    Phase.WAITING: WAITING,
    Phase.DRAWING: DRAWING,
    Phase.DONE: DONE,
    Phase.IN_REVIEW: REVIEW,
    Phase.WITHHELD: REVIEW,
    Phase.CANCELLED: WAITING,
    Phase.REMOVED: WAITING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One picture as it goes out: the name of its file in the message."""

    number: int
    name: str
    alt: str
    spoiler: bool


def card(
    view: JobView,
    shown: Sequence[Shown] = (),
    *,
    notes: Sequence[Sentence] = (),
    with_prompt: bool = True,
) -> ui.LayoutView:
    """The message of a job.

    Without its prompt, and whatever else people or a service wrote, where the server's AutoMod
    would have none of it.
    """
    box: ui.Container[Any] = ui.Container(accent_colour=_COLOURS.get(view.phase, FAILED))
    box.add_item(ui.TextDisplay(_head(view, with_prompt=with_prompt)))
    if shown:
        box.add_item(ui.MediaGallery(*[_item(each, with_prompt=with_prompt) for each in shown]))
    if view.phase is not Phase.DONE:
        box.add_item(ui.TextDisplay(_state(view if with_prompt else replace(view, failure=None))))
    box.add_item(ui.TextDisplay(_facts(view, notes, with_prompt=with_prompt)))
    for row in _rows(view):
        box.add_item(row)
    return closed(ui.LayoutView(timeout=None).add_item(box))


def notice(words: str, colour: int = WAITING, *more: ui.Item[Any], mark: int = 0) -> ui.LayoutView:
    """A small message of our own; `words` are markdown already. `mark` is an id to find it by."""
    box: ui.Container[Any] = ui.Container(
        ui.TextDisplay(words), *more, accent_colour=colour, id=mark or None
    )
    return closed(ui.LayoutView(timeout=None).add_item(box))


def closed(layout: ui.LayoutView) -> ui.LayoutView:
    """`layout`, which discord.py need not keep: its items are found by their custom ids."""
    layout.stop()
    return layout


def _head(view: JobView, *, with_prompt: bool) -> str:
    who = f"<@{view.person}>" if view.person.isdigit() else escaped(view.name)
    line = f"{who} {deed(view)}"
    if view.parent_id:
        line += f" {code(view.parent_id)}"
    if not view.prompt:
        return line
    if not with_prompt:
        return f"{line}\n-# The prompt isn't shown: this server's AutoMod blocked it."
    return f"{line}\n{quoted(view.prompt, PROMPT_SHOWN_MAX_CHARS)}"


def _item(shown: Shown, *, with_prompt: bool) -> MediaGalleryItem:
    alt = shown.alt[:MEDIA_DESCRIPTION_MAX_CHARS] if with_prompt else f"Picture {shown.number}"
    return MediaGalleryItem(
        f"attachment://{shown.name}", description=alt or None, spoiler=shown.spoiler
    )


def _state(view: JobView) -> str:
    words = sentence(status(view))
    fraction = view.progress.fraction
    if view.phase is not Phase.DRAWING or fraction is None:
        return words
    filled = round(min(max(fraction, 0.0), 1.0) * BAR_CELLS)
    return f"{'▰' * filled}{'▱' * (BAR_CELLS - filled)}  {words}"


def _facts(view: JobView, notes: Sequence[Sentence], *, with_prompt: bool) -> str:
    """Small print: options that differ from the defaults, model, seed, id; then the notes."""
    others = [(n, v) for n, v in _others(view) if with_prompt or not isinstance(v, str)]
    facts = [*_sizes(view), *(_option(name, value) for name, value in others)]
    if view.from_image:
        facts.append("from a picture")
    facts += [f"seed {code(str(view.seed))}", escaped(short_model(view.model))]
    facts.append(code(view.public_id))
    said = [*(sentence(words) for words in notes_of(view)), *(sentence(words) for words in notes)]
    return "\n".join(f"-# {line}" for line in (" · ".join(facts), *said))


def _sizes(view: JobView) -> list[str]:
    if {"width", "height"} & set(view.options):
        return [f"{view.width_px} × {view.height_px}"]
    return []


def _others(view: JobView) -> list[tuple[str, Any]]:
    hidden = {"width", "height", "num_images"}
    return [(name, value) for name, value in view.options.items() if name not in hidden]


def _option(name: str, value: Any) -> str:
    short = BY_NAME[name].short
    if isinstance(value, bool):
        return short if value else f"no {short}"
    if isinstance(value, float):
        return f"{short} {value:g}"
    if isinstance(value, str):
        return f"{short} {code(shortened(value, OPTION_MAX_CHARS))}"
    return f"{short} {value}"


# --- buttons and the menu ---------------------------------------------------------------------


def _rows(view: JobView) -> list[ui.ActionRow[Any]]:
    if view.phase in (Phase.WAITING, Phase.DRAWING):
        return [ui.ActionRow(_button(view, "cancel", "Cancel"))]
    if not view.prompt or view.phase is Phase.IN_REVIEW:
        return []
    if view.phase is not Phase.DONE:
        return [ui.ActionRow(*_ways_on(view))]
    again = _button(view, "again", "Again", ButtonStyle.primary)
    edit, files = _button(view, "edit", "Edit"), _button(view, "files", "Files")
    vary, menu = _vary_buttons(view), ui.ActionRow(_menu(view))
    if _is_alone(view):
        return [ui.ActionRow(again, *vary, edit, files), menu]
    more: list[ui.ActionRow[Any]] = [ui.ActionRow(*vary)] if vary else []
    return [ui.ActionRow(again, edit, files), *more, menu]


def _ways_on(view: JobView) -> list[ui.Button[Any]]:
    """Where there is no picture to see."""
    buttons = [
        _button(view, "again", "Try again", ButtonStyle.primary),
        _button(view, "edit", "Edit"),
    ]
    if view.second_look:
        buttons.append(_button(view, "look", "Second look"))
    return buttons


def _vary_buttons(view: JobView) -> list[ui.Button[Any]]:
    """One for each picture, where the model starts from pictures at all."""
    if "image" not in view.takes:
        return []
    return [
        _button(view, "vary", "Vary" if _is_alone(view) else f"Vary {p.number}", picture=p.number)
        for p in view.pictures
    ]


def _is_alone(view: JobView) -> bool:
    """Whether there never was another picture, so that it needs no number."""
    return view.asked_pictures == len(view.pictures) == 1


def _button(
    view: JobView,
    verb: str,
    label: str,
    style: ButtonStyle = ButtonStyle.secondary,
    picture: int | None = None,
) -> ui.Button[Any]:
    custom_id = str(CustomId(verb, view.public_id, picture))
    return ui.Button(label=label, style=style, custom_id=custom_id)


def _menu(view: JobView) -> ui.Select[Any]:
    """What is wanted less often. A value is `verb[:picture]`."""
    numbered = len(view.pictures) > 1
    choices: list[SelectOption] = []
    if "image" in view.takes and enlarged(view.width_px, view.height_px):
        choices += [
            SelectOption(
                label=f"Enlarge picture {p.number}" if numbered else "Enlarge",
                value=f"upscale:{p.number}",
                description="Redrawn larger, close to what it is",
            )
            for p in view.pictures
        ]
    choices.append(SelectOption(label="Favourite", value="favourite"))
    choices.append(SelectOption(label="Parameters", value="parameters"))
    choices.append(SelectOption(label="Report", value="report", description="To the moderators"))
    if view.second_look:
        what = "Another moderator looks at what was withheld"
        choices.append(SelectOption(label="Second look", value="look", description=what))
    if numbered:
        choices += [
            SelectOption(label=f"Delete picture {p.number}", value=f"delete:{p.number}")
            for p in view.pictures
        ]
    choices.append(SelectOption(label="Delete all" if numbered else "Delete", value="delete"))
    return ui.Select(
        custom_id=str(CustomId("more", view.public_id)), placeholder="More …", options=choices
    )


# --- small notices ------------------------------------------------------------------------------


def squeezed_note(numbers: Sequence[int], count: int) -> Sentence:
    """Which pictures were made lighter so that they fit into a message."""
    if len(numbers) == count:
        return say("Made lighter to fit into a message.")
    which = ", ".join(map(str, numbers))
    return say("Made lighter to fit into a message: {}.", f"picture {which}")
