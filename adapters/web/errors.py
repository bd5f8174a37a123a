"""Errors as people read them: on a page of their own, or in the conversation."""

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.web.context import context_of
from adapters.web.rendering.templates import Templates, sentence
from bot.errors import (
    BackendFailed,
    BadRequest,
    BotError,
    Broken,
    Busy,
    Conflict,
    NotAllowed,
    NotFound,
    PlatformAway,
    PlatformRefuses,
    QueueFull,
    QuotaExceeded,
    SignInNeeded,
    TooManyRefused,
    TooManyWaiting,
)
from bot.wording import explain
from bot.wording.page import TEXTS, TITLES

_STATUSES: dict[type[BotError], int] = {
    BadRequest: 400,
    NotFound: 404,
    TooManyRefused: 429,
    NotAllowed: 403,
    Conflict: 409,
    QuotaExceeded: 429,
    TooManyWaiting: 429,
    QueueFull: 429,
    Busy: 503,
    BackendFailed: 502,
    PlatformAway: 502,
    PlatformRefuses: 502,
    Broken: 500,
}


def handle_failures(app: FastAPI) -> None:
    app.add_exception_handler(BotError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _garbled)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, BotError)
    if isinstance(error, SignInNeeded):
        return _to_sign_in(request)
    text = sentence(explain(error))
    if _is_piece(request):
        # In the conversation a refusal is an ordinary answer.
        return answer(templates_of(request), text)
    return page(request, status_of(error), text)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    own_words = error.detail != HTTPStatus(error.status_code).phrase
    return said(request, error.status_code, error.detail if own_words else "")


async def _garbled(request: Request, _error: Exception) -> Response:
    return said(request, 400)


def said(request: Request, status: int, text: str = "") -> Response:
    """`text`, or the usual words for `status`, on a page or in the conversation."""
    text = text or TEXTS.get(status, TEXTS[400])
    if _is_piece(request):
        return answer(templates_of(request), escape(text), status)
    return page(request, status, escape(text))


def page(request: Request, status: int, text: Markup) -> HTMLResponse:
    here = context_of(request)
    title = TITLES.get(status, TITLES[400])
    values = {"title": title, "text": text, "contact": here.outside.contact}
    return HTMLResponse(here.templates.page("pages/error.html", values), status)


def answer(templates: Templates, text: Markup, status: int = 200) -> HTMLResponse:
    html = templates.part("parts/answers.html", "refusal", text)
    return HTMLResponse(html, status, headers={"X-Refused": "yes"})


def status_of(error: BotError) -> int:
    return next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), 400)


def templates_of(request: Request) -> Templates:
    return context_of(request).templates


def _to_sign_in(request: Request) -> Response:
    if _is_piece(request) or request.headers.get("accept") == "text/event-stream":
        return Response(status_code=401, headers={"HX-Redirect": "/login"})
    if request.method not in ("GET", "HEAD"):
        return said(request, 401)  # a sign-in leads to pages only
    path = request.url.path
    query = "" if path == "/" else "?" + urlencode({"next": path})
    return RedirectResponse(f"/login{query}", status_code=303)


def _is_piece(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"
