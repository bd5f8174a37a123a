"""The sign-in page, where the token from the terminal opens a session."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.web.context import COOKIE, Context, Here
from adapters.web.http.forms import read_sign_in
from adapters.web.http.guard import is_same_origin
from adapters.web.http.sessions import SESSION_S
from bot.wording.page import OPEN_SIGN_IN, TOO_MANY_ATTEMPTS, WRONG_TOKEN

router = APIRouter()


@router.get("/login")
async def ask(here: Here, next_path: Annotated[str, Query(alias="next")] = "/") -> Response:
    return _form(here, next_path)


@router.post("/login")
async def sign_in(request: Request, here: Here) -> Response:
    if not is_same_origin(request):
        raise HTTPException(403, OPEN_SIGN_IN)
    form = await read_sign_in(request)
    address = request.client.host if request.client else ""
    if not here.attempts.allow(address):
        return _form(here, form.text("next"), TOO_MANY_ATTEMPTS, status=429)
    if here.tokens is None or not here.tokens.check_token(form.text("token").strip()):
        return _form(here, form.text("next"), WRONG_TOKEN, status=403)
    response = RedirectResponse(_own_path(form.text("next")), status_code=303)
    response.set_cookie(
        COOKIE,
        here.sessions.open(),
        max_age=SESSION_S,
        httponly=True,
        samesite="strict",
        secure=here.site.secure,
    )
    return response


def _form(here: Context, next_path: str, wrong: str = "", status: int = 200) -> HTMLResponse:
    values = {"next_path": _own_path(next_path), "wrong": wrong}
    return HTMLResponse(here.templates.page("pages/login.html", values), status)


def _own_path(path: str) -> str:
    """`path` if it is one of this page, else "/": a link to us must not lead elsewhere."""
    parts = urlsplit(path.replace("\\", "/"))
    stays = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return path if stays and path.isprintable() and not path.startswith("//") else "/"
