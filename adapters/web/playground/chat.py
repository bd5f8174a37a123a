"""The conversation: its page, and the routes for what people type and press."""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from adapters.web.context import COOKIE, Context, Here, Owner
from adapters.web.http.forms import read_form
from adapters.web.playground.answers import TypedCommand, answer
from adapters.web.playground.autocomplete import completions
from adapters.web.playground.draw import draw, redraw, request_of
from adapters.web.playground.replies import problems, refused, to_mend, turn, turn_html
from adapters.web.rendering.tables import left_line
from bot.domain.job import read_public_id
from bot.domain.job_view import JobView
from bot.errors import BadRequest, BotError
from bot.jobs.drafts import Again, Vary
from bot.request import command_parser
from bot.request.commands import IMAGINE
from bot.wording.page import EXAMPLES

router = APIRouter()
SHOWN_AT_ONCE = 20
PublicId = Annotated[str, Path(max_length=20)]


@router.get("/")
async def chat(here: Here, asker: Owner) -> Response:
    newest = await here.studio.history(asker, limit=SHOWN_AT_ONCE + 1)
    quota = await here.studio.quota(asker)
    values = {
        "views": newest[SHOWN_AT_ONCE - 1 :: -1],
        "more": len(newest) > SHOWN_AT_ONCE,
        "quota": quota,
        "examples": EXAMPLES,
        "vocabulary": completions(await here.studio.models(asker)),
        "form_token": here.form_token,
        "event_id": secrets.token_hex(16),
        "signed_in": here.site.wants_token,
    }
    # In a thread, as rendering twenty cards would hold up the event loop.
    return HTMLResponse(await asyncio.to_thread(here.templates.page, "chat.html", values))


@router.post("/logout")
async def sign_out(request: Request, here: Here) -> Response:
    here.sessions.close(request.cookies.get(COOKIE, ""))
    return Response(headers={"HX-Redirect": "/login"})


@router.get("/newest")
async def newest(here: Here, asker: Owner) -> Response:
    """The newest cards, for a page that was disconnected for a while."""
    views = await here.studio.history(asker, limit=SHOWN_AT_ONCE)
    return HTMLResponse(await _turns(here, views))


@router.get("/earlier")
async def earlier(here: Here, asker: Owner, before: Annotated[AwareDatetime, Query()]) -> Response:
    views = await here.studio.history(asker, before=before, limit=SHOWN_AT_ONCE + 1)
    shown = views[:SHOWN_AT_ONCE]
    button = ""
    if len(views) > SHOWN_AT_ONCE:
        button = here.templates.part("parts/turns.html", "earlier", shown[-1].created_at)
    return HTMLResponse(button + await _turns(here, shown))


async def _turns(here: Context, newest_first: Sequence[JobView]) -> str:
    turns = (turn_html(here, view) for view in reversed(newest_first))
    return await asyncio.to_thread("".join, turns)


@router.get("/left")
async def left(here: Here, asker: Owner) -> PlainTextResponse:
    """What is left of the budget, in a few words."""
    return PlainTextResponse(left_line(await here.studio.quota(asker)))


@router.post("/say")
async def say(request: Request, here: Here, asker: Owner) -> Response:
    """A message: a command, or simply what to draw."""
    form = await read_form(request)
    text = form.text("text").strip()
    try:
        parsed = command_parser.parse(text)
        if parsed.command == IMAGINE.name:
            return turn(here, await draw(here, asker, parsed, form), sent=True)
        typed = TypedCommand(here=here, asker=asker, text=text, parsed=parsed, form=form)
        return await answer(typed)
    except BadRequest as error:
        return to_mend(here, error)
    except BotError as error:
        return refused(here, text, error)


@router.post("/price")
async def price(request: Request, here: Here, asker: Owner) -> Response:
    """What a message would cost, while it is being written."""
    form = await read_form(request)
    try:
        parsed = command_parser.parse(form.text("text"))
        if parsed.command != IMAGINE.name:
            return HTMLResponse()
        quote = await here.studio.quote(asker, request_of(parsed), typing=True)
    except BotError as error:
        return HTMLResponse(problems(here, error))
    return HTMLResponse(here.templates.part("parts/answers.html", "advice", quote, parsed.notes))


@router.post("/j/{public_id}/again")
async def again(public_id: PublicId, request: Request, here: Here, asker: Owner) -> Response:
    form = await read_form(request)
    return turn(here, await redraw(here, asker, Again(read_public_id(public_id)), form))


@router.post("/j/{public_id}/vary")
async def vary(public_id: PublicId, request: Request, here: Here, asker: Owner) -> Response:
    form = await read_form(request)
    what = Vary(read_public_id(public_id), form.number("number") or 1)
    return turn(here, await redraw(here, asker, what, form))


@router.post("/j/{public_id}/cancel")
async def cancel(public_id: PublicId, here: Here, asker: Owner) -> Response:
    return turn(here, await here.studio.cancel(asker, read_public_id(public_id)))


@router.post("/j/{public_id}/delete")
async def delete(public_id: PublicId, here: Here, asker: Owner) -> Response:
    return turn(here, await here.studio.delete(asker, read_public_id(public_id)))


@router.get("/j/{public_id}/command")
async def command(
    public_id: PublicId, here: Here, asker: Owner, *, exact: bool = False
) -> PlainTextResponse:
    """A result as something to type; `exact` adds the seed, so that it draws the same."""
    view = await here.studio.show(asker, read_public_id(public_id))
    asked = await here.studio.request_of(asker, view.public_id)
    if exact:
        asked = asked.model_copy(update={"seed": view.seed})
    return PlainTextResponse(command_parser.format(asked, private=view.private))
