"""Running drawings. Equal requests of one caller share a drawing.

Clients repeat a request after a time-out, and some ask for four pictures by four requests with one
seed. If the seed is given the outcome is the same, so it is computed and charged once.
"""

import asyncio
import hashlib
import json
import random
import string
from dataclasses import dataclass, field, replace

from adapters.api.drawings.costs import Costs
from adapters.api.requests.metrics import Metrics
from bot.errors import BotError, ShuttingDown
from bot.images.metadata import with_metadata
from bot.images.result import Drawn, PictureType
from bot.ports import Engine, OnStep
from bot.request.image_request import ImageRequest

SEED_RANDOM_MAX = 2**32 - 1
ID_CHARS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A finished drawing and its cost, in billionths of a dollar."""

    request_id: str
    drawn: Drawn
    cost_nanos: int


@dataclass(frozen=True, slots=True)
class _Order:
    """A drawing to start. `key` is "" if other requests can't share it."""

    caller: str
    request: ImageRequest
    request_id: str
    key: str
    previews: bool


@dataclass(slots=True, eq=False)
class _Running:
    task: "asyncio.Task[Done]"
    watchers: list[OnStep] = field(default_factory=list)

    def step(self, fraction: float, preview: bytes | None) -> None:
        for watcher in tuple(self.watchers):
            watcher(fraction, preview)


class Drawings:
    def __init__(self, engine: Engine, costs: Costs, metrics: Metrics, rng: random.Random) -> None:
        self._engine = engine
        self._costs = costs
        self._metrics = metrics
        self._rng = rng
        self._shared: dict[str, _Running] = {}
        self._running: set[_Running] = set()
        self._stopping = False

    def new_id(self) -> str:
        """An id in the form of DeepInfra's: R and 23 letters or digits."""
        return "R" + "".join(self._rng.choices(ID_CHARS, k=23))

    @property
    def running(self) -> int:
        return len(self._running)

    async def draw(
        self,
        caller: str,
        request: ImageRequest,
        on_step: OnStep,
        *,
        request_id: str = "",
        previews: bool = False,
    ) -> Done:
        """Draw, or wait for an equal drawing. It ends once all its callers were cancelled.

        Raises what Engine.draw raises, and ShuttingDown.
        """
        if self._stopping:
            raise ShuttingDown
        sharable = request.given("seed") and request.seed is not None and not request_id
        key = await _key(caller, request, previews=previews) if sharable else ""
        running = self._shared.get(key) if key else None
        if running is None:
            order = _Order(
                caller, self.seeded(request), request_id or self.new_id(), key, previews=previews
            )
            running = self._start(order)
        running.watchers.append(on_step)
        try:
            return await asyncio.shield(running.task)
        finally:
            running.watchers.remove(on_step)
            if not running.watchers:
                self._forget(running, key)
                running.task.cancel()

    async def settle(self, timeout_s: float) -> None:
        """Wait for running drawings, for `timeout_s` at most."""
        if tasks := [running.task for running in self._running]:
            await asyncio.wait(tasks, timeout=timeout_s)

    async def stop(self) -> None:
        """End running drawings; their callers get ShuttingDown."""
        self._stopping = True
        tasks = [running.task for running in self._running]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _start(self, order: _Order) -> _Running:
        def step(fraction: float, preview: bytes | None) -> None:
            running.step(fraction, preview)

        work = self._drawn(order, step)
        running = _Running(asyncio.create_task(work, name=f"drawing {order.request_id}"))
        self._running.add(running)
        if order.key:
            self._shared[order.key] = running
        running.task.add_done_callback(lambda task: self._ended(running, order.key, task))
        return running

    async def _drawn(self, order: _Order, step: OnStep) -> Done:
        try:
            drawn = await self._engine.draw(
                order.request, step, caller=order.caller, previews=order.previews
            )
        except asyncio.CancelledError:
            self._metrics.count("cancelled")
            if self._stopping:
                raise ShuttingDown from None
            raise
        except BotError as error:
            self._metrics.count(f"failed_{type(error).__name__}")
            raise
        self._metrics.drawn(len(drawn.pictures), drawn.runtime_ms)
        nanos = self._costs.charge(order.caller, order.request_id, drawn.runtime_ms)
        marked = await asyncio.to_thread(_marked, drawn)
        return Done(request_id=order.request_id, drawn=marked, cost_nanos=nanos)

    def seeded(self, request: ImageRequest) -> ImageRequest:
        """`request` with a seed, a random one if it has none."""
        if request.seed is not None:
            return request
        return request.fitted({"seed": self._rng.randint(0, SEED_RANDOM_MAX)})

    def _ended(self, running: _Running, key: str, task: "asyncio.Task[Done]") -> None:
        self._running.discard(running)
        self._forget(running, key)
        if not task.cancelled():
            task.exception()  # retrieved, so that asyncio doesn't log it

    def _forget(self, running: _Running, key: str) -> None:
        if key and self._shared.get(key) is running:
            del self._shared[key]


def unwatched(_fraction: float, _preview: bytes | None) -> None:
    """An OnStep for drawings whose progress nobody wants."""


def _marked(drawn: Drawn) -> Drawn:
    """`drawn`, its pictures with the mark of generated media."""
    return replace(
        drawn,
        pictures=tuple(
            replace(each, png=with_metadata(each.png, PictureType.PNG, None))
            for each in drawn.pictures
        ),
    )


async def _key(caller: str, request: ImageRequest, *, previews: bool) -> str:
    """A hash that is equal for a caller's requests that give the same result."""
    values = request.fitted({"webhook": ""}).to_record()["values"]
    words = json.dumps([caller, previews, values], sort_keys=True).encode()
    if request.image is None:
        return _digest([words])
    return await asyncio.to_thread(_digest, [words, request.image])


def _digest(parts: list[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()
