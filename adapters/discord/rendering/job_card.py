"""JobView → the exact payload of a message. Pure: nothing is read or sent here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from discord import ButtonStyle, MediaGalleryItem, SelectOption, ui

from adapters.chat.custom_ids import CustomId
from adapters.chat.result_controls import Control, has_menu, is_alone, menu, rows
from adapters.discord.platform.limits import MEDIA_DESCRIPTION_MAX_CHARS
from adapters.discord.rendering.markup import quoted, sentence
from bot.domain.job_view import JobView, Phase
from bot.wording import Sentence, cards, labels, lines, notes_of, status
from bot.wording.budgets import cost
from bot.wording.parts import Small

# Escaping may double it, and a message has 4,000 characters at most.
PROMPT_SHOWN_MAX_CHARS = 1_500
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

    `with_prompt` False leaves out the prompt and all else that people or a service wrote, for
    where the server's AutoMod blocks it.
    """
    box: ui.Container[Any] = ui.Container(accent_colour=_COLOURS.get(view.phase, FAILED))
    box.add_item(ui.TextDisplay(_head(view, with_prompt=with_prompt)))
    if shown:
        numbered = not is_alone(view)
        items = [_item(each, numbered=numbered, with_prompt=with_prompt) for each in shown]
        box.add_item(ui.MediaGallery(*items))
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
    """`layout`, stopped, so that discord.py doesn't keep it: items are found by custom ids."""
    layout.stop()
    return layout


def _head(view: JobView, *, with_prompt: bool) -> str:
    line = sentence(cards.headline(view))
    if not view.prompt:
        return line
    if not with_prompt:
        return f"{line}\n{sentence(cards.NO_PROMPT)}"
    return f"{line}\n{quoted(view.prompt, PROMPT_SHOWN_MAX_CHARS)}"


def _item(shown: Shown, *, numbered: bool, with_prompt: bool) -> MediaGalleryItem:
    name = labels.picture(shown.number)
    alt = f"{name}: {shown.alt}" if numbered and shown.alt else shown.alt
    return MediaGalleryItem(
        f"attachment://{shown.name}",
        description=(alt if with_prompt else name)[:MEDIA_DESCRIPTION_MAX_CHARS] or None,
        spoiler=shown.spoiler,
    )


def _state(view: JobView) -> str:
    words = sentence(status(view))
    fraction = view.progress.fraction
    if view.phase is not Phase.DRAWING or fraction is None:
        return words
    filled = round(min(max(fraction, 0.0), 1.0) * BAR_CELLS)
    return f"{'▰' * filled}{'▱' * (BAR_CELLS - filled)}  {words}"


def _facts(view: JobView, notes: Sequence[Sentence], *, with_prompt: bool) -> str:
    """Small print: options, model, seed, id; then the notes."""
    facts = cards.facts(view, with_words=with_prompt)
    order = () if is_alone(view) else cards.order([picture.number for picture in view.pictures])
    # Others see the rest: what it cost them, people read under "Parameters".
    paid = cost(view.cost_micros) if view.private and view.cost_micros else ()
    said = [line for line in (order, facts, paid, *notes_of(view), *notes) if line]
    return sentence(lines(*((Small(line),) for line in said)))


# --- buttons and the menu ---------------------------------------------------------------------


def _rows(view: JobView) -> list[ui.ActionRow[Any]]:
    found = [ui.ActionRow(*(_button(view, each) for each in row)) for row in rows(view)]
    return [*found, ui.ActionRow(_menu(view))] if has_menu(view) else found


def _button(view: JobView, control: Control) -> ui.Button[Any]:
    return ui.Button(
        label=control.label,
        style=ButtonStyle.primary if control.is_main else ButtonStyle.secondary,
        custom_id=str(CustomId(control.verb, view.public_id, control.picture)),
    )


def _menu(view: JobView) -> ui.Select[Any]:
    choices = [
        SelectOption(label=each.label, value=each.value, description=each.description or None)
        for each in menu(view)
    ]
    custom_id = str(CustomId("more", view.public_id))
    return ui.Select(custom_id=custom_id, placeholder=labels.MORE, options=choices)
