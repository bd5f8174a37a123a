"""Slack over HTTP: takes its requests, and lets workspaces install the bot."""

import asyncio
import logging

from aiohttp import ClientError
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, Router

from adapters.incoming import BRIEF, Bounded, TooLarge, TooSlow, announces_more
from adapters.slack.connection.oauth import OrganizationRefused, error_page

# The largest view has 250 KB of JSON; Slack sends it URL-encoded, which makes it longer.
BODY_MAX_BYTES = 1024 * 1024
# The signature is over the body, so that strangers are recognised only once it is read. When these
# are all being read, the one that has taken longest makes room: Slack's come in one piece.
BODIES_AT_ONCE_MAX = 64

_STRANGER = PlainTextResponse("this is not from Slack", 401)

log = logging.getLogger(__name__)


class HttpEndpoint:
    """An ASGI app for all paths below /slack.

    bolt parses a body before it checks the signature, and a stranger's may take it long; so the
    signature is checked here.
    """

    def __init__(
        self, app: AsyncApp, flow: AsyncOAuthFlow | None, public_url: str, signing_secret: str
    ) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self._flow = flow
        self._public_url = public_url
        self._reading: dict[asyncio.Timeout, None] = {}  # the oldest first
        routes: list[BaseRoute] = [Route("/events", self._events, methods=["POST"])]
        if flow is not None:
            routes += [
                Route("/install", self._install, methods=["GET"]),
                Route("/oauth_redirect", self._come_back, methods=["GET"]),
            ]
        self.router = Router(routes)

    async def _events(self, request: Request) -> Response:
        if not request.headers.get("x-slack-request-timestamp", "").isdecimal():
            return _STRANGER
        try:
            body = await self._body(request)
            self._check_signature(request, body)
            asked = to_async_bolt_request(request, body)
        except TooLarge:
            return PlainTextResponse("too large", 413)
        except TooSlow:
            return PlainTextResponse("too slow", 408)
        except ValueError:  # not signed, or neither text nor JSON
            return _STRANGER
        return to_starlette_response(await self._app.async_dispatch(asked))

    def _check_signature(self, request: Request, body: bytes) -> None:
        """Raises ValueError unless Slack signed it within the last five minutes."""
        signature = request.headers.get("x-slack-signature", "")
        timestamp = request.headers["x-slack-request-timestamp"]
        if not (signature.isascii() and self._verifier.is_valid(body, timestamp, signature)):
            raise ValueError("not signed")

    async def _body(self, request: Request) -> bytes:
        """The whole body. Raises TooLarge, TooSlow."""
        if announces_more(request.headers, BODY_MAX_BYTES):
            raise TooLarge
        if len(self._reading) >= BODIES_AT_ONCE_MAX:
            oldest = next(iter(self._reading))
            del self._reading[oldest]
            oldest.reschedule(0.0)
        # Slack waits three seconds for its answer, so that its own bodies come fast.
        bounded = Bounded(request.receive, BODY_MAX_BYTES, BRIEF)
        limit = asyncio.timeout(None)
        try:
            async with limit:
                self._reading[limit] = None
                return await Request(request.scope, bounded).body()
        except TimeoutError:
            raise TooSlow from None
        finally:
            self._reading.pop(limit, None)

    async def _install(self, request: Request) -> Response:
        assert self._flow is not None
        asked = to_async_bolt_request(request, b"")
        return to_starlette_response(await self._flow.handle_installation(asked))

    async def _come_back(self, request: Request) -> Response:
        assert self._flow is not None
        asked = to_async_bolt_request(request, b"")
        try:
            answer = await self._flow.handle_callback(asked)
        except OrganizationRefused:
            answer = self._sorry("organization", 400)
        except (SlackApiError, ClientError, OSError, TimeoutError) as error:
            log.warning("Slack could not be asked about an installation: %s", type(error).__name__)
            answer = self._sorry("away", 502)
        return to_starlette_response(answer)

    def _sorry(self, reason: str, status: int) -> BoltResponse:
        return error_page(self._public_url, reason, status)
