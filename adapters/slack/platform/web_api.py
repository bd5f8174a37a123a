"""Calls to the Web API: clients for workspaces, and what a call may raise."""

from typing import Protocol

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.platform.pacing import PacedClient
from bot.ports import Unreachable

# What a call to Slack may raise.
TROUBLE = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError, Unreachable)


class NotInstalled(Unreachable):
    """The app isn't installed in a workspace, or not any more."""


class Clients(Protocol):
    """Gives clients for the Web API."""

    async def client_for(self, team: str) -> PacedClient:
        """A client with the workspace's token. Raises NotInstalled."""


def code_of(error: BaseException) -> str:
    """Slack's code for the error, "" where there is none.

    A proxy before an overloaded Slack may answer with text instead of JSON; the SDK then passes on
    the text, or an answer of its own where the JSON is broken.
    """
    if not isinstance(error, SlackApiError):
        return ""
    said = getattr(error.response, "data", error.response)
    return str(said.get("error", "")) if isinstance(said, dict) else ""
