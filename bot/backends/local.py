"""Drawing by an engine on this machine, which the bot starts, watches and starts again.

Drawing is not billed, so what was being drawn when an engine died is drawn again by the next one,
with the same seed.
"""

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from bot.backends.api import ApiBackend
from bot.backends.bounded_body import UNPACKED, BadBody, receive_bytes
from bot.backends.engine_process import Child, NotStarted
from bot.backends.model_list import CatalogueUnavailable, fetch_models
from bot.config.fields import Endpoint
from bot.domain.catalogue import Catalogue
from bot.domain.pricing import upper_cost
from bot.errors import BackendFailed, BackendResting, BackendUnreachable
from bot.images.result import ImageResult, OnProgress
from bot.ports import Alerts, Clock
from bot.request.image_request import ImageRequest

TRIES = 4
# The pause before the next start; it doubles with each short life of an engine.
RESTART_S = 1.0
RESTART_MAX_S = 60.0
# An engine that ran this long resets the count of short lives.
GOOD_LIFE_S = 120.0
# After this many short lives new requests are refused, and the owner is alerted.
SHORT_LIVES_TO_REST = 3
READY_TIMEOUT_S = 900.0
# After a failed call: how long to wait for the news that the process has ended.
DEATH_NOTICE_S = 5.0
HEALTH_EVERY_S = 10.0
HEALTH_TIMEOUT_S = 10.0
HEALTH_FAILURES_MAX = 6
HEALTH_MAX_BYTES = 64 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    child: Child
    api: ApiBackend


class LocalBackend:
    """Implements ports.Backend. Nothing is drawn before `run` has started an engine."""

    name = "local"
    repeatable = True

    def __init__(
        self,
        launch: Callable[[], Awaitable[Child]],
        api_at: Callable[[Endpoint], ApiBackend],
        catalogue: Catalogue,
        http: httpx.AsyncClient,
        *,
        clock: Clock,
        rng: random.Random,
        alerts: Alerts,
        restart_s: float = RESTART_S,
    ) -> None:
        self._restart_s = restart_s
        self._launch = launch
        self._api_at = api_at
        self._catalogue = catalogue
        self._http = http
        self._clock = clock
        self._rng = rng
        self._alerts = alerts
        self._place: _Place | None = None
        self._ready = asyncio.Event()
        self._short_lives = 0

    @property
    def capacity(self) -> int:
        return self._place.api.capacity if self._place else 0

    @property
    def pid(self) -> int | None:
        """The process id of the engine that draws; None while there is none."""
        return self._place.child.pid if self._place else None

    def price(self, request: ImageRequest) -> int:
        return upper_cost(self._catalogue.model(request.model), request)

    def check(self) -> None:
        if self._place is None and self._short_lives >= SHORT_LIVES_TO_REST:
            raise BackendResting(detail="the engine doesn't start")

    def address(self) -> str:
        return "local"

    async def draw(
        self,
        request: ImageRequest,
        on_progress: OnProgress,
        *,
        address: str,  # noqa: ARG002  (there is one place)
    ) -> ImageResult:
        """As `ports.Backend`. If the engine dies meanwhile, the next one is asked, TRIES in all."""
        tries = 1
        while True:
            place = await self._drawing_place()
            try:
                where = place.child.endpoint.url
                return await place.api.draw(request, on_progress, address=where)
            except BackendFailed:
                if tries == TRIES or not await _has_died(place.child):
                    raise
                log.warning("the engine died while it drew; once more with the next one")
            tries += 1

    async def run(self, capacity_grew: Callable[[], None]) -> None:
        """Keep an engine alive until cancelled."""
        while True:
            began_s = self._clock.monotonic()
            try:
                child = await self._launch()
            except NotStarted as error:
                log.error("the engine did not start: %s", error)  # noqa: TRY400  (its log says why)
            else:
                await self._live(child, capacity_grew)
                log.error("the engine ended")
            await self._mourn(self._clock.monotonic() - began_s)

    async def _live(self, child: Child, capacity_grew: Callable[[], None]) -> None:
        """Draw with `child` until it ends. Cancelling ends it."""
        watching = asyncio.create_task(self._watch(child))
        try:
            await self._learn_models(child.endpoint)
            self._place = _Place(child, self._api_at(child.endpoint))
            self._ready.set()
            capacity_grew()
            await asyncio.wait({child.ended})
        finally:
            self._place = None
            self._ready.clear()
            watching.cancel()
            await child.end()

    async def _learn_models(self, endpoint: Endpoint) -> None:
        try:
            now = self._clock.now()
            self._catalogue.update(await fetch_models(self._http, endpoint, now=now))
        except CatalogueUnavailable as error:
            log.warning("the engine's models could not be read: %s", error)

    async def _mourn(self, lived_s: float) -> None:
        self._short_lives = 1 if lived_s >= GOOD_LIFE_S else self._short_lives + 1
        if self._short_lives == SHORT_LIVES_TO_REST:
            text = (
                f"The engine ended {SHORT_LIVES_TO_REST} times in a row. Its reason is in the "
                "log; `limner doctor` looks at its model and libraries. It is tried again."
            )
            await self._alerts.alert("engine_down", text)
        pause_s = min(self._restart_s * 2 ** min(self._short_lives - 1, 10), RESTART_MAX_S)
        await self._clock.sleep(pause_s * self._rng.uniform(0.8, 1.2))

    async def _watch(self, child: Child) -> None:
        """Kill the process after HEALTH_FAILURES_MAX failed looks at /health in a row."""
        failures = 0
        while failures < HEALTH_FAILURES_MAX:
            await self._clock.sleep(HEALTH_EVERY_S)
            failures = 0 if await self._is_healthy(child.endpoint) else failures + 1
        log.error("the engine is not well any more; it is started anew")
        child.kill()

    async def _is_healthy(self, endpoint: Endpoint) -> bool:
        try:
            async with (
                asyncio.timeout(HEALTH_TIMEOUT_S),
                self._http.stream("GET", endpoint.url + "/health", headers=UNPACKED) as answer,
            ):
                document = json.loads(await receive_bytes(answer, HEALTH_MAX_BYTES))
        except (httpx.HTTPError, BadBody, TimeoutError, ValueError):
            return False
        return isinstance(document, dict) and document.get("ok") is True

    async def _drawing_place(self) -> _Place:
        try:
            async with asyncio.timeout(READY_TIMEOUT_S):
                while self._place is None:
                    await self._ready.wait()
        except TimeoutError:
            raise BackendUnreachable(detail="the engine doesn't start") from None
        return self._place


async def _has_died(child: Child) -> bool:
    """Whether the process has ended; waits DEATH_NOTICE_S, as the news may come after a failure."""
    await asyncio.wait({child.ended}, timeout=DEATH_NOTICE_S)
    return child.ended.done()
