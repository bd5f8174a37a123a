"""Middleware that every request passes first; it also answers for unexpected errors."""

import logging
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.api.requests.keys import Keys
from adapters.api.requests.metrics import Metrics
from adapters.api.schema.errors import Refused, response

OPEN_MAX = 512
RETRY_AFTER_S = 2
# Paths that are answered even while the server stops.
ALWAYS = ("/health", "/metrics")
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}

log = logging.getLogger(__name__)


class Guard:
    """ASGI middleware around the whole API."""

    def __init__(
        self, app: ASGIApp, *, keys: Keys, metrics: Metrics, stopping: Callable[[], bool]
    ) -> None:
        self._app = app
        self._keys = keys
        self._metrics = metrics
        self._stopping = stopping
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, self._metrics)
        refused = self._refusal(scope)
        self._open += 1
        try:
            if refused is None:
                refused = await self._passed_on(scope, receive, answer)
            if refused is not None:
                await response(scope["path"], refused)(scope, receive, answer)
        finally:
            self._open -= 1

    def _refusal(self, scope: Scope) -> Refused | None:
        try:
            self._keys.check_origin(Headers(scope=scope))
        except Refused as refused:
            return refused
        if scope["path"] in ALWAYS:
            return None
        if self._stopping():
            words = "This server stops now. Try again soon."
            return Refused(503, words, code="unavailable", retry_after_s=RETRY_AFTER_S)
        if self._open >= OPEN_MAX:
            words = "Too many requests are open. Try again soon."
            return Refused(503, words, code="unavailable", retry_after_s=RETRY_AFTER_S)
        return None

    async def _passed_on(self, scope: Scope, receive: Receive, answer: "_Answer") -> Refused | None:
        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            return None  # nobody is there to be told
        except Exception:
            log.exception("%s failed", scope["path"])
            if answer.started:
                raise
            return Refused(500, "A fault of this server; it is in its log.", code="internal_error")
        return None


class _Answer:
    """`send` that adds HEADERS and counts the answers."""

    def __init__(self, send: Send, metrics: Metrics) -> None:
        self._send = send
        self._metrics = metrics
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self._metrics.answered(message["status"])
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)
