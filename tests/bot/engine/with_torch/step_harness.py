"""The engine's loop without its threads: a test makes the steps, one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from bot.engine.batching.canvas import DrawOrder, Work
from bot.engine.batching.postprocessing import Postprocessor
from bot.engine.batching.step_loop import Loop
from bot.engine.batching.step_runner import Eager
from bot.engine.models import stable_diffusion
from bot.engine.models.family import Family
from bot.engine.models.loras import Loras
from bot.engine.models.model_folder import inspect
from bot.engine.runtime.device import Side, WallStopwatch
from bot.engine.sampling.scheduler_table import Tables
from bot.errors import BotError
from bot.images.result import Drawn
from tests.support.clock import FakeClock

STEPS_MAX = 5_000
TABLES = Tables()


class Watch:
    """Implements Watcher: remembers what it was told."""

    def __init__(self) -> None:
        self.shares: list[float] = []
        self.previews: list[bytes] = []
        self.drawn: Drawn | None = None
        self.error: BotError | None = None

    def stepped(self, share: float, preview: bytes | None) -> None:
        self.shares.append(share)
        if preview is not None:
            self.previews.append(preview)

    def finished(self, drawn: Drawn) -> None:
        assert self.drawn is None
        self.drawn = drawn

    def failed(self, error: BotError) -> None:
        assert self.error is None
        self.error = error

    @property
    def pngs(self) -> list[bytes]:
        assert self.drawn is not None, self.error
        return [picture.png for picture in self.drawn.pictures]


@dataclass
class StepHarness:
    """`fresh` makes a loop of its own around the same weights."""

    family: Family
    loras: Any
    fixed_rows: int = 0
    clock: FakeClock = field(default_factory=lambda: FakeClock(auto=True))
    classify: Any = None

    def __post_init__(self) -> None:
        now = self.clock.monotonic
        self.postprocessor = Postprocessor(
            self.family,
            Side(torch.device("cpu")),
            now=now,
            classify=self.classify,
            together=not self.fixed_rows,
        )
        self.loop = Loop(
            self.family,
            Eager(self.family, self.fixed_rows),
            self.postprocessor,
            self.loras,
            WallStopwatch(now),
            now=now,
            fixed_rows=self.fixed_rows,
        )

    @classmethod
    def of(cls, folder: Path, lora_folder: Path | None = None, **options: Any) -> "StepHarness":
        pipe = stable_diffusion.load(inspect(folder), dtype=torch.float32)
        loras = Loras(pipe, lora_folder)
        family = stable_diffusion.StableDiffusion(
            pipe, device=torch.device("cpu"), dtype=torch.float32, loras=loras
        )
        return cls(family, loras, **options)

    def fresh(self, *, family: Family | None = None, **options: Any) -> "StepHarness":
        return StepHarness(
            family or self.family, self.loras, **{"fixed_rows": self.fixed_rows, **options}
        )

    def submit(self, order: DrawOrder, caller: str = "ann") -> Work:
        work = Work(
            order=order,
            table=TABLES.get(order.scheduler, order.steps, order.kept_share),
            caller=caller,
            watcher=Watch(),
            arrived_s=self.clock.monotonic(),
        )
        self.loop.submit(work)
        return work

    def run(self) -> None:
        """Until nothing is left to do."""
        for _ in range(STEPS_MAX):
            more = self.loop.tick()
            self.postprocessor.run_once()
            if not more:
                return
        raise AssertionError("it never ends")

    def draw(self, order: DrawOrder) -> Work:
        work = self.submit(order)
        self.run()
        return work

    def draw_staggered(self, orders: Sequence[DrawOrder], gaps: Sequence[int]) -> list[Work]:
        """Submit each order so many steps after the one before, then run until all are done."""
        works = []
        for order, gap in zip(orders, gaps, strict=True):
            for _ in range(gap):
                self.loop.tick()
            works.append(self.submit(order))
        self.run()
        return works


def watch_of(work: Work) -> Watch:
    assert isinstance(work.watcher, Watch)
    return work.watcher
