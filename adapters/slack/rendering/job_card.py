"""JobView → the exact blocks of a message. Pure: nothing is read or sent here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.chat.custom_ids import CustomId
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block, Element
from adapters.slack.rendering.markup import (
    code,
    entities,
    escaped,
    fitting,
    person,
    quoted,
    sentence,
)
from bot.domain.job_view import JobView, Phase, PictureView
from bot.jobs.drafts import enlarged
from bot.request.options import BY_NAME
from bot.wording import Sentence, deed, notes_of, pictures, short_model, status

PROMPT_SHOWN_MAX_CHARS = 1_500
# In the section of the head: the line above the prompt has the rest.
_QUOTE_MAX_CHARS = 2_700
# What a notification and a screen reader's summary show.
SUMMARY_MAX_CHARS = 300
BAR_CELLS = 12
METADATA_EVENT = "limner_job"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture that Slack can show in the card: the id of its file."""

    number: int
    file: str
    alt: str


def card(
    view: JobView, shown: Sequence[Shown] = (), *, notes: Sequence[Sentence] = ()
) -> list[Block]:
    """The message of a job: at most 4 pictures and 8 blocks beside them."""
    made = [blocks.section(_head(view))]
    made += [blocks.image(each.file, each.alt) for each in shown]
    if view.phase is Phase.DONE:
        made += _hidden(view)
    else:
        made.append(blocks.section(_state(view)))
    made.append(blocks.small(*_facts(view, notes)))
    if buttons := _buttons(view):
        made.append(blocks.actions(buttons))
    return made


def summary(view: JobView) -> str:
    """The message without its blocks: for notifications."""
    said = " ".join(view.prompt.split())
    prompt = f": {fitting(said, SUMMARY_MAX_CHARS, escaped)}" if said else ""
    return f"{escaped(view.name) or 'Somebody'} {deed(view)}{prompt}"


def metadata(key: str, **more: str) -> dict[str, Any]:
    """Travels with the message and is seen by nobody: how an earlier attempt is found again."""
    return {"event_type": METADATA_EVENT, "event_payload": {"key": key, **more}}


def key_of(message: Mapping[str, Any], name: str = "key") -> str:
    """The job's key in one of our messages, "" in others; or what else stands there by `name`."""
    held = message.get("metadata") or {}
    if held.get("event_type") != METADATA_EVENT:
        return ""
    return str((held.get("event_payload") or {}).get(name, ""))


def opening(who: str, prompt: str) -> list[Block]:
    """What stands in the channel before a job has its place in line."""
    words = f"{person(who)} asked for\n{_prompt(prompt)}" if prompt else f"{person(who)} asked"
    return [blocks.section(words), blocks.section("Looking for a place in line …")]


def opening_summary(name: str, prompt: str) -> str:
    said = fitting(" ".join(prompt.split()), SUMMARY_MAX_CHARS, escaped)
    return f"{escaped(name) or 'Somebody'} asked for: {said}"


def is_shown_openly(picture: PictureView) -> bool:
    """Slack has no blur: what needs one stays behind a button."""
    return not picture.spoiler


def _head(view: JobView) -> str:
    line = f"{person(view.person, view.name)} {deed(view)}"
    if view.parent_id:
        line += f" {code(view.parent_id)}"
    return f"{line}\n{_prompt(view.prompt)}" if view.prompt else line


def _prompt(prompt: str) -> str:
    shown = prompt
    if len(shown) > PROMPT_SHOWN_MAX_CHARS:
        shown = shown[: PROMPT_SHOWN_MAX_CHARS - 1].rstrip() + "…"
    return quoted(shown, _QUOTE_MAX_CHARS)


def _hidden(view: JobView) -> list[Block]:
    """One line and a button for what only those see who ask for it."""
    covered = [each for each in view.pictures if not is_shown_openly(each)]
    if not covered:
        return []
    is_or_are = "is" if len(covered) == 1 else "are"
    words = f"{pictures(len(covered)).capitalize()} {is_or_are} covered: perhaps not for everyone."
    show = blocks.button("Show me", str(CustomId("reveal", view.public_id)))
    return [blocks.section(words, show)]


def _state(view: JobView) -> str:
    words = sentence(status(view))
    fraction = view.progress.fraction
    if view.phase is not Phase.DRAWING or fraction is None:
        return words
    filled = round(min(max(fraction, 0.0), 1.0) * BAR_CELLS)
    return f"{'▰' * filled}{'▱' * (BAR_CELLS - filled)}  {words}"


def _facts(view: JobView, notes: Sequence[Sentence]) -> list[str]:
    """Options that differ from the defaults, model, seed, id; then the notes."""
    facts = [*_sizes(view), *(_option(name, value) for name, value in _others(view))]
    if view.from_image:
        facts.append("from a picture")
    facts += [f"seed {code(str(view.seed))}", entities(short_model(view.model))]
    facts.append(code(view.public_id))
    said = [*(sentence(words) for words in notes_of(view)), *(sentence(words) for words in notes)]
    return [" · ".join(facts), *said]


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
        return f"{short} {code(blocks.cut(value, 120))}"
    return f"{short} {value}"


# --- buttons and the menu -------------------------------------------------------------------------


def _buttons(view: JobView) -> list[Element]:
    if view.phase in (Phase.WAITING, Phase.DRAWING):
        return [_button(view, "cancel", "Cancel")]
    look = [_button(view, "look", "Second look")] if view.second_look else []
    if not view.prompt or view.phase is Phase.IN_REVIEW:
        return look
    if view.phase is not Phase.DONE:
        again = [_button(view, "again", "Try again", "primary"), _button(view, "edit", "Edit")]
        return [*again, *look]
    found = [_button(view, "again", "Again", "primary")]
    if "image" in view.takes:
        found += _vary_buttons(view)
    found += [_button(view, "edit", "Edit"), _button(view, "files", "Files"), _menu(view)]
    return found


def _vary_buttons(view: JobView) -> list[Element]:
    alone = view.asked_pictures == 1
    return [
        _button(view, "vary", "Vary" if alone else f"Vary {each.number}", picture=each.number)
        for each in view.pictures
    ]


def _button(
    view: JobView, verb: str, label: str, style: str = "", picture: int | None = None
) -> Element:
    return blocks.button(label, str(CustomId(verb, view.public_id, picture)), style=style)


def _menu(view: JobView) -> Element:
    """What is wanted less often. A value is `verb[:picture]`."""
    numbered = len(view.pictures) > 1
    found: list[Element] = []
    if "image" in view.takes and enlarged(view.width_px, view.height_px):
        found += [
            blocks.option(
                f"Enlarge picture {p.number}" if numbered else "Enlarge", f"upscale:{p.number}"
            )
            for p in view.pictures
        ]
    found += [
        blocks.option("Favourite", "favourite"),
        blocks.option("Parameters", "parameters"),
        blocks.option("Report", "report"),
    ]
    if numbered:
        found += [
            blocks.option(f"Delete picture {p.number}", f"delete:{p.number}") for p in view.pictures
        ]
    found.append(blocks.option("Delete all" if numbered else "Delete", "delete"))
    return blocks.select(str(CustomId("more", view.public_id)), found, placeholder="More …")
