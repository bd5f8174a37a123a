"""The engine as the rest of the program sees it: asyncio in front, two threads behind."""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.domain.model import Model
from bot.engine.batching.canvas import DrawOrder, Work
from bot.engine.batching.postprocessing import Postprocessor
from bot.engine.batching.step_loop import Loop
from bot.engine.model_card import model_of
from bot.engine.models.family import Family
from bot.engine.models.loras import Loras
from bot.engine.runtime.failures import in_words
from bot.engine.runtime.images import starting_picture
from bot.engine.sampling.scheduler_table import Table, Tables
from bot.errors import (
    BackendBroken,
    BackendRejected,
    BadRequest,
    BotError,
    Problem,
    QueueFull,
    ShuttingDown,
)
from bot.images.codec import PictureRefused
from bot.images.result import Drawn
from bot.ports import OnStep
from bot.request.image_request import ImageRequest
from bot.spelling import nearest

# Closing waits this long for each thread: a step at 1024 px, or a decoding, on a slow CPU.
CLOSE_S = 30.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What does not change while the engine is open."""

    name: str
    sample_px: int
    price_micros: int
    max_pictures: int
    scheduler: Any


class StepEngine:
    """Implements ports.Engine. `draw` runs on an event loop, the drawing itself in two threads."""

    def __init__(
        self, about: About, family: Family, loras: Loras, loop: Loop, postprocessor: Postprocessor
    ) -> None:
        self._about, self._family, self._loras = about, family, loras
        self._loop, self._postprocessor = loop, postprocessor
        self._tables = Tables()
        self._pictures = 0
        self._closed = False
        self._preparing = ThreadPoolExecutor(1, "engine-preparing")
        self._threads = [
            threading.Thread(target=loop.run, name="engine-steps", daemon=True),
            threading.Thread(target=postprocessor.run, name="engine-finishing", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def models(self) -> Sequence[Model]:
        about = self._about
        return (model_of(about.name, about.sample_px, self._loras.names, about.price_micros),)

    async def draw(
        self, request: ImageRequest, on_step: OnStep, *, caller: str, previews: bool = False
    ) -> Drawn:
        """See ports.Engine."""
        self._check()
        with self._places(request.num_images):
            here = asyncio.get_running_loop()
            prepare = here.run_in_executor(self._preparing, self._prepare, request, previews)
            order, table = await prepare
            call = _Call(here, on_step)
            work = Work(
                order=order,
                table=table,
                caller=caller,
                watcher=call,
                arrived_s=time.monotonic(),
            )
            self._submit(work)
            try:
                return await call.result
            finally:
                work.over = True
                self._loop.wake()

    def health(self) -> Mapping[str, Any]:
        """See ports.Engine. `waiting` are requests that have not begun."""
        loop = self._loop
        return {
            "ok": not self._closed and not loop.dead,
            "why": "closed" if self._closed else loop.dead,
            "model": self._about.name,
            "device": str(self._family.device),
            "dtype": str(self._family.dtype).removeprefix("torch."),
            "pictures": self._pictures,
            "pictures_max": self._about.max_pictures,
            "waiting": loop.waiting,
            "steps": loop.counts["steps"],
            "rows": loop.counts["rows"],
            "drawn": self._postprocessor.drawn,
            "failed": loop.counts["failed"] + self._postprocessor.failed,
            "busy_s": loop.busy_s,
            "loras": self._loras.loaded,
        }

    def close(self) -> None:
        """Stop after the step that runs; whoever waits gets ShuttingDown. Blocks; idempotent."""
        self._closed = True
        self._preparing.shutdown(wait=False, cancel_futures=True)
        self._loop.close()
        self._threads[0].join(CLOSE_S)
        self._postprocessor.close()
        self._threads[1].join(CLOSE_S)

    def _check(self) -> None:
        if self._closed:
            raise ShuttingDown
        if self._loop.dead:
            raise BackendBroken(detail=self._loop.dead)

    def _check_lora(self, name: str) -> None:
        names = self._loras.look_again()
        if name not in names:
            data = {"choices": list(names), "nearest": nearest(name, names), "got": name}
            raise BadRequest((Problem("lora", "not_listed", data),))

    @contextmanager
    def _places(self, count: int) -> Iterator[None]:
        if self._pictures + count > self._about.max_pictures:
            raise QueueFull
        self._pictures += count
        try:
            yield
        finally:
            self._pictures -= count

    def _submit(self, work: Work) -> None:
        self._loop.submit(work)
        # The threads may have ended since `_check`: then nobody would ever take it.
        if self._closed or self._loop.dead:
            work.fail(ShuttingDown())

    def _prepare(self, request: ImageRequest, previews: bool) -> tuple[DrawOrder, Table | None]:  # noqa: FBT001  (an executor's arguments)
        """Read files and compile the table, in a thread. Raises BadRequest, BackendRejected."""
        assert request.seed is not None
        if request.lora:
            self._check_lora(request.lora)
        try:
            picture = None
            if request.image is not None:
                picture = starting_picture(request.image, request.width, request.height)
            strength = None if picture is None else request.strength
            scheduler = self._about.scheduler
            table = self._tables.get(scheduler, request.num_inference_steps, strength)
        except PictureRefused as error:
            raise BadRequest((Problem("image", error.code, {}),)) from error
        except Exception as error:  # a scheduler that does not take so many steps
            log.warning("%d steps: %s", request.num_inference_steps, in_words(error))
            why = f"This model's scheduler can't draw in {request.num_inference_steps} steps."
            raise BackendRejected(detail=why) from error
        order = DrawOrder(
            prompt=request.prompt,
            negative=request.negative_prompt,
            width_px=request.width,
            height_px=request.height,
            steps=request.num_inference_steps,
            guidance=request.guidance_scale,
            seed=request.seed,
            count=request.num_images,
            scheduler=scheduler,
            picture=picture,
            strength=request.strength,
            weighted=request.use_compel,
            lora=request.lora,
            previews=previews,
        )
        return order, table


class _Call:
    """Implements Watcher: brings what the threads say onto the caller's event loop.

    Progress that was not told yet is replaced by newer one: the loop is never flooded.
    """

    def __init__(self, here: asyncio.AbstractEventLoop, on_step: OnStep) -> None:
        self.result: asyncio.Future[Drawn] = here.create_future()
        self._here, self._on_step = here, on_step
        self._lock = threading.Lock()
        self._news: tuple[float, bytes | None] | None = None
        self._told = 0.0

    def stepped(self, share: float, preview: bytes | None) -> None:
        with self._lock:
            scheduled = self._news is not None
            known = self._news or (0.0, None)
            self._news = (max(share, known[0]), preview or known[1])
        if not scheduled:
            self._soon(self._tell)

    def finished(self, drawn: Drawn) -> None:
        self._soon(self._end, drawn, None)

    def failed(self, error: BotError) -> None:
        self._soon(self._end, None, error)

    def _soon(self, function: Any, *args: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the event loop is closed: nobody waits
            self._here.call_soon_threadsafe(function, *args)

    def _tell(self) -> None:
        with self._lock:
            news, self._news = self._news, None
        if news is not None and not self.result.done():
            self._told = max(self._told, news[0])
            self._on_step(self._told, news[1])

    def _end(self, drawn: Drawn | None, error: BotError | None) -> None:
        if self.result.done():
            return
        if error is not None:
            self.result.set_exception(error)
        elif drawn is not None:
            self.result.set_result(drawn)
