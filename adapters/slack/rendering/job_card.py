"""JobView → blocks of its message. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.chat.custom_ids import CustomId
from adapters.chat.result_controls import Control, has_menu, menu, rows
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block, Element
from adapters.slack.rendering.markup import escaped, fitting, quoted, sentence
from bot.domain.job_view import JobView, Phase, PictureView
from bot.wording import Sentence, cards, labels, notes_of, status
from bot.wording.budgets import cost

PROMPT_SHOWN_MAX_CHARS = 1_500
# The quoted prompt's share of a section of 3,000; the rest is for the line above it.
_QUOTE_MAX_CHARS = 2_700
# The prompt's share of the summary, for notifications and screen readers.
SUMMARY_MAX_CHARS = 300
METADATA_EVENT = "limner_job"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The id of a file that Slack can show in the card: a picture, or a grid of all."""

    file: str
    alt: str


def card(
    view: JobView,
    shown: Shown | None = None,
    *,
    notes: Sequence[Sentence] = (),
    waits: Sentence = (),
    shares: bool = False,
) -> list[Block]:
    """The message of a job: at most 9 blocks.

    `waits` says what its pictures wait for; `shares` offers to share a private result.
    """
    made = [blocks.section(_head(view))]
    if shown is not None:
        made.append(blocks.image(shown.file, shown.alt))
    if waits:
        made.append(blocks.section(sentence(waits)))
    if view.phase is Phase.DONE:
        made += _hidden(view)
    else:
        made.append(blocks.section(_state(view)))
    made.append(blocks.small(*_facts(view, notes)))
    return made + [blocks.actions(row) for row in _rows(view, shares=shares)]


def summary(view: JobView) -> str:
    """The message as one line, for notifications."""
    said = " ".join(view.prompt.split())
    prompt = f": {fitting(said, SUMMARY_MAX_CHARS, escaped)}" if said else ""
    return f"{sentence(cards.title(view))}{prompt}"


def metadata(key: str, **more: str) -> dict[str, Any]:
    """A message's metadata, which nobody sees: by it an earlier attempt is found again."""
    return {"event_type": METADATA_EVENT, "event_payload": {"key": key, **more}}


def key_of(message: Mapping[str, Any], name: str = "key") -> str:
    """The job's key in a message's metadata, or another value by `name`; "" if there is none."""
    held = message.get("metadata") or {}
    if held.get("event_type") != METADATA_EVENT:
        return ""
    return str((held.get("event_payload") or {}).get(name, ""))


def opening(who: str, prompt: str) -> list[Block]:
    """The card before its job has a place in line."""
    line = sentence(cards.opening(who))
    words = f"{line}\n{_prompt(prompt)}" if prompt else line
    return [blocks.section(words), blocks.section(sentence(cards.LOOKING_FOR_A_PLACE))]


def opening_summary(name: str, prompt: str) -> str:
    said = fitting(" ".join(prompt.split()), SUMMARY_MAX_CHARS, escaped)
    return f"{sentence(cards.opening_title(name))}: {said}"


def is_shown_openly(picture: PictureView) -> bool:
    """False for a picture that needs a blur: Slack has none, so a button hides it."""
    return not picture.spoiler


def _head(view: JobView) -> str:
    line = sentence(cards.headline(view))
    return f"{line}\n{_prompt(view.prompt)}" if view.prompt else line


def _prompt(prompt: str) -> str:
    shown = prompt
    if len(shown) > PROMPT_SHOWN_MAX_CHARS:
        shown = shown[: PROMPT_SHOWN_MAX_CHARS - 1].rstrip() + "…"
    return quoted(shown, _QUOTE_MAX_CHARS)


def _hidden(view: JobView) -> list[Block]:
    """A line and a button for pictures that are shown only to those who ask."""
    covered = [each for each in view.pictures if not is_shown_openly(each)]
    if not covered:
        return []
    show = blocks.button(labels.SHOW_ME, str(CustomId("reveal", view.public_id)))
    return [blocks.section(sentence(cards.covered(len(covered))), show)]


def _state(view: JobView) -> str:
    words = sentence(status(view))
    fraction = view.progress.fraction
    if view.phase is not Phase.DRAWING or fraction is None:
        return words
    return f"{blocks.bar(fraction)}  {words}"


def _facts(view: JobView, notes: Sequence[Sentence]) -> list[str]:
    """Options, model, seed, id; then the notes. What it cost only where nobody else reads it."""
    paid = [cost(view.cost_micros)] if view.private and view.cost_micros else []
    return [sentence(line) for line in (cards.facts(view), *notes_of(view), *paid, *notes)]


# --- buttons and the menu -------------------------------------------------------------------------


def _rows(view: JobView, *, shares: bool) -> list[list[Element]]:
    found = [[_button(view, each) for each in row] for row in rows(view)]
    if shares and view.private and view.phase is Phase.DONE:
        found[0].append(_button(view, Control("share", labels.SHARE_HERE)))
    if has_menu(view):
        found[0].append(_menu(view))
    return found


def _button(view: JobView, control: Control) -> Element:
    custom_id = CustomId(control.verb, view.public_id, control.picture)
    style = "primary" if control.is_main else ""
    return blocks.button(control.label, str(custom_id), style=style)


def _menu(view: JobView) -> Element:
    choices = [blocks.option(each.label, each.value) for each in menu(view)]
    custom_id = str(CustomId("more", view.public_id))
    return blocks.select(custom_id, choices, placeholder=labels.MORE)
