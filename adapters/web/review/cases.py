"""The review page: the queue, and what a moderator does there.

An unblurred picture is only given out in answer to a POST, after it was written into the audit. By
GET there is a small, grey, blurred copy.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from adapters.web.context import Context, Here, from_our_page
from adapters.web.http.forms import read_form, read_sign_in
from adapters.web.rendering.templates import sentence
from adapters.web.review.access import (
    MODERATOR_COOKIE,
    SESSION_S,
    Reviewer,
    ReviewServices,
    Services,
)
from bot.domain.asker import Asker
from bot.domain.case import Case, CaseKind, CaseState, Decision
from bot.errors import BotError
from bot.wording.moderation import decisions
from bot.wording.page import LINK_IS_SPENT, TOO_MANY_ATTEMPTS

router = APIRouter(prefix="/review")
acts = APIRouter(prefix="/review", dependencies=[Depends(from_our_page)])

SHOWN_AT_ONCE = 50
CaseId = Annotated[str, Path(max_length=20)]
Number = Annotated[int, Path(ge=1, le=4)]
# Withheld pictures are not even cached by the browser.
NOT_KEPT = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A case on the page. `prompt` is None if it has to be revealed first, or can't be."""

    case: Case
    prompt: str | None
    own: bool


@router.get("")
async def queue(
    here: Here,
    services: Services,
    asker: Reviewer,
    kind: Annotated[str, Query(max_length=20)] = "",
    done: Annotated[bool, Query()] = False,  # noqa: FBT002  (FastAPI's)
) -> Response:
    every = await services.reviews.queue(asker, decided=done)
    cases = [case for case in every if not kind or case.kind == kind]
    values = {
        "shown": await _shown(services, asker, cases[:SHOWN_AT_ONCE]),
        "more": max(0, len(cases) - SHOWN_AT_ONCE),
        "counts": {each: sum(case.kind == each for case in every) for each in CaseKind},
        "kind": kind,
        "done": done,
        "figures": await services.reviews.figures(asker),
        "now": here.clock.now(),
        "form_token": here.form_token,
        "asker": asker,
        "contact": services.contact,
    }
    html = await asyncio.to_thread(here.templates.page, "pages/review.html", values)
    return HTMLResponse(html, headers=NOT_KEPT)


@router.get("/cases/{case_id}")
async def one(case_id: CaseId, here: Here, services: Services, asker: Reviewer) -> Response:
    """A case as it stands, to decide it or to see who did."""
    case = await services.reviews.case(asker, case_id)
    if case.state is CaseState.OPEN:
        return await _card(here, services, asker, case)
    html = here.templates.part("parts/review.html", "old", Shown(case, None, own=False), asker)
    return HTMLResponse(html, headers=NOT_KEPT)


@router.get("/cases/{case_id}/past")
async def past(case_id: CaseId, here: Here, services: Services, asker: Reviewer) -> Response:
    found = await services.reviews.past(asker, case_id)
    html = here.templates.part("parts/review.html", "past", found)
    return HTMLResponse(html, headers=NOT_KEPT)


@router.get("/cases/{case_id}/blurred/{number}")
async def blurred(case_id: CaseId, number: Number, services: Services, asker: Reviewer) -> Response:
    data = await services.reviews.blurred(asker, case_id, number)
    return Response(data, media_type="image/webp", headers=NOT_KEPT)


@acts.post("/cases/{case_id}/reveal/{number}")
async def reveal(case_id: CaseId, number: Number, services: Services, asker: Reviewer) -> Response:
    seen = await services.reviews.reveal(asker, case_id, number)
    return Response(seen.data, media_type=seen.media_type, headers=NOT_KEPT)


@acts.post("/cases/{case_id}/prompt")
async def prompt(case_id: CaseId, services: Services, asker: Reviewer) -> Response:
    return PlainTextResponse(await services.reviews.prompt(asker, case_id), headers=NOT_KEPT)


