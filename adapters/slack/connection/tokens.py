"""Asks Slack about tokens: whether one is good, and for another one before it expires.

Source: https://docs.slack.dev/authentication/using-token-rotation
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError

from adapters.slack.platform import limits
from adapters.slack.platform.pacing import PacedClient
from adapters.slack.platform.web_api import TROUBLE, code_of
from bot.ports import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchanged:
    token: str
    refresh: str
    expires_at: datetime

    def __repr__(self) -> str:
        return "Exchanged(…)"


class Tokens:
    def __init__(
        self, client: PacedClient, client_id: str, client_secret: str, clock: Clock
    ) -> None:
        self._client = client
        self._id, self._secret = client_id, client_secret
        self._clock = clock

    async def is_dead(self, token: str) -> bool | None:
        """Whether Slack refuses a token for good; None where that can't be said now."""
        try:
            await self._client.auth_test(token=token)
        except TROUBLE as error:
            return True if code_of(error) in limits.TOKEN_DEAD else None
        return False

    async def exchanged(self, refresh: str) -> Exchanged:
        """A new token, and what the next is to be had for. Raises TROUBLE of web_api.py."""
        got = await self._client.oauth_v2_access(
            client_id=self._id,
            client_secret=self._secret,
            grant_type="refresh_token",
            refresh_token=refresh,
        )
        expires_at = self._clock.now() + timedelta(seconds=int(got["expires_in"]))
        return Exchanged(got["access_token"], got["refresh_token"], expires_at)


def refuses(error: BaseException) -> bool:
    """Whether Slack said no to an exchange, and will do so again."""
    return isinstance(error, SlackApiError) and code_of(error) in _REFUSED


_REFUSED = limits.TOKEN_DEAD | {"invalid_refresh_token", "bad_client_secret", "invalid_client_id"}
