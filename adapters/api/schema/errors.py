"""Refusals in two dialects: the inference API's own, and OpenAI's under the paths of OpenAI.

Native: {"detail": {"error": "…"}}, or {"detail": [{"loc", "msg", "type"}]} for what to mend.
OpenAI: {"error": {"message", "type", "param", "code"}}, with the native form beside it, because
some clients of these paths show nothing else.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.errors import (
    BackendBusy,
    BackendFailed,
    BackendModerated,
    BackendRejected,
    BackendTimedOut,
    BadRequest,
    BotError,
    Problem,
    QueueFull,
    ShuttingDown,
)
from bot.wording import explain, explain_problem, plain

OPENAI_PATHS = ("/v1/openai/", "/v1/images/", "/v1/models")
RETRY_AFTER_S = 2

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Refused(Exception):
    """`words` for the client. `problems` are fields to mend: (name, sentence, kind)."""

    status: int
    words: str
    code: str | None = None
    retry_after_s: int = 0
    problems: Sequence[tuple[str, str, str]] = field(default=())


def handle_refusals(app: FastAPI) -> None:
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(BotError, _bot_error)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)


def refusal_of(error: BotError) -> Refused:
    """The refusal that a client gets for an error of the bot."""
    if isinstance(error, BadRequest):
        return _to_mend(error.problems)
    if isinstance(error, BackendRejected) and error.detail:
        return Refused(422, error.detail, code="rejected")
    kind = next((kind for kind in type(error).__mro__ if kind in _KNOWN), None)
    if kind is None:
        return Refused(500, plain(explain(error)), code="internal_error")
    status, code, words = _KNOWN[kind]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("the engine failed: %s %s", type(error).__name__, vars(error).get("detail", ""))
    return Refused(status, words, code, RETRY_AFTER_S if status in _WORTH_A_RETRY else 0)


_WORTH_A_RETRY = (429, 503)
_KNOWN: Mapping[type, tuple[int, str, str]] = {
    QueueFull: (429, "rate_limited", "Too many requests wait already. Try again soon."),
    ShuttingDown: (503, "unavailable", "This server stops now. Try again soon."),
    BackendBusy: (503, "unavailable", "The engine is busy. Try again soon."),
    BackendTimedOut: (504, "timeout", "The engine took too long."),
    BackendModerated: (422, "moderated", "This can't be shown. Describe it differently."),
    BackendRejected: (422, "rejected", "The engine can't draw that."),
    BackendFailed: (500, "engine_failed", "The engine failed. Try again."),
}


def document(request_path: str, refused: Refused) -> dict[str, Any]:
    """The body for `refused` in the dialect of the path."""
    problems = [
        {"loc": ["body", name] if name else ["body"], "msg": words, "type": kind}
        for name, words, kind in refused.problems
    ]
    if not request_path.startswith(OPENAI_PATHS):
        return {"detail": problems or {"error": refused.words}}
    error = {
        "message": refused.words,
        "type": _openai_type(refused.status),
        "param": next((name for name, _, _ in refused.problems if name), None),
        "code": refused.code,
    }
    return {"error": error, "detail": {"error": refused.words}}


def response(request_path: str, refused: Refused) -> JSONResponse:
    headers = {"Retry-After": str(refused.retry_after_s)} if refused.retry_after_s else {}
    if refused.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(document(request_path, refused), refused.status, headers)


def unreadable(words: str) -> Refused:
    """A refusal for a body that can't be read at all."""
    return Refused(422, words, code="invalid_body", problems=(("", words, "invalid_body"),))


def wrong_field(name: str, words: str, kind: str) -> Refused:
    return Refused(422, words, code=kind, problems=((name, words, kind),))


def _to_mend(problems: Sequence[Problem]) -> Refused:
    if any(problem.option == "model" for problem in problems):
        return Refused(404, "Model not found", code="model_not_found")
    listed = [(p.option, plain(explain_problem(p)), p.code) for p in problems]
    return Refused(
        422,
        " ".join(words for _, words, _ in listed),
        code=listed[0][2] if listed else "invalid_request",
        problems=listed,
    )


def _openai_type(status: int) -> str:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "rate_limit_error"
    is_theirs = status < HTTPStatus.INTERNAL_SERVER_ERROR
    return "invalid_request_error" if is_theirs else "server_error"


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return response(request.url.path, error)


async def _bot_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, BotError)
    return response(request.url.path, refusal_of(error))


async def _http(request: Request, error: Exception) -> Response:
    """Answer the framework's own errors: no such path, no such method."""
    assert isinstance(error, HTTPException)
    refused = Refused(error.status_code, str(error.detail), code=_FRAMEWORK.get(error.status_code))
    answer = response(request.url.path, refused)
    answer.headers.update(error.headers or {})
    return answer


_FRAMEWORK = {404: "not_found", 405: "method_not_allowed"}


async def _invalid(request: Request, error: Exception) -> Response:
    """Answer validation errors without the input itself, which may be a prompt."""
    assert isinstance(error, RequestValidationError)
    problems = [
        (".".join(map(str, each["loc"][1:])), str(each["msg"]), str(each["type"]))
        for each in error.errors()[:10]
    ]
    words = "; ".join(f"{name}: {said}" if name else said for name, said, _ in problems)
    return response(request.url.path, Refused(422, words, code="invalid_body", problems=problems))
