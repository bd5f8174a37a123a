"""Which servers report progress: /health of one's own tells; DeepInfra is never asked."""

import asyncio
import json

import httpx

from bot.backends.bounded_body import UNPACKED, BadBody, receive_bytes
from bot.backends.progress_events import MEDIA_TYPE
from bot.config.fields import Endpoint, is_deepinfra
from bot.ports import Clock

TIMEOUT_S = 2.0
ANSWER_MAX_BYTES = 64 * 1024
# Then it is asked again: the server may have been updated.
KNOWN_FOR_S = 600.0


class ProgressSupport:
    def __init__(self, client: httpx.AsyncClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, tuple[float, bool]] = {}

    async def reports_progress(self, endpoint: Endpoint) -> bool:
        """Whether `endpoint` announces events; False without an answer. The key is not sent."""
        if is_deepinfra(endpoint.url):
            return False
        until_s, known = self._known.get(endpoint.url, (0.0, False))
        now_s = self._clock.monotonic()
        if now_s >= until_s:
            known = await self._asked(endpoint)
            self._known[endpoint.url] = (now_s + KNOWN_FOR_S, known)
        return known

    async def _asked(self, endpoint: Endpoint) -> bool:
        request = self._client.build_request(
            "GET", endpoint.url + "/health", headers=UNPACKED, timeout=TIMEOUT_S
        )
        try:
            async with asyncio.timeout(TIMEOUT_S):
                response = await self._client.send(request, stream=True, follow_redirects=False)
                try:
                    document = json.loads(await receive_bytes(response, ANSWER_MAX_BYTES))
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, BadBody, TimeoutError, ValueError):
            return False
        return isinstance(document, dict) and document.get("progress") == MEDIA_TYPE
