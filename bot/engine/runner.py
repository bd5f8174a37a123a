"""How a gathered step is executed: as it is, or as a CUDA graph that was captured once."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Protocol

import torch

from bot.engine import batch
from bot.engine.batch import Inputs
from bot.engine.canvas import Canvas
from bot.engine.failures import in_words
from bot.engine.family import Family
from bot.engine.policy import SIZES

GRAPHS_KEPT = 48
# Widths between the sizes, so that three guided pictures need not pay for four.
WIDTHS = tuple(sorted({*SIZES, 6, 12, 24}))
_WARM_UPS = 3

log = logging.getLogger(__name__)

Outputs = tuple[torch.Tensor, torch.Tensor]


class Runner(Protocol):
    """`run` returns (next samples, guided outputs), good until the next `run`."""

    def gather(self, canvases: Sequence[Canvas]) -> Inputs: ...

    def run(self, inputs: Inputs, loras: Sequence[str]) -> Outputs: ...


class Eager:
    """Runs each step as it is. With `fixed_rows` every step has exactly so many rows."""

    def __init__(self, family: Family, fixed_rows: int = 0) -> None:
        self._family, self._fixed_rows = family, fixed_rows

    def gather(self, canvases: Sequence[Canvas]) -> Inputs:
        rows = sum(canvas.rows for canvas in canvases)
        width = max(rows, self._fixed_rows)
        return batch.gather(canvases, width, slots=len(canvases), device=self._family.device)

    def run(self, inputs: Inputs, loras: Sequence[str]) -> Outputs:
        return batch.step(self._family, inputs, loras)


@dataclass(frozen=True, slots=True, eq=False)
class _Captured:
    graph: Any
    inputs: Inputs
    outputs: Outputs


class Graphs:
    """A CUDA graph for each shape and width: a step costs one launch, whatever is in it.

    LoRA layers branch in Python by row, so batches that wear any are run as they are. `quiet` is
    held while a graph is captured: nobody else may launch anything meanwhile.
    """

    def __init__(self, family: Family, quiet: Lock, fixed_rows: int = 0) -> None:
        self._family, self._quiet, self._fixed_rows = family, quiet, fixed_rows
        self._graphs: OrderedDict[tuple[tuple[int, ...], ...], _Captured] = OrderedDict()
        self._pool: Any = None
        self._able = True

    def gather(self, canvases: Sequence[Canvas]) -> Inputs:
        rows = sum(canvas.rows for canvas in canvases)
        width = self._fixed_rows or next((one for one in WIDTHS if one >= rows), rows)
        width = max(width, rows)
        return batch.gather(canvases, width, slots=width, device=self._family.device)

    def run(self, inputs: Inputs, loras: Sequence[str]) -> Outputs:
        if any(loras):
            return batch.step(self._family, inputs, loras)
        captured = self._captured(inputs, loras)
        if captured is None:
            return batch.step(self._family, inputs, loras)
        for own, given in zip(captured.inputs.tensors(), inputs.tensors(), strict=True):
            own.copy_(given)
        captured.graph.replay()
        return captured.outputs

    def _captured(self, inputs: Inputs, loras: Sequence[str]) -> _Captured | None:
        """The graph for these shapes; None where this device, or this model, can't have any."""
        if inputs.shapes not in self._graphs and self._able:
            try:
                self._graphs[inputs.shapes] = self._capture(inputs, loras)
            except torch.OutOfMemoryError:
                raise
            except RuntimeError as error:
                log.warning("no CUDA graphs, steps are launched one by one: %s", in_words(error))
                self._able = False
            while len(self._graphs) > GRAPHS_KEPT:
                self._graphs.popitem(last=False)
        if inputs.shapes not in self._graphs:
            return None
        self._graphs.move_to_end(inputs.shapes)
        return self._graphs[inputs.shapes]

    def _capture(self, inputs: Inputs, loras: Sequence[str]) -> _Captured:
        """Source: PyTorch's documentation, "CUDA graphs": warm up on a side stream, then record."""
        own = replace(
            inputs,
            **{
                name: getattr(inputs, name).clone()
                for name in ("states", "coefficients", "canvas_of", "plain_row", "guided_row")
            },
            condition={name: tensor.clone() for name, tensor in inputs.condition.items()},
        )
        run: Callable[[], Outputs] = lambda: batch.step(self._family, own, loras)  # noqa: E731
        with self._quiet:
            side = torch.cuda.Stream()
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                for _ in range(_WARM_UPS):
                    run()
            torch.cuda.current_stream().wait_stream(side)
            torch.cuda.synchronize()
            self._pool = self._pool or torch.cuda.graph_pool_handle()
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, pool=self._pool):
                outputs = run()
        return _Captured(graph, own, outputs)
