"""Drawings whose results are posted to an address that the client gave.

The address is resolved and must be public when it is given and again at each delivery; the
connection goes to exactly the address that was checked, and redirects are not followed. Waiting
deliveries are bounded and in memory: what is lost at the end of the process is logged.
"""

import asyncio
import json
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import httpx

from adapters import pinned_http
from adapters.api.drawings import responses
from adapters.api.drawings.drawings import Drawings, unwatched
from adapters.api.requests.metrics import Metrics
from adapters.api.schema.errors import Refused, refusal_of
from bot.errors import BadRequest, BotError, Broken, InvalidValue
from bot.ports import Clock
from bot.request.image_request import ImageRequest
from bot.urls import PinnedUrl

Resolve = Callable[[str], Awaitable[PinnedUrl]]

# Each may hold four pictures of 1024 x 1024, 16 MB.
OPEN_MAX = 32
# A caller whose receiver never answers holds places for ten minutes, but not all of them.
OPEN_OF_CALLER_MAX = 16
# Pauses before further tries; each is longer by up to as much again, at random.
AGAIN_S = (2.0, 10.0, 60.0, 300.0)
RETRY_AFTER_S = 5

log = logging.getLogger(__name__)


class Webhooks:
    def __init__(
        self,
        http: httpx.AsyncClient,
        resolve: Resolve,
        *,
        clock: Clock,
        rng: random.Random,
        metrics: Metrics,
    ) -> None:
        self._http = http
        self._resolve = resolve
        self._clock = clock
        self._rng = rng
        self._metrics = metrics
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: Counter[str] = Counter()  # by caller

    @property
    def open(self) -> int:
        return len(self._tasks)

    async def check(self, url: str, caller: str) -> None:
        """Check that `url` may be called and that there is room. Raises Refused and BadRequest.

        The room is only sure if `start` is called without awaiting anything in between.
        """
        try:
            await self._resolve(url)
        except InvalidValue as error:
            raise BadRequest((error.problem("webhook"),)) from None
        if len(self._tasks) >= OPEN_MAX or self._open[caller] >= OPEN_OF_CALLER_MAX:
            words = "Too many webhooks are open already. Try again soon."
            raise Refused(429, words, code="rate_limited", retry_after_s=RETRY_AFTER_S)

    def start(
        self, drawings: Drawings, caller: str, request: ImageRequest, stack: AsyncExitStack
    ) -> str:
        """Draw and deliver in the background; returns the request's id.

        `stack` holds the request's place and memory; it is closed when the drawing has ended.
        """
        request_id = drawings.new_id()

        async def work() -> None:
            async with stack:
                body = await self._result(drawings, caller, request, request_id)
            await self._deliver(request.webhook, body, request_id)

        task = asyncio.create_task(work(), name=f"webhook {request_id}")
        self._tasks.add(task)
        self._open[caller] += 1
        task.add_done_callback(lambda task: self._ended(task, caller))
        return request_id

    async def settle(self, timeout_s: float) -> None:
        """Let open deliveries finish for `timeout_s`, then cancel them."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)
        for task in tuple(self._tasks):
            log.warning("%s is not delivered: the server stops", task.get_name())
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[None]", caller: str) -> None:
        self._tasks.discard(task)
        self._open[caller] -= 1

    async def _result(
        self, drawings: Drawings, caller: str, request: ImageRequest, request_id: str
    ) -> bytes:
        try:
            done = await drawings.draw(caller, request, unwatched, request_id=request_id)
        except Exception as error:  # noqa: BLE001  (a fault of ours is told of, too)
            log.warning("the drawing of webhook %s failed: %s", request_id, type(error).__name__)
            known = error if isinstance(error, BotError) else Broken()
            why = refusal_of(known).words
            return json.dumps(responses.failed_hook(request_id, why)).encode()
        return await responses.encoded(responses.hook, done)

    async def _deliver(self, url: str, body: bytes, request_id: str) -> None:
        for pause_s in (*AGAIN_S, None):
            outcome = await self._posted(url, body)
            self._metrics.webhook(outcome)
            if outcome == "delivered":
                return
            if outcome == "refused" or pause_s is None:
                break
            await self._clock.sleep(pause_s * self._rng.uniform(1.0, 2.0))
        log.warning("webhook %s could not be delivered", request_id)

    async def _posted(self, url: str, body: bytes) -> str:
        """The outcome of one try: "delivered", "refused" (for good), or "failed" (for now)."""
        try:
            answer = await pinned_http.post(self._http, await self._resolve(url), body)
        except InvalidValue as error:
            # A name may be missing for a while; one that now leads inside was changed on purpose.
            return "failed" if error.code == "no_such_host" else "refused"
        except (httpx.HTTPError, TimeoutError, OSError):
            return "failed"
        if answer.is_success:
            return "delivered"
        # As DeepInfra does, a 4xx or 5xx is followed by further tries.
        return "refused" if answer.is_redirect else "failed"
