"""Steps as CUDA graphs: captured once for each shape, then replayed with a single launch.

A graph reads and writes where it did when it was captured. So what a step reads is copied into
tensors of the graph's own, and its outputs lie in memory that all graphs share: they are good until
the next replay of any. Whatever goes wrong with a graph costs speed and never a picture.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

import torch

from bot.engine.batching import batch
from bot.engine.batching.batch import Inputs
from bot.engine.batching.batch_policy import SIZES
from bot.engine.batching.canvas import Canvas
from bot.engine.batching.step_runner import Outputs
from bot.engine.models.family import Family
from bot.engine.runtime.device import empty_cache
from bot.engine.runtime.failures import chain_of, in_words, let_go

GRAPHS_KEPT = 48
# Shapes for which there was no memory; they are launched one by one from then on.
REFUSED_KEPT = 256
# Widths between the sizes, so that three guided pictures need not pay for four.
WIDTHS = tuple(sorted({*SIZES, 6, 12, 24}))
_WARM_UPS = 3  # as in torch.cuda.make_graphed_callables

log = logging.getLogger(__name__)

Shapes = tuple[tuple[int, ...], ...]
Replay = Callable[[], None]


class Recorder(Protocol):
    """Makes graphs of steps. Called on the step thread only."""

    def record(self, run: Callable[[], Outputs]) -> tuple[Replay, Outputs]:
        """Call `run` a few times. Returns what repeats it without Python, and its outputs.

        Raises what `run` raises, and the device's error where it can't be captured.
        """

    def start_anew(self) -> None:
        """Wait for all replays; to be called before every recording is dropped."""


@dataclass(frozen=True, slots=True, eq=False)
class _Captured:
    replay: Replay
    inputs: Inputs
    outputs: Outputs


class Graphs:
    """Implements Runner. LoRA layers branch in Python by row, so steps with a LoRA run without a
    graph; loading one leaves the other weights where they are, so graphs stay valid.
    """

    def __init__(self, family: Family, recorder: Recorder, fixed_rows: int = 0) -> None:
        self._family, self._recorder, self._fixed_rows = family, recorder, fixed_rows
        self._captured: OrderedDict[Shapes, _Captured] = OrderedDict()
        self._refused: OrderedDict[Shapes, None] = OrderedDict()
        self._able = True

    def gather(self, canvases: Sequence[Canvas]) -> Inputs:
        rows = sum(canvas.rows for canvas in canvases)
        width = self._fixed_rows or next((one for one in WIDTHS if one >= rows), rows)
        width = max(width, rows)
        return batch.gather(canvases, width, slots=width, device=self._family.device)

    def run(self, inputs: Inputs, loras: Sequence[str]) -> Outputs:
        if any(loras) or not self._able or inputs.shapes in self._refused:
            return batch.step(self._family, inputs, loras)
        try:
            captured = self._graph(inputs, loras)
        except Exception as error:  # noqa: BLE001  (torch raises many kinds)
            return self._without(inputs, loras, error)
        captured.inputs.take(inputs)
        captured.replay()
        return captured.outputs

    def _graph(self, inputs: Inputs, loras: Sequence[str]) -> _Captured:
        """The graph for these shapes, captured now if need be."""
        shapes = inputs.shapes
        if shapes not in self._captured:
            own = inputs.copied()
            replay, outputs = self._recorder.record(lambda: batch.step(self._family, own, loras))
            self._captured[shapes] = _Captured(replay, own, outputs)
            while len(self._captured) > GRAPHS_KEPT:
                self._captured.popitem(last=False)
        self._captured.move_to_end(shapes)
        return self._captured[shapes]

    def _without(self, inputs: Inputs, loras: Sequence[str], error: BaseException) -> Outputs:
        """Run the step without a graph. If that raises, the step was at fault and no graph."""
        chain = chain_of(error)
        full = any(isinstance(each, torch.OutOfMemoryError) for each in chain)
        let_go(error)
        if full:
            self._make_room()
        outputs = batch.step(self._family, inputs, loras)
        if full:
            log.warning("no memory for another CUDA graph: such steps are launched one by one")
            self._refused[inputs.shapes] = None
            while len(self._refused) > REFUSED_KEPT:
                self._refused.popitem(last=False)
        else:
            log.warning("no CUDA graphs, steps are launched one by one: %s", in_words(chain[-1]))
            self._able = False
        return outputs

    def _make_room(self) -> None:
        self._recorder.start_anew()
        self._captured.clear()
        empty_cache(self._family.device)


class CudaRecorder:
    """Implements Recorder. `quiet` is held while a graph is captured: nobody else may launch
    anything then.

    Source: PyTorch's documentation, "CUDA graphs".
    """

    def __init__(self, quiet: Lock) -> None:
        self._quiet = quiet
        self._stream: Any = None
        self._pool: Any = None

    def record(self, run: Callable[[], Outputs]) -> tuple[Replay, Outputs]:
        own = torch.cuda.current_stream()
        self._stream = self._stream or torch.cuda.Stream()
        self._pool = self._pool or torch.cuda.graph_pool_handle()
        graph = torch.cuda.CUDAGraph()
        with self._quiet:
            self._stream.wait_stream(own)
            # Warm up where it is captured: libraries keep a workspace for each stream. This context
            # is also what puts the thread's stream back, which a capture that fails does not do.
            with torch.cuda.stream(self._stream):
                for _ in range(_WARM_UPS):
                    run()
                with torch.cuda.graph(
                    graph,
                    pool=self._pool,
                    stream=self._stream,
                    # What other threads do while they launch nothing, such as letting go of an
                    # event, must not end the capture.
                    capture_error_mode="thread_local",
                ):
                    outputs = run()
            own.wait_stream(self._stream)
        return graph.replay, outputs

    def start_anew(self) -> None:
        """A pool whose graphs are all gone can't be used again."""
        torch.cuda.synchronize()
        self._pool = None
