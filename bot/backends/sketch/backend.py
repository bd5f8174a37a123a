"""The default backend: a deterministic picture from prompt and seed. No key, no GPU, no cost."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.backends.sketch import worker_task
from bot.backends.sketch.order import SketchOrder
from bot.errors import BackendRejected
from bot.images import codec
from bot.images.codec import PictureRefused
from bot.images.result import ImageResult, OnProgress, Picture
from bot.images.worker_pool import PictureWorker
from bot.request.image_request import ImageRequest

# Requests at once: each may have four pictures, and two processes draw them.
CAPACITY = 2
# Progress of a request is reported this often at most.
TICKS_MAX = 50
MODEL = "sketch"


class SketchBackend:
    """Implements ports.Backend. `inbox` is where finished files appear."""

    name = "sketch"
    repeatable = True
    capacity = CAPACITY

    def __init__(self, worker: PictureWorker, inbox: Path) -> None:
        self._worker = worker
        self._inbox = inbox

    def price(self, request: ImageRequest) -> int:  # noqa: ARG002  (always free)
        return 0

    def check(self) -> None:
        """Never raises: it is always ready."""

    def address(self) -> str:
        return "sketch"

    async def run(self, capacity_grew: Callable[[], None]) -> None:
        """As `ports.Backend`: there is nothing to do."""

    async def draw(
        self,
        request: ImageRequest,
        on_progress: OnProgress,
        *,
        address: str,  # noqa: ARG002  (there is one place)
    ) -> ImageResult:
        """Picture `i` has the seed `seed + i`. Raises BackendRejected for a broken image."""
        assert request.seed is not None
        loop = asyncio.get_running_loop()
        started_s, stem = loop.time(), codec.fresh_stem()
        progress = _Progress(request, on_progress)
        drawing = [
            asyncio.create_task(self._draw_one(request, index, stem, progress))
            for index in range(request.num_images)
        ]
        try:
            drawn = await asyncio.gather(*drawing)
        except BaseException as error:
            for task in drawing:
                task.cancel()
            await asyncio.gather(*drawing, return_exceptions=True)
            await asyncio.to_thread(codec.discard, self._inbox, stem)
            if isinstance(error, PictureRefused):
                raise BackendRejected(detail=f"starting image: {error.code}") from error
            raise
        return ImageResult(
            pictures=tuple(drawn),
            seed=request.seed,
            model=MODEL,
            cost_micros=0,
            runtime_ms=round((loop.time() - started_s) * 1000),
        )

    async def _draw_one(
        self, request: ImageRequest, index: int, stem: str, progress: "_Progress"
    ) -> Picture:
        assert request.seed is not None
        order = SketchOrder(
            prompt=request.prompt,
            negative=request.negative_prompt,
            width_px=request.width,
            height_px=request.height,
            seed=request.seed + index,
            guidance=request.guidance_scale,
            strength=request.strength,
            image=request.image,
        )
        return await self._worker.run(
            worker_task.draw,
            order,
            self._inbox,
            f"{stem}-{index}",
            on_progress=lambda share: progress.reached(index, share),
        )


class _Progress:
    """Reports the pictures' progress as one, in as many ticks as there are steps."""

    def __init__(self, request: ImageRequest, on_progress: OnProgress) -> None:
        self._shares = [0.0] * request.num_images
        self._ticks = min(request.num_inference_steps, TICKS_MAX)
        self._told = 0
        self._on_progress = on_progress

    def reached(self, index: int, share: float) -> None:
        self._shares[index] = max(self._shares[index], share)
        tick = int(sum(self._shares) / len(self._shares) * self._ticks + 1e-9)
        if tick > self._told:
            self._told = tick
            self._on_progress(tick / self._ticks)
