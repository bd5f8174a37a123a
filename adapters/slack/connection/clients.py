"""The Web API for each workspace, over one HTTP session."""

import logging
from collections import OrderedDict
from functools import partial
from typing import Any

from aiohttp import (
    ClientHandlerType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    TCPConnector,
)
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.connection.workspaces import Workspaces
from adapters.slack.platform.pacing import Heard, Pace, PacedClient
from adapters.slack.platform.web_api import NotInstalled
from bot.proxy import Proxy

SLACK_API_URL = "https://slack.com/api"
CALL_TIMEOUT_S = 30.0
CONNECT_TIMEOUT_S = 5.0
CONNECTIONS_MAX = 100
CLIENTS_MAX = 1_000

log = logging.getLogger(__name__)


def new_session(proxy: Proxy) -> ClientSession:
    """The HTTP session that all calls to Slack share."""

    async def route(request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
        """Choose the proxy for each address, as the SDK's clients take any of the environment."""
        found = proxy.of(str(request.url))
        request.update_proxy(type(request.url)(found) if found else None, None, None)
        return await send(request)

    return ClientSession(
        connector=TCPConnector(limit=CONNECTIONS_MAX),
        timeout=ClientTimeout(total=CALL_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        middlewares=(route,),
    )


def new_client(
    session: ClientSession,
    api_url: str,
    pace: Pace,
    *,
    team: str = "",
    token: str | None = None,
    heard: Heard = lambda _: None,
) -> PacedClient:
    """A client that only repeats calls that Slack rate-limited.

    The SDK's own handler would also repeat a call whose answer was lost, and so post twice.
    """
    return PacedClient(
        pace,
        team,
        heard,
        token=token,
        base_url=(api_url or SLACK_API_URL).rstrip("/") + "/",
        session=session,
        retry_handlers=[],
        logger=logging.getLogger("slack_sdk"),
    )


class SlackClients:
    """Implements web_api.Clients; bolt asks here too, instead of calling Slack each time."""

    def __init__(
        self, session: ClientSession, api_url: str, pace: Pace, workspaces: Workspaces
    ) -> None:
        self._session = session
        self._pace = pace
        self._api_url = api_url
        self._workspaces = workspaces
        self._clients: OrderedDict[str, PacedClient] = OrderedDict()
        self.bare = new_client(session, api_url, pace)

    async def client_for(self, team: str) -> PacedClient:
        """A client with the workspace's token. Raises NotInstalled."""
        workspace = await self._workspaces.find(team)
        if workspace is None:
            raise NotInstalled(f"the bot is not installed in workspace {team}")
        known = self._clients.get(workspace.token)
        if known is None:
            known = new_client(
                self._session,
                self._api_url,
                self._pace,
                team=workspace.team,
                token=workspace.token,
                heard=partial(self._workspaces.heard, workspace),
            )
            self._clients[workspace.token] = known
            while len(self._clients) > CLIENTS_MAX:
                self._clients.popitem(last=False)
        return known


class Authorize(AsyncAuthorize):
    """Gives bolt the token for a request."""

    def __init__(self, workspaces: Workspaces) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._workspaces = workspaces

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,  # noqa: ARG002  (bolt's name)
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: Any,
    ) -> AuthorizeResult | None:
        workspace = await self._workspaces.find(team_id or "")
        if workspace is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=workspace.team,
            user_id=user_id,
            bot_user_id=workspace.bot_user or None,
            bot_id=workspace.bot or None,
            bot_token=workspace.token,
        )
