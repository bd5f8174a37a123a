"""Lets workspaces install the bot: bolt's OAuth flow with our storage and our pages."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection.manifest import REDIRECT_PATH, SCOPES
from adapters.slack.connection.workspaces import STATE_LIFE, ManyWorkspaces, Workspace
from bot.wording.installation import NOT_INSTALLED, installed, not_installed

INSTALL_PATH = "/slack/install"
_SLACK = "https://slack.com"
log = logging.getLogger(__name__)


def oauth_flow(
    workspaces: ManyWorkspaces,
    client: AsyncWebClient,
    *,
    client_id: str,
    client_secret: str,
    public_url: str,
    api_url: str,
) -> AsyncOAuthFlow:
    pages = _Pages(public_url)
    return AsyncOAuthFlow(
        client=client,
        logger=logging.getLogger("slack_bolt"),
        settings=AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=sorted(SCOPES),
            redirect_uri=public_url + REDIRECT_PATH,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            install_page_rendering_enabled=False,
            callback_options=AsyncCallbackOptions(success=pages.success, failure=pages.failure),
            authorization_url=_authorization_url(api_url),
            installation_store=_Installations(workspaces),
            installation_store_bot_only=True,
            state_store=_States(workspaces),
            state_expiration_seconds=int(STATE_LIFE.total_seconds()),
        ),
    )


def _authorization_url(api_url: str) -> str:
    """The page for consent, on the same host as the API: slack.com, slack-gov.com."""
    parts = urlsplit(api_url or _SLACK)
    return f"{parts.scheme}://{parts.netloc}/oauth/v2/authorize"


class _States(AsyncOAuthStateStore):
    def __init__(self, workspaces: ManyWorkspaces) -> None:
        self._workspaces = workspaces

    async def async_issue(self, *_: Any, **__: Any) -> str:
        return await self._workspaces.new_state()

    async def async_consume(self, state: str) -> bool:
        return await self._workspaces.use_state(state)


class _Installations(AsyncInstallationStore):
    """Only saves; bolt asks for tokens through clients.Authorize."""

    def __init__(self, workspaces: ManyWorkspaces) -> None:
        self._workspaces = workspaces

    async def async_save(self, installation: Installation) -> None:
        if installation.is_enterprise_install or not installation.team_id:
            raise OrganizationRefused
        expires_at = installation.bot_token_expires_at
        workspace = Workspace(
            team=installation.team_id,
            token=installation.bot_token or "",
            bot_user=installation.bot_user_id or "",
            bot=installation.bot_id or "",
            refresh=installation.bot_refresh_token or "",
            expires_at=datetime.fromtimestamp(expires_at, UTC) if expires_at else None,
            enterprise=installation.enterprise_id or "",
        )
        scopes: Sequence[str] = installation.bot_scopes or ()
        await self._workspaces.save(workspace, installation.team_name or "", scopes)


class OrganizationRefused(Exception):
    """Somebody chose a whole organization; the bot can only be installed in workspaces."""


class _Pages:
    def __init__(self, public_url: str) -> None:
        self._again = public_url + INSTALL_PATH

    async def success(self, args: AsyncSuccessArgs) -> BoltResponse:
        return page(200, installed(args.installation.team_name or ""))

    async def failure(self, args: AsyncFailureArgs) -> BoltResponse:
        return self.error_page(args.reason, args.suggested_status_code)

    def error_page(self, reason: str, status: int) -> BoltResponse:
        log.info(
            "an installation on Slack ended: %s", reason if reason in NOT_INSTALLED else "other"
        )
        return page(status, not_installed(reason, self._again))


def error_page(public_url: str, reason: str, status: int) -> BoltResponse:
    return _Pages(public_url).error_page(reason, status)


def page(status: int, sentence: str) -> BoltResponse:
    """A page that loads nothing; `sentence` is escaped."""
    html = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Limner</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<body><p>{escape(sentence)}</p></body></html>"
    )
    return BoltResponse(
        status=status,
        body=html,
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": "default-src 'none'",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        },
    )
