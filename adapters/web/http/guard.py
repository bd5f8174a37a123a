"""Middleware that every request passes first: it checks the host, limits bodies, adds headers."""

import logging
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.incoming import BehindProxy, Bounded, Door, ForeignPage, WrongHost
from bot.wording.page import BEHIND_A_PROXY, OUT_OF_DATE, WRONG_HOST

log = logging.getLogger(__name__)

# Room for a starting image of 10 MiB and other fields.
BODY_MAX_BYTES = 12 * 1024 * 1024

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex, nofollow",
    # Unless a route says otherwise: kept by one's own browser alone, which asks each time whether
    # it may still be seen. What was taken down is gone with the next look.
    "Cache-Control": "private, no-cache",
}

_WORDS: dict[type[HTTPException], str] = {
    WrongHost: WRONG_HOST,
    BehindProxy: BEHIND_A_PROXY,
    ForeignPage: OUT_OF_DATE,
}


class Guard:
    """ASGI middleware around the whole page."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        door: Door,
        refuse: Callable[[Request, int, str], Response],
    ) -> None:
        self._app = app
        self._door = door
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        refusal = self._refusal(scope)
        if refusal is None:
            refusal = await self._passed_on(scope, receive, answer)
        if refusal is not None:
            response = self._refuse(Request(scope), *refusal)
            await response(scope, receive, answer)

    async def _passed_on(
        self, scope: Scope, receive: Receive, answer: "_Answer"
    ) -> tuple[int, str] | None:
        """Let the app answer. Returns 500 if it failed before its answer began."""
        try:
            await self._app(scope, Bounded(receive, BODY_MAX_BYTES), answer)
        except ClientDisconnect:
            return None
        except Exception:
            if answer.started:
                raise
            log.exception("the page failed at %s", scope["path"])
            return 500, ""
        return None

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        try:
            self._door.check(scope)
        except HTTPException as refused:
            return refused.status_code, _WORDS.get(type(refused), "")
        return None


class _Answer:
    """`send` that adds HEADERS and remembers whether an answer was begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)
