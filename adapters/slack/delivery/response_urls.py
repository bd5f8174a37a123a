"""Answers that need no token: for when Slack doesn't take the bot's any more.

A response_url is a secret and lives for half an hour, so that it is kept in memory only.
Source: https://docs.slack.dev/interactivity/handling-user-interaction
"""

import logging
from collections import OrderedDict

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.ports import Clock

LIFE_S = 29 * 60.0
KEPT_MAX = 1_000

log = logging.getLogger(__name__)


class ResponseUrls:
    """The way back to whoever asked for a job, by its key; each is used once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[AsyncWebClient, str, float]] = OrderedDict()

    def keep(self, key: str, client: AsyncWebClient, url: str) -> None:
        if not url:
            return
        self._kept[key] = (client, url, self._clock.monotonic() + LIFE_S)
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)

    def forget(self, key: str) -> None:
        self._kept.pop(key, None)

    async def say(self, key: str, words: str) -> None:
        """Tell whoever asked, and nobody else; nothing where that is too late."""
        client, url, until_s = self._kept.pop(key, (None, "", 0.0))
        if client is None or self._clock.monotonic() >= until_s:
            return
        hook = AsyncWebhookClient(url, session=client.session)
        try:
            await hook.send(text=words, response_type="ephemeral", replace_original=False)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.info("who asked could not be told: %s", type(error).__name__)