@acts.post("/cases/{case_id}/claim")
async def claim(case_id: CaseId, here: Here, services: Services, asker: Reviewer) -> Response:
    return await _card(here, services, asker, await services.reviews.claim(asker, case_id))


@acts.post("/cases/{case_id}/release")
async def release(case_id: CaseId, here: Here, services: Services, asker: Reviewer) -> Response:
    return await _card(here, services, asker, await services.reviews.release(asker, case_id))


@acts.post("/cases/{case_id}/decide")
async def decide(
    case_id: CaseId, request: Request, here: Here, services: Services, asker: Reviewer
) -> Response:
    form = await read_form(request)
    try:
        wanted = Decision(form.text("decision"))
    except ValueError:
        raise HTTPException(400) from None
    case = await services.reviews.decide(asker, case_id, wanted, form.text("reason"))
    words = decisions.decided(case, services.contact)
    html = here.templates.part("parts/review.html", "decided", case, sentence(words))
    return HTMLResponse(html, headers=NOT_KEPT)


@acts.post("/cases/{case_id}/take-back")
async def take_back(case_id: CaseId, here: Here, services: Services, asker: Reviewer) -> Response:
    return await _card(here, services, asker, await services.reviews.take_back(asker, case_id))


# --- signing in ----------------------------------------------------------------------------------


@router.get("/enter")
async def ask(here: Here) -> Response:
    """The page behind a link. It doesn't use the link up, because previews open links, too."""
    return _enter_page(here)


@router.post("/enter")
async def enter(request: Request, here: Here, services: Services) -> Response:
    onward = RedirectResponse("/review", status_code=303)
    cookie = request.cookies.get(MODERATOR_COOKIE, "")
    is_known = services.moderators.sessions.find(cookie) is not None
    if not is_known and not here.moderators_attempts.allow(here.site.address_of(request.scope)):
        return _enter_page(here, TOO_MANY_ATTEMPTS, status=429)
    asker = services.links.spend((await read_sign_in(request)).text("token"))
    if asker is None:  # somebody known has opened their link twice
        return onward if is_known else _enter_page(here, LINK_IS_SPENT, status=403)
    onward.set_cookie(
        MODERATOR_COOKIE,
        services.moderators.open(asker),
        max_age=SESSION_S,
        path="/review",
        httponly=True,
        samesite="strict",
        secure=here.site.secure,
    )
    return onward


@acts.post("/leave")
async def leave(request: Request, services: Services) -> Response:
    services.moderators.sessions.close(request.cookies.get(MODERATOR_COOKIE, ""))
    return Response(status_code=204)


def _enter_page(here: Context, wrong: str = "", status: int = 200) -> HTMLResponse:
    html = here.templates.page("pages/enter.html", {"wrong": wrong})
    return HTMLResponse(html, status, headers=NOT_KEPT)


# --- within --------------------------------------------------------------------------------------


async def _card(here: Context, services: ReviewServices, asker: Asker, case: Case) -> Response:
    (shown,) = await _shown(services, asker, [case])
    html = here.templates.part("parts/review.html", "card", shown, here.clock.now(), asker)
    return HTMLResponse(html, headers=NOT_KEPT)


async def _shown(services: ReviewServices, asker: Asker, cases: Sequence[Case]) -> list[Shown]:
    prompts = await asyncio.gather(*(_prompt(services, asker, case) for case in cases))
    return [
        Shown(case, prompt, case.is_about(asker))
        for case, prompt in zip(cases, prompts, strict=True)
    ]


async def _prompt(services: ReviewServices, asker: Asker, case: Case) -> str | None:
    """The prompt if it isn't private; None if it has to be revealed by hand."""
    if case.private or case.job is None:
        return None
    try:
        return await services.reviews.prompt(asker, case.id)
    except BotError:  # it is their own case, or is gone
        return None
