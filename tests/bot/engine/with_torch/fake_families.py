"""Families that stand at the seam for a model: without weights, or with trouble."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from bot.engine.models.family import Condition, Family, Posterior
from tests.bot.engine.with_torch.schedulers import scheduler_called
from tests.support.clock import FakeClock


class NoWeights:
    """Predicts nothing, and takes as long as it is told: `step_s(rows)` on its clock."""

    def __init__(self, clock: FakeClock, step_s: Callable[[int], float]) -> None:
        self.device, self.dtype = torch.device("cpu"), torch.float32
        self.channels, self.factor = 4, 8
        self.scheduler = scheduler_called("DDIM")
        self._clock, self._step_s = clock, step_s

    def condition(
        self, prompt: str, negative: str | None, *, weighted: bool, lora: str
    ) -> tuple[Condition, Condition | None]:
        words = {"text": torch.zeros(1, 1)}
        return words, None if negative is None else words

    def predict(
        self, x: torch.Tensor, t: torch.Tensor, condition: Condition, loras: Sequence[str]
    ) -> torch.Tensor:
        self._clock.advance(self._step_s(len(x)))
        return torch.zeros_like(x)

    def posterior(self, picture: torch.Tensor) -> Posterior:
        raise NotImplementedError

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        return torch.zeros(len(latents), 3, 8, 8)

    def flags(self, pictures: torch.Tensor) -> list[bool | None]:
        return [None] * len(pictures)


class Troubled:
    """`inner`, but `trouble(x, condition)` may raise before each prediction."""

    def __init__(self, inner: Family, trouble: Callable[[torch.Tensor, Any], None]) -> None:
        self._inner, self._trouble = inner, trouble

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def predict(
        self, x: torch.Tensor, t: torch.Tensor, condition: Condition, loras: Sequence[str]
    ) -> torch.Tensor:
        self._trouble(x, condition)
        return self._inner.predict(x, t, condition, loras)
