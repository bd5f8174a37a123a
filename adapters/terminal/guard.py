"""Checks of a command from the terminal before its body is read.

Three of them: the token, which only those know who can read DATA_DIR; the caller's address; and
that no browser sent it, because a web page can make a browser send to this machine.
"""

import hmac
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.incoming import Bounded, announces_more, is_passed_on, is_sent_by_a_page
from adapters.terminal.control_file import Control
from bot.urls import host_name

# Room for a starting image of 10 MiB in base64 and for other fields.
BODY_MAX_BYTES = 15 * 1024 * 1024
_LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")


class Guard:
    """ASGI middleware around everything under /control."""

    def __init__(self, app: ASGIApp, *, control: Control) -> None:
        self._app = app
        self._authorization = f"Bearer {control.token}".encode()
        self._host = host_name(urlsplit(control.url).netloc)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope, Headers(scope=scope))
        if refusal is None:
            await self._app(scope, Bounded(receive, BODY_MAX_BYTES), send)
        else:
            await PlainTextResponse(refusal.phrase, refusal)(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> HTTPStatus | None:
        given = headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, self._authorization):
            return HTTPStatus.UNAUTHORIZED
        if is_passed_on(headers) or not _is_from_here(scope):
            return HTTPStatus.UNAUTHORIZED
        if is_sent_by_a_page(headers) or host_name(headers.get("host", "")) != self._host:
            return HTTPStatus.FORBIDDEN
        if announces_more(headers, BODY_MAX_BYTES):
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return None


def _is_from_here(scope: Scope) -> bool:
    """Whether the caller's address is loopback, or the address that the bot listens on."""
    caller, _ = scope.get("client") or ("", None)
    own, _ = scope.get("server") or ("", None)
    return caller in (*_LOOPBACK, own)
