"""Middleware that every request passes first: it checks the host, limits bodies, adds headers."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.incoming import Bounded, announces_more, is_passed_on
from bot.urls import host_name, is_loopback
from bot.wording.page import BEHIND_A_PROXY, TEXTS, WRONG_HOST

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
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the page is reached. `public_url` is "" if only this machine should reach it."""

    public_url: str
    loopback_only: bool
    version: str

    @property
    def wants_token(self) -> bool:
        return not self.loopback_only or bool(self.public_url)

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    def knows(self, host: str) -> bool:
        """Whether `host`, from the Host header, is a name of ours.

        On loopback any other name is one that another site has pointed at this machine.
        """
        name = host_name(host)
        if name is None:
            return False
        if is_loopback(name):
            return True
        if self.public_url:
            return name == urlsplit(self.public_url).hostname
        return not self.loopback_only


class Guard:
    """ASGI middleware around the whole page."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        site: Site,
        refuse: Callable[[Request, int, str], Response],
    ) -> None:
        self._app = app
        self._site = site
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        refusal = self._refusal(Headers(scope=scope))
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

    def _refusal(self, headers: Headers) -> tuple[int, str] | None:
        if not self._site.knows(headers.get("host", "")):
            return 421, WRONG_HOST
        if not self._site.wants_token and is_passed_on(headers):
            return 403, BEHIND_A_PROXY
        if announces_more(headers, BODY_MAX_BYTES):
            return 413, TEXTS[413]
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


def is_same_origin(request: Request) -> bool:
    """Whether a page of ours sent this, as browsers tell; False if neither header is there."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
