"""A scheduler that has no table, run as its authors wrote it, for one picture.

Such a picture still shares the denoiser with the others; only its update is its own.
"""

import inspect
from typing import Any

import torch

from bot.engine.sampling.scheduler_table import first_scales, started


class StockStepper:
    """One picture's private scheduler.

    `generator` is the picture's own: the noise of later steps follows the first noise in it, as
    in the stock pipelines.
    """

    def __init__(
        self, scheduler: Any, steps: int, strength: float | None, generator: torch.Generator
    ) -> None:
        self._scheduler, self.times = started(scheduler, steps, strength)
        self.image_scale, self.noise_scale = first_scales(
            self._scheduler, self.times, image=strength is not None
        )
        takes = inspect.signature(self._scheduler.step).parameters
        self._extra = {
            name: value
            for name, value in {"eta": 0.0, "generator": generator}.items()
            if name in takes
        }

    @property
    def steps(self) -> int:
        return len(self.times)

    def model_input(self, k: int, x: torch.Tensor) -> torch.Tensor:
        """What the denoiser sees of `x` at step `k`; (C, h, w)."""
        return self._scheduler.scale_model_input(x[None], self.times[k])[0]

    def advance(self, k: int, m: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """The next x from the guided output `m`; all (C, h, w) float32."""
        step = self._scheduler.step
        return step(m[None], self.times[k], x[None], return_dict=False, **self._extra)[0][0]
