"""The sign-in page, where the token from the terminal opens a session."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.web.context import COOKIE, Context, Here
from adapters.web.http.forms import read_sign_in
from bot.wording.page import SIGN_IN_IS_SPENT, TOO_MANY_ATTEMPTS

router = APIRouter()


@router.get("/login")
async def ask(here: Here, next_path: Annotated[str, Query(alias="next")] = "/") -> Response:
    return _form(here, next_path)


@router.post("/login")
async def sign_in(request: Request, here: Here) -> Response:
    form = await read_sign_in(request)
    onward = RedirectResponse(_own_path(form.text("next")), status_code=303)
    is_known = here.sessions.find(request.cookies.get(COOKIE, "")) is not None
    if not is_known and not here.attempts.allow(here.site.address_of(request.scope)):
        return _form(here, form.text("next"), TOO_MANY_ATTEMPTS, status=429)
    bearer = here.tokens.redeem(form.text("token")) if here.tokens else None
    if bearer is None:  # somebody known has opened their link twice
        return onward if is_known else _form(here, form.text("next"), SIGN_IN_IS_SPENT, status=403)
    onward.set_cookie(
        COOKIE,
        here.sessions.open(bearer),
        max_age=int(here.sessions.lasts_s),
        httponly=True,
        samesite="strict",
        secure=here.site.secure,
    )
    return onward


def _form(here: Context, next_path: str, wrong: str = "", status: int = 200) -> HTMLResponse:
    values = {"next_path": _own_path(next_path), "wrong": wrong}
    return HTMLResponse(here.templates.page("pages/login.html", values), status)


def _own_path(path: str) -> str:
    """`path` if it is one of this page, else "/": a link to us must not lead elsewhere."""
    leads_away = path[1:2] in ("/", "\\")  # browsers read both as the start of a host
    return path if path.startswith("/") and not leads_away and path.isprintable() else "/"
