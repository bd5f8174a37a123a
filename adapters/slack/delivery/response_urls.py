"""Answers that need no token, by the response_url of an interaction.

It is a secret and lives for half an hour, so that it is kept in memory only: for when Slack doesn't
take the bot's token any more.
Source: https://docs.slack.dev/interactivity/handling-user-interaction
"""

import logging
from collections import OrderedDict
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.platform.pacing import retry_after_s
from bot.ports import Clock

LIFE_S = 29 * 60.0
KEPT_MAX = 1_000
# How often an answer is sent that Slack takes for one too many, and the longest pause between.
TRIES = 5
PAUSE_MAX_S = 30.0
_OK, _TOO_MANY_REQUESTS = 200, 429

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
        await respond(client, url, self._clock, {"text": words})


async def respond(client: AsyncWebClient, url: str, clock: Clock, said: dict[str, Any]) -> bool:
    """Say something to the one who acted, and nobody else; it replaces nothing unless it says so.

    False when the address is used up, too old, or can't be reached.
    """
    hook = AsyncWebhookClient(url, session=client.session, retry_handlers=[])
    body = {"response_type": "ephemeral", "replace_original": False, **said}
    for _ in range(TRIES):
        try:
            got = await hook.send_dict(body)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.info("an answer can't take this way: %s", type(error).__name__)
            return False
        if got.status_code != _TOO_MANY_REQUESTS:
            return bool(got.status_code == _OK)
        if (pause_s := retry_after_s(got.headers)) > PAUSE_MAX_S:
            return False
        await clock.sleep(pause_s)
    return False
