"""Shows what is wrong with a form that was sent: beside the field, or above all fields."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

from adapters.slack.actions.other_place import buttons
from adapters.slack.delivery.trouble import as_told
from adapters.slack.forms import fields
from adapters.slack.platform.web_api import TROUBLE, code_of
from adapters.slack.rendering import blocks
from adapters.slack.rendering.markup import sentence
from bot.domain.asker import SLACK
from bot.errors import (
    BadRequest,
    BotError,
    CantPost,
    NotAllowed,
    NotFound,
    Problem,
    PromptRefused,
    QuotaExceeded,
)
from bot.request.forms import STYLE
from bot.wording import explain, explain_problem, plain
from bot.wording.answers import TOO_SLOW

# Slack waits 3 s for the answer: https://docs.slack.dev/interactivity/handling-user-interaction
CHECK_S = 2.0
ABOVE_BLOCK, CLOSED_BLOCK, OFFERED_BLOCK = "above", "closed", "offered"

log = logging.getLogger(__name__)
T = TypeVar("T")
View = Mapping[str, Any]
# The arguments of an acknowledgement; empty if nothing is wrong.
Refusal = dict[str, Any]


async def checked(view: View, check: Awaitable[T]) -> tuple[Refusal, T | None]:
    """Await `check`; returns what is wrong with the form, or else the result of `check`."""
    try:
        async with asyncio.timeout(CHECK_S):
            return {}, await check
    except BotError as error:
        return refusal(error, view), None
    except TimeoutError:
        return _above([TOO_SLOW], view), None
    except TROUBLE as error:
        log.warning("a form could not be looked at: %s", code_of(error) or type(error).__name__)
        return refusal(as_told(error), view), None


def refusal(error: BotError, view: View) -> Refusal:
    """Slack takes either errors beside fields or another form, so that if one problem has no
    field, all of them are shown above the fields.
    """
    problems = error.problems if isinstance(error, BadRequest) else ()
    places = [fields.block_for(problem.option, view) for problem in problems]
    if problems and not all(places):
        said = [sentence(explain_problem(problem)) for problem in problems]
        return _above(said, view)
    if not problems:
        if not (place := fields.block_for(_field_of(error), view)):
            return _above([sentence(explain(error, platform=SLACK))], view)
        return _beside({place: plain(explain(error, platform=SLACK))})
    return _beside(_joined(problems, places))


def _field_of(error: BotError) -> str:
    """The option that `error` is about, "" for none."""
    match error:
        case NotFound(what="preset"):
            return STYLE.name
        case NotFound(what="model") | NotAllowed(why="model_not_allowed"):
            return "model"
        case QuotaExceeded():
            return "num_images"
        case PromptRefused():
            return "prompt"
        case CantPost() | NotAllowed(why="other_channel"):
            return "where"
        case _:
            return ""


def _joined(problems: Sequence[Problem], places: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for problem, place in zip(problems, places, strict=True):
        said = plain(explain_problem(problem))
        found[place] = f"{found[place]} {said}" if place in found else said
    return found


def _beside(errors: dict[str, str]) -> Refusal:
    return {"response_action": "errors", "errors": errors}


def refused(error: BotError, view: View) -> dict[str, Any]:
    """The form as it was filled in, with a line that says why."""
    if isinstance(error, CantPost):
        return dict(closed(error, view)["view"])
    return dict(_above([sentence(explain(error, platform=SLACK))], view)["view"])


def _above(said: Sequence[str], view: View) -> Refusal:
    """The form as it was filled in, with a line above its fields. `said` is mrkdwn."""
    line = {**blocks.section("\n".join(f"⚠ {each}" for each in said)), "block_id": ABOVE_BLOCK}
    made = [line, *without_line(view["blocks"])]
    return {"response_action": "update", "view": rebuilt(view, made)}


def closed(error: CantPost, view: View) -> Refusal:
    """The form as it was filled in; beside the channel stand why it takes no card, and buttons."""
    words = sentence(explain(error, platform=SLACK))
    said = {**blocks.section(f"⚠ {words}"), "block_id": CLOSED_BLOCK}
    added = [said]
    if offered := buttons(error, view["callback_id"]):
        added.append({**blocks.actions(offered), "block_id": OFFERED_BLOCK})
    made = without_line(view["blocks"])
    names = [block.get("block_id") for block in made]
    after = names.index("where") + 1 if "where" in names else 0
    made[after:after] = added
    return {"response_action": "update", "view": rebuilt(view, made)}


def without_line(made: Sequence[blocks.Block]) -> list[blocks.Block]:
    """The blocks without what an earlier refusal put among them."""
    added = (ABOVE_BLOCK, CLOSED_BLOCK, OFFERED_BLOCK)
    return [block for block in made if block.get("block_id") not in added]


def rebuilt(view: View, made: Sequence[blocks.Block]) -> dict[str, Any]:
    """A form as Slack sent it, with other blocks. Fields with the same ids keep their content."""
    names = ("type", "callback_id", "title", "submit", "close", "notify_on_close")
    kept = {name: view[name] for name in names if view.get(name)}
    return {**kept, "private_metadata": view.get("private_metadata", ""), "blocks": [*made]}
