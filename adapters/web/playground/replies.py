"""Parts of the conversation as answers to htmx."""

import json
from typing import Any

from starlette.responses import HTMLResponse

from adapters.web.context import Context
from adapters.web.rendering.templates import sentence
from bot.domain.job_view import JobView
from bot.errors import BadRequest, BotError
from bot.wording import explain

# The event that the page's scripts listen for.
SENT = {"HX-Trigger": "sent"}


def turn(here: Context, view: JobView, *, sent: bool = False, reveal: bool = False) -> HTMLResponse:
    """A job's card. `sent` clears the message box; `reveal` scrolls to the card."""
    headers = dict(SENT) if sent else {}
    if reveal:
        headers["HX-Trigger-After-Settle"] = json.dumps({"reveal": view.public_id})
    return HTMLResponse(turn_html(here, view), headers=headers)


def turn_html(here: Context, view: JobView) -> str:
    return here.templates.part("parts/turns.html", "job_turn", view)


def said(here: Context, text: str, macro: str, *values: Any) -> HTMLResponse:
    """A typed message and the bot's answer to it."""
    now = here.clock.now()
    html = here.templates.part("parts/answers.html", macro, text, now, *values)
    return HTMLResponse(html, headers=SENT)


def refused(here: Context, text: str, error: BotError) -> HTMLResponse:
    return said(here, text, "refused", sentence(explain(error)))


def to_mend(here: Context, error: BadRequest) -> HTMLResponse:
    """The mistakes in a message, shown beside the message box, which keeps its text."""
    headers = {"HX-Retarget": "#advice", "HX-Reswap": "innerHTML"}
    return HTMLResponse(problems(here, error), headers=headers)


def problems(here: Context, error: BotError) -> str:
    if isinstance(error, BadRequest):
        return here.templates.part("parts/answers.html", "problems", error)
    return here.templates.part("parts/answers.html", "problem", sentence(explain(error)))
