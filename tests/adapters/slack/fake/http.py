"""Slack as a client: signed requests to an app's address, repeated where nobody answers."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.adapters.slack.fake.people import form_of
from tests.adapters.slack.fake.state import World
from tests.adapters.slack.fake.world import EVENTS, Act, Json

ANSWER_WITHIN_S = 3.0
RETRIES = 3


def signature(secret: str, timestamp: str, body: str) -> str:
    """Source: https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Http:
    """`acked(act, body, at_s)` says that an answer came."""

    def __init__(self, world: World, acked: Callable[[Act, Json | None, float], None]) -> None:
        self._world = world
        self._acked = acked
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: ClientSession | None = None
        self.secret = ""  # "" is the right one
        self.late_by_s = 0.0  # how old a request's timestamp is
        self.waits_s = 0.0  # between an event and its repetition; Slack's own waits are minutes

    async def open(self) -> None:
        self._session = ClientSession(timeout=ClientTimeout(total=ANSWER_WITHIN_S))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def send(self, act: Act, *, retry: int = 0) -> None:
        """On its way; the answer comes by itself."""
        task = asyncio.create_task(self._post(act, retry))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _post(self, act: Act, retry: int) -> None:
        while True:
            status = await self._once(act, retry)
            if act.kind != EVENTS or status < 300 or retry >= RETRIES:
                return
            retry += 1
            await asyncio.sleep(self.waits_s)

    async def _once(self, act: Act, retry: int) -> int:
        assert self._session is not None
        is_event = act.kind == EVENTS
        body = json.dumps(act.payload) if is_event else urlencode(form_of(act))
        kind = "application/json" if is_event else "application/x-www-form-urlencoded"
        timestamp = str(int(time.time() - self.late_by_s))
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(
                self.secret or self._world.signing_secret, timestamp, body
            ),
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        try:
            url = self._world.app.url_for(act)
            async with self._session.post(url, data=body, headers=headers) as answer:
                text = await answer.text()
                act.status = answer.status
                if answer.status == 200:
                    self._acked(act, _said(answer.content_type, text), time.monotonic())
                return answer.status
        except (ClientError, TimeoutError):
            act.status = 0
            return 504


def _said(kind: str, text: str) -> Json | None:
    if not text:
        return None
    found: Json = json.loads(text) if kind == "application/json" else {"text": text}
    return found
