"""Calls of the Web API: who makes them, and what they may end with."""

from typing import Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Unreachable

# Whatever a call to Slack may end with.
TROUBLE = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError, Unreachable)


class Clients(Protocol):
    """One workspace's way into the Web API."""

    async def client_for(self, team: str) -> AsyncWebClient:
        """With the workspace's own token. Raises Unreachable where the app was taken off."""


def code_of(error: BaseException) -> str:
    """Slack's own word for what went wrong, "" where it said nothing.

    What stands in front of an overloaded Slack may answer with a text; the SDK hands that on as it
    is, or hands on its own answer where the text is broken JSON.
    """
    if not isinstance(error, SlackApiError):
        return ""
    said = getattr(error.response, "data", error.response)
    return str(said.get("error", "")) if isinstance(said, dict) else ""
