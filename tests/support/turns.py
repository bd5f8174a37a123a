"""How long an event loop is held up: the processor time of its longest single turn."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class Turns:
    def __init__(self) -> None:
        self.longest_s = 0.0
        self.what = ""


@contextmanager
def measured() -> Iterator[Turns]:
    """Measure every callback of the loops of this thread, as it is run.

    The thread's own processor time counts: other threads and other programs do not.
    """
    turns, run = Turns(), asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began_s = time.thread_time()
        run(handle)
        spent_s = time.thread_time() - began_s
        if spent_s > turns.longest_s:
            turns.longest_s, turns.what = spent_s, repr(handle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.Handle, "_run", timed)
        yield turns
