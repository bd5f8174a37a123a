"""What a GPU does behind one's back, and a CPU doesn't: run late, and run side by side."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any, Protocol

import torch

OnTime = Callable[[float], None]


class Stopwatch(Protocol):
    """Tells how long what was launched between two calls took."""

    def start(self) -> None: ...

    def stop(self, on_time: OnTime) -> None:
        """`on_time` gets the seconds, on this thread, now or at a later call."""

    def settle(self) -> None:
        """Wait for everything that was launched, and tell."""


class WallStopwatch:
    """For a CPU: what was launched is done."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now, self._started = now, 0.0

    def start(self) -> None:
        self._started = self._now()

    def stop(self, on_time: OnTime) -> None:
        on_time(self._now() - self._started)

    def settle(self) -> None:
        """Nothing is ever late."""


class EventStopwatch:
    """For a GPU: waits for the step before, so that one step is always ready behind the other."""

    def __init__(self) -> None:
        self._started: Any = None
        self._late: tuple[Any, Any, OnTime] | None = None

    def start(self) -> None:
        self._started = torch.cuda.Event(enable_timing=True)
        self._started.record()

    def stop(self, on_time: OnTime) -> None:
        stopped = torch.cuda.Event(enable_timing=True)
        stopped.record()
        self.settle()
        self._late = (self._started, stopped, on_time)

    def settle(self) -> None:
        if self._late is None:
            return
        started, stopped, on_time = self._late
        self._late = None
        stopped.synchronize()
        on_time(started.elapsed_time(stopped) / 1000)


class Side:
    """Where pictures are decoded, beside the steps: a stream of its own on a GPU.

    `quiet` is held while anything is launched here, and while a graph is captured.
    """

    def __init__(self, device: torch.device) -> None:
        self.quiet = Lock()
        self._stream = torch.cuda.Stream(device) if device.type == "cuda" else None

    def mark(self) -> Any:
        """On the step thread: what was launched until now."""
        if self._stream is None:
            return None
        event = torch.cuda.Event(blocking=True)  # who waits for it leaves the processor alone
        event.record()
        return event

    @contextmanager
    def after(self, mark: Any) -> Iterator[None]:
        """Launch beside the steps what needs the results of those before `mark`.

        They are there when the block begins, so that what it takes is its own. Whatever it launches
        it also waits for: then the tensors of the steps that it reads may be let go of.
        """
        if self._stream is None:
            with self.quiet:
                yield
            return
        mark.synchronize()
        with self.quiet, torch.cuda.stream(self._stream):
            yield


def gpus() -> int:
    """How many of them this torch can use."""
    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def pick(device: str, dtype: str, *, there: int) -> tuple[torch.device, torch.dtype]:
    """What "auto" means where so many GPUs are `there`. Raises ValueError with a sentence."""
    if device == "auto":
        device = "cuda" if there else "cpu"
    found = re.fullmatch(r"cpu|cuda(?::([0-9]{1,2}))?", device)
    if found is None:
        raise ValueError(f'The device "{device}" is none of auto, cpu, cuda and cuda:NUMBER.')
    on_gpu = device != "cpu"
    if on_gpu and not there:
        raise ValueError(
            f"The device {device} can't be used: this machine, or its torch, has no GPU."
        )
    if on_gpu and int(found[1] or 0) >= there:
        raise ValueError(f"The device {device} isn't there: the last one is cuda:{there - 1}.")
    if dtype == "auto":
        dtype = "float16" if on_gpu else "float32"
    if dtype not in ("float32", "float16", "bfloat16"):
        raise ValueError(f'The dtype "{dtype}" is none of auto, float32, float16 and bfloat16.')
    return torch.device(device), getattr(torch, dtype)


def use(device: torch.device) -> None:
    """What this thread launches goes to `device`: each thread begins at the first GPU."""
    if device.type == "cuda" and device.index is not None:
        torch.cuda.set_device(device)


def moved(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """A small tensor of the CPU on `device`, without waiting for what runs there."""
    if device.type != "cuda":
        return tensor
    return tensor.pin_memory().to(device, non_blocking=True)


def empty_cache(device: torch.device) -> None:
    """Give memory back that is only kept for later. Never raises: a lost device has none."""
    if device.type == "cuda":
        with suppress(RuntimeError):
            torch.cuda.empty_cache()
