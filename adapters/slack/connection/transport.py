"""Sets up bolt: how requests are authorized, how they arrive, and how the bot stays connected."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from adapters.slack.connection.clients import Authorize, SlackClients, new_client
from adapters.slack.connection.http_endpoint import HttpEndpoint
from adapters.slack.connection.manifest import SCOPES, Event
from adapters.slack.connection.oauth import INSTALL_PATH, oauth_flow
from adapters.slack.connection.own_workspace import at_home
from adapters.slack.connection.socket_mode import SocketModeConnection
from adapters.slack.connection.token_encryption import TokenCipher
from adapters.slack.connection.tokens import Tokens
from adapters.slack.connection.workspaces import ManyWorkspaces, OneWorkspace, Workspaces
from adapters.slack.platform.limits import TOKEN_UNFIT
from adapters.slack.platform.once import Once
from adapters.slack.platform.pacing import Pace
from adapters.slack.platform.web_api import code_of
from bot.connection import Lost
from bot.errors import Misconfigured
from bot.ports import Clock
from bot.store import InstallationStore
from bot.wording.installation import SLACK_REFUSES_BOT, UNINSTALLED

# How often Slack is asked whether it still takes the owner's token.
LOOK_EVERY_S = 300.0

log = logging.getLogger(__name__)
# bolt reads the environment and warns of variables that aren't for it, so only errors are logged.
_bolt_log = logging.getLogger("slack_bolt")
_bolt_log.setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """One workspace by `bot_token`, or many by `client_id`. "" means "not set".

    With `app_token` the bot connects to Slack (Socket Mode); else Slack sends to `public_url`.
    """

    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    client_id: str = ""
    client_secret: str = ""
    token_keys: tuple[str, ...] = ()
    public_url: str = ""
    api_url: str = ""  # "" is slack.com
    pictures_in_thread: bool = False

    def __repr__(self) -> str:
        return "SlackSettings(…)"


class Transport:
    def __init__(
        self,
        settings: SlackSettings,
        store: InstallationStore,
        clock: Clock,
        session: ClientSession,
        *,
        once: Once,
        rng: random.Random,
    ) -> None:
        self._once = once
        self._clock = clock
        pace = Pace(clock, rng)
        asking = new_client(session, settings.api_url, pace)
        tokens = Tokens(asking, settings.client_id, settings.client_secret, clock)
        self._one: OneWorkspace | None = None
        self._many: ManyWorkspaces | None = None
        if settings.client_id:
            cipher = TokenCipher(settings.token_keys)
            self._many = ManyWorkspaces(store, cipher, tokens, clock)
        else:
            self._one = OneWorkspace(settings.bot_token, tokens)
        self._workspaces: Workspaces = self._many or self._one  # type: ignore[assignment]
        self.clients = SlackClients(session, settings.api_url, pace, self._workspaces)
        self.app = self._bolt(settings)
        self.socket_mode: SocketModeConnection | None = None
        self.http_endpoint: HttpEndpoint | None = None
        self.ready = asyncio.Event()  # set once Slack can reach the bot
        if settings.app_token:
            self.socket_mode = SocketModeConnection(
                self.app,
                self.clients.bare,
                session,
                settings.app_token,
                clock=clock,
                rng=rng,
                greeted=self.ready,
            )
        else:
            self.http_endpoint = self._endpoint(settings)

    def _bolt(self, settings: SlackSettings) -> AsyncApp:
        install = f": {settings.public_url}{INSTALL_PATH}" if self._many else "."
        app = AsyncApp(
            name="limner",
            logger=_bolt_log,
            client=self.clients.bare,
            signing_secret=settings.signing_secret,
            before_authorize=at_home(self._workspaces.home),
            authorize=Authorize(self._workspaces),  # type: ignore[arg-type]  # bolt takes either
            request_verification_enabled=not settings.app_token,
            user_facing_authorize_error_message=UNINSTALLED + install,
        )
        app.middleware(self._first_time)
        app.event(Event.TOKENS_REVOKED)(self._revoked)
        app.event(Event.APP_UNINSTALLED)(self._uninstalled)
        return app

    def _endpoint(self, settings: SlackSettings) -> HttpEndpoint:
        flow = None
        if self._many is not None:
            flow = oauth_flow(
                self._many,
                self.clients.bare,
                client_id=settings.client_id,
                client_secret=settings.client_secret,
                public_url=settings.public_url,
                api_url=settings.api_url,
            )
        return HttpEndpoint(self.app, flow, settings.public_url, settings.signing_secret)

    # Requests.

    async def _first_time(
        self,
        body: Mapping[str, Any],
        next: Callable[[], Awaitable[None]],  # noqa: A002  (bolt's name)
    ) -> BoltResponse | None:
        """Drop events that came before: Slack repeats each until it is acknowledged."""
        event = str(body.get("event_id") or "")
        if body.get("type") == "event_callback" and event and not await self._once(event):
            return BoltResponse(status=200)
        await next()
        return None

    async def _revoked(self, body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        if (event.get("tokens") or {}).get("bot"):
            await self._uninstalled(body)

    async def _uninstalled(self, body: Mapping[str, Any]) -> None:
        await self._workspaces.taken_off(str(body.get("team_id") or ""))

    # Staying reachable.

    async def run(self, on_workspace: Callable[[str], None]) -> None:
        """Stay connected until cancelled. Raises Misconfigured, Lost, anything else.

        `on_workspace(team)` is called once Slack has said to which workspace the token belongs.
        """
        if self._one is not None:
            await self._learn(self._one, on_workspace)
        if self.socket_mode is not None:
            await self.socket_mode.run()
        else:
            self.ready.set()
            await asyncio.Event().wait()  # no connection to hold: Slack sends to us

    async def _learn(self, one: OneWorkspace, on_workspace: Callable[[str], None]) -> None:
        """Ask Slack whose token it is, and warn of missing scopes. Raises Misconfigured, Lost."""
        try:
            known, scopes = await one.learn(self.clients.bare)
        except SlackApiError as error:
            if code_of(error) in TOKEN_UNFIT:
                raise Misconfigured((SLACK_REFUSES_BOT,)) from None
            raise Lost(code_of(error) or "no answer of Slack's") from None
        if missing := sorted({*SCOPES} - scopes):
            log.warning(
                "Slack gave the bot less than it needs (%s); update the app from `limner slack "
                "manifest` and install it again",
                ", ".join(missing),
            )
        on_workspace(known.team)

    def health(self) -> dict[str, Any]:
        """Whether Slack can reach the bot, by which transport, and whether it takes our tokens.

        One workspace of many that took the bot off is no reason to be unwell.
        """
        if self._one is not None and self._one.refused:
            return {"ok": False, "token": self._one.refused}
        if self.socket_mode is not None:
            connected = self.socket_mode.is_connected()
            return {"ok": connected, "socket": {"connected": connected}}
        refused = len(self._many.refused) if self._many else 0
        more = {"tokens_refused": refused} if refused else {}
        return {"ok": self.ready.is_set(), "http": {}, **more}

    async def look_after_token(self) -> None:
        """Ask Slack at intervals, until cancelled: it may refuse the token and not say so."""
        while self._one is not None:
            await self._clock.sleep(LOOK_EVERY_S)
            await self._one.look()

    def is_up(self) -> bool:
        return bool(self.health()["ok"])

    async def close(self) -> None:
        if self.socket_mode is not None:
            await self.socket_mode.close()
        if self._many is not None:
            await self._many.close()
