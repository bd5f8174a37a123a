"""A Recorder for a machine without a GPU, as unforgiving as one."""

from collections.abc import Callable

import torch

from bot.engine.batching.cuda_graphs import Replay
from bot.engine.batching.step_runner import Outputs


class FakeGraphRecorder:
    """Implements Recorder. What is replayed reads and writes where it lay when it was recorded, and
    whatever was replayed before is gone then: the memory is everybody's.

    `trouble` may raise before a recording.
    """

    def __init__(self, trouble: Callable[[], None] = lambda: None) -> None:
        self._trouble = trouble
        self._outputs: list[Outputs] = []
        self.recorded = self.replayed = self.dropped = 0

    def record(self, run: Callable[[], Outputs]) -> tuple[Replay, Outputs]:
        run()
        self._trouble()
        outputs = run()
        self.recorded += 1
        self._outputs.append(outputs)

        def replay() -> None:
            self.replayed += 1
            found = run()
            for own in self._outputs:
                for tensor in own:
                    tensor.fill_(torch.nan)
            for tensor, value in zip(outputs, found, strict=True):
                tensor.copy_(value)

        return replay, outputs

    def start_anew(self) -> None:
        self.dropped += len(self._outputs)
        self._outputs.clear()
