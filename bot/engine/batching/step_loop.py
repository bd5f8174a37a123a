"""The step loop: one thread, one step at a time, for whoever is most urgent then.

A work joins between two steps and its canvases leave after their last one. Nothing here waits
for a picture to be decoded. A step that fails has changed nothing and can be made again.
"""

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable, Sequence

import torch

from bot.engine.batching import batch, latents
from bot.engine.batching.batch_policy import (
    SAMPLES_NEEDED,
    SIZES,
    CallerShares,
    Candidate,
    StepDurations,
    choose,
)
from bot.engine.batching.canvas import Canvas, DrawOrder, Work
from bot.engine.batching.postprocessing import Postprocessor
from bot.engine.batching.step_runner import Runner
from bot.engine.models.family import Family
from bot.engine.models.loras import Loras
from bot.engine.runtime import failures
from bot.engine.runtime.device import Stopwatch, empty_cache, use
from bot.engine.sampling.scheduler_table import SCALE, Table
from bot.engine.sampling.stock_stepper import StockStepper
from bot.errors import BackendBroken, BotError, ShuttingDown

# A request gets a preview this often at most; each costs a few milliseconds beside the steps.
PREVIEW_EVERY_S = 1.0

log = logging.getLogger(__name__)


class Loop:
    """`submit`, `wake` and `close` may be called from any thread, the rest from the step thread.

    `fixed_rows` above 0 is the width of every step.
    """

    def __init__(
        self,
        family: Family,
        runner: Runner,
        postprocessor: Postprocessor,
        loras: Loras,
        stopwatch: Stopwatch,
        *,
        now: Callable[[], float],
        fixed_rows: int = 0,
    ) -> None:
        self._family, self._runner, self._postprocessor = family, runner, postprocessor
        self._loras, self._stopwatch, self._now = loras, stopwatch, now
        self._fixed_rows = fixed_rows
        self._arrivals: deque[Work] = deque()
        self._works: list[Work] = []
        self._numbers = 0
        self._woken = threading.Event()
        self._closing = False
        self.durations = StepDurations()
        self.shares = CallerShares()
        self.counts: Counter[str] = Counter()
        self.busy_s = 0.0
        self.dead = ""  # why nothing can be drawn any more

    def submit(self, work: Work) -> None:
        self._arrivals.append(work)
        self.wake()

    def wake(self) -> None:
        """Make the loop look again: a work arrived, or one is over."""
        self._woken.set()

    def close(self) -> None:
        """End after the step that runs; what is not finished fails."""
        self._closing = True
        self.wake()

    def run(self) -> None:
        """Make steps until closed, or the device is lost; runs in a thread of its own."""
        use(self._family.device)
        while not self._closing and not self.dead:
            self._woken.clear()
            try:
                busy = self.tick()
            except Exception as error:  # noqa: BLE001  (else watchers would wait for ever)
                self._die(f"the step loop broke: {failures.place_of(error)}")
                break
            if not busy:
                self._woken.wait()
        gone = BackendBroken(detail=self.dead) if self.dead else ShuttingDown()
        for work in self._works:
            work.fail(gone)
        while self._arrivals:
            self._arrivals.popleft().fail(gone)

    def tick(self) -> bool:
        """Admit one work at most and make one step. False if there was nothing to do."""
        with torch.inference_mode():
            self._drop_over()
            admitted = self._admit_one()
            chosen = self._choose()
            if chosen:
                self._step(chosen)
            else:
                self._stopwatch.settle()
            return admitted or bool(chosen)

    def calibrate(self, order: DrawOrder, table: Table) -> None:
        """Find out how wide a step of `order`'s shape should be, with pictures nobody sees."""
        with torch.inference_mode():
            for rows in SIZES:
                work = Work(
                    order=order, table=table, caller="", watcher=_Nobody(), arrived_s=self._now()
                )
                canvas = latents.canvases(work, self._family, 0)[0]
                try:
                    for _ in range(SAMPLES_NEEDED + 2):
                        self._launch([canvas] * (rows // canvas.rows))
                except torch.OutOfMemoryError:
                    empty_cache(self._family.device)
                    self.durations.limit(canvas.bucket, rows // 2)
                self._stopwatch.settle()
                if self.durations.cap(canvas.bucket) <= rows:
                    return

    @property
    def waiting(self) -> int:
        """Works that have not begun."""
        return len(self._arrivals)

    # ---- joining and leaving

    def _drop_over(self) -> None:
        for work in [work for work in self._works if work.over]:
            self._remove(work)

    def _remove(self, work: Work) -> None:
        if work in self._works:
            self._works.remove(work)
            self.shares.leave(work.caller)

    def _fail(self, work: Work, error: BaseException) -> None:
        self.counts["failed"] += 1
        if not isinstance(error, BotError):
            log.warning("a request failed: %s", failures.place_of(error))
        self._remove(work)
        work.fail(failures.translated(error))

    def _admit_one(self) -> bool:
        while self._arrivals:
            work = self._arrivals.popleft()
            if not work.over:
                self._admit(work)
                return True
        return False

    def _admit(self, work: Work) -> None:
        try:
            if work.order.lora:
                in_use = {other.order.lora for other in self._works}
                self._loras.need(work.order.lora, in_use)
            work.canvases = latents.canvases(work, self._family, self._numbers)
        except Exception as error:  # noqa: BLE001  (whatever it is, only this work fails)
            self._lose_device(error)
            failures.let_go(error)
            empty_cache(self._family.device)
            self._fail(work, error)
            return
        self._numbers += len(work.canvases)
        self._works.append(work)
        self.shares.enter(work.caller)
        for canvas in work.canvases:
            if canvas.done:  # no step is left where strength is near 0
                self._leave(canvas)

    def _leave(self, canvas: Canvas) -> None:
        """Hand a canvas over after its last step."""
        self._postprocessor.finish(canvas)
        if all(one.done for one in canvas.work.canvases):
            self._remove(canvas.work)

    # ---- the next step

    def _choose(self) -> list[Canvas]:
        open_ = {c.number: c for work in self._works for c in work.canvases if not c.done}
        left_s = {id(work): self._left_s(work) for work in self._works}
        now = self._now()
        candidates = [
            Candidate(
                number=canvas.number,
                bucket=canvas.bucket,
                rows=canvas.rows,
                left_s=left_s[id(canvas.work)],
                ahead_s=self.shares.ahead_s(canvas.work.caller),
                waited_s=now - canvas.work.arrived_s,
            )
            for canvas in open_.values()
        ]
        return [open_[one.number] for one in choose(candidates, self._cap)]

    def _cap(self, bucket: Hashable) -> int:
        return self._fixed_rows or self.durations.cap(bucket)

    def _left_s(self, work: Work) -> float:
        first = work.canvases[0]
        row_s = self.durations.row_s(first.bucket, self._pixels(first))
        return row_s * sum(canvas.rows * (canvas.steps - canvas.k) for canvas in work.canvases)

    def _pixels(self, canvas: Canvas) -> int:
        _, height, width = canvas.bucket[0]
        return height * width * self._family.factor**2

    # ---- a step, and its failures

    def _step(self, canvases: Sequence[Canvas]) -> None:
        made = self._made(canvases)
        if isinstance(made, torch.OutOfMemoryError):
            self._shrink(canvases, made)
            return
        if isinstance(made, Exception):
            self._isolate(canvases, made)
            return
        for number, canvas in enumerate(canvases):
            if isinstance(canvas.course, StockStepper):
                try:
                    batch.keep_stock(canvas, made[number])
                except Exception as error:  # noqa: BLE001  (its own scheduler raised it)
                    self._fail(canvas.work, error)
        self._report(canvases)

    def _made(self, canvases: Sequence[Canvas]) -> torch.Tensor | Exception:
        """Make a step and keep it. Returns its guided outputs, or the error if nothing changed."""
        try:
            inputs, samples, outputs = self._launch(canvases)
            batch.keep(canvases, inputs, samples, outputs)
        except Exception as error:  # noqa: BLE001  (the caller finds out whose it is)
            failures.let_go(error)
            return error
        return outputs

    def _launch(
        self, canvases: Sequence[Canvas]
    ) -> tuple[batch.Inputs, torch.Tensor, torch.Tensor]:
        """Run a step and note its time: (inputs, next samples, guided outputs). Nothing is kept."""
        self._stopwatch.start()
        inputs = self._runner.gather(canvases)
        width = len(inputs.canvas_of)
        samples, outputs = self._runner.run(inputs, batch.lora_of_rows(canvases, width))
        rows = sum(canvas.rows for canvas in canvases)
        bucket, pixels = canvases[0].bucket, self._pixels(canvases[0])
        served = [(canvas.work, canvas.rows / rows) for canvas in canvases]

        def took(seconds: float) -> None:
            self.busy_s += seconds
            self.durations.observe(bucket, width, seconds, pixels=pixels)
            for work, share in served:
                work.steps_s += share * seconds
                self.shares.serve(work.caller, share * seconds)

        self._stopwatch.stop(took)
        self.counts["steps"] += 1
        self.counts["rows"] += rows
        return inputs, samples, outputs

    def _shrink(self, canvases: Sequence[Canvas], error: BaseException) -> None:
        """Out of memory: allow half the rows from now on; a canvas alone fails its work."""
        empty_cache(self._family.device)
        bucket = canvases[0].bucket
        if len(canvases) > 1:
            rows = sum(canvas.rows for canvas in canvases)
            self.durations.limit(bucket, rows // 2)
            if self._fixed_rows:
                self._isolate(canvases, error)
            return
        self.durations.unlimit(bucket)
        self._fail(canvases[0].work, error)

    def _isolate(self, canvases: Sequence[Canvas], error: BaseException) -> None:
        """Make the step of each canvas alone, so that only the works at fault fail."""
        if self._lose_device(error):
            return
        if len(canvases) == 1:
            self._fail(canvases[0].work, error)
            return
        for canvas in canvases:
            if not canvas.work.over:
                self._step([canvas])

    def _lose_device(self, error: BaseException) -> bool:
        if failures.is_fatal(error):
            self._die(f"the device is lost: {failures.in_words(error)}")
        return bool(self.dead)

    def _die(self, why: str) -> None:
        self.dead = why
        log.error("%s", why)

    # ---- telling

    def _report(self, canvases: Sequence[Canvas]) -> None:
        for canvas in canvases:
            if canvas.done and not canvas.work.over:
                self._leave(canvas)
        now = self._now()
        for work in dict.fromkeys(canvas.work for canvas in canvases):
            if work.over:
                continue
            work.watcher.stepped(work.share_done, None)
            first = work.canvases[0]
            if work.order.previews and not first.done:
                self._glimpse(work, first, now)

    def _glimpse(self, work: Work, canvas: Canvas, now: float) -> None:
        if work.previewed_s is not None and now - work.previewed_s < PREVIEW_EVERY_S:
            return
        work.previewed_s = now
        try:
            seen = canvas.model_input()[0] * canvas.coefficients()[SCALE].item()
        except Exception as error:  # noqa: BLE001  (a picture needs no preview)
            log.warning("no preview: %s", failures.place_of(error))
            return
        self._postprocessor.preview(work, seen, work.share_done)


class _Nobody:
    """Implements Watcher."""

    def stepped(self, share: float, preview: bytes | None) -> None: ...

    def finished(self, drawn: object) -> None: ...

    def failed(self, error: BotError) -> None: ...
