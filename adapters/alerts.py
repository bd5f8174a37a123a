"""Alerts to the owner: in the log, and posted to their webhook."""

import asyncio
import logging
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from bot.ports import Clock
from bot.text import shortened

REPEAT_AFTER_S = 3_600.0
# After a failed post the same topic is posted again once this long has passed.
RETRY_AFTER_S = 60.0
TIMEOUT_S = 10.0
TOPICS_MAX = 256
POSTS_AT_ONCE_MAX = 8
# Discord's limit of a message's content, 2,000, with room for "Limner: ".
# https://docs.discord.com/developers/resources/webhook#execute-webhook
TEXT_MAX_CHARS = 1_900

log = logging.getLogger(__name__)


class WebhookAlerts:
    """Implements ports.Alerts. Posts in the background, so that no job waits for it."""

    def __init__(self, url: SecretStr | None, http: httpx.AsyncClient, clock: Clock) -> None:
        self._url = url
        self._http = http
        self._clock = clock
        self._quiet_until: dict[str, float] = {}  # by topic, oldest first; monotonic seconds
        self._posts: set[asyncio.Task[None]] = set()

    async def alert(self, topic: str, text: str) -> None:
        """Tell the owner; the same topic is not repeated within an hour. Never raises."""
        now = self._clock.monotonic()
        if now < self._quiet_until.get(topic, now):
            return
        log.error("For the owner (%s): %s", topic, text)
        busy = len(self._posts) >= POSTS_AT_ONCE_MAX
        self._keep_quiet(topic, now + (RETRY_AFTER_S if busy else REPEAT_AFTER_S))
        if self._url is None or busy:
            return
        post = asyncio.create_task(self._post(self._url.get_secret_value(), topic, text))
        self._posts.add(post)
        post.add_done_callback(self._posts.discard)

    async def close(self) -> None:
        """Wait for running posts; each has a time-out."""
        if self._posts:
            await asyncio.wait(self._posts, timeout=TIMEOUT_S)

    def _keep_quiet(self, topic: str, until: float) -> None:
        self._quiet_until.pop(topic, None)
        self._quiet_until[topic] = until
        while len(self._quiet_until) > TOPICS_MAX:
            del self._quiet_until[next(iter(self._quiet_until))]

    async def _post(self, url: str, topic: str, text: str) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self._send(url, payload(url, topic, text))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            # Not the error's text: it may name the address, which is a secret.
            log.warning("The alert %s could not be posted: %s", topic, type(error).__name__)
            self._keep_quiet(topic, self._clock.monotonic() + RETRY_AFTER_S)

    async def _send(self, url: str, body: dict[str, object]) -> None:
        """Post `body`; of the answer only the status is read, as its body may be of any length."""
        async with self._http.stream("POST", url, json=body, follow_redirects=False) as answer:
            if not answer.is_success:
                raise httpx.HTTPStatusError(
                    str(answer.status_code), request=answer.request, response=answer
                )


def payload(url: str, topic: str, text: str) -> dict[str, object]:
    """The body for `url`: a message for Slack or Discord, topic and text for others."""
    line = f"Limner: {shortened(text, TEXT_MAX_CHARS)}"
    match urlsplit(url).hostname:
        case "hooks.slack.com":
            return {"text": line}
        case "discord.com" | "discordapp.com":
            return {"content": line, "allowed_mentions": {"parse": []}}
        case _:
            return {"topic": topic, "text": line}
