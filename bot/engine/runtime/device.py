"""Where a GPU differs from a CPU: what is launched runs later, and in several streams."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any, Protocol

import torch

OnTime = Callable[[float], None]


class Stopwatch(Protocol):
    """Measures what is launched between `start` and `stop`."""

    def start(self) -> None: ...

    def stop(self, on_time: OnTime) -> None:
        """`on_time` is called with the seconds, on this thread, now or in a later `stop`."""

    def settle(self) -> None:
        """Wait for everything that was launched, and call what is still to be called."""


class WallStopwatch:
    """For a CPU, where everything launched is done when the call returns."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now, self._started = now, 0.0

    def start(self) -> None:
        self._started = self._now()

    def stop(self, on_time: OnTime) -> None:
        on_time(self._now() - self._started)

    def settle(self) -> None:
        """There is nothing to wait for."""


class EventStopwatch:
    """For a GPU: `stop` waits for the step before, so that the next is launched while one runs."""

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
        """Marks what the step thread, which calls this, has launched until now."""
        if self._stream is None:
            return None
        event = torch.cuda.Event(blocking=True)  # whoever waits for it uses no processor time
        event.record()
        return event

    @contextmanager
    def after(self, mark: Any) -> Iterator[None]:
        """Run the block beside the steps, once everything before `mark` is done.

        So what the block takes is its own time. It has to wait for whatever it launches: then the
        steps' tensors that it reads may be freed.
        """
        if self._stream is None:
            with self.quiet:
                yield
            return
        mark.synchronize()
        with self.quiet, torch.cuda.stream(self._stream):
            yield


def gpus() -> int:
    """How many GPUs this torch can use."""
    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def pick(device: str, dtype: str, *, there: int) -> tuple[torch.device, torch.dtype]:
    """Both as torch's own; "auto" depends on how many GPUs are `there`. Raises ValueError."""
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
    """Make this thread launch on `device`; without this it would on the first GPU."""
    if device.type == "cuda" and device.index is not None:
        torch.cuda.set_device(device)


def moved(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """A small tensor of the CPU on `device`, without waiting for what runs there."""
    if device.type != "cuda":
        return tensor
    return tensor.pin_memory().to(device, non_blocking=True)


def empty_cache(device: torch.device) -> None:
    """Give memory back that torch keeps for later. Never raises, not for a lost device either."""
    if device.type == "cuda":
        with suppress(RuntimeError):
            torch.cuda.empty_cache()
