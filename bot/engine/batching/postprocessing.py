"""From latents to pictures, beside the step loop: decode together, look them over, write PNGs."""

import logging
import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from bot.engine.batching.canvas import Canvas, Work
from bot.engine.models.family import Family
from bot.engine.models.safety_checker import verdict
from bot.engine.runtime import failures
from bot.engine.runtime.device import Side, empty_cache, use
from bot.engine.runtime.images import as_image, as_png, as_preview
from bot.engine.runtime.options import Classify
from bot.images.result import Drawn, DrawnPicture

# Decoding holds about 1 KB a pixel: beyond this pictures are decoded in several calls.
PIXELS_AT_ONCE = 4 * 768 * 768
_CLOSE = object()

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """A canvas after its last step; once `mark` is reached, its latents are computed."""

    canvas: Canvas
    mark: Any


@dataclass(frozen=True, slots=True, eq=False)
class Glimpse:
    """Latents on the way, (C, h, w), for a preview."""

    work: Work
    latents: torch.Tensor
    share: float
    mark: Any


class Postprocessor:
    """Makes PNGs of finished canvases. Without `together` their bytes don't depend on others."""

    def __init__(
        self,
        family: Family,
        side: Side,
        *,
        now: Callable[[], float] = time.monotonic,
        classify: Classify | None = None,
        together: bool = True,
    ) -> None:
        self._family, self._side, self._now = family, side, now
        self._classify, self._together = classify, together
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()  # bounded by what the loop admits
        self._waiting: deque[Finished] = deque()
        self._colors: torch.Tensor | None = None
        self.drawn = self.failed = 0

    def finish(self, canvas: Canvas) -> None:
        self._queue.put(Finished(canvas, self._side.mark()))

    def preview(self, work: Work, latents: torch.Tensor, share: float) -> None:
        """`latents` is a copy that nobody else writes to."""
        self._queue.put(Glimpse(work, latents, share, self._side.mark()))

    def close(self) -> None:
        self._queue.put(_CLOSE)

    def run(self) -> None:
        """Finish what comes in until closed; runs in a thread of its own."""
        use(self._family.device)
        more = True
        while more:
            try:
                more = self.run_once(block=True)
            except Exception as error:  # noqa: BLE001  (else watchers would wait for ever)
                while self._waiting:
                    self._fail(self._waiting.popleft().canvas.work, error)

    def run_once(self, *, block: bool = False) -> bool:
        """Finish what came in. False if nothing did, or if it was closed."""
        try:
            came = [self._queue.get(block=block)]
            while True:
                try:
                    came.append(self._queue.get_nowait())
                except queue.Empty:
                    break
        except queue.Empty:
            return False
        with torch.inference_mode():
            self._waiting.extend(one for one in came if isinstance(one, Finished))
            for glimpse in (one for one in came if isinstance(one, Glimpse)):
                self._show(glimpse)
            while self._waiting:
                self._decode(self._next_group())
        return _CLOSE not in came

    def _next_group(self) -> list[Finished]:
        """The oldest, and others of its shape, up to PIXELS_AT_ONCE."""
        shape = self._waiting[0].canvas.latents.shape
        pixels = int(shape[1] * shape[2]) * self._family.factor**2
        most = max(1, PIXELS_AT_ONCE // pixels) if self._together else 1
        group: list[Finished] = []
        others: deque[Finished] = deque()
        for one in self._waiting:
            same = one.canvas.latents.shape == shape and len(group) < most
            (group if same else others).append(one)
        self._waiting = others
        return group

    def _decode(self, group: Sequence[Finished]) -> None:
        wanted = [one for one in group if not one.canvas.work.over]
        if not wanted:
            return
        try:
            with self._side.after(wanted[-1].mark):
                started_s = self._now()
                latents = torch.stack([one.canvas.latents for one in wanted])
                pictures = self._family.decode(latents)
                flags = self._family.flags(pictures.clamp(0, 1))
                share_s = (self._now() - started_s) / len(wanted)
        except Exception as error:  # noqa: BLE001  (one must not take the others along)
            self._decode_alone(wanted, error)
            return
        for number, one in enumerate(wanted):
            one.canvas.work.decode_s += share_s
            try:
                self._hand_over(one.canvas, pictures[number], checked=flags[number])
            except Exception as error:  # noqa: BLE001  (one must not take the others along)
                self._fail(one.canvas.work, error)

    def _decode_alone(self, wanted: Sequence[Finished], error: Exception) -> None:
        failures.let_go(error)
        with self._side.quiet:
            empty_cache(self._family.device)
        if len(wanted) == 1:
            self._fail(wanted[0].canvas.work, error)
            return
        for one in wanted:
            self._decode([one])

    def _hand_over(self, canvas: Canvas, picture: torch.Tensor, *, checked: bool | None) -> None:
        work = canvas.work
        if not torch.isfinite(picture).all():
            self._fail(work, failures.not_a_number())
            return
        png = as_png(as_image(picture))
        flagged = verdict(png, checked=checked, classify=self._classify)
        work.pictures[canvas.index] = DrawnPicture(png=png, flagged=flagged)
        self.drawn += 1
        if len(work.pictures) == work.order.count and not work.over:
            work.over = True
            work.watcher.finished(
                Drawn(
                    pictures=tuple(work.pictures[index] for index in range(work.order.count)),
                    seed=work.order.seed,
                    runtime_ms=max(1, round(1000 * (work.steps_s + work.decode_s))),
                )
            )

    def _fail(self, work: Work, error: Exception) -> None:
        log.warning("a picture could not be finished: %s", failures.place_of(error))
        self.failed += 1
        work.fail(failures.translated(error))

    def _show(self, glimpse: Glimpse) -> None:
        """Make a preview and report it. A failure is logged and costs nothing but the preview."""
        if glimpse.work.over:
            return
        try:
            with self._side.after(glimpse.mark):
                colors = self._latent_colors()
                flat = glimpse.latents.float().cpu().flatten(1)  # (C, h·w)
                pixels = colors @ torch.cat([flat, torch.ones_like(flat[:1])])
            shape = (3, *glimpse.latents.shape[1:])
            preview = as_preview(as_image(pixels.reshape(shape)))
        except Exception as error:  # noqa: BLE001  (a picture needs no preview)
            log.warning("no preview: %s", failures.place_of(error))
            return
        glimpse.work.watcher.stepped(glimpse.share, preview)

    def _latent_colors(self) -> torch.Tensor:
        """(3, C + 1): a pixel's colour from its latent and 1, fitted to the decoder once.

        Smooth random latents are decoded and each is compared with the mean of its pixels.
        """
        if self._colors is None:
            side, factor = 8, self._family.factor
            generator = torch.Generator().manual_seed(0)
            coarse = torch.randn(8, self._family.channels, 2, 2, generator=generator)
            smooth = torch.nn.functional.interpolate(coarse, size=side, mode="bilinear")
            decoded = self._family.decode(smooth.to(self._family.device))
            means = torch.nn.functional.avg_pool2d(decoded, factor)
            inputs = smooth.permute(0, 2, 3, 1).flatten(0, 2)
            inputs = torch.cat([inputs, torch.ones(len(inputs), 1)], 1)
            outputs = means.permute(0, 2, 3, 1).flatten(0, 2)
            self._colors = torch.linalg.lstsq(inputs, outputs).solution.T
        return self._colors
