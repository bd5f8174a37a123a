"""How a gathered step is run: directly (here), or as a CUDA graph (`cuda_graphs.py`)."""

from collections.abc import Sequence
from typing import Protocol

import torch

from bot.engine.batching import batch
from bot.engine.batching.batch import Inputs
from bot.engine.batching.canvas import Canvas
from bot.engine.models.family import Family

Outputs = tuple[torch.Tensor, torch.Tensor]


class Runner(Protocol):
    """`run` returns (next samples, guided outputs), good until the next `run`."""

    def gather(self, canvases: Sequence[Canvas]) -> Inputs: ...

    def run(self, inputs: Inputs, loras: Sequence[str]) -> Outputs: ...


class Eager:
    """Runs each step directly. `fixed_rows` above 0 fills every step up to that many rows."""

    def __init__(self, family: Family, fixed_rows: int = 0) -> None:
        self._family, self._fixed_rows = family, fixed_rows

    def gather(self, canvases: Sequence[Canvas]) -> Inputs:
        rows = sum(canvas.rows for canvas in canvases)
        width = max(rows, self._fixed_rows)
        return batch.gather(canvases, width, slots=len(canvases), device=self._family.device)

    def run(self, inputs: Inputs, loras: Sequence[str]) -> Outputs:
        return batch.step(self._family, inputs, loras)
